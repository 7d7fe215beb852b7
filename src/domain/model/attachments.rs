//! Reusable attachments: pages save them and send them again by id. Their number and their lifetime are bounded.

use std::collections::{BTreeMap, VecDeque};

use super::byte_count::byte_count;
use super::ids::AssetKey;
use super::message::Attachment;
use super::time::{Moment, Span};

/// The number of attachments that a page remembers.
pub const MAX_ATTACHMENTS: usize = 1000;
/// What an attachment keeps beside its texts, estimated.
const SAVED: usize = 200;
/// How long an id stays valid.
const LIFETIME: Span = Span::days(90);

/// The reusable attachments of all pages.
#[derive(Debug, Clone, Default)]
pub struct Attachments {
    by_id: BTreeMap<Box<str>, SavedAttachment>,
    order: BTreeMap<AssetKey, VecDeque<Box<str>>>,
    bytes: usize,
    /// How many attachments were saved by calls of their own, outside of any thread.
    pub made: u64,
}

#[derive(Debug, Clone)]
struct SavedAttachment {
    page: AssetKey,
    attachment: Attachment,
    expires: Moment,
}

impl Attachments {
    /// Saves an attachment. Drops the oldest one of the page if there are too many.
    pub fn insert(&mut self, id: Box<str>, page: AssetKey, attachment: Attachment, now: Moment) {
        let order = self.order.entry(page).or_default();
        if order.len() >= MAX_ATTACHMENTS
            && let Some(evicted) = order.pop_front()
            && let Some(dropped) = self.by_id.remove(&evicted)
        {
            self.bytes = self.bytes.saturating_sub(size(&dropped.attachment));
        }
        order.push_back(id.clone());
        self.bytes += size(&attachment);
        self.by_id.insert(id, SavedAttachment { page, attachment, expires: now + LIFETIME });
    }

    /// The bytes of all of them, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The attachment with this id and its page, if the id is still valid.
    pub fn get(&self, id: &str, now: Moment) -> Option<(AssetKey, &Attachment)> {
        let saved = self.by_id.get(id).filter(|saved| now < saved.expires)?;
        Some((saved.page, &saved.attachment))
    }
}

fn size(attachment: &Attachment) -> usize {
    SAVED + byte_count(attachment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::media::MediaKind;

    #[test]
    fn a_page_evicts_only_its_own_attachments() {
        let mut attachments = Attachments::default();
        let mut insert = |page, id: &str| {
            let attachment =
                Attachment::Media { kind: MediaKind::Image, url: "https://example.com/a.png".into(), reusable: false };
            attachments.insert(id.into(), AssetKey(page), attachment, Moment::from_millis(0));
        };
        insert(1, "elsewhere");
        for number in 0..=MAX_ATTACHMENTS {
            insert(0, &number.to_string());
        }
        let known = |id: &str| attachments.get(id, Moment::from_millis(0)).is_some();
        assert_eq!((known("elsewhere"), known("0"), known("1")), (true, false, true));
        let one = attachments.bytes() / (MAX_ATTACHMENTS + 1);
        assert!(one > SAVED && attachments.bytes() == one * (MAX_ATTACHMENTS + 1), "what is dropped no longer counts");
    }
}
