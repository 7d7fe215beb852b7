//! Meta's bounds on the messages of an Instagram account in a while, for accounts whose knob `ig_rates` enforces them.

use crate::domain::model::commented_media::CommentedMedia;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::send_rates::RateKind;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// Refuses a message that is one too many, and counts any other. `comment` is the id of the comment that it answers in private.
pub fn count(tx: &mut ThreadTx<'_>, content: &Content, comment: Option<&str>) -> Result<(), Refusal> {
    if !tx.is_on_instagram() || !tx.asset().knobs.instagram.rates {
        return Ok(());
    }
    let kind = match comment {
        Some(id) if is_on_broadcast(tx, id) => RateKind::LivePrivateReply,
        Some(_) => RateKind::PrivateReply,
        None if content.attachments.iter().any(is_audio_or_video) => RateKind::AudioOrVideo,
        None => RateKind::Text,
    };
    if tx.asset().send_rates.is_exceeded(kind, tx.now) {
        return Err(Refusal::new(Reason::TooManyMessages, rules::INSTAGRAM_RATE));
    }
    tx.count_message(kind);
    Ok(())
}

fn is_audio_or_video(attachment: &Attachment) -> bool {
    matches!(attachment, Attachment::Media { kind: MediaKind::Audio | MediaKind::Video, .. })
}

/// True for a comment on a live broadcast.
fn is_on_broadcast(tx: &ThreadTx<'_>, comment: &str) -> bool {
    let publication = tx.settings.publications.get(tx.key.asset, comment);
    let media = publication.and_then(|comment| CommentedMedia::by_id(tx.config, tx.key.asset, &comment.post));
    media.is_some_and(|media| media.is_live())
}
