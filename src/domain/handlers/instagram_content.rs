//! What a message on Instagram may not have although its form is right: a post that the account has not published, and quick replies in a note
//! to self.

use crate::domain::model::commented_media::CommentedMedia;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::shared_item::{SharedItem, SharedKind};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

pub fn check(tx: &ThreadTx<'_>, content: &Content) -> Result<(), Refusal> {
    if !content.quick_replies.is_empty() && tx.config.is_note_to_self(tx.key) {
        return Err(Refusal::new(Reason::InvalidContent, rules::INSTAGRAM_NOTE_QUICK_REPLIES));
    }
    check_posts(tx, content)
}

/// Only posts and reels of the account can be sent.
fn check_posts(tx: &ThreadTx<'_>, content: &Content) -> Result<(), Refusal> {
    let is_published =
        |id: u64| CommentedMedia::by_id(tx.config, tx.key.asset, &id.to_string()).is_some_and(|media| media.is_post());
    let is_foreign = |attachment: &Attachment| match attachment {
        Attachment::Shared(SharedItem { kind: SharedKind::InstagramPost, id: Some(id), .. }) => !is_published(*id),
        _ => false,
    };
    match content.attachments.iter().any(is_foreign) {
        true => Err(Refusal::new(Reason::InvalidContent, rules::INSTAGRAM_OWN_POST)),
        false => Ok(()),
    }
}
