//! Edges room: buttons of templates, and quick replies, each with Meta's limits.

use crate::domain::model::message::{QuickReply, QuickReplyKind};
use crate::domain::model::template::{Button, Link, Webview, WebviewHeight};

use crate::graph::http::param_object::{Parsed, Part};
use crate::graph::errors::catalogue;

const BUTTON_TYPES: &[&str] = &["web_url", "postback", "phone_number", "account_link", "account_unlink", "game_play"];
const CONTENT_TYPES: &[&str] = &["text", "user_phone_number", "user_email"];
const HEIGHTS: &[&str] = &["compact", "tall", "full"];
const WEBVIEW_KEYS: [&str; 4] =
    ["webview_height_ratio", "messenger_extensions", "fallback_url", "webview_share_button"];
/// What comes back when somebody taps.
pub const MAX_PAYLOAD: usize = 1000;
/// Labels over 20 characters are cut by the app that shows them, not refused; this bounds what a world remembers.
const MAX_TITLE: usize = 640;
const MAX_QUICK_REPLIES: usize = 13;
/// Buttons of a card or of a text.
pub const MAX_BUTTONS: usize = 3;

/// The buttons of a card or of a text: at least so many.
pub fn buttons(part: &Part<'_>, least: usize) -> Parsed<Vec<Button>> {
    let parts = part.counted("buttons", least, MAX_BUTTONS)?;
    let buttons = parts.iter().map(button).collect::<Parsed<Vec<_>>>()?;
    let logins = buttons.iter().filter(|button| matches!(button, Button::AccountLink { .. })).count();
    match logins > 1 {
        true => Err(catalogue::ONE_LOGIN_BUTTON.error()),
        false => Ok(buttons),
    }
}

fn button(part: &Part<'_>) -> Parsed<Button> {
    let title = || part.filled("title", MAX_TITLE);
    Ok(match part.needed_word("type", BUTTON_TYPES)? {
        "web_url" => {
            part.knows(&with_webview(&["type", "title", "url"]))?;
            Button::WebUrl { title: title()?, link: link(part)? }
        }
        "postback" => {
            part.knows(&["type", "title", "payload"])?;
            Button::Postback { title: title()?, payload: part.filled("payload", MAX_PAYLOAD)? }
        }
        "phone_number" => {
            part.knows(&["type", "title", "payload"])?;
            Button::PhoneNumber { title: title()?, payload: phone_number(part)? }
        }
        "account_link" => {
            part.knows(&["type", "url"])?;
            Button::AccountLink { url: secure_url(part)? }
        }
        "account_unlink" => {
            part.knows(&["type"])?;
            Button::AccountUnlink
        }
        _ => game_play(part, title()?)?,
    })
}

/// The keys of a link, and these.
pub fn with_webview(keys: &[&'static str]) -> Vec<&'static str> {
    [keys, &WEBVIEW_KEYS].concat()
}

/// What a tap on a card opens: a button of a URL, without a label.
pub fn default_action(part: &Part<'_>) -> Parsed<Link> {
    part.knows(&with_webview(&["type", "url"]))?;
    part.needed_word("type", &["web_url"])?;
    link(part)
}

/// A page and how Messenger shows it.
pub fn link(part: &Part<'_>) -> Parsed<Link> {
    let webview = Webview {
        height: part.word("webview_height_ratio", HEIGHTS)?.and_then(WebviewHeight::parse),
        extensions: part.flag("messenger_extensions")?,
        fallback_url: part.url("fallback_url")?,
        hides_share_button: part.word("webview_share_button", &["hide"])?.is_some(),
    };
    Ok(Link { url: part.needed_url("url")?, webview })
}

fn secure_url(part: &Part<'_>) -> Parsed<Box<str>> {
    let url = part.needed_url("url")?;
    if url.starts_with("https://") { Ok(url) } else { Err(part.must_be("url", "an https URL")) }
}

fn phone_number(part: &Part<'_>) -> Parsed<Box<str>> {
    let number = part.filled("payload", MAX_PAYLOAD)?;
    let is_number = number.strip_prefix('+').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    if is_number { Ok(number) } else { Err(part.must_be("payload", "a phone number that begins with +")) }
}

fn game_play(part: &Part<'_>, title: Box<str>) -> Parsed<Button> {
    part.knows(&["type", "title", "payload", "game_metadata"])?;
    let (mut player_id, mut context_id) = (None, None);
    if let Some(metadata) = part.part("game_metadata")? {
        metadata.knows(&["player_id", "context_id"])?;
        player_id = metadata.limited("player_id", MAX_PAYLOAD)?;
        context_id = metadata.limited("context_id", MAX_PAYLOAD)?;
        if player_id.is_some() && context_id.is_some() {
            return Err(part.must_be("game_metadata", "an object with exactly one key"));
        }
    }
    Ok(Button::GamePlay { title, payload: part.limited("payload", MAX_PAYLOAD)?, player_id, context_id })
}

/// The quick replies of a message.
pub fn quick_replies(message: &Part<'_>) -> Parsed<Vec<QuickReply>> {
    let parts = message.parts("quick_replies")?;
    if parts.len() > MAX_QUICK_REPLIES {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", &message.path("quick_replies"))]));
    }
    parts.iter().map(quick_reply).collect()
}

fn quick_reply(part: &Part<'_>) -> Parsed<QuickReply> {
    part.knows(&["content_type", "title", "payload", "image_url"])?;
    let content_type = part.needed_word("content_type", CONTENT_TYPES)?;
    let kind = QuickReplyKind::parse(content_type).unwrap_or_default();
    let image_url = match part.text("image_url")? {
        Some(text) if text.is_empty() => None,
        _ => part.url("image_url")?,
    };
    if kind != QuickReplyKind::Text {
        return Ok(QuickReply { kind, title: content_type.into(), payload: "".into(), image_url });
    }
    let (title, payload) = (part.needed("title")?, part.needed("payload")?);
    if image_url.is_none() && title.is_empty() {
        return Err(part.missing("image_url"));
    }
    if image_url.is_none() && payload.is_empty() {
        return Err(catalogue::PARAM_EMPTY.with(&[("param", &part.path("payload"))]));
    }
    part.limited("title", MAX_TITLE)?;
    part.limited("payload", MAX_PAYLOAD)?;
    Ok(QuickReply { kind, title, payload, image_url })
}
