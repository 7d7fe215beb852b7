//! An `expect` step: what must have happened. Each expectation keeps its place, so that a failure is drawn there.

use serde_json::Value;

use super::read_node::{duration, text};
use crate::domain::model::fields::Field;
use crate::domain::model::time::Span;
use crate::domain::rules::RuleId;
use crate::language::node::Node;
use crate::language::schema::names::{NameKind, Names};
use crate::language::schema::shape::Mistakes;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

#[derive(Debug, Clone)]
pub struct Expectation {
    pub place: SourcePlace,
    /// The person whose thread it is about.
    pub of: Option<String>,
    pub page: Option<String>,
    /// How long a real app is waited for.
    pub within: Option<Span>,
    /// Values to save from what matched: a name, and a JSON pointer.
    pub save: Vec<(String, String)>,
    pub kind: ExpectationKind,
}

/// What must have happened.
#[derive(Debug, Clone)]
pub enum ExpectationKind {
    /// An app gets a webhook.
    Gets { app: String, field: Field, like: Vec<(ItemPart, Value)>, because: Option<RuleId> },
    /// An app gets no webhook of a field.
    GetsNo {
        app: String,
        field: Field,
        like: Vec<(ItemPart, Value)>,
        /// The rule by which it was withheld.
        because: Option<RuleId>,
    },
    /// An app gets no webhook at all.
    GetsNothing { app: String },
    /// There was an attempt to deliver a webhook to an app.
    Delivery { app: String, like: Value },
    /// An app owns the thread; `None` means nobody.
    Owner { app: Option<String>, because: Option<RuleId> },
    /// No app gets a webhook that was not matched.
    NothingElse,
    /// No real app sends a message that no step has asked for.
    NoMessages,
    /// A rule was applied.
    Rule(RuleId),
    /// The messaging window is open, or closed.
    Window { open: bool },
    /// The person sees a message.
    Message { from: Option<String>, to: Option<String>, like: Value },
}

impl Expectation {
    /// True if a real app may bring it about, so that it is waited for.
    pub fn is_waited_for(&self) -> bool {
        match self.kind {
            ExpectationKind::Gets { .. }
            | ExpectationKind::Delivery { .. }
            | ExpectationKind::Owner { .. }
            | ExpectationKind::Rule(_)
            | ExpectationKind::Message { .. } => true,
            ExpectationKind::GetsNo { .. }
            | ExpectationKind::GetsNothing { .. }
            | ExpectationKind::NothingElse
            | ExpectationKind::NoMessages
            | ExpectationKind::Window { .. } => false,
        }
    }
}

/// A part of an element of `messaging`, `standby` or `changes`. Where it stands depends on the kind of item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemPart {
    Text,
    /// The payload of a button or quick reply.
    Payload,
    /// The title of a tapped button.
    Title,
    Referral,
    Metadata,
    /// It stands beside the item.
    HopContext,
    /// The value of a change.
    Value,
    /// The whole item.
    Body,
}

impl ItemPart {
    const ALL: [(&str, ItemPart); 8] = [
        ("text", ItemPart::Text),
        ("payload", ItemPart::Payload),
        ("title", ItemPart::Title),
        ("referral", ItemPart::Referral),
        ("metadata", ItemPart::Metadata),
        ("hop_context", ItemPart::HopContext),
        ("value", ItemPart::Value),
        ("body", ItemPart::Body),
    ];

    /// The key by which a scenario names it.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, part)| *part == self).map_or("body", |(key, _)| key)
    }

    /// Where in the item it may stand. The first place that has a value counts.
    pub fn pointers(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["/message/text", "/value/message"],
            Self::Payload => &["/postback/payload", "/message/quick_reply/payload"],
            Self::Title => &["/postback/title"],
            Self::Referral => &["/referral", "/message/referral", "/postback/referral"],
            Self::Metadata => &[
                "/message/metadata",
                "/pass_thread_control/metadata",
                "/take_thread_control/metadata",
                "/request_thread_control/metadata",
                "/pass_thread_metadata/metadata",
            ],
            Self::HopContext => &["/hop_context"],
            Self::Value => &["/value"],
            Self::Body => &[""],
        }
    }
}

/// Reads the list of an `expect` step.
pub(super) fn read_expectations(step: &Node, names: &Names) -> Result<Vec<Expectation>, Mistakes> {
    let list = step.get("expect").map(Node::items).unwrap_or_default();
    if list.is_empty() {
        return Err(vec![step.mistake("this `expect` step expects nothing")]);
    }
    let within = duration(step, "within");
    let read = |node| read_expectation(node).map(|read| Expectation { within: read.within.or(within), ..read });
    let expectations = list.iter().map(read).collect::<Result<_, _>>().map_err(|mistake| vec![mistake])?;
    let mistakes: Mistakes =
        list.iter().filter_map(|item| item.get("message")).flat_map(|message| check_parties(message, names)).collect();
    if mistakes.is_empty() { Ok(expectations) } else { Err(mistakes) }
}

/// Checks `from` and `to` of a message, each of which may name several kinds of things.
fn check_parties(message: &Node, names: &Names) -> Mistakes {
    let authors = [NameKind::Person, NameKind::App, NameKind::Ad];
    let readers = [NameKind::Person, NameKind::Asset];
    let mut mistakes = Mistakes::new();
    for (key, kinds, words) in [("from", &authors[..], "person, app or ad"), ("to", &readers[..], "person or page")] {
        let Some(at) = message.get(key) else { continue };
        let name = at.text().unwrap_or_default();
        if !kinds.iter().any(|kind| names.allows(*kind, name)) {
            let nearest = names.nearest(kinds, name);
            mistakes.push(at.mistake(format!("no {words} is called `{name}`{nearest}")));
        }
    }
    mistakes
}

fn read_expectation(node: &Node) -> Result<Expectation, Diagnostic> {
    Ok(Expectation {
        place: node.place.clone(),
        of: text(node, "of"),
        page: text(node, "page").or_else(|| text(node, "on")),
        within: duration(node, "within"),
        save: node.pairs("save"),
        kind: read_kind(node)?,
    })
}

fn read_kind(node: &Node) -> Result<ExpectationKind, Diagnostic> {
    let because = text(node, "because").and_then(|rule| RuleId::parse(&rule));
    if let Some(owner) = text(node, "owner") {
        return Ok(ExpectationKind::Owner { app: Some(owner).filter(|owner| owner != "nobody"), because });
    }
    if let Some(rule) = text(node, "rule").and_then(|rule| RuleId::parse(&rule)) {
        return Ok(ExpectationKind::Rule(rule));
    }
    if let Some(nothing) = node.get("nothing") {
        return read_nothing(node, nothing);
    }
    if let Some(window) = text(node, "window") {
        return Ok(ExpectationKind::Window { open: window == "open" });
    }
    if let Some(message) = node.get("message") {
        return Ok(read_message(message));
    }
    read_app_expectation(node, text(node, "app").unwrap_or_default(), because)
}

fn read_nothing(node: &Node, nothing: &Node) -> Result<ExpectationKind, Diagnostic> {
    if nothing.text() == Some("messages") {
        return Ok(ExpectationKind::NoMessages);
    }
    match ["within", "of", "page", "on"].into_iter().find_map(|key| node.get(key)) {
        Some(at) => {
            Err(at.mistake("`nothing: webhooks` is about the whole world, and known at once").note("leave it out"))
        }
        None => Ok(ExpectationKind::NothingElse),
    }
}

fn read_app_expectation(node: &Node, app: String, because: Option<RuleId>) -> Result<ExpectationKind, Diagnostic> {
    let like: Vec<(ItemPart, Value)> =
        ItemPart::ALL.iter().filter_map(|(key, part)| Some((*part, node.get(key)?.json()))).collect();
    let field = |key: &str| node.get(key).and_then(Node::text).and_then(Field::parse);
    if let Some(delivery) = node.get("delivery") {
        let alone = like.is_empty() && because.is_none() && node.get("gets").or(node.get("gets_no")).is_none();
        return match alone {
            true => Ok(ExpectationKind::Delivery { app, like: delivery.json() }),
            false => Err(delivery.mistake("beside `delivery` an expectation may only have `app`, `of` and `page`")),
        };
    }
    check_within(node)?;
    match (node.get("gets"), node.get("gets_no")) {
        (Some(_), Some(_)) => Err(node.mistake("an expectation has `gets` or `gets_no`, not both")),
        (None, None) => Err(node
            .mistake("an expectation of an app has `gets`, `gets_no` or `delivery`")
            .note("like `gets: messages`, `gets_no: standby`, `gets: nothing`")),
        (Some(gets), None) => match field("gets") {
            Some(field) => Ok(ExpectationKind::Gets { app, field, like, because }),
            None if gets.text() == Some("nothing") && like.is_empty() && because.is_none() => {
                Ok(ExpectationKind::GetsNothing { app })
            }
            None => Err(gets
                .mistake("beside `gets: nothing` an expectation may only have `app` and `of`")
                .note("to say that one webhook did not come, use `gets_no: FIELD`")),
        },
        (None, Some(at)) => match field("gets_no") {
            Some(field) => Ok(ExpectationKind::GetsNo { app, field, like, because }),
            None => Err(at.mistake("expected a webhook field")),
        },
    }
}

/// What does not come cannot be waited for.
fn check_within(node: &Node) -> Result<(), Diagnostic> {
    let is_negative = node.get("gets_no").is_some() || node.get("gets").and_then(Node::text) == Some("nothing");
    match node.get("within").filter(|_| is_negative) {
        Some(at) => Err(at
            .mistake("`within` goes with what is waited for: that no webhook was sent is checked at once")
            .note("to wait whether an app stays silent, write a step: `{ app: NAME, stays_silent: 300ms }`")),
        None => Ok(()),
    }
}

fn read_message(message: &Node) -> ExpectationKind {
    let mut like = message.json();
    if let Value::Object(map) = &mut like {
        map.remove("from");
        map.remove("to");
    }
    ExpectationKind::Message { from: text(message, "from"), to: text(message, "to"), like }
}
