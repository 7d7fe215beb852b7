//! Recipient ids: the ids and tokens, other than PSIDs, by which an app can address a person. Their number is bounded.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::ids::{AppKey, AssetKey, ThreadKey};
use super::notification_subscription::NotificationSubscription;
use super::time::Moment;

/// The number of ids of one kind that a page remembers. The bound is per kind, so that many logins evict no comment.
const MAX_IDS: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecipientIdKind {
    /// `account_linking_token`: the person opened a login.
    Login,
    /// `user_ref`: the person ticked a checkbox on a website.
    Checkbox,
    /// `comment_id`: the person commented on a post of the page.
    Comment,
    /// `post_id`: the person wrote a post on the page.
    Post,
    /// `notification_messages_token`: the person opted in to notification messages about a topic.
    Notification,
    /// `one_time_notif_token`: the person asked for one message.
    OneTime,
}

impl RecipientIdKind {
    pub const ALL: &[Self] =
        &[Self::Login, Self::Checkbox, Self::Comment, Self::Post, Self::Notification, Self::OneTime];

    /// True if the id belongs to something public: a comment or a post.
    pub fn is_published(self) -> bool {
        matches!(self, Self::Comment | Self::Post)
    }

    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "account_linking_token",
            Self::Checkbox => "user_ref",
            Self::Comment => "comment_id",
            Self::Post => "post_id",
            Self::Notification => "notification_messages_token",
            Self::OneTime => "one_time_notif_token",
        }
    }
}

/// An id or a token that names a person as recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientId {
    pub kind: RecipientIdKind,
    pub thread: ThreadKey,
    /// The app whose button or request led to the id.
    pub by: Option<AppKey>,
    /// When the id was made.
    pub since: Moment,
    /// True if the one message that may be sent to the id was sent.
    pub used: bool,
    /// What the person opted in to, if it is a notification token.
    pub subscription: Option<Arc<NotificationSubscription>>,
}

/// The recipient ids of all pages.
#[derive(Debug, Clone, Default)]
pub struct RecipientIds {
    by_id: BTreeMap<(AssetKey, Box<str>), RecipientId>,
    order: BTreeMap<(AssetKey, RecipientIdKind), VecDeque<Box<str>>>,
}

impl RecipientIds {
    /// Adds an id, or replaces its state. Drops the oldest id of this kind on the page if there are too many.
    pub fn insert(&mut self, id: Box<str>, recipient_id: RecipientId) {
        let (page, kind) = (recipient_id.thread.asset, recipient_id.kind);
        if self.by_id.insert((page, id.clone()), recipient_id).is_some() {
            return;
        }
        let order = self.order.entry((page, kind)).or_default();
        order.push_back(id);
        if order.len() > MAX_IDS
            && let Some(evicted) = order.pop_front()
        {
            self.by_id.remove(&(page, evicted));
        }
    }

    /// The ids of a kind on a page, with their state.
    pub fn of(&self, page: AssetKey, kind: RecipientIdKind) -> impl Iterator<Item = (&str, &RecipientId)> {
        let ids = self.order.get(&(page, kind)).into_iter().flatten();
        ids.filter_map(move |id| Some((&**id, self.get(page, id)?)))
    }

    pub fn remove(&mut self, page: AssetKey, id: &str) {
        let Some(removed) = self.by_id.remove(&(page, id.into())) else { return };
        self.order.entry((page, removed.kind)).or_default().retain(|known| **known != *id);
    }

    pub fn get(&self, page: AssetKey, id: &str) -> Option<&RecipientId> {
        self.by_id.get(&(page, id.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::PersonKey;

    #[test]
    fn an_id_is_evicted_only_by_ids_of_its_kind_and_page() {
        let mut recipient_ids = RecipientIds::default();
        let mut insert = |page, kind, id: &str| {
            let thread = ThreadKey { asset: AssetKey(page), person: PersonKey(0) };
            recipient_ids.insert(
                id.into(),
                RecipientId { kind, thread, by: None, since: Moment::from_millis(0), used: false, subscription: None },
            );
        };
        insert(0, RecipientIdKind::Comment, "comment");
        insert(1, RecipientIdKind::Login, "elsewhere");
        for number in 0..=MAX_IDS {
            insert(0, RecipientIdKind::Login, &number.to_string());
        }
        let known = |page, id| recipient_ids.get(AssetKey(page), id).is_some();
        assert!(known(0, "comment") && known(1, "elsewhere"));
        assert_eq!((known(0, "0"), known(0, "1"), known(0, &MAX_IDS.to_string())), (false, true, true));
    }
}
