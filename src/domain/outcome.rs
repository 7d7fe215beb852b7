//! The outcome of a command: the reply to its caller and the events that it caused.

use std::sync::Arc;

use super::event::Event;
use super::model::ids::PersonKey;
use super::model::recipient_ids::RecipientIdKind;
use super::model::time::Span;

/// The result of an executed command.
#[derive(Debug)]
pub struct Outcome {
    pub reply: Reply,
    pub events: Vec<Event>,
}

/// What the caller of a command learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Sent {
        mid: Arc<str>,
        /// The reusable id of the attachment, if the sender asked for one.
        attachment_id: Option<Box<str>>,
    },
    /// Something with this id was made.
    Made(Box<str>),
    Code(Box<str>),
    Token {
        text: Box<str>,
        life: Span,
    },
    /// From now on this id names the person as recipient.
    RecipientId(RecipientIdKind, Box<str>),
    /// A post was written, or a comment on it. The id names its author as recipient.
    Published {
        comment: Option<Box<str>>,
        post: Box<str>,
    },
    /// This person was added or handed out.
    Person(PersonKey),
    /// Nothing else to report.
    Done,
}
