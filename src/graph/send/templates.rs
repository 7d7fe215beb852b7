//! Edges room: templates of the Send API, each with Meta's limits. Orders and surveys have a file of their own.

use crate::domain::model::ids::PageKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::Attachment;
use crate::domain::model::template::{Coupon, Element, MediaSource, OptIn, Template};

use super::buttons::{buttons, default_action};
use super::forms;
use super::part::{Parsed, Part, host};
use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;

const MAX_TEXT: usize = 640;
/// Title and subtitle of a card.
const MAX_CARD_TEXT: usize = 80;
const MAX_CARDS: usize = 10;
const MAX_OPT_INS: usize = 5;
/// What a person is asked before they get messages later.
const MAX_QUESTION: usize = 65;
const MAX_PAYLOAD: usize = 1000;
/// Labels that Meta gives no limit for; this bounds what a world remembers.
const MAX_LABEL: usize = 640;
const CTA_TEXTS: &[&str] = &["ALLOW", "GET", "GET_UPDATES", "OPT_IN", "SIGN_UP"];

/// Reads the payload of a template.
pub fn read(call: &Call, payload: &Part<'_>) -> Parsed<Template> {
    match payload.needed("template_type")?.to_ascii_lowercase().as_str() {
        "button" => button(payload),
        "generic" => generic(payload),
        "media" => media(call, payload),
        "receipt" => forms::receipt(payload).map(|receipt| Template::Receipt(Box::new(receipt))),
        "product" => product(payload),
        "customer_feedback" => forms::feedback(payload).map(|feedback| Template::Feedback(Box::new(feedback))),
        "coupon" => coupon(payload).map(|coupon| Template::Coupon(Box::new(coupon))),
        "notification_messages" => opt_in(payload),
        "one_time_notif_req" => one_time_opt_in(payload),
        _ => Err(catalogue::TEMPLATE_TYPE.error()),
    }
}

fn button(payload: &Part<'_>) -> Parsed<Template> {
    payload.knows(&["template_type", "text", "buttons", "sharable"])?;
    payload.flag("sharable")?;
    Ok(Template::Button { text: payload.filled("text", MAX_TEXT)?, buttons: buttons(payload, 1)? })
}

fn generic(payload: &Part<'_>) -> Parsed<Template> {
    payload.knows(&["template_type", "elements", "image_aspect_ratio", "sharable"])?;
    let ratio = payload.word("image_aspect_ratio", &["horizontal", "square"])?;
    Ok(Template::Generic {
        elements: payload.counted("elements", 1, MAX_CARDS)?.iter().map(card).collect::<Parsed<_>>()?,
        square: ratio.map(|ratio| ratio == "square"),
        sharable: payload.flag("sharable")?.unwrap_or_default(),
    })
}

fn card(part: &Part<'_>) -> Parsed<Element> {
    const BESIDE_TITLE: [&str; 4] = ["subtitle", "image_url", "default_action", "buttons"];
    part.knows(&[&["title"], &BESIDE_TITLE[..]].concat())?;
    let title = part.filled("title", MAX_CARD_TEXT)?;
    if !BESIDE_TITLE.iter().any(|key| part.has(key)) {
        return Err(catalogue::ELEMENT_INCOMPLETE.error());
    }
    Ok(Element {
        title,
        subtitle: part.limited("subtitle", MAX_CARD_TEXT)?,
        image_url: part.url("image_url")?,
        default_action: part.part("default_action")?.map(|action| default_action(&action)).transpose()?,
        buttons: buttons(part, 0)?,
    })
}

fn media(call: &Call, payload: &Part<'_>) -> Parsed<Template> {
    payload.knows(&["template_type", "elements", "sharable"])?;
    let parts = payload.counted("elements", 1, 1)?;
    let Some(part) = parts.first() else { return Err(payload.missing("elements")) };
    part.knows(&["media_type", "attachment_id", "url", "buttons"])?;
    let kind = match part.needed("media_type")?.to_ascii_lowercase().as_str() {
        "image" => MediaKind::Image,
        "video" => MediaKind::Video,
        _ => return Err(catalogue::MEDIA_TYPE_INVALID.error()),
    };
    Ok(Template::Media {
        kind,
        source: media_source(call, part)?,
        buttons: buttons(part, 0)?,
        sharable: payload.flag("sharable")?.unwrap_or_default(),
    })
}

fn media_source(call: &Call, part: &Part<'_>) -> Parsed<MediaSource> {
    match (part.text("attachment_id")?, part.url("url")?) {
        (Some(id), None) => match saved(call, &id) {
            Some(Attachment::Media { url, .. }) => Ok(MediaSource::Saved { id, url }),
            _ => Err(catalogue::ATTACHMENT_UNKNOWN.error()),
        },
        (None, Some(url)) if is_facebook(&url) => Ok(MediaSource::Facebook(url)),
        (None, Some(_)) => Err(catalogue::MEDIA_URL_FOREIGN.error()),
        _ => Err(catalogue::MEDIA_SOURCE_NEEDED.error()),
    }
}

fn is_facebook(url: &str) -> bool {
    host(url).is_some_and(|host| host == "facebook.com" || host.ends_with(".facebook.com"))
}

/// An attachment that the token's page has saved.
pub fn saved(call: &Call, id: &str) -> Option<Attachment> {
    let own: PageKey = call.page().ok()?;
    call.world().read(|world, _, now| {
        let saved = world.attachment(id, now).filter(|(page, _)| *page == own);
        saved.map(|(_, attachment)| attachment.clone())
    })
}

fn product(payload: &Part<'_>) -> Parsed<Template> {
    payload.knows(&["template_type", "elements"])?;
    let id = |part: &Part<'_>| {
        part.knows(&["id"])?;
        let id = part.needed("id")?;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if is_id { Ok(id) } else { Err(catalogue::PRODUCT_UNKNOWN.error()) }
    };
    Ok(Template::Product(payload.counted("elements", 1, MAX_CARDS)?.iter().map(id).collect::<Parsed<_>>()?))
}

fn coupon(payload: &Part<'_>) -> Parsed<Coupon> {
    payload.knows(&[
        "template_type",
        "title",
        "subtitle",
        "coupon_code",
        "coupon_url",
        "coupon_url_button_title",
        "coupon_pre_message",
        "image_url",
        "payload",
    ])?;
    let (code, url) = (payload.limited("coupon_code", MAX_LABEL)?, payload.url("coupon_url")?);
    if code.is_none() && url.is_none() {
        return Err(payload.missing("coupon_code"));
    }
    if code.as_ref().is_some_and(|code| code.is_empty() || code.contains(char::is_whitespace)) {
        return Err(payload.must_be("coupon_code", "a code without spaces"));
    }
    Ok(Coupon {
        title: payload.filled("title", MAX_CARD_TEXT)?,
        subtitle: payload.limited("subtitle", MAX_CARD_TEXT)?,
        code,
        url,
        url_button_title: payload.limited("coupon_url_button_title", MAX_LABEL)?,
        pre_message: payload.limited("coupon_pre_message", MAX_LABEL)?,
        image_url: payload.url("image_url")?,
        payload: payload.limited("payload", MAX_PAYLOAD)?,
    })
}

/// A request for marketing messages: in the payload itself, or several as a carousel.
fn opt_in(payload: &Part<'_>) -> Parsed<Template> {
    if !payload.has("elements") {
        return Ok(Template::OptIn { requests: vec![request(payload)?], carousel: false });
    }
    payload.knows(&["template_type", "elements"])?;
    let parts = payload.counted("elements", 1, MAX_OPT_INS)?;
    Ok(Template::OptIn { requests: parts.iter().map(request).collect::<Parsed<_>>()?, carousel: true })
}

/// The frequency means nothing any more, and is taken from those who still send it.
fn request(part: &Part<'_>) -> Parsed<OptIn> {
    part.knows(&[
        "template_type",
        "title",
        "image_url",
        "payload",
        "notification_messages_timezone",
        "notification_messages_cta_text",
        "notification_messages_frequency",
        "notification_messages_reoptin",
    ])?;
    part.word("notification_messages_frequency", &["DAILY", "WEEKLY", "MONTHLY"])?;
    let reoptin = part.word("notification_messages_reoptin", &["ENABLED", "DISABLED"])?;
    Ok(OptIn {
        title: part.limited("title", MAX_QUESTION)?,
        image_url: part.url("image_url")?,
        payload: part.filled("payload", MAX_PAYLOAD)?,
        timezone: part.limited("notification_messages_timezone", MAX_LABEL)?,
        cta_text: part.word("notification_messages_cta_text", CTA_TEXTS)?.map(Box::from),
        asks_again: reoptin.map(|word| word == "ENABLED"),
    })
}

fn one_time_opt_in(payload: &Part<'_>) -> Parsed<Template> {
    payload.knows(&["template_type", "title", "payload"])?;
    Ok(Template::OneTimeOptIn {
        title: payload.filled("title", MAX_QUESTION)?,
        payload: payload.filled("payload", MAX_PAYLOAD)?,
    })
}
