//! Control room: `GET /_control/worlds/{w}/ledger`: entries after a cursor, filtered, waited for if asked.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::config::Config;
use crate::domain::ids::{AppKey, PageKey, PersonKey};
use crate::domain::time::Span;
use crate::engine::Hosted;
use crate::engine::ledger::{Entry, Forgotten, Ledger};
use crate::scenario::language::units::{DURATION_HELP, parse_duration};
use crate::scenario::run::parties::parties;
use crate::suggest::did_you_mean;

use super::answer::{Answer, Problem};
use super::entries::{KINDS, kind, whole_entry_json};
use super::query::Query;

/// Entries in one answer, unless fewer are asked for.
const MAX_ENTRIES: usize = 1000;
/// The longest wait.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// What a reader wants to see.
#[derive(Debug, Default, Clone, Copy)]
pub struct Filter {
    kind: Option<&'static str>,
    app: Option<AppKey>,
    page: Option<PageKey>,
    person: Option<PersonKey>,
}

impl Filter {
    /// Reads `kind`, `app`, `page` and `person`; a name that the world does not have is a mistake.
    pub fn read(config: &Config, query: &Query<'_>) -> Result<Self, Problem> {
        let unknown = |what: &str, name: &str, known: Vec<&str>| {
            Problem::new(400, format!("there is no {what} `{name}`{}", did_you_mean(name, known)))
        };
        let mut filter = Self::default();
        if let Some(name) = query.text("kind") {
            let known = KINDS.iter().find(|known| **known == name).copied();
            filter.kind = Some(known.ok_or_else(|| unknown("kind", name, KINDS.to_vec()))?);
        }
        if let Some(name) = query.text("app") {
            let known = || config.apps.iter().map(|app| &*app.name).collect();
            filter.app = Some(config.app_by_name(name).ok_or_else(|| unknown("app", name, known()))?);
        }
        if let Some(name) = query.text("page") {
            let known = || config.pages.iter().map(|page| &*page.name).collect();
            filter.page = Some(config.page_by_name(name).ok_or_else(|| unknown("page", name, known()))?);
        }
        if let Some(name) = query.text("person") {
            let known = || config.people.list().iter().map(|person| &*person.name).collect();
            filter.person = Some(config.person_by_name(name).ok_or_else(|| unknown("person", name, known()))?);
        }
        Ok(filter)
    }

    /// Whether an entry is wanted.
    pub fn takes(&self, entry: &Entry) -> bool {
        let parties = parties(&entry.record);
        self.kind.is_none_or(|wanted| wanted == kind(&entry.record))
            && self.app.is_none_or(|app| parties.app == Some(app))
            && self.page.is_none_or(|page| parties.page == Some(page))
            && self.person.is_none_or(|person| parties.thread.is_some_and(|thread| thread.person == person))
    }
}

/// Reads the ledger.
pub async fn read(world: &Hosted, query: &str) -> Result<Answer, Problem> {
    let query = Query::read(query, &["after", "kind", "app", "page", "person", "wait", "limit"])?;
    let after = query.parsed("after", "a cursor is a whole number", |text| text.parse().ok())?.unwrap_or(0);
    let limit = query.parsed("limit", "a whole number from 1", |text| text.parse().ok().filter(|limit| *limit > 0))?;
    let limit = limit.unwrap_or(MAX_ENTRIES).min(MAX_ENTRIES);
    let wait = query.parsed("wait", DURATION_HELP, parse_duration)?;
    let wait = wait.map_or(Duration::ZERO, |Span(millis)| Duration::from_millis(millis)).min(MAX_WAIT);
    let filter = Filter::read(world.config(), &query)?;
    let look = |ledger: &Ledger| collect(world.config(), ledger, after, limit, filter);
    let found = world.wait_for(wait, |_, ledger, _| match look(ledger) {
        Ok((entries, _)) if entries.is_empty() => None,
        found => Some(found),
    });
    let found = match found.await {
        Some(found) => found,
        None => world.read(|_, ledger, _| look(ledger)),
    };
    let (entries, next) = found.map_err(|gone| Problem::new(410, gone.to_string()))?;
    let mut answer = Map::new();
    answer.insert("entries".to_owned(), Value::Array(entries));
    answer.insert("after".to_owned(), json!(next));
    Ok(Answer::json(200, &Value::Object(answer)))
}

/// Wanted entries after a cursor, and the cursor to go on from.
fn collect(
    config: &Config,
    ledger: &Ledger,
    after: u64,
    limit: usize,
    filter: Filter,
) -> Result<(Vec<Value>, u64), Forgotten> {
    let mut entries = Vec::new();
    // A reader who begins at the beginning gets what is left of it.
    let oldest = || ledger.all().next().map_or(ledger.next_cursor(), |entry| entry.cursor);
    let after = if after == 0 { oldest() - 1 } else { after };
    let mut next = after;
    for entry in ledger.after(after)? {
        next = entry.cursor;
        if filter.takes(entry) {
            entries.push(whole_entry_json(config, entry));
        }
        if entries.len() == limit {
            break;
        }
    }
    Ok((entries, next))
}
