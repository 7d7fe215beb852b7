//! Domain room: attachments that pages keep to send again. Bounded in number and in time. Only `World` and `acts::belongings` write here.

use std::collections::{BTreeMap, VecDeque};

use super::ids::PageKey;
use super::message::Attachment;
use super::time::{Moment, Span};

/// Attachments that a world remembers.
const MAX_KEPT: usize = 1000;
/// How long an id is good.
const LIFETIME: Span = Span::days(90);

/// The attachments of all pages.
#[derive(Debug, Clone, Default)]
pub struct Attachments {
    kept: BTreeMap<Box<str>, Kept>,
    oldest: VecDeque<Box<str>>,
    /// How many were kept so far by calls of their own, outside of any thread.
    pub made: u64,
}

#[derive(Debug, Clone)]
struct Kept {
    page: PageKey,
    attachment: Attachment,
    until: Moment,
}

impl Attachments {
    /// Keeps an attachment; the oldest is forgotten when there are too many.
    pub fn keep(&mut self, id: Box<str>, page: PageKey, attachment: Attachment, now: Moment) {
        if self.kept.len() >= MAX_KEPT
            && let Some(oldest) = self.oldest.pop_front()
        {
            self.kept.remove(&oldest);
        }
        self.oldest.push_back(id.clone());
        self.kept.insert(id, Kept { page, attachment, until: now + LIFETIME });
    }

    /// The attachment of this id and its page, while the id is good.
    pub fn get(&self, id: &str, now: Moment) -> Option<(PageKey, &Attachment)> {
        let kept = self.kept.get(id).filter(|kept| now < kept.until)?;
        Some((kept.page, &kept.attachment))
    }
}
