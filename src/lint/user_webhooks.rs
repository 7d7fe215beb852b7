//! Lint room: what of all that apps are told is a word of the person's, and asks for an answer.

use crate::domain::event::{Channel, Decision, WebhookPayload};
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::ledger::Entry;

use super::context::Case;

/// A webhook of the person's that an app was told.
pub struct Heard<'c> {
    /// Its entry.
    pub entry: &'c Entry,
    /// The app.
    pub app: AppKey,
    /// The thread.
    pub thread: ThreadKey,
    /// Where it stood.
    pub channel: Channel,
}

/// All of them, oldest first.
pub fn heard<'c>(case: &Case<'c>) -> impl Iterator<Item = Heard<'c>> + use<'c> {
    case.entries().filter_map(heard_by)
}

/// The entry as something that an app heard, if it is one.
pub fn heard_by(entry: &Entry) -> Option<Heard<'_>> {
    let (webhook_event, decision) = entry.record.webhook()?;
    let Decision::Deliver(channel, _) = decision.decision else { return None };
    let thread = webhook_event.scope.thread().filter(|_| is_from_person(&webhook_event.payload))?;
    Some(Heard { entry, app: decision.app, thread, channel })
}

/// Whether the person said or tapped something.
fn is_from_person(body: &WebhookPayload) -> bool {
    matches!(body, WebhookPayload::Message { .. } | WebhookPayload::Postback { .. })
}
