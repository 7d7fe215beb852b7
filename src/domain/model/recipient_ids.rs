//! Domain room: ids and tokens other than PSIDs by which a page knows a person. Bounded in number. Only `World` writes here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::ids::{AppKey, PageKey, ThreadKey};
use super::notification_subscription::NotificationSubscription;
use super::time::Moment;

/// RecipientIds of one kind that a page remembers: many logins push out no comment.
const MAX_KEPT: usize = 10_000;

/// What an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecipientIdKind {
    /// `account_linking_token`: a login that the person has opened.
    Login,
    /// `user_ref`: a checkbox on a website that the person has ticked.
    Checkbox,
    /// `comment_id`: a comment of the person on a post of the page.
    Comment,
    /// `post_id`: a post of the person on the page.
    Post,
    /// `notification_messages_token`: the person has opted in to notification messages about a topic.
    Notification,
    /// `one_time_notif_token`: the person has asked for one message.
    OneTime,
}

impl RecipientIdKind {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Login, Self::Checkbox, Self::Comment, Self::Post, Self::Notification, Self::OneTime];

    /// Whether everybody can read what the person wrote there.
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

/// An id or a token that leads to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientId {
    /// What it is.
    pub kind: RecipientIdKind,
    /// To whom it leads.
    pub thread: ThreadKey,
    /// Whose button or request brought it about.
    pub by: Option<AppKey>,
    /// Since when there is such an address.
    pub since: Moment,
    /// Whether a message has gone there that can go there once.
    pub used: bool,
    /// What the person has opted in to, where it is that.
    pub subscription: Option<Arc<NotificationSubscription>>,
}

/// The recipient_ids of all pages.
#[derive(Debug, Clone, Default)]
pub struct RecipientIds {
    kept: BTreeMap<(PageKey, Box<str>), RecipientId>,
    oldest: BTreeMap<(PageKey, RecipientIdKind), VecDeque<Box<str>>>,
}

impl RecipientIds {
    /// Keeps an address, or what became of it; the oldest of its kind on its page is forgotten when there are too many.
    pub fn keep(&mut self, id: Box<str>, address: RecipientId) {
        let (page, kind) = (address.thread.page, address.kind);
        if self.kept.insert((page, id.clone()), address).is_some() {
            return;
        }
        let oldest = self.oldest.entry((page, kind)).or_default();
        oldest.push_back(id);
        if oldest.len() > MAX_KEPT
            && let Some(forgotten) = oldest.pop_front()
        {
            self.kept.remove(&(page, forgotten));
        }
    }

    /// The recipient_ids of a kind on a page, with their ids.
    pub fn of(&self, page: PageKey, kind: RecipientIdKind) -> impl Iterator<Item = (&str, &RecipientId)> {
        let ids = self.oldest.get(&(page, kind)).into_iter().flatten();
        ids.filter_map(move |id| Some((&**id, self.get(page, id)?)))
    }

    /// What this id is on the page.
    pub fn get(&self, page: PageKey, id: &str) -> Option<&RecipientId> {
        self.kept.get(&(page, id.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::PersonKey;

    #[test]
    fn an_address_is_pushed_out_by_its_like_alone() {
        let mut recipient_ids = RecipientIds::default();
        let mut keep = |page, kind, id: &str| {
            let thread = ThreadKey { page: PageKey(page), person: PersonKey(0) };
            recipient_ids.keep(
                id.into(),
                RecipientId { kind, thread, by: None, since: Moment(0), used: false, subscription: None },
            );
        };
        keep(0, RecipientIdKind::Comment, "comment");
        keep(1, RecipientIdKind::Login, "elsewhere");
        for number in 0..=MAX_KEPT {
            keep(0, RecipientIdKind::Login, &number.to_string());
        }
        let known = |page, id| recipient_ids.get(PageKey(page), id).is_some();
        assert!(known(0, "comment") && known(1, "elsewhere"));
        assert_eq!((known(0, "0"), known(0, "1"), known(0, &MAX_KEPT.to_string())), (false, true, true));
    }
}
