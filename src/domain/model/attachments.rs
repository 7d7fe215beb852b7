//! Domain room: attachments that pages keep to send again. Bounded in number and in time. Only `World` and `acts::belongings` write here.

use std::collections::{BTreeMap, VecDeque};

use super::ids::PageKey;
use super::message::Attachment;
use super::time::{Moment, Span};

/// Attachments that a page remembers.
const MAX_KEPT: usize = 1000;
/// How long an id is good.
const LIFETIME: Span = Span::days(90);

/// The attachments of all pages.
#[derive(Debug, Clone, Default)]
pub struct Attachments {
    kept: BTreeMap<Box<str>, SavedAttachment>,
    oldest: BTreeMap<PageKey, VecDeque<Box<str>>>,
    /// How many were kept so far by calls of their own, outside of any thread.
    pub made: u64,
}

#[derive(Debug, Clone)]
struct SavedAttachment {
    page: PageKey,
    attachment: Attachment,
    until: Moment,
}

impl Attachments {
    /// Keeps an attachment; the oldest of the page is forgotten when there are too many.
    pub fn keep(&mut self, id: Box<str>, page: PageKey, attachment: Attachment, now: Moment) {
        let oldest = self.oldest.entry(page).or_default();
        if oldest.len() >= MAX_KEPT
            && let Some(forgotten) = oldest.pop_front()
        {
            self.kept.remove(&forgotten);
        }
        oldest.push_back(id.clone());
        self.kept.insert(id, SavedAttachment { page, attachment, until: now + LIFETIME });
    }

    /// The attachment of this id and its page, while the id is good.
    pub fn get(&self, id: &str, now: Moment) -> Option<(PageKey, &Attachment)> {
        let kept = self.kept.get(id).filter(|kept| now < kept.until)?;
        Some((kept.page, &kept.attachment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::media::MediaKind;

    #[test]
    fn a_page_pushes_out_its_own_attachments_alone() {
        let mut attachments = Attachments::default();
        let mut keep = |page, id: &str| {
            let attachment =
                Attachment::Media { kind: MediaKind::Image, url: "https://example.com/a.png".into(), reusable: false };
            attachments.keep(id.into(), PageKey(page), attachment, Moment(0));
        };
        keep(1, "elsewhere");
        for number in 0..=MAX_KEPT {
            keep(0, &number.to_string());
        }
        let known = |id: &str| attachments.get(id, Moment(0)).is_some();
        assert_eq!((known("elsewhere"), known("0"), known("1")), (true, false, true));
    }
}
