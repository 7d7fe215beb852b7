//! The JSON of a message on Instagram. The order of the fields is that of Meta's documents.

use serde::Serialize;

use super::attachment_json::{AttachmentForms, AttachmentJson, attachments_json};
use super::message_json::{QuickReplyJson, text_of_buttons};
use super::referral_json::{ReferralJson, referral_json};
use crate::domain::model::config::Config;
use crate::domain::model::message::{Attachment, Author, Message, Referral};

#[derive(Serialize)]
pub(super) struct InstagramMessageJson<'e> {
    mid: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReplyJson<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<InstagramReplyJson<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentJson<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<ReferralJson<'e>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_echo: bool,
    /// True for a note to self.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_self: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_unsupported: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum InstagramReplyJson<'e> {
    Message {
        mid: &'e str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_self_reply: bool,
    },
    Story {
        story: RepliedStoryJson<'e>,
    },
}

#[derive(Serialize)]
struct RepliedStoryJson<'e> {
    id: &'e str,
    url: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link_sticker_url: Option<&'e str>,
}

/// An echo does not say which app sent it, and has no metadata.
pub(super) fn instagram_message_json<'e>(
    config: &'e Config,
    message: &'e Message,
    referral: Option<&'e Referral>,
) -> InstagramMessageJson<'e> {
    let is_echo = message.author != Author::Person;
    let is_unsupported = message.content.attachments.iter().any(|part| !is_showable(part));
    let bare = InstagramMessageJson {
        mid: &message.mid,
        text: None,
        quick_reply: None,
        reply_to: None,
        attachments: Vec::new(),
        referral: None,
        is_echo,
        is_self: config.is_note_to_self(message.thread),
        is_unsupported,
    };
    if is_unsupported {
        return bare;
    }
    let attachments = message.content.attachments.iter();
    InstagramMessageJson {
        text: message.content.text.as_deref().or_else(|| text_of_buttons(&message.content)),
        quick_reply: message.quick_reply.as_deref().map(|payload| QuickReplyJson { payload }),
        reply_to: reply_to_json(message),
        attachments: attachments.flat_map(|part| attachments_json(part, AttachmentForms::INSTAGRAM)).collect(),
        referral: referral.map(|referral| referral_json(config, message.thread.asset, referral)),
        ..bare
    }
}

/// False for what a webhook only mentions.
fn is_showable(attachment: &Attachment) -> bool {
    match attachment {
        Attachment::Shared(item) => item.kind.is_showable(),
        Attachment::Sticker(_) => false,
        Attachment::Media { .. } | Attachment::Location { .. } | Attachment::Template(_) => true,
    }
}

fn reply_to_json(message: &Message) -> Option<InstagramReplyJson<'_>> {
    let story = message.story.as_ref().map(|story| InstagramReplyJson::Story {
        story: RepliedStoryJson { id: &story.id, url: &story.url, link_sticker_url: story.link_sticker_url.as_deref() },
    });
    let replied = message.reply_to.as_ref();
    story.or(replied.map(|reply| InstagramReplyJson::Message { mid: &reply.mid, is_self_reply: reply.is_self_reply }))
}
