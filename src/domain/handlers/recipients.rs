//! Messages to a person by another id than the PSID: a checkbox, a comment, a post, or a token.

use std::sync::Arc;

use crate::domain::event::Event;
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::Content;
use crate::domain::model::notification_subscription::{EXPIRES, MAX_FOLLOW_UP, NotificationSubscription, Slot};
use crate::domain::model::platform::Platform;
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::model::sending_knobs::PrivateReplyOwnership;
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
pub fn check_recipient(
    tx: &ThreadTx<'_>,
    (id, recipient): (&str, &RecipientId),
    content: &Content,
) -> Result<(), Refusal> {
    let age = tx.now - recipient.since;
    let refused = match (recipient.kind, &recipient.subscription) {
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) if recipient.used => {
            (Reason::AlreadyReplied, on(tx, rules::PRIVATE_REPLY_ONCE, rules::INSTAGRAM_PRIVATE_REPLY_ONCE))
        }
        (RecipientIdKind::Comment, _) if is_of_ended_broadcast(tx, id) => {
            (Reason::ReplyTimeExpired, rules::INSTAGRAM_PRIVATE_REPLY_LIVE)
        }
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) if age >= PRIVATE_REPLY => {
            (Reason::ReplyTimeExpired, on(tx, rules::PRIVATE_REPLY_LATE, rules::INSTAGRAM_PRIVATE_REPLY_LATE))
        }
        (RecipientIdKind::OneTime, _) if recipient.used || age >= ONE_TIME => {
            (Reason::OutsideWindow, rules::ONE_TIME_SPENT)
        }
        (_, Some(subscription)) => return check_notification(tx, subscription, content),
        _ => return Ok(()),
    };
    Err(Refusal::new(refused.0, refused.1))
}

/// True for a comment on a live broadcast that has ended.
fn is_of_ended_broadcast(tx: &ThreadTx<'_>, comment: &str) -> bool {
    let comment = tx.settings.publications.get(tx.key.asset, comment);
    comment.is_some_and(|comment| tx.asset().ended_broadcasts.contains(&comment.post))
}

/// The rule of the platform.
fn on(tx: &ThreadTx<'_>, messenger: RuleId, instagram: RuleId) -> RuleId {
    match tx.platform() {
        Platform::Messenger => messenger,
        Platform::Instagram => instagram,
    }
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
        (RecipientIdKind::Comment | RecipientIdKind::Post, _) => {
            on(tx, rules::PRIVATE_REPLY, rules::INSTAGRAM_PRIVATE_REPLY)
        }
        (RecipientIdKind::Login | RecipientIdKind::Checkbox, _) => rules::USER_REF,
    }
}

/// What a message needs of its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderNeeds {
    /// True if the window must be open.
    pub window: bool,
    pub owner: OwnerNeed,
}

/// What a message has to do with the owner of its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerNeed {
    /// It needs an app that may send into the thread.
    MaySend,
    /// Nothing.
    None,
    /// Its app becomes the owner.
    Becomes,
}

impl SenderNeeds {
    pub const ALL: Self = Self { window: true, owner: OwnerNeed::MaySend };
}

/// What a message to this id needs.
pub fn needs_of(tx: &ThreadTx<'_>, recipient: &RecipientId) -> SenderNeeds {
    let window = matches!(recipient.kind, RecipientIdKind::Login | RecipientIdKind::Checkbox);
    let owner = match (tx.platform(), tx.asset().knobs.instagram.private_reply_ownership) {
        (Platform::Messenger, _) | (Platform::Instagram, PrivateReplyOwnership::Needs) => OwnerNeed::MaySend,
        (Platform::Instagram, PrivateReplyOwnership::Neither) => OwnerNeed::None,
        (Platform::Instagram, PrivateReplyOwnership::Takes) => OwnerNeed::Becomes,
    };
    SenderNeeds { window, owner }
}
