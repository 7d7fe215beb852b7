//! Messages to a person by another id than the PSID: a checkbox, a comment, a post, or a token.

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
/// How long a one-time token is valid.
const ONE_TIME: Span = Span::days(365);

/// Records a new id of the thread's person.
pub fn keep_recipient_id(tx: &mut ThreadTx<'_>, kind: RecipientIdKind, id: Box<str>) {
    let recipient = RecipientId { kind, thread: tx.key, by: None, since: tx.now, used: false, subscription: None };
    tx.put_recipient_id(id, recipient);
}

/// Checks whether a message may go to this id.
pub fn check_recipient(tx: &ThreadTx<'_>, recipient: &RecipientId, content: &Content) -> Result<(), Refusal> {
    let age = tx.now - recipient.since;
    let refused = match (recipient.kind, &recipient.subscription) {
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) if recipient.used => {
            (Reason::AlreadyReplied, rules::PRIVATE_REPLY_ONCE)
        }
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) if age >= PRIVATE_REPLY => {
            (Reason::ReplyTimeExpired, rules::PRIVATE_REPLY_LATE)
        }
        (RecipientIdKind::OneTime, _) if recipient.used || age >= ONE_TIME => {
            (Reason::OutsideWindow, rules::ONE_TIME_SPENT)
        }
        (_, Some(subscription)) => return check_notification(tx, subscription, content),
        _ => return Ok(()),
    };
    Err(Refusal::new(refused.0, refused.1))
}

fn check_notification(
    tx: &ThreadTx<'_>,
    subscription: &NotificationSubscription,
    content: &Content,
) -> Result<(), Refusal> {
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

/// Records that a message goes to this id.
pub fn use_recipient(tx: &mut ThreadTx<'_>, app: AppKey, id: &str, recipient: RecipientId) {
    let rule = rule_of(tx, &recipient);
    if recipient.kind == RecipientIdKind::Checkbox {
        tx.thread.set_prior_user_ref(id.into());
    }
    tx.push_event(Event::Allowed { thread: tx.key, app, rule });
    let sent = |subscription: &Arc<NotificationSubscription>| {
        Arc::new(NotificationSubscription { sent: subscription.with_one_more(tx.now), ..(**subscription).clone() })
    };
    let subscription = recipient.subscription.as_ref().map(sent);
    tx.put_recipient_id(id.into(), RecipientId { used: true, subscription, ..recipient });
}

fn rule_of(tx: &ThreadTx<'_>, recipient: &RecipientId) -> RuleId {
    match (recipient.kind, &recipient.subscription) {
        (_, Some(subscription)) if subscription.slot(tx.now) == Slot::FollowUp => rules::NOTIFICATION_FOLLOWS,
        (RecipientIdKind::Notification, _) => rules::NOTIFICATION,
        (RecipientIdKind::OneTime, _) => rules::ONE_TIME,
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) => rules::PRIVATE_REPLY,
        (RecipientIdKind::Login | RecipientIdKind::Checkbox, _) => rules::USER_REF,
    }
}

/// True if a message to this id needs an open window.
pub fn needs_window(recipient: &RecipientId) -> bool {
    matches!(recipient.kind, RecipientIdKind::Login | RecipientIdKind::Checkbox)
}
