//! The JSON of a message: its text, quick replies and attachments. The order of the fields is Meta's.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::model::config::Config;
use crate::domain::model::message::{Attachment, Author, Content, Message, QuickReplyKind, Referral};
use crate::domain::model::shared_item::StickerForm;
use crate::domain::model::template::Template;

use super::attachment_json::{AttachmentForms, AttachmentJson, attachment_json, attachments_json};
use super::referral_json::{ReferralJson, referral_json};

#[derive(Serialize)]
pub(super) struct MessageJson<'e> {
    mid: &'e str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_echo: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReplyJson<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<ReplyToJson<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentJson<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<ReferralJson<'e>>,
}

#[derive(Serialize)]
pub(super) struct QuickReplyJson<'e> {
    pub payload: &'e str,
}

#[derive(Serialize)]
struct ReplyToJson<'e> {
    mid: &'e str,
    is_self_reply: bool,
}

#[derive(Serialize)]
struct ContentJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'e, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentJson<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quick_replies: Vec<OfferedReplyJson<'e>>,
}

#[derive(Serialize)]
struct OfferedReplyJson<'e> {
    /// Absent for a quick reply that sends its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'static str>,
    title: &'e str,
    payload: &'e str,
}

pub(super) fn message_json<'e>(
    config: &'e Config,
    message: &'e Message,
    referral: Option<&'e Referral>,
) -> MessageJson<'e> {
    let app = match message.author {
        Author::Person => None,
        Author::App(app) | Author::Ad(_, Some(app)) => Some(config.app(app).id.0),
        Author::Ad(_, None) => None,
    };
    let forms = forms(config, message);
    MessageJson {
        mid: &message.mid,
        is_echo: message.author != Author::Person,
        app_id: app,
        metadata: message.metadata.as_deref(),
        text: message.content.text.as_deref().or_else(|| text_of_buttons(&message.content)),
        quick_reply: message.quick_reply.as_deref().map(|payload| QuickReplyJson { payload }),
        reply_to: message
            .reply_to
            .as_ref()
            .map(|reply| ReplyToJson { mid: &reply.mid, is_self_reply: reply.is_self_reply }),
        attachments: message.content.attachments.iter().flat_map(|part| attachments_json(part, forms)).collect(),
        referral: referral.map(|referral| referral_json(config, message.thread.asset, referral)),
    }
}

/// The text of a button template. A webhook has it as the text of the message and as the title of the attachment, and not in the payload.
pub(super) fn text_of_buttons(content: &Content) -> Option<&str> {
    match content.attachments.first() {
        Some(Attachment::Template(Template::Button { text, .. })) => Some(text),
        _ => None,
    }
}

pub(super) fn summary_json<'e>(mid: &'e str, text: &'e str) -> MessageJson<'e> {
    MessageJson {
        mid,
        is_echo: false,
        app_id: None,
        metadata: None,
        text: Some(text),
        quick_reply: None,
        reply_to: None,
        attachments: Vec::new(),
        referral: None,
    }
}

/// The forms of attachments in webhooks of the message's page.
fn forms(config: &Config, message: &Message) -> AttachmentForms {
    let knobs = config.asset(message.thread.asset).knobs;
    let stickers = knobs.stickers.unwrap_or_else(|| StickerForm::at(message.at));
    AttachmentForms { stickers, link_beside_payload: knobs.link_beside_payload, ..AttachmentForms::SHOWN }
}

/// What a person sees of a message: text, attachments and quick replies.
pub fn content_json(content: &Content) -> serde_json::Value {
    let item = ContentJson {
        text: content.text.as_deref().map(Cow::Borrowed),
        attachments: content.attachments.iter().map(|part| attachment_json(part, AttachmentForms::SHOWN)).collect(),
        quick_replies: content
            .quick_replies
            .iter()
            .map(|reply| OfferedReplyJson {
                content_type: (reply.kind != QuickReplyKind::Text).then(|| reply.kind.name()),
                title: &reply.title,
                payload: &reply.payload,
            })
            .collect(),
    };
    serde_json::to_value(item).unwrap_or_default()
}
