//! Domain room: what comes of a command that was executed. Everyone may enter.

use super::event::Event;
use super::model::recipient_ids::RecipientIdKind;
use super::model::time::Span;

/// What a command brought about.
#[derive(Debug)]
pub struct Outcome {
    /// What the caller gets to know.
    pub answer: Reply,
    /// Everything that happened, in order.
    pub events: Vec<Event>,
}

/// What the caller of a command gets to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A message was sent.
    Sent {
        /// Its id.
        mid: Box<str>,
        /// The reusable id of its attachment, where one was asked for.
        attachment_id: Option<Box<str>>,
    },
    /// Something was made that has this id.
    Made(Box<str>),
    /// A login code was issued.
    Code(Box<str>),
    /// A user token was issued.
    Token {
        /// The token.
        text: Box<str>,
        /// How long it lives.
        life: Span,
    },
    /// The person can be reached or known by this id or token from now on.
    RecipientId(RecipientIdKind, Box<str>),
    /// It was done.
    Done,
}
