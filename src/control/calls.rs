//! `GET /_control/worlds/{world}/calls`: Graph calls with what they said and were answered, filtered, with a long poll.

use std::time::Duration;

use serde::Serialize;

use crate::domain::World;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey, ThreadKey};
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{GraphCall, LedgerEntry};
use crate::journal::call_json::{CallView, call_of, thread_of_call};
use crate::journal::call_path::{is_at, method_and_path};
use crate::journal::secrets::Secrets;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::ledger::{MAX_WAIT, secrets};
use super::names;
use super::query::Query;
use super::route::Handled;

/// Calls in one answer, unless fewer are asked for.
const MAX_CALLS: usize = 1000;

/// The methods of Graph calls.
pub const METHODS: &[&str] = &["GET", "POST", "DELETE"];

/// Which calls a reader wants.
#[derive(Debug, Default)]
struct CallFilter<'q> {
    app: Option<AppKey>,
    page: Option<AssetKey>,
    person: Option<PersonKey>,
    method: Option<&'q str>,
    path: Option<&'q str>,
    status: Option<StatusFilter>,
}

/// One status, or all that begin with a digit: `4xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatusFilter {
    Exact(u16),
    Hundreds(u16),
}

impl StatusFilter {
    fn parse(text: &str) -> Option<Self> {
        let hundreds =
            text.strip_suffix("xx").and_then(|digit| digit.parse().ok()).filter(|digit| (1..=5).contains(digit));
        let exact = || text.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::Exact);
        hundreds.map(Self::Hundreds).or_else(exact)
    }

    fn has(self, status: u16) -> bool {
        match self {
            Self::Exact(wanted) => wanted == status,
            Self::Hundreds(digit) => digit == status / 100,
        }
    }
}

impl<'q> CallFilter<'q> {
    fn read(config: &Config, query: &'q Query<'_>) -> Result<Self, Problem> {
        let method = query.text("method").map(|method| known_method(method).ok_or(method)).transpose();
        let thread = query.text("thread").map(|name| thread_named(config, name)).transpose()?;
        let (page, person) = thread.map_or((None, None), |(page, person)| (page, Some(person)));
        Ok(Self {
            app: query.text("app").map(|name| names::app(config, name, 400)).transpose()?,
            page: query.text("page").map(|name| names::page(config, name, 400)).transpose()?.or(page),
            person: query.text("person").map(|name| names::person(config, name, 400)).transpose()?.or(person),
            method: method.map_err(|other| {
                Problem::new(400, format!("`method={other}`: a Graph call is {}", METHODS.join(", ")))
            })?,
            path: query.text("path"),
            status: query.parsed("status", "a status is like `200`, or `4xx`", StatusFilter::parse)?,
        })
    }

    /// The call of an entry and its thread, if the reader wants it.
    fn wanted<'l>(
        &self,
        config: &Config,
        ledger: &Ledger,
        entry: &'l LedgerEntry,
    ) -> Option<(&'l GraphCall, Option<ThreadKey>)> {
        let call = call_of(entry)?;
        let is_wanted = self.app.is_none_or(|app| call.by.app() == Some(app))
            && self.method.is_none_or(|method| method_and_path(call).0 == method)
            && self.path.is_none_or(|path| is_at(config, call, path))
            && self.status.is_none_or(|status| status.has(call.status));
        if !is_wanted {
            return None;
        }
        let thread = thread_of_call(config, ledger, entry);
        let is_there = self.page.is_none_or(|page| thread.is_some_and(|thread| thread.asset == page))
            && self.person.is_none_or(|person| thread.is_some_and(|thread| thread.person == person));
        is_there.then_some((call, thread))
    }
}

fn known_method(name: &str) -> Option<&'static str> {
    METHODS.iter().copied().find(|method| method.eq_ignore_ascii_case(name))
}

/// The thread `alice`, or `alice@bakery`.
fn thread_named(config: &Config, name: &str) -> Result<(Option<AssetKey>, PersonKey), Problem> {
    let (person, page) = name.split_once('@').map_or((name, None), |(person, page)| (person, Some(page)));
    let page = page.map(|page| names::page(config, page, 400)).transpose()?;
    Ok((page, names::person(config, person, 400)?))
}

/// A call that was found, with its thread.
type FoundCall = (LedgerEntry, Option<ThreadKey>);

/// Handles `GET …/calls`.
pub async fn list(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let filter = CallFilter::read(&world.config(), &call.query)?;
    let secrets = secrets(&call.query)?;
    let after = call.query.after(&world)?.unwrap_or(0);
    let wait = call.query.wait()?.unwrap_or(Duration::ZERO).min(MAX_WAIT);
    let limit = call.query.limit()?.unwrap_or(MAX_CALLS).min(MAX_CALLS);
    let collect = |world: &World, ledger: &Ledger| collect(world.config(), ledger, after, limit, &filter);
    let found = world.wait_for(wait, |world, ledger, _| match collect(world, ledger) {
        Ok((calls, _)) if calls.is_empty() => None,
        found => Some(found),
    });
    let found = match found.await {
        Some(found) => found,
        None => world.read(|world, ledger, _| collect(world, ledger)),
    };
    let (calls, after) = found.map_err(|gone| Problem::new(410, gone))?;
    let config = world.config();
    let views: Vec<CallView<'_>> = calls.iter().filter_map(|found| view(&config, found, secrets)).collect();
    Ok(ControlAnswer::json(200, &CallPage { calls: views, after }))
}

fn view<'e>(config: &'e Config, (entry, thread): &'e FoundCall, secrets: Secrets) -> Option<CallView<'e>> {
    Some(CallView { config, entry, call: call_of(entry)?, thread: *thread, secrets })
}

/// Calls, and the cursor to go on from.
#[derive(Serialize)]
struct CallPage<'e> {
    calls: Vec<CallView<'e>>,
    after: u64,
}

/// The wanted calls after a cursor, and the cursor to go on from; or why there are none.
fn collect(
    config: &Config,
    ledger: &Ledger,
    after: u64,
    limit: usize,
    filter: &CallFilter<'_>,
) -> Result<(Vec<FoundCall>, u64), String> {
    let mut calls = Vec::new();
    ledger.reaches(after).map_err(|ahead| ahead.to_string())?;
    let after = if after == 0 { ledger.oldest_cursor() - 1 } else { after };
    let mut next = after;
    for entry in ledger.after(after).map_err(|gone| gone.to_string())? {
        next = entry.cursor;
        if let Some((_, thread)) = filter.wanted(config, ledger, entry) {
            calls.push((entry.clone(), thread));
        }
        if calls.len() == limit {
            break;
        }
    }
    Ok((calls, next))
}
