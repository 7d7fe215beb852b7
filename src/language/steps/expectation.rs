//! Language room: expectations as types. Each keeps its place, so that a failed one is drawn where it stands.

use serde_json::Value;

use crate::domain::model::fields::Field;
use crate::domain::model::time::Span;
use crate::domain::rules::RuleId;
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Place;
use crate::text::units::parse_duration;

/// What must have happened.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Where it stands.
    pub place: Place,
    /// Whose thread, where it says so.
    pub of: Option<String>,
    /// Which page, where it says so.
    pub page: Option<String>,
    /// Values to keep of what matched.
    pub save: Vec<(String, String)>,
    /// What.
    pub what: What,
}

/// What must have happened.
#[derive(Debug, Clone)]
pub enum What {
    /// An app gets a webhook.
    Gets {
        /// The app.
        app: String,
        /// The field.
        field: Field,
        /// What it is like.
        like: Vec<(Part, Value)>,
        /// The rule behind it.
        because: Option<RuleId>,
    },
    /// An app gets no webhook of a field.
    GetsNo {
        /// The app.
        app: String,
        /// The field.
        field: Field,
        /// What it would be like.
        like: Vec<(Part, Value)>,
        /// The rule by which it was withheld.
        because: Option<RuleId>,
    },
    /// An app gets no webhook at all.
    GetsNothing {
        /// The app.
        app: String,
    },
    /// An attempt to deliver a webhook to an app was made.
    Delivery {
        /// The app.
        app: String,
        /// What it is like.
        like: Value,
    },
    /// An app, or nobody, owns the thread.
    Owner {
        /// The app.
        app: Option<String>,
        /// The rule that made it so.
        because: Option<RuleId>,
    },
    /// Nobody gets a webhook beyond those matched.
    NothingElse,
    /// A rule was at work.
    Rule(RuleId),
    /// The messaging window is open.
    Window {
        /// Or closed.
        open: bool,
    },
    /// The person sees a message.
    Message {
        /// From whom.
        from: Option<String>,
        /// To whom.
        to: Option<String>,
        /// What it is like.
        like: Value,
        /// How long a real app is waited for.
        within: Option<Span>,
    },
}

/// A part of a messaging item that finds its place by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The text.
    Text,
    /// The payload of a button or quick reply.
    Payload,
    /// The title of a tapped button.
    Title,
    /// The referral.
    Referral,
    /// The metadata.
    Metadata,
    /// `hop_context`, which stands beside the item.
    HopContext,
    /// The whole item.
    Body,
}

impl Part {
    const ALL: [(&str, Part); 7] = [
        ("text", Part::Text),
        ("payload", Part::Payload),
        ("title", Part::Title),
        ("referral", Part::Referral),
        ("metadata", Part::Metadata),
        ("hop_context", Part::HopContext),
        ("body", Part::Body),
    ];

    /// The key by which a scenario names it.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, part)| *part == self).map_or("body", |(key, _)| key)
    }

    /// Where in the item it may stand; the first place that is filled counts.
    pub fn pointers(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["/message/text"],
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
            Self::Body => &[""],
        }
    }
}

impl Expectation {
    /// Reads an expectation that passed the vocabulary's check.
    pub fn read(node: &Node) -> Result<Self, Diagnostic> {
        let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        Ok(Self {
            place: node.place.clone(),
            of: text("of"),
            page: text("page"),
            save: node.pairs("save"),
            what: what(node)?,
        })
    }
}

fn what(node: &Node) -> Result<What, Diagnostic> {
    let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let because = text("because").and_then(|rule| RuleId::parse(&rule));
    if let Some(owner) = text("owner") {
        return Ok(What::Owner { app: Some(owner).filter(|owner| owner != "nobody"), because });
    }
    if let Some(rule) = text("rule").and_then(|rule| RuleId::parse(&rule)) {
        return Ok(What::Rule(rule));
    }
    if node.get("nothing").is_some() {
        return Ok(What::NothingElse);
    }
    if let Some(window) = text("window") {
        return Ok(What::Window { open: window == "open" });
    }
    if let Some(message) = node.get("message") {
        return Ok(read_message(node, message));
    }
    app(node, text("app").unwrap_or_default(), because)
}

fn app(node: &Node, app: String, because: Option<RuleId>) -> Result<What, Diagnostic> {
    let like: Vec<(Part, Value)> =
        Part::ALL.iter().filter_map(|(key, part)| Some((*part, node.get(key)?.json()))).collect();
    let field = |key: &str| node.get(key).and_then(Node::text).and_then(Field::parse);
    if let Some(delivery) = node.get("delivery") {
        let alone = like.is_empty() && because.is_none() && node.get("gets").or(node.get("gets_no")).is_none();
        return match alone {
            true => Ok(What::Delivery { app, like: delivery.json() }),
            false => Err(delivery.mistake("`delivery` stands alone, but for `app`, `of` and `page`")),
        };
    }
    match (node.get("gets"), node.get("gets_no")) {
        (Some(_), Some(_)) => Err(node.mistake("an expectation has `gets` or `gets_no`, not both")),
        (None, None) => Err(node
            .mistake("an expectation of an app has `gets`, `gets_no` or `delivery`")
            .note("like `gets: messages`, `gets_no: standby`, `gets: nothing`")),
        (Some(gets), None) => match field("gets") {
            Some(field) => Ok(What::Gets { app, field, like, because }),
            None if gets.text() == Some("nothing") && like.is_empty() && because.is_none() => {
                Ok(What::GetsNothing { app })
            }
            None => Err(gets
                .mistake("`gets: nothing` stands alone")
                .note("to say that one webhook did not come, use `gets_no: FIELD`")),
        },
        (None, Some(at)) => match field("gets_no") {
            Some(field) => Ok(What::GetsNo { app, field, like, because }),
            None => Err(at.mistake("expected a webhook field")),
        },
    }
}

fn read_message(node: &Node, message: &Node) -> What {
    let text = |key: &str| message.get(key).and_then(Node::text).map(str::to_owned);
    let mut like = message.json();
    if let Value::Object(map) = &mut like {
        map.remove("from");
        map.remove("to");
    }
    let within = node.get("within").and_then(Node::text).and_then(parse_duration);
    What::Message { from: text("from"), to: text("to"), like, within }
}
