//! Domain room: ids and tokens other than PSIDs by which a page knows a person. Bounded in number. Only `World` writes here.

use std::collections::{BTreeMap, VecDeque};

use super::ids::{AppKey, PageKey, ThreadKey};
use super::time::Moment;

/// Addresses that a world remembers.
const MAX_KEPT: usize = 10_000;

/// What an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// `account_linking_token`: a login that the person has opened.
    Login,
    /// `user_ref`: a checkbox on a website that the person has ticked.
    Checkbox,
    /// `comment_id`: a comment of the person on a post of the page.
    Comment,
    /// `post_id`: a post of the person on the page.
    Post,
}

impl AddressKind {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "account_linking_token",
            Self::Checkbox => "user_ref",
            Self::Comment => "comment_id",
            Self::Post => "post_id",
        }
    }
}

/// An id or a token that leads to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What it is.
    pub kind: AddressKind,
    /// To whom it leads.
    pub thread: ThreadKey,
    /// Whose button or request brought it about.
    pub by: Option<AppKey>,
    /// Since when there is such an address.
    pub since: Moment,
    /// Whether a message has gone there that can go there once.
    pub used: bool,
}

/// The addresses of all pages.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    kept: BTreeMap<(PageKey, Box<str>), Address>,
    oldest: VecDeque<(PageKey, Box<str>)>,
}

impl Addresses {
    /// Keeps an address, or what became of it; the oldest is forgotten when there are too many.
    pub fn keep(&mut self, id: Box<str>, address: Address) {
        let key = (address.thread.page, id);
        if self.kept.insert(key.clone(), address).is_some() {
            return;
        }
        self.oldest.push_back(key);
        if self.oldest.len() > MAX_KEPT
            && let Some(oldest) = self.oldest.pop_front()
        {
            self.kept.remove(&oldest);
        }
    }

    /// What this id is on the page.
    pub fn get(&self, page: PageKey, id: &str) -> Option<&Address> {
        self.kept.get(&(page, id.into()))
    }
}
