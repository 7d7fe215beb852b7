//! The messaging window: when an app may write to a person at all.

use crate::domain::command::Tag;
use crate::domain::model::thread::Thread;
use crate::domain::model::time::{Moment, Span};
use crate::domain::rules::{self, RuleId};

/// How long the standard window stays open after the last event that opens it.
pub const STANDARD: Span = Span::hours(24);
/// How long a message with a tag may be sent after the person's last message.
pub const TAGGED: Span = Span::days(7);

/// True if the standard window is open.
pub fn is_open(thread: &Thread, now: Moment) -> bool {
    closes(thread).is_some_and(|closes| now < closes)
}

/// When the standard window closes, or closed; `None` if it never opened.
pub fn closes(thread: &Thread) -> Option<Moment> {
    thread.window_opened.map(|opened| opened + STANDARD)
}

/// Checks that a message with this tag may be sent now. The error is the rule that forbids it.
pub fn may_send(thread: &Thread, tag: Option<Tag>, now: Moment) -> Result<(), RuleId> {
    if is_open(thread, now) {
        return Ok(());
    }
    if tag == Some(Tag::Utility) {
        return Ok(());
    }
    let Some(tag) = tag else { return Err(rules::WINDOW_CLOSED) };
    match thread.last_person_message {
        Some(last) if now < last + TAGGED => Ok(()),
        _ => Err(match tag {
            Tag::HumanAgent => rules::WINDOW_HUMAN_AGENT,
            Tag::CustomerFeedback => rules::WINDOW_CUSTOMER_FEEDBACK,
            Tag::Utility => rules::WINDOW_CLOSED,
        }),
    }
}
