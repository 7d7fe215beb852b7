//! Control room: `/_control/worlds/{w}/ledger`: entries after a cursor, filtered, waited for if asked; all of them as JSON Lines; or
//! taken out.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, PageKey, PersonKey};
use crate::domain::model::time::Span;
use crate::engine::ActiveWorld;
use crate::engine::ledger::{Entry, Ledger};
use crate::journal::entry_json::{Durations, KINDS, json_lines, kind, unknown_kind, whole_entry_json};
use crate::journal::subjects::subjects_of;
use crate::text::suggest::did_you_mean;
use crate::text::units::{DURATION_HELP, parse_duration};

use super::answer::{Answer, Problem};
use super::query::Query;

/// Entries in one answer, unless fewer are asked for.
const MAX_ENTRIES: usize = 1000;
/// The longest wait.
pub const MAX_WAIT: Duration = Duration::from_secs(60);

/// What a reader may say.
pub const READING: &[&str] = &["after", "kind", "app", "page", "person", "wait", "limit", "stable"];
/// What whoever takes entries out may say.
pub const TAKING: &[&str] = &["limit", "stable"];

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
            filter.kind = Some(known.ok_or_else(|| Problem::new(400, unknown_kind(name)))?);
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
        let subjects = subjects_of(&entry.record);
        self.kind.is_none_or(|wanted| wanted == kind(&entry.record))
            && self.app.is_none_or(|app| subjects.app == Some(app))
            && self.page.is_none_or(|page| subjects.page == Some(page))
            && self.person.is_none_or(|person| subjects.thread.is_some_and(|thread| thread.person == person))
    }
}

/// How entries are written.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// An object a line, and nothing around them.
    lines: bool,
    durations: Durations,
}

impl Form {
    /// Reads `stable`; lines are asked for by the path or by `Accept`.
    pub fn read(query: &Query<'_>, lines: bool) -> Result<Self, Problem> {
        let stable =
            query.parsed("stable", "`true` leaves out how much real time things took", |text| text.parse().ok());
        let durations = if stable?.unwrap_or(false) { Durations::LeftOut } else { Durations::Real };
        Ok(Self { lines, durations })
    }

    /// Whether real durations are told.
    pub fn durations(self) -> Durations {
        self.durations
    }

    fn answer(self, config: &Config, entries: &[Entry], after: u64) -> Answer {
        if self.lines {
            return Answer::Lines(json_lines(config, entries, self.durations));
        }
        let entries = entries.iter().map(|entry| whole_entry_json(config, entry, self.durations)).collect();
        let mut answer = Map::new();
        answer.insert("entries".to_owned(), Value::Array(entries));
        answer.insert("after".to_owned(), json!(after));
        Answer::json(200, &Value::Object(answer))
    }

    /// How many entries an answer has, unless fewer are asked for: an export has all that there are.
    fn most(self) -> usize {
        if self.lines { usize::MAX } else { MAX_ENTRIES }
    }
}

/// Reads the ledger.
pub async fn read(world: &Arc<ActiveWorld>, query: &str, lines: bool) -> Result<Answer, Problem> {
    let query = Query::read(query, READING)?;
    let form = Form::read(&query, lines)?;
    let after = query.parsed("after", "a cursor is a whole number", |text| text.parse().ok())?.unwrap_or(0);
    let limit = limit(&query, form)?;
    let wait = query.parsed("wait", DURATION_HELP, parse_duration)?;
    let wait = wait.map_or(Duration::ZERO, |Span(millis)| Duration::from_millis(millis)).min(MAX_WAIT);
    let filter = Filter::read(world.config(), &query)?;
    let look = |ledger: &Ledger| collect(ledger, after, limit, filter);
    let found = world.wait_for(wait, |_, ledger, _| match look(ledger) {
        Ok((entries, _)) if entries.is_empty() => None,
        found => Some(found),
    });
    let found = match found.await {
        Some(found) => found,
        None => world.read(|_, ledger, _| look(ledger)),
    };
    let (entries, next) = found.map_err(|gone| Problem::new(410, gone))?;
    Ok(form.answer(world.config(), &entries, next))
}

/// Takes entries out of the ledger: whoever asks next gets what came since.
pub fn take(world: &ActiveWorld, query: &str, lines: bool) -> Result<Answer, Problem> {
    let query = Query::read(query, TAKING)?;
    let form = Form::read(&query, lines)?;
    let entries = world.take_entries(limit(&query, form)?);
    let after =
        entries.last().map_or_else(|| world.read(|_, ledger, _| ledger.oldest_cursor() - 1), |newest| newest.cursor);
    Ok(form.answer(world.config(), &entries, after))
}

fn limit(query: &Query<'_>, form: Form) -> Result<usize, Problem> {
    let limit = query.parsed("limit", "a whole number from 1", |text| text.parse().ok().filter(|limit| *limit > 0))?;
    Ok(limit.unwrap_or(usize::MAX).min(form.most()))
}

/// Wanted entries after a cursor, and the cursor to go on from; or why there is none such.
fn collect(ledger: &Ledger, after: u64, limit: usize, filter: Filter) -> Result<(Vec<Entry>, u64), String> {
    let mut entries = Vec::new();
    ledger.reaches(after).map_err(|ahead| ahead.to_string())?;
    // A reader who begins at the beginning gets what is left of it.
    let after = if after == 0 { ledger.oldest_cursor() - 1 } else { after };
    let mut next = after;
    for entry in ledger.after(after).map_err(|gone| gone.to_string())? {
        next = entry.cursor;
        if filter.takes(entry) {
            entries.push(entry.clone());
        }
        if entries.len() == limit {
            break;
        }
    }
    Ok((entries, next))
}
