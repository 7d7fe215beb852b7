//! Query parameters: what a route knows, and what a call says. A parameter that a route does not know is an error, not silence.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::model::time::Span;
use crate::engine::ActiveWorld;
use crate::journal::entry_json::KINDS;
use crate::text::suggest::did_you_mean;
use crate::text::units::{DURATION_HELP, parse_duration};

use super::answer::Problem;
use super::world_sessions::MAX_SESSION_NAME;

/// A parameter in the path or in the query of a route.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub meaning: &'static str,
    pub kind: ParameterKind,
}

/// What the value of a parameter looks like.
#[derive(Debug, Clone, Copy)]
pub enum ParameterKind {
    /// A name that the world file gave.
    Name,
    /// Any name that the caller chooses.
    Session,
    /// `follow` or `frozen`.
    ClockMode,
    /// `new` or `same`.
    Ids,
    /// The word for a kind of ledger entries.
    EntryKind,
    /// The cursor of a ledger entry.
    Cursor,
    /// The cursor of a ledger entry, or `now`.
    CursorOrNow,
    /// A whole number from 1.
    Count,
    /// A length of time: `500ms`, `2s`.
    Duration,
    Bool,
    /// One of these words.
    Word(&'static [&'static str]),
}

impl ParameterKind {
    /// The JSON Schema of the value.
    pub fn schema(self) -> Value {
        match self {
            Self::Name => json!({ "type": "string" }),
            Self::Session => json!({ "type": "string", "minLength": 1, "maxLength": MAX_SESSION_NAME }),
            Self::Ids => json!({ "enum": ["new", "same"] }),
            Self::ClockMode => json!({ "enum": ["follow", "frozen"] }),
            Self::EntryKind => json!({ "enum": KINDS }),
            Self::Cursor => json!({ "type": "integer", "minimum": 0 }),
            Self::CursorOrNow => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "const": "now" }] }),
            Self::Count => json!({ "type": "integer", "minimum": 1 }),
            Self::Duration => json!({ "type": "string", "pattern": "^([0-9]+(ms|s|m|min|h|d))+$" }),
            Self::Bool => json!({ "type": "boolean" }),
            Self::Word(words) => json!({ "enum": words }),
        }
    }
}

/// The parameters of a call. Each stands there once at most.
pub struct Query<'q> {
    pairs: Vec<(Cow<'q, str>, Cow<'q, str>)>,
}

impl<'q> Query<'q> {
    /// Reads a query, in which only these parameters may stand.
    pub fn read(query: &'q str, known: &[Parameter]) -> Result<Self, Problem> {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !name.is_empty()).collect();
        let is_known = |name: &str| known.iter().any(|parameter| parameter.name == name);
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !is_known(name)) {
            let names: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
            let nearest = did_you_mean(name, names.iter().copied());
            let known = match names.is_empty() {
                true => "there are none here".to_owned(),
                false => format!("known are: {}", names.join(", ")),
            };
            return Err(Problem::new(400, format!("unknown parameter `{name}`{nearest} ({known})")));
        }
        let mut names = pairs.iter().map(|(name, _)| name).enumerate();
        if let Some((_, name)) = names.find(|(place, name)| pairs[..*place].iter().any(|(before, _)| before == *name)) {
            return Err(Problem::new(400, format!("the parameter `{name}` stands in the query more than once")));
        }
        Ok(Self { pairs })
    }

    /// A parameter as text. An empty one counts as left out.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| &**value)
    }

    /// A parameter as what `parse` makes of it; `help` says what is expected.
    pub fn parsed<T>(&self, name: &str, help: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        parse(text).map(Some).ok_or_else(|| Problem::new(400, format!("`{name}={text}`: {help}")))
    }

    /// The cursor after which to read. `now` is the newest one of the world.
    pub fn after(&self, world: &ActiveWorld) -> Result<Option<u64>, Problem> {
        let newest = || world.read(|_, ledger, _| ledger.next_cursor() - 1);
        let cursor = |text: &str| if text == "now" { Some(newest()) } else { text.parse().ok() };
        self.parsed("after", "a cursor is a whole number, or `now`", cursor)
    }

    /// At most how many.
    pub fn limit(&self) -> Result<Option<usize>, Problem> {
        self.parsed("limit", "a whole number from 1", |text| text.parse().ok().filter(|limit| *limit > 0))
    }

    /// How long to wait, in real time.
    pub fn wait(&self) -> Result<Option<Duration>, Problem> {
        let wait = self.parsed("wait", DURATION_HELP, parse_duration)?;
        Ok(wait.map(|Span(millis)| Duration::from_millis(millis)))
    }
}
