//! Acts room: what lets an app write to a person by another id than the PSID: a checkbox, a comment, a post, a token. `acts::app` enters.

use std::sync::Arc;

use crate::domain::event::Event;
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::Content;
use crate::domain::model::notification_subscription::{EXPIRES, MAX_FOLLOW_UP, NotificationSubscription, Slot};
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::model::time::Span;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::ThreadTx;

/// How long after a comment or a post it can be answered in private.
const PRIVATE_REPLY: Span = Span::days(7);
/// How long a person can be sent the one message that they asked for.
const ONE_TIME: Span = Span::days(365);

/// Whether a message may go to this address.
pub fn may_reach(tx: &ThreadTx<'_>, address: &RecipientId, content: &Content) -> Result<(), Refusal> {
    let age = tx.now - address.since;
    let refused = match (address.kind, &address.subscription) {
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) if address.used => {
            (Reason::AlreadyReplied, rules::PRIVATE_REPLY_ONCE)
        }
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) if age >= PRIVATE_REPLY => {
            (Reason::CommentInvalid, rules::PRIVATE_REPLY_LATE)
        }
        (RecipientIdKind::OneTime, _) if address.used || age >= ONE_TIME => {
            (Reason::OutsideWindow, rules::ONE_TIME_SPENT)
        }
        (_, Some(subscription)) => return may_notify(tx, subscription, content),
        _ => return Ok(()),
    };
    Err(Refusal::new(refused.0, refused.1))
}

fn may_notify(tx: &ThreadTx<'_>, subscription: &NotificationSubscription, content: &Content) -> Result<(), Refusal> {
    if tx.now >= EXPIRES {
        return Err(Refusal::new(Reason::NotificationExpired, rules::NOTIFICATION_EXPIRED));
    }
    if subscription.stopped {
        return Err(Refusal::new(Reason::NotificationsStopped, rules::NOTIFICATIONS_STOPPED));
    }
    let length = content.text.as_ref().map_or(0, |text| text.chars().count());
    match subscription.slot(tx.now) {
        Slot::TooSoon => Err(Refusal::new(Reason::NotificationTooSoon, rules::NOTIFICATION_TOO_SOON)),
        Slot::FollowUp if length > MAX_FOLLOW_UP => {
            Err(Refusal::new(Reason::FollowUpTooLong(MAX_FOLLOW_UP), rules::NOTIFICATION_FOLLOWS))
        }
        Slot::FollowUp | Slot::Free => Ok(()),
    }
}

/// A message goes to this address.
pub fn reach(tx: &mut ThreadTx<'_>, app: AppKey, id: &str, address: RecipientId) {
    let rule = rule_of(tx, &address);
    tx.push_event(Event::Allowed { thread: tx.key, app, rule });
    let sent = |subscription: &Arc<NotificationSubscription>| {
        Arc::new(NotificationSubscription { sent: subscription.with_one_more(tx.now), ..(**subscription).clone() })
    };
    let subscription = address.subscription.as_ref().map(sent);
    tx.put_recipient_id(id.into(), RecipientId { used: true, subscription, ..address });
}

fn rule_of(tx: &ThreadTx<'_>, address: &RecipientId) -> RuleId {
    match (address.kind, &address.subscription) {
        (_, Some(subscription)) if subscription.slot(tx.now) == Slot::FollowUp => rules::NOTIFICATION_FOLLOWS,
        (RecipientIdKind::Notification, _) => rules::NOTIFICATION,
        (RecipientIdKind::OneTime, _) => rules::ONE_TIME,
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) => rules::PRIVATE_REPLY,
        (RecipientIdKind::Login | RecipientIdKind::Checkbox, _) => rules::USER_REF,
    }
}

/// Whether what goes there needs an open window.
pub fn needs_window(address: &RecipientId) -> bool {
    matches!(address.kind, RecipientIdKind::Login | RecipientIdKind::Checkbox)
}
