//! The webhooks that bring an app what the person said or tapped, and that ask for an answer.

use crate::domain::event::{Channel, Decision, WebhookPayload};
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::ledger_entry::LedgerEntry;

use super::context::LintContext;

/// A webhook that brought an app what the person said or tapped.
pub struct UserWebhook<'c> {
    pub entry: &'c LedgerEntry,
    pub app: AppKey,
    pub thread: ThreadKey,
    pub channel: Channel,
}

/// All of them, oldest first.
pub fn user_webhooks<'c>(context: &LintContext<'c>) -> impl Iterator<Item = UserWebhook<'c>> + use<'c> {
    context.entries().filter_map(user_webhook)
}

/// The user webhook that an entry is, if it is one.
pub fn user_webhook(entry: &LedgerEntry) -> Option<UserWebhook<'_>> {
    let (webhook_event, decision) = entry.record.webhook()?;
    let Decision::Deliver(channel, _) = decision.decision else { return None };
    let thread = webhook_event.scope.thread().filter(|_| is_from_user(&webhook_event.payload))?;
    Some(UserWebhook { entry, app: decision.app, thread, channel })
}

fn is_from_user(body: &WebhookPayload) -> bool {
    matches!(body, WebhookPayload::Message { .. } | WebhookPayload::Postback { .. })
}
