//! What a person's message has on Instagram beyond its text: files on Instagram's CDN, what was shared, and the story that it replies to.

use crate::domain::command::StoryAnswered;
use crate::domain::model::account_media::{AccountMedia, cdn_url, media_number};
use crate::domain::model::ids::IdKind;
use crate::domain::model::message::{Attachment, Content, StoryReply};
use crate::domain::model::shared_item::{SharedItem, SharedKind};
use crate::domain::refusal::Refusal;
use crate::domain::rules::{self, RuleId};
use crate::domain::thread_tx::ThreadTx;

/// The attachments with the URLs and ids that the person did not name. On Messenger a file needs its URL.
pub fn with_urls(tx: &mut ThreadTx<'_>, attachments: &[Attachment]) -> Result<Vec<Attachment>, Refusal> {
    if tx.is_on_instagram() {
        return Ok(attachments.iter().map(|attachment| with_url(tx, attachment)).collect());
    }
    let is_bare = |attachment: &&Attachment| matches!(attachment, Attachment::Media { url, .. } if url.is_empty());
    match attachments.iter().find(is_bare) {
        Some(_) => Err(Refusal::script("this attachment needs `url`: only on Instagram may it be left out")),
        None => Ok(attachments.to_vec()),
    }
}

fn with_url(tx: &mut ThreadTx<'_>, attachment: &Attachment) -> Attachment {
    match attachment {
        Attachment::Media { kind, url, reusable } if url.is_empty() => {
            Attachment::Media { kind: *kind, url: new_url(tx), reusable: *reusable }
        }
        Attachment::Shared(item) => Attachment::Shared(SharedItem {
            url: item.url.clone().or_else(|| item.kind.has_url().then(|| new_item_url(tx, item.kind))),
            id: item.id.or_else(|| item.kind.has_id().then(|| new_media_number(tx))),
            ..item.clone()
        }),
        other => other.clone(),
    }
}

fn new_url(tx: &mut ThreadTx<'_>) -> Box<str> {
    cdn_url(&mut tx.new_ids(IdKind::InstagramMedia))
}

/// A permalink leads to the web; all else is on the CDN.
fn new_item_url(tx: &mut ThreadTx<'_>, kind: SharedKind) -> Box<str> {
    match kind {
        SharedKind::Permalink => {
            let code = tx.new_ids(IdKind::InstagramMedia).url_safe("", 11);
            format!("https://www.instagram.com/p/{code}/").into()
        }
        _ => new_url(tx),
    }
}

fn new_media_number(tx: &mut ThreadTx<'_>) -> u64 {
    media_number(&mut tx.new_ids(IdKind::InstagramMedia))
}

/// The story that a message replies to.
pub fn story_reply(tx: &mut ThreadTx<'_>, answered: &StoryAnswered) -> StoryReply {
    let first = || AccountMedia::Story.id_on(tx.config.seed, tx.key.asset);
    StoryReply {
        id: answered.id.clone().unwrap_or_else(first),
        link_sticker_url: answered.link_sticker_url.clone(),
        url: new_url(tx),
    }
}

/// The rules by which apps get the parts of a message.
pub fn rules_of(content: &Content, story: Option<&StoryReply>) -> impl Iterator<Item = RuleId> {
    let is_sent = |is_it: fn(SharedKind) -> bool| {
        content.attachments.iter().any(|part| match part {
            Attachment::Shared(item) => is_it(item.kind),
            Attachment::Sticker(_) => is_it(SharedKind::Gif),
            _ => false,
        })
    };
    let is_mention = |kind| kind == SharedKind::StoryMention;
    let is_bare = |kind| matches!(kind, SharedKind::Ephemeral | SharedKind::Heart);
    let is_shared = |kind: SharedKind| {
        kind.is_showable() && !matches!(kind, SharedKind::StoryMention | SharedKind::Ephemeral | SharedKind::Heart)
    };
    let applied = [
        (story.is_some(), rules::INSTAGRAM_STORY_REPLY),
        (is_sent(is_mention), rules::INSTAGRAM_STORY_MENTION),
        (is_sent(is_bare), rules::INSTAGRAM_BARE_ATTACHMENT),
        (is_sent(is_shared), rules::INSTAGRAM_SHARED),
        (is_sent(|kind| !kind.is_showable()), rules::INSTAGRAM_UNSUPPORTED),
    ];
    applied.into_iter().filter(|(is_applied, _)| *is_applied).map(|(_, rule)| rule)
}
