//! The posts that a message on Instagram names: the account has published them.

use crate::domain::model::commented_media::CommentedMedia;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::shared_item::{SharedItem, SharedKind};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// Checks what an app shares: only posts and reels of the account can be sent.
pub fn check(tx: &ThreadTx<'_>, content: &Content) -> Result<(), Refusal> {
    let is_published =
        |id: u64| CommentedMedia::by_id(tx.config, tx.key.asset, &id.to_string()).is_some_and(|media| media.is_post());
    let is_foreign = |attachment: &Attachment| match attachment {
        Attachment::Shared(SharedItem { kind: SharedKind::InstagramPost, id: Some(id), .. }) => !is_published(*id),
        _ => false,
    };
    match content.attachments.iter().any(is_foreign) {
        true => Err(Refusal::new(Reason::NoSuchPost, rules::INSTAGRAM_OWN_POST)),
        false => Ok(()),
    }
}
