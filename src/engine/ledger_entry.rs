//! What an entry of the ledger says.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::Uri;
use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
use crate::domain::event::{Decision, Event, ReceiverDecision, WebhookEvent};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;
use crate::domain::refusal::Refusal;
use crate::domain::rules::RuleId;
use crate::wire::PostOptions;

use super::fault::Fault;
use super::webhook::{Webhook, WebhookRequest};

/// One entry.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// Its place, counted from 1 and never reused.
    pub cursor: u64,
    /// The entry that caused it, or its own cursor.
    pub cause: u64,
    /// Virtual time.
    pub at: Moment,
    /// What happened.
    pub record: Record,
}

/// A ledger keeps thousands of entries, and each send writes ten and drops ten.
const _: () = assert!(size_of::<LedgerEntry>() <= 72);

impl LedgerEntry {
    /// The webhook of the entry and its receiver. Returns `None` if the entry is no webhook or was withheld.
    pub fn webhook(&self) -> Option<(AppKey, Webhook)> {
        let (event, decision) = self.record.webhook()?;
        let Decision::Deliver(channel, view) = decision.decision else { return None };
        Some((decision.app, Webhook { entry: self.cursor, cause: self.cause, event: event.clone(), channel, view }))
    }
}

/// What an entry says. A ledger keeps thousands of them, so what is large and rare stands in a box.
#[derive(Debug, Clone)]
pub enum Record {
    /// A command was executed.
    Command {
        /// Whose command it was.
        by: Actor,
        /// The command.
        command: Arc<Command>,
    },
    /// A command was refused; nothing changed.
    Refused {
        /// Whose command it was.
        by: Actor,
        /// The command.
        command: Arc<Command>,
        /// Why.
        refusal: Box<Refusal>,
    },
    /// An event of the domain.
    Happened(Event),
    /// A webhook goes to an app, or is withheld from it.
    Webhook {
        /// What it is about.
        webhook_event: Arc<WebhookEvent>,
        /// The place of the app's decision among those of the webhook event.
        decision: u16,
    },
    /// A Graph call was answered.
    GraphCall(Box<GraphCall>),
    /// Something was read.
    Read {
        /// Who read.
        by: Actor,
        /// The rule behind the answer.
        rule: RuleId,
    },
    /// An attempt to deliver a webhook is over.
    DeliveryAttempt(Box<DeliveryAttempt>),
    /// A fault was armed.
    Armed {
        /// Its number.
        number: u32,
        /// What it is.
        fault: Box<Fault>,
    },
    /// A fault was taken away.
    Disarmed {
        /// Its number.
        number: u32,
    },
    /// The clock was turned.
    ClockTurned {
        /// What it shows now.
        to: Moment,
    },
    /// Something that a developer should know.
    Warning {
        /// The app that it is about, if it is about one.
        app: Option<AppKey>,
        /// What it is about.
        kind: WarningKind,
        /// The warning.
        text: Box<str>,
    },
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// Something has no effect, or is wrong.
    #[default]
    Problem,
    /// An app subscribes to something of which nothing is ever sent. The call is right all the same.
    NeverSent,
}

/// A Graph call that was answered.
#[derive(Debug, Clone)]
pub struct GraphCall {
    /// Whose call it was.
    pub by: Actor,
    /// The call as it came.
    pub request: RawCall,
    /// HTTP status.
    pub status: u16,
    /// The body of the answer.
    pub answer: Bytes,
    /// How long the answer was, if the ledger has only a part of it.
    pub answer_cut: Option<usize>,
    /// Meta's error, if the call failed.
    pub error: Option<CallError>,
    /// The rule behind the error, if no refused command names it.
    pub rule: Option<RuleId>,
    /// The number of the fault that it met, if it met one.
    pub fault: Option<u32>,
    /// What kept the answer from its caller, in the fault's word: `reset`.
    pub lost: Option<&'static str>,
}

/// A Graph call as it came. It has its own copy of the bytes: a part of the server's read buffer would keep the whole buffer in memory for
/// as long as the entry lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCall {
    /// Path and query, as they came.
    pub target: Box<str>,
    /// The header `Content-Type`.
    pub content_type: Option<Cow<'static, [u8]>>,
    /// The body.
    pub body: Box<[u8]>,
    /// How long the body was, if this is only a part of it.
    pub cut: Option<usize>,
}

impl RawCall {
    /// Path and query, parsed.
    pub fn uri(&self) -> Uri {
        self.target.parse().unwrap_or_default()
    }
}

/// An error that a Graph call was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// Meta's code.
    pub code: i32,
    /// Meta's subcode.
    pub subcode: Option<u32>,
    /// The text.
    pub message: Box<str>,
}

/// An attempt to deliver that is over. A history has the cursors of its webhooks in place of the request.
#[derive(Debug, Clone)]
pub struct DeliveryAttempt<R = WebhookRequest> {
    /// What was sent. Its bytes are made again whenever they are read.
    pub request: R,
    /// How it was made.
    pub options: PostOptions,
    /// Where it went; `None` if nothing was really sent.
    pub url: Option<Box<str>>,
    /// Counted from 1.
    pub attempt: u32,
    /// The number of the fault that it met, if it met one.
    pub fault: Option<u32>,
    /// How it went.
    pub result: DeliveryResult,
    /// The beginning of the body of the app's answer.
    pub said: Box<[u8]>,
    /// Real time that it took.
    pub took: Duration,
}

impl<R> DeliveryAttempt<R> {
    /// The same attempt with another view of what was sent.
    pub(super) fn with_request<S>(self, request: S) -> DeliveryAttempt<S> {
        let Self { request: _, options, url, attempt, fault, result, said, took } = self;
        DeliveryAttempt { request, options, url, attempt, fault, result, said, took }
    }
}

impl DeliveryAttempt {
    /// The cursor of the webhook; of the first, if several went together.
    pub fn webhook(&self) -> u64 {
        self.request.first.entry
    }
}

/// How a delivery went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The app answered with this status.
    Answered(u16),
    /// It did not answer.
    Failed(Box<str>),
    /// It was lost on its way.
    Lost,
}

impl DeliveryResult {
    /// True if Meta counts it as delivered.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Answered(status) if (200..300).contains(status))
    }
}

/// Who or what did something in a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A Graph call.
    Graph {
        /// The app whose token it bore.
        app: AppKey,
        /// `POST /v25.0/me/messages`. Shared by the entries of the call.
        call: Arc<str>,
    },
    /// A scenario or the control API.
    Script,
    /// The world itself, because something was due.
    Clock,
    /// The world itself, because an attempt to deliver a webhook was over.
    Delivery,
}

impl Actor {
    /// The app that made the Graph call.
    pub fn app(&self) -> Option<AppKey> {
        match self {
            Self::Graph { app, .. } => Some(*app),
            Self::Script | Self::Clock | Self::Delivery => None,
        }
    }
}

impl Record {
    /// The rule behind the entry.
    pub fn rule(&self) -> Option<RuleId> {
        match self {
            Self::Refused { refusal, .. } => refusal.rule,
            Self::Happened(event) => event_rule(event),
            Self::Webhook { webhook_event, decision } => {
                webhook_event.decisions.get(usize::from(*decision)).map(|decision| decision.rule)
            }
            Self::GraphCall(call) => call.rule,
            Self::Read { rule, .. } => Some(*rule),
            Self::Command { .. }
            | Self::DeliveryAttempt(_)
            | Self::Armed { .. }
            | Self::Disarmed { .. }
            | Self::ClockTurned { .. }
            | Self::Warning { .. } => None,
        }
    }

    /// The text of a warning.
    pub fn warning(&self) -> Option<&str> {
        match self {
            Self::Warning { text, .. } | Self::Happened(Event::Warning { text, .. }) => Some(text),
            _ => None,
        }
    }

    /// The webhook event, and the decision for one app.
    pub fn webhook(&self) -> Option<(&Arc<WebhookEvent>, &ReceiverDecision)> {
        match self {
            Self::Webhook { webhook_event, decision } => {
                Some((webhook_event, webhook_event.decisions.get(usize::from(*decision))?))
            }
            _ => None,
        }
    }
}

fn event_rule(event: &Event) -> Option<RuleId> {
    match event {
        Event::WebhookEvent(_) => None,
        Event::Routed { rule, .. }
        | Event::OwnerChanged { rule, .. }
        | Event::ControlKept { rule, .. }
        | Event::Allowed { rule, .. }
        | Event::Applied { rule, .. }
        | Event::Shown { rule, .. }
        | Event::WindowOpened { rule, .. }
        | Event::SettingChanged { rule, .. }
        | Event::Delivery { rule, .. }
        | Event::Warning { rule, .. } => Some(*rule),
    }
}
