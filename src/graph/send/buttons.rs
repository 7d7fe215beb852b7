//! Reads the buttons of templates, and quick replies.

use crate::domain::model::message::{QuickReply, QuickReplyKind};
use crate::domain::model::template::{Button, Link, Webview, WebviewHeight};

use crate::graph::errors::catalogue;
use crate::graph::http::param_object::{ParamObject, ParamResult};

const BUTTON_TYPES: &[&str] = &["web_url", "postback", "phone_number", "account_link", "account_unlink", "game_play"];
const CONTENT_TYPES: &[&str] = &["text", "user_phone_number", "user_email"];
const HEIGHTS: &[&str] = &["compact", "tall", "full"];
const WEBVIEW_KEYS: [&str; 4] =
    ["webview_height_ratio", "messenger_extensions", "fallback_url", "webview_share_button"];
/// The longest payload, in characters.
pub const MAX_PAYLOAD: usize = 1000;
/// Messenger cuts labels over 20 characters and does not refuse them. This limit only bounds what a world keeps.
const MAX_TITLE: usize = 640;
const MAX_QUICK_REPLIES: usize = 13;
/// The most buttons of a card or of a text.
const MAX_BUTTONS: usize = 3;

/// The buttons of a card or of a text: at least `least`.
pub fn buttons(object: &ParamObject<'_>, least: usize) -> ParamResult<Vec<Button>> {
    let objects = object.counted_objects("buttons", least, MAX_BUTTONS)?;
    let buttons = objects.iter().map(button).collect::<ParamResult<Vec<_>>>()?;
    let logins = buttons.iter().filter(|button| matches!(button, Button::AccountLink { .. })).count();
    match logins > 1 {
        true => Err(catalogue::ONE_LOGIN_BUTTON.error()),
        false => Ok(buttons),
    }
}

fn button(object: &ParamObject<'_>) -> ParamResult<Button> {
    let title = || object.nonempty("title", MAX_TITLE);
    Ok(match object.required_word("type", BUTTON_TYPES)? {
        "web_url" => {
            object.check_keys(&with_webview(&["type", "title", "url"]))?;
            Button::WebUrl { title: title()?, link: link(object)? }
        }
        "postback" => {
            object.check_keys(&["type", "title", "payload"])?;
            Button::Postback { title: title()?, payload: object.nonempty("payload", MAX_PAYLOAD)? }
        }
        "phone_number" => {
            object.check_keys(&["type", "title", "payload"])?;
            Button::PhoneNumber { title: title()?, payload: phone_number(object)? }
        }
        "account_link" => {
            object.check_keys(&["type", "url"])?;
            Button::AccountLink { url: secure_url(object)? }
        }
        "account_unlink" => {
            object.check_keys(&["type"])?;
            Button::AccountUnlink
        }
        _ => game_play(object, title()?)?,
    })
}

/// `keys` with the keys of a web view.
pub fn with_webview(keys: &[&'static str]) -> Vec<&'static str> {
    [keys, &WEBVIEW_KEYS].concat()
}

/// The page that a tap on a card opens: a URL button without a label.
pub fn default_action(object: &ParamObject<'_>) -> ParamResult<Link> {
    object.check_keys(&with_webview(&["type", "url"]))?;
    object.required_word("type", &["web_url"])?;
    link(object)
}

/// The page that a button opens, and how Messenger shows it.
pub fn link(object: &ParamObject<'_>) -> ParamResult<Link> {
    let webview = Webview {
        height: object.word("webview_height_ratio", HEIGHTS)?.and_then(WebviewHeight::parse),
        extensions: object.flag("messenger_extensions")?,
        fallback_url: object.url("fallback_url")?,
        hides_share_button: object.word("webview_share_button", &["hide"])?.is_some(),
    };
    Ok(Link { url: object.required_url("url")?, webview })
}

fn secure_url(object: &ParamObject<'_>) -> ParamResult<Box<str>> {
    let url = object.required_url("url")?;
    if url.starts_with("https://") { Ok(url) } else { Err(object.must_be("url", "an https URL")) }
}

fn phone_number(object: &ParamObject<'_>) -> ParamResult<Box<str>> {
    let number = object.nonempty("payload", MAX_PAYLOAD)?;
    let is_number = number.strip_prefix('+').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    if is_number { Ok(number) } else { Err(object.must_be("payload", "a phone number that begins with +")) }
}

fn game_play(object: &ParamObject<'_>, title: Box<str>) -> ParamResult<Button> {
    object.check_keys(&["type", "title", "payload", "game_metadata"])?;
    let (mut player_id, mut context_id) = (None, None);
    if let Some(metadata) = object.object("game_metadata")? {
        metadata.check_keys(&["player_id", "context_id"])?;
        player_id = metadata.at_most("player_id", MAX_PAYLOAD)?;
        context_id = metadata.at_most("context_id", MAX_PAYLOAD)?;
        if player_id.is_some() && context_id.is_some() {
            return Err(object.must_be("game_metadata", "an object with exactly one key"));
        }
    }
    Ok(Button::GamePlay { title, payload: object.at_most("payload", MAX_PAYLOAD)?, player_id, context_id })
}

/// The quick replies of a message.
pub fn quick_replies(message: &ParamObject<'_>) -> ParamResult<Vec<QuickReply>> {
    let objects = message.objects("quick_replies")?;
    if objects.len() > MAX_QUICK_REPLIES {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", &message.path("quick_replies"))]));
    }
    objects.iter().map(quick_reply).collect()
}

fn quick_reply(object: &ParamObject<'_>) -> ParamResult<QuickReply> {
    object.check_keys(&["content_type", "title", "payload", "image_url"])?;
    let content_type = object.required_word("content_type", CONTENT_TYPES)?;
    let kind = QuickReplyKind::parse(content_type).unwrap_or_default();
    let image_url = match object.text("image_url")? {
        Some(text) if text.is_empty() => None,
        _ => object.url("image_url")?,
    };
    if kind != QuickReplyKind::Text {
        return Ok(QuickReply { kind, title: content_type.into(), payload: "".into(), image_url });
    }
    let (title, payload) = (object.required("title")?, object.required("payload")?);
    if image_url.is_none() && title.is_empty() {
        return Err(object.missing("image_url"));
    }
    if image_url.is_none() && payload.is_empty() {
        return Err(catalogue::PARAM_EMPTY.with(&[("param", &object.path("payload"))]));
    }
    object.at_most("title", MAX_TITLE)?;
    object.at_most("payload", MAX_PAYLOAD)?;
    Ok(QuickReply { kind, title, payload, image_url })
}
