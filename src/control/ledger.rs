//! `/_control/worlds/{world}/ledger`: entries after a cursor, filtered, with a long poll; as JSON or JSON Lines; or taken out.

use std::time::Duration;

use serde::Serialize;

use crate::domain::World;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey};
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::LedgerEntry;
use crate::engine::subjects::subjects_of;
use crate::journal::entry_json::{Durations, EntryList, KINDS, json_lines, kind, unknown_kind};
use crate::journal::secrets::Secrets;
use crate::journal::thread_of::thread_of;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::names;
use super::query::Query;
use super::route::Handled;

/// Entries in one JSON answer, unless fewer are asked for.
const MAX_ENTRIES: usize = 1000;
/// The longest wait.
pub const MAX_WAIT: Duration = Duration::from_secs(60);

/// Which entries a reader wants.
#[derive(Debug, Default, Clone, Copy)]
pub struct EntryFilter {
    kind: Option<&'static str>,
    app: Option<AppKey>,
    page: Option<AssetKey>,
    person: Option<PersonKey>,
}

impl EntryFilter {
    /// Reads `kind`, `app`, `page` and `person`.
    pub fn read(config: &Config, query: &Query<'_>) -> Result<Self, Problem> {
        let known_kind = |name: &str| {
            let known = KINDS.iter().copied().find(|known| *known == name);
            known.ok_or_else(|| Problem::new(400, unknown_kind(name)))
        };
        Ok(Self {
            kind: query.text("kind").map(known_kind).transpose()?,
            app: query.text("app").map(|name| names::app(config, name, 400)).transpose()?,
            page: query.text("page").map(|name| names::page(config, name, 400)).transpose()?,
            person: query.text("person").map(|name| names::person(config, name, 400)).transpose()?,
        })
    }

    /// True if the reader wants this entry.
    pub fn matches(&self, config: &Config, entry: &LedgerEntry) -> bool {
        let subjects = subjects_of(&entry.record);
        self.kind.is_none_or(|wanted| wanted == kind(&entry.record))
            && self.app.is_none_or(|app| subjects.app == Some(app))
            && ((self.page.is_none() && self.person.is_none()) || self.matches_place(config, entry))
    }

    /// Whose page and person an entry is about. Of a Graph call its parameters say it, which takes some time.
    fn matches_place(&self, config: &Config, entry: &LedgerEntry) -> bool {
        let thread = thread_of(config, &entry.record);
        let page = subjects_of(&entry.record).page.or(thread.map(|thread| thread.asset));
        self.page.is_none_or(|wanted| page == Some(wanted))
            && self.person.is_none_or(|person| thread.is_some_and(|thread| thread.person == person))
    }
}

/// Reads `stable`: whether real durations are left out.
pub fn durations(query: &Query<'_>) -> Result<Durations, Problem> {
    let help = "`true` leaves out how much real time things took";
    let stable = query.parsed("stable", help, |text| text.parse().ok())?;
    Ok(if stable.unwrap_or(false) { Durations::LeftOut } else { Durations::Real })
}

/// Reads `secrets`: whether the tokens and secrets of calls are written out.
pub fn secrets(query: &Query<'_>) -> Result<Secrets, Problem> {
    let help = "`show` writes out tokens and secrets, `mask` puts *** in their place";
    let known = |text: &str| match text {
        "show" => Some(Secrets::Shown),
        "mask" => Some(Secrets::Masked),
        _ => None,
    };
    Ok(query.parsed("secrets", help, known)?.unwrap_or_default())
}

/// How entries are written into an answer.
#[derive(Debug, Clone, Copy)]
struct EntryFormat {
    /// As JSON Lines, without an object around them.
    as_lines: bool,
    durations: Durations,
    secrets: Secrets,
    limit: usize,
}

impl EntryFormat {
    fn read(query: &Query<'_>, as_lines: bool) -> Result<Self, Problem> {
        let (durations, secrets) = (durations(query)?, secrets(query)?);
        let help = "a whole number from 1";
        let limit = query.parsed("limit", help, |text| text.parse().ok().filter(|limit| *limit > 0))?;
        let most = if as_lines { usize::MAX } else { MAX_ENTRIES };
        Ok(Self { as_lines, durations, secrets, limit: limit.unwrap_or(most).min(most) })
    }

    fn answer(self, config: &Config, entries: &[LedgerEntry], after: u64) -> ControlAnswer {
        if self.as_lines {
            return ControlAnswer::Lines(json_lines(config, entries, self.durations, self.secrets));
        }
        let entries = EntryList { config, entries, durations: self.durations, secrets: self.secrets, whole: true };
        ControlAnswer::json(200, &LedgerPage { entries, after })
    }
}

/// Entries, and the cursor to go on from.
#[derive(Serialize)]
struct LedgerPage<'e> {
    entries: EntryList<'e>,
    after: u64,
}

/// Handles `GET …/ledger`.
pub async fn read(call: &ControlCall<'_>) -> Handled {
    answer_entries(call, call.wants_lines).await
}

/// Handles `GET …/ledger.jsonl`.
pub async fn read_lines(call: &ControlCall<'_>) -> Handled {
    answer_entries(call, true).await
}

async fn answer_entries(call: &ControlCall<'_>, as_lines: bool) -> Handled {
    let world = call.world()?;
    let format = EntryFormat::read(&call.query, as_lines)?;
    let after = call.query.after(&world)?.unwrap_or(0);
    let wait = call.query.wait()?.unwrap_or(Duration::ZERO).min(MAX_WAIT);
    let filter = EntryFilter::read(&world.config(), &call.query)?;
    let collect = |world: &World, ledger: &Ledger| collect(world.config(), ledger, after, format.limit, filter);
    let found = world.wait_for(wait, |world, ledger, _| match collect(world, ledger) {
        Ok((entries, _)) if entries.is_empty() => None,
        found => Some(found),
    });
    let found = match found.await {
        Some(found) => found,
        None => world.read(|world, ledger, _| collect(world, ledger)),
    };
    let (entries, next) = found.map_err(|gone| Problem::new(410, gone))?;
    Ok(format.answer(&world.config(), &entries, next))
}

/// Handles `DELETE …/ledger`.
pub fn take(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let format = EntryFormat::read(&call.query, call.wants_lines)?;
    let entries = world.take_entries(format.limit);
    let after =
        entries.last().map_or_else(|| world.read(|_, ledger, _| ledger.oldest_cursor() - 1), |newest| newest.cursor);
    Ok(format.answer(&world.config(), &entries, after))
}

/// The wanted entries after a cursor, and the cursor to go on from; or why there are none.
fn collect(
    config: &Config,
    ledger: &Ledger,
    after: u64,
    limit: usize,
    filter: EntryFilter,
) -> Result<(Vec<LedgerEntry>, u64), String> {
    let mut entries = Vec::new();
    ledger.reaches(after).map_err(|ahead| ahead.to_string())?;
    // A reader who begins at the beginning gets what is left of it.
    let after = if after == 0 { ledger.oldest_cursor() - 1 } else { after };
    let mut next = after;
    for entry in ledger.after(after).map_err(|gone| gone.to_string())? {
        next = entry.cursor;
        if filter.matches(config, entry) {
            entries.push(entry.clone());
        }
        if entries.len() == limit {
            break;
        }
    }
    Ok((entries, next))
}
