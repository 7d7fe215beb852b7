//! An `app` step: what an app does. A puppet performs it; a real app is waited for until it has done it.

use serde_json::{Value, json};

use super::call_pattern::{CallPattern, read_call_pattern};
use super::read_node::{self, check_modifiers, no_verb, one_verb, own_text, text};
use crate::domain::model::fields::Field;
use crate::domain::model::time::Span;
use crate::language::node::Node;
use crate::language::schema::names::Names;
use crate::language::schema::shape::{Mistakes, Shape, check};
use crate::language::simplest::{check_matchers, operator};
use crate::text::diagnostic::Diagnostic;
use crate::text::units::parse_duration;

#[derive(Debug, Clone)]
pub struct AppStep {
    pub app: String,
    /// The person whose thread it is.
    pub to: Option<String>,
    pub verb: AppVerb,
    /// The error with which the call must fail.
    pub refused: Option<Value>,
    /// True if a fault must keep the answer from the app.
    pub response_lost: bool,
}

#[derive(Debug, Clone)]
pub enum AppVerb {
    Sends {
        /// Text, or a message object of the Send API.
        message: Value,
        tag: Option<String>,
        thread_control: Option<Value>,
        metadata: Option<String>,
    },
    Passes {
        /// `None` means the default app.
        app: Option<String>,
        metadata: Option<String>,
    },
    Releases,
    /// With the metadata.
    Takes(Option<String>),
    /// With the metadata.
    Requests(Option<String>),
    Extends(Span),
    /// False if it stops typing.
    Types(bool),
    MarksSeen,
    StaysSilent(Span),
    /// Makes any Graph call.
    Calls(Box<CallPattern>),
    /// Nothing is done: the app's webhooks are shown.
    Shows(ShownField),
}

/// Which webhooks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownField {
    Any,
    Of(Field),
}

const VERBS: &[&str] = &[
    "sends",
    "passes",
    "releases",
    "takes",
    "requests",
    "extends",
    "types",
    "marks_seen",
    "stays_silent",
    "calls",
    "shows",
];

pub(super) fn read_app_step(node: &Node) -> Result<AppStep, Diagnostic> {
    let Some((verb, value)) = one_verb(node, "app", VERBS)? else { return Err(no_verb(node, "app", VERBS)) };
    check_modifiers(
        node,
        Some(verb),
        &[
            ("tag", &["sends"]),
            ("thread_control", &["sends"]),
            ("metadata", &["sends", "passes", "takes", "requests"]),
            ("returns", &["calls"]),
        ],
    )?;
    check_answer_keys(node, verb)?;
    if verb == "sends" {
        check_matchers(value)?;
    }
    Ok(AppStep {
        app: text(node, "app").unwrap_or_default(),
        to: text(node, "to"),
        verb: read_verb(node, verb, value)?,
        refused: read_node::json(node, "refused"),
        response_lost: node.get("response_lost").is_some(),
    })
}

fn read_verb(node: &Node, verb: &str, value: &Node) -> Result<AppVerb, Diagnostic> {
    let word = own_text(value);
    let metadata = text(node, "metadata");
    Ok(match verb {
        "sends" if value.is_null() || !value.items().is_empty() => {
            return Err(value.mistake(format!("`sends` takes text or a message, found {}", value.describe())));
        }
        "sends" => AppVerb::Sends {
            message: message(value, word),
            tag: text(node, "tag"),
            thread_control: read_node::json(node, "thread_control"),
            metadata,
        },
        "passes" => AppVerb::Passes { app: Some(word).filter(|word| word != "default"), metadata },
        "releases" => AppVerb::Releases,
        "takes" => AppVerb::Takes(metadata),
        "requests" => AppVerb::Requests(metadata),
        "extends" => AppVerb::Extends(parse_duration(&word).unwrap_or_default()),
        "types" => AppVerb::Types(value.bool().unwrap_or(true)),
        "marks_seen" => AppVerb::MarksSeen,
        "stays_silent" => AppVerb::StaysSilent(parse_duration(&word).unwrap_or_default()),
        "shows" => AppVerb::Shows(Field::parse(&word).map_or(ShownField::Any, ShownField::Of)),
        "calls" => AppVerb::Calls(Box::new(read_call_pattern(node, value)?)),
        other => return Err(value.mistake(format!("an app cannot do `{other}`"))),
    })
}

/// What an app sends. A matcher is about the text.
fn message(value: &Node, word: String) -> Value {
    match value.json() {
        map @ Value::Object(_) if operator(&map).is_some() => json!({ "text": map }),
        map @ Value::Object(_) => map,
        _ => Value::String(word),
    }
}

/// Checks `refused` and `response_lost`: silence has no answer, and an app that never gets an answer cannot check it.
fn check_answer_keys(node: &Node, verb: &str) -> Result<(), Diagnostic> {
    if let (Some(at), "stays_silent") = (node.get("refused"), verb) {
        return Err(at.mistake("silence cannot be refused"));
    }
    let of_calls = ["refused", "response_lost", "within"].into_iter().find_map(|key| node.get(key));
    if let (Some(at), "shows") = (of_calls, verb) {
        return Err(at.mistake("`shows` makes no call and waits for nothing"));
    }
    if let Some(at) = node.get("response_lost") {
        let needs_answer = ["refused", "save"].into_iter().find(|key| node.get(key).is_some());
        match needs_answer {
            _ if verb == "stays_silent" => return Err(at.mistake("silence has no answer that could be lost")),
            Some(key) => {
                let message = format!("an app that loses the answer cannot look at it: leave out `{key}`");
                return Err(at.mistake(message));
            }
            None => {}
        }
    }
    match node.get("refused").and_then(|refused| refused.get("because")) {
        Some(rule) => check_rule(rule),
        None => Ok(()),
    }
}

fn check_rule(node: &Node) -> Result<(), Diagnostic> {
    let mut mistakes = Mistakes::new();
    check(node, &Shape::Rule, &Names::default(), &mut mistakes);
    mistakes.pop().map_or(Ok(()), Err)
}
