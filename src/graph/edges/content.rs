//! Edges room: `message` of the Send API: text, attachment by URL, templates, buttons, quick replies, each with Meta's limits.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::message::{Attachment, Button, Content, Element, MediaKind, QuickReply, Template};

use super::super::call::Call;
use super::super::catalogue::{self, GraphError};
use super::super::failure::Failure;
use super::super::params::{check_length, nested, scalar};
use super::attachments;

const KEYS: &[&str] = &["text", "attachment", "attachments", "quick_replies", "metadata", "template"];
const QUICK_REPLY_KEYS: &[&str] = &["content_type", "title", "payload", "image_url"];
const CONTENT_TYPES: &[&str] = &["text", "user_phone_number", "user_email"];
/// Templates that Meta has and that are not built here yet.
const LATER_TEMPLATES: &[&str] =
    &["media", "receipt", "coupon", "customer_feedback", "product", "notification_messages", "one_time_notif_req"];
const LATER_BUTTONS: &[&str] = &["account_link", "account_unlink", "game_play"];
const MAX_TEXT: usize = 2000;
const MAX_BUTTON_TEXT: usize = 640;
const MAX_CARD_TEXT: usize = 80;
const MAX_PAYLOAD: usize = 1000;
/// No client sends longer ones, and a world remembers what was sent.
const MAX_URL: usize = 4096;
const MAX_TITLE: usize = 640;
const MAX_QUICK_REPLIES: usize = 13;
const MAX_BUTTONS: usize = 3;
const MAX_ELEMENTS: usize = 10;

type Parsed<T> = std::result::Result<T, GraphError>;

/// Reads the content of a message.
pub fn read(call: &Call, message: &Map<String, Value>) -> std::result::Result<Content, Failure> {
    known_keys(message, KEYS, "message")?;
    for later in ["attachments", "template"] {
        if nested(message, later).is_some() {
            return Err(catalogue::NOT_BUILT.with(&[("what", &format!("message[{later}]"))]).into());
        }
    }
    let text = message.get("text").and_then(scalar).filter(|text| !text.is_empty());
    let attachment = nested(message, "attachment");
    if text.is_some() && attachment.is_some() {
        return Err(catalogue::TEXT_AND_ATTACHMENT.error().into());
    }
    if let Some(text) = &text {
        check_length("message[text]", text, MAX_TEXT)?;
    }
    let attachments = match attachment {
        Some(attachment) => vec![read_attachment(call, &object(&attachment, "message[attachment]")?)?],
        None if text.is_none() => return Err(catalogue::MESSAGE_EMPTY.error().into()),
        None => Vec::new(),
    };
    Ok(Content { text: text.map(Into::into), attachments, quick_replies: quick_replies(message)? })
}

fn known_keys(map: &Map<String, Value>, known: &[&str], param: &str) -> Parsed<()> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(catalogue::INVALID_KEYS.with(&[("keys", key), ("param", param)])),
        None => Ok(()),
    }
}

fn object(value: &Value, param: &str) -> Parsed<Map<String, Value>> {
    let map = value.as_object().cloned();
    map.ok_or_else(|| catalogue::PARAM_MUST_BE.with(&[("param", param), ("kind", "an object")]))
}

fn list<'m>(map: &'m Map<String, Value>, key: &str, param: &str) -> Parsed<Option<Cow<'m, [Value]>>> {
    match nested(map, key) {
        None => Ok(None),
        Some(Cow::Borrowed(Value::Array(items))) => Ok(Some(Cow::Borrowed(items))),
        Some(Cow::Owned(Value::Array(items))) => Ok(Some(Cow::Owned(items))),
        Some(_) => Err(catalogue::PARAM_MUST_BE.with(&[("param", param), ("kind", "an array")])),
    }
}

fn needed(map: &Map<String, Value>, key: &str, param: &str) -> Parsed<Box<str>> {
    let param = format!("{param}[{key}]");
    map.get(key).and_then(scalar).map(Into::into).ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", &param)]))
}

fn optional(map: &Map<String, Value>, key: &str) -> Option<Box<str>> {
    map.get(key).and_then(scalar).map(Into::into)
}

fn limited(map: &Map<String, Value>, key: &str, param: &str, limit: usize) -> Parsed<Box<str>> {
    let text = needed(map, key, param)?;
    check_length(&format!("{param}[{key}]"), &text, limit)?;
    Ok(text)
}

/// A URL as Meta's validator sees it: http or https, with a host.
fn url(text: Box<str>) -> Parsed<Box<str>> {
    check_length("url", &text, MAX_URL)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']) && !rest.contains(' ')) {
        true => Ok(text),
        false => Err(catalogue::INVALID_URL.with(&[("url", &text)])),
    }
}

fn quick_replies(message: &Map<String, Value>) -> Parsed<Vec<QuickReply>> {
    let Some(items) = list(message, "quick_replies", "message[quick_replies]")? else { return Ok(Vec::new()) };
    if items.len() > MAX_QUICK_REPLIES {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "message[quick_replies]")]));
    }
    items
        .iter()
        .enumerate()
        .map(|(index, item)| quick_reply(item, &format!("message[quick_replies][{index}]")))
        .collect()
}

fn quick_reply(item: &Value, param: &str) -> Parsed<QuickReply> {
    let map = object(item, param)?;
    known_keys(&map, QUICK_REPLY_KEYS, param)?;
    let content_type = needed(&map, "content_type", param)?.to_ascii_lowercase();
    match content_type.as_str() {
        "text" => Ok(QuickReply {
            title: limited(&map, "title", param, MAX_TITLE)?,
            payload: limited(&map, "payload", param, MAX_PAYLOAD)?,
            image_url: optional(&map, "image_url").filter(|url| !url.is_empty()).map(url).transpose()?,
        }),
        "user_phone_number" | "user_email" => {
            Ok(QuickReply { title: content_type.into(), payload: "".into(), image_url: None })
        }
        _ => Err(catalogue::PARAM_ONE_OF.with(&[
            ("param", &format!("{param}[content_type]")),
            ("values", &CONTENT_TYPES.join(", ")),
            ("got", &content_type),
        ])),
    }
}

fn read_attachment(call: &Call, attachment: &Map<String, Value>) -> Parsed<Attachment> {
    let kind = needed(attachment, "type", "message[attachment]")?.to_ascii_lowercase();
    let payload = nested(attachment, "payload");
    let payload =
        payload.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "message[attachment][payload]")]))?;
    let payload = object(&payload, "message[attachment][payload]")?;
    if kind == "template" {
        return template(&payload).map(Attachment::Template);
    }
    let kind = MediaKind::parse(&kind).ok_or_else(|| catalogue::ATTACHMENT_TYPE.error())?;
    if let Some(id) = optional(&payload, "attachment_id") {
        let saved = call
            .world()
            .read(|world, _, now| world.attachment(&id, now).map(|(page, attachment)| (page, attachment.clone())));
        return match (saved, call.page().ok()) {
            (Some((page, attachment)), Some(own)) if page == own => Ok(attachment),
            _ => Err(catalogue::ATTACHMENT_UNKNOWN.error()),
        };
    }
    let reusable = payload.get("is_reusable").and_then(scalar).is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
    let url = match attachments::uploaded(call, kind)? {
        Some(url) => url,
        None => url(needed(&payload, "url", "message[attachment][payload]")?)?,
    };
    Ok(Attachment::Media { kind, url, reusable })
}

fn template(payload: &Map<String, Value>) -> Parsed<Template> {
    let param = "message[attachment][payload]";
    match needed(payload, "template_type", param)?.to_ascii_lowercase().as_str() {
        "button" => Ok(Template::Button {
            text: limited(payload, "text", param, MAX_BUTTON_TEXT)?,
            buttons: buttons(payload, param, 1)?,
        }),
        "generic" => Ok(Template::Generic { elements: elements(payload, param)? }),
        later if LATER_TEMPLATES.contains(&later) => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("template_type {later}"))]))
        }
        _ => Err(catalogue::TEMPLATE_TYPE.error()),
    }
}

fn elements(payload: &Map<String, Value>, param: &str) -> Parsed<Vec<Element>> {
    let items = list(payload, "elements", &format!("{param}[elements]"))?.unwrap_or_default();
    check_count(items.len(), 1, MAX_ELEMENTS, "name_placeholder[elements]")?;
    items.iter().enumerate().map(|(index, item)| element(item, &format!("{param}[elements][{index}]"))).collect()
}

fn element(item: &Value, param: &str) -> Parsed<Element> {
    let map = object(item, param)?;
    known_keys(&map, &["title", "subtitle", "image_url", "default_action", "buttons"], param)?;
    let subtitle = match map.contains_key("subtitle") && !map["subtitle"].is_null() {
        true => Some(limited(&map, "subtitle", param, MAX_CARD_TEXT)?),
        false => None,
    };
    let default_action = match nested(&map, "default_action") {
        Some(action) => Some(url(needed(&object(&action, param)?, "url", &format!("{param}[default_action]"))?)?),
        None => None,
    };
    if !["subtitle", "image_url", "default_action", "buttons"].iter().any(|key| nested(&map, key).is_some()) {
        return Err(catalogue::ELEMENT_INCOMPLETE.error());
    }
    Ok(Element {
        title: limited(&map, "title", param, MAX_CARD_TEXT)?,
        subtitle,
        image_url: optional(&map, "image_url").map(url).transpose()?,
        default_action,
        buttons: buttons(&map, param, 0)?,
    })
}

/// Meta leaks the literal `name_placeholder` in these two errors.
fn check_count(count: usize, least: usize, most: usize, param: &str) -> Parsed<()> {
    if count > most {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", param)]));
    }
    if count < least {
        return Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", param)]));
    }
    Ok(())
}

fn buttons(map: &Map<String, Value>, param: &str, least: usize) -> Parsed<Vec<Button>> {
    let items = list(map, "buttons", &format!("{param}[buttons]"))?.unwrap_or_default();
    check_count(items.len(), least, MAX_BUTTONS, "name_placeholder[buttons]")?;
    items.iter().enumerate().map(|(index, item)| button(item, &format!("{param}[buttons][{index}]"))).collect()
}

/// Titles over 20 characters are cut by the app that shows them, not refused.
fn button(item: &Value, param: &str) -> Parsed<Button> {
    let map = object(item, param)?;
    let kind = needed(&map, "type", param)?.to_ascii_lowercase();
    let title = |map| limited(map, "title", param, MAX_TITLE);
    match kind.as_str() {
        "web_url" => Ok(Button::WebUrl { title: title(&map)?, url: url(needed(&map, "url", param)?)? }),
        "postback" => {
            Ok(Button::Postback { title: title(&map)?, payload: limited(&map, "payload", param, MAX_PAYLOAD)? })
        }
        "phone_number" => {
            Ok(Button::PhoneNumber { title: title(&map)?, payload: limited(&map, "payload", param, MAX_PAYLOAD)? })
        }
        later if LATER_BUTTONS.contains(&later) => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("button type {later}"))]))
        }
        _ => Err(catalogue::PARAM_ONE_OF.with(&[
            ("param", &format!("{param}[type]")),
            ("values", "web_url, postback, phone_number"),
            ("got", &kind),
        ])),
    }
}
