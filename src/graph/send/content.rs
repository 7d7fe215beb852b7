//! Edges room: `message` of the Send API: text, an attachment, quick replies, each with Meta's limits.

use serde_json::{Map, Value};

use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Content};

use super::buttons::quick_replies;
use super::part::{Parsed, Part};
use super::templates;
use crate::graph::edges::attachments;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::params::check_length;

const KEYS: &[&str] = &["text", "attachment", "attachments", "quick_replies", "metadata", "template"];
const MAX_TEXT: usize = 2000;

/// Reads the content of a message.
pub fn read(call: &Call, message: &Map<String, Value>) -> std::result::Result<Content, Failure> {
    let message = Part::of(message, "message");
    message.knows(KEYS)?;
    if message.has("attachments") {
        return Err(catalogue::NOT_BUILT.with(&[("what", &message.path("attachments"))]).into());
    }
    let text = message.text("text")?.filter(|text| !text.is_empty());
    if text.is_some() && message.has("attachment") {
        return Err(catalogue::TEXT_AND_ATTACHMENT.error().into());
    }
    if let Some(text) = &text {
        check_length("message[text]", text, MAX_TEXT)?;
    }
    let attachments = match message.part("attachment")? {
        Some(part) => vec![attachment(call, &part)?],
        None if text.is_none() => return Err(catalogue::MESSAGE_EMPTY.error().into()),
        None => Vec::new(),
    };
    Ok(Content { text, attachments, quick_replies: quick_replies(&message)? })
}

fn attachment(call: &Call, part: &Part<'_>) -> Parsed<Attachment> {
    part.knows(&["type", "payload"])?;
    let kind = part.needed("type")?.to_ascii_lowercase();
    let payload = part.needed_part("payload")?;
    if kind == "template" {
        return templates::read(call, &payload).map(Attachment::Template);
    }
    let kind = MediaKind::parse(&kind).ok_or_else(|| catalogue::ATTACHMENT_TYPE.error())?;
    payload.knows(&["url", "is_reusable", "attachment_id"])?;
    let reusable = payload.flag("is_reusable")?.unwrap_or_default();
    if let Some(id) = payload.text("attachment_id")? {
        return templates::saved(call, &id).ok_or_else(|| catalogue::ATTACHMENT_UNKNOWN.error());
    }
    let url = match attachments::uploaded(call, kind)? {
        Some(url) => url,
        None => payload.needed_url("url")?,
    };
    Ok(Attachment::Media { kind, url, reusable })
}
