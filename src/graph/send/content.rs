//! Reads `message` of the Send API: text, an attachment, quick replies.

use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Content};

use super::buttons::quick_replies;
use super::templates;
use super::uploaded::uploaded;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::{ParamObject, ParamResult};
use crate::graph::http::param_value::ParamMap;
use crate::graph::http::params::check_length;

const KEYS: &[&str] = &["text", "attachment", "attachments", "quick_replies", "metadata", "template"];
const MAX_TEXT: usize = 2000;

pub fn read(call: &Call, message: &ParamMap<'_>) -> Result<Content, Failure> {
    let message = ParamObject::new(message, "message");
    message.check_keys(KEYS)?;
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
    let attachments = match message.object("attachment")? {
        Some(object) => vec![attachment(call, &object)?],
        None if text.is_none() => return Err(catalogue::MESSAGE_EMPTY.error().into()),
        None => Vec::new(),
    };
    Ok(Content { text, attachments, quick_replies: quick_replies(&message)? })
}

fn attachment(call: &Call, object: &ParamObject<'_>) -> ParamResult<Attachment> {
    object.check_keys(&["type", "payload"])?;
    let kind = object.required("type")?.to_ascii_lowercase();
    let payload = object.required_object("payload")?;
    if kind == "template" {
        return templates::read(call, &payload).map(Attachment::Template);
    }
    let kind = MediaKind::parse(&kind).ok_or_else(|| catalogue::ATTACHMENT_TYPE.error())?;
    payload.check_keys(&["url", "is_reusable", "attachment_id"])?;
    let reusable = payload.flag("is_reusable")?.unwrap_or_default();
    if let Some(id) = payload.text("attachment_id")? {
        return templates::saved_attachment(call, &id).ok_or_else(|| catalogue::ATTACHMENT_UNKNOWN.error());
    }
    let url = match uploaded(call, kind)? {
        Some(url) => url,
        None => payload.required_url("url")?,
    };
    Ok(Attachment::Media { kind, url, reusable })
}
