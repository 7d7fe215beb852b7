//! Reads the templates of the Send API. Receipts and surveys have their own file.

use crate::domain::model::ids::PageKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::Attachment;
use crate::domain::model::template::{Coupon, Element, MediaSource, OptIn, Template};

use super::buttons::{buttons, default_action};
use super::receipt_and_feedback;
use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::{ParamObject, ParamResult, host};

const MAX_TEXT: usize = 640;
/// The longest title and subtitle of a card.
const MAX_CARD_TEXT: usize = 80;
const MAX_CARDS: usize = 10;
const MAX_OPT_INS: usize = 5;
/// The longest title of an opt-in request.
const MAX_QUESTION: usize = 65;
const MAX_PAYLOAD: usize = 1000;
/// Meta gives no limit for these labels. This one bounds what a world keeps.
const MAX_LABEL: usize = 640;
const CTA_TEXTS: &[&str] = &["ALLOW", "GET", "GET_UPDATES", "OPT_IN", "SIGN_UP"];

/// Reads the payload of a template.
pub fn read(call: &Call, payload: &ParamObject<'_>) -> ParamResult<Template> {
    match payload.required("template_type")?.to_ascii_lowercase().as_str() {
        "button" => button(payload),
        "generic" => generic(payload),
        "media" => media(call, payload),
        "receipt" => receipt_and_feedback::receipt(payload).map(|receipt| Template::Receipt(Box::new(receipt))),
        "product" => product(payload),
        "customer_feedback" => {
            receipt_and_feedback::feedback(payload).map(|feedback| Template::Feedback(Box::new(feedback)))
        }
        "coupon" => coupon(payload).map(|coupon| Template::Coupon(Box::new(coupon))),
        "notification_messages" => opt_in(payload),
        "one_time_notif_req" => one_time_opt_in(payload),
        _ => Err(catalogue::TEMPLATE_TYPE.error()),
    }
}

fn button(payload: &ParamObject<'_>) -> ParamResult<Template> {
    payload.check_keys(&["template_type", "text", "buttons", "sharable"])?;
    payload.flag("sharable")?;
    Ok(Template::Button { text: payload.nonempty("text", MAX_TEXT)?, buttons: buttons(payload, 1)? })
}

fn generic(payload: &ParamObject<'_>) -> ParamResult<Template> {
    payload.check_keys(&["template_type", "elements", "image_aspect_ratio", "sharable"])?;
    let ratio = payload.word("image_aspect_ratio", &["horizontal", "square"])?;
    Ok(Template::Generic {
        elements: payload.counted_objects("elements", 1, MAX_CARDS)?.iter().map(card).collect::<ParamResult<_>>()?,
        square: ratio.map(|ratio| ratio == "square"),
        sharable: payload.flag("sharable")?.unwrap_or_default(),
    })
}

fn card(object: &ParamObject<'_>) -> ParamResult<Element> {
    const BESIDE_TITLE: [&str; 4] = ["subtitle", "image_url", "default_action", "buttons"];
    object.check_keys(&[&["title"], &BESIDE_TITLE[..]].concat())?;
    let title = object.nonempty("title", MAX_CARD_TEXT)?;
    if !BESIDE_TITLE.iter().any(|key| object.has(key)) {
        return Err(catalogue::ELEMENT_INCOMPLETE.error());
    }
    Ok(Element {
        title,
        subtitle: object.at_most("subtitle", MAX_CARD_TEXT)?,
        image_url: object.url("image_url")?,
        default_action: object.object("default_action")?.map(|action| default_action(&action)).transpose()?,
        buttons: buttons(object, 0)?,
    })
}

fn media(call: &Call, payload: &ParamObject<'_>) -> ParamResult<Template> {
    payload.check_keys(&["template_type", "elements", "sharable"])?;
    let objects = payload.counted_objects("elements", 1, 1)?;
    let Some(object) = objects.first() else { return Err(payload.missing("elements")) };
    object.check_keys(&["media_type", "attachment_id", "url", "buttons"])?;
    let kind = match object.required("media_type")?.to_ascii_lowercase().as_str() {
        "image" => MediaKind::Image,
        "video" => MediaKind::Video,
        _ => return Err(catalogue::MEDIA_TYPE_INVALID.error()),
    };
    Ok(Template::Media {
        kind,
        source: media_source(call, object)?,
        buttons: buttons(object, 0)?,
        sharable: payload.flag("sharable")?.unwrap_or_default(),
    })
}

fn media_source(call: &Call, object: &ParamObject<'_>) -> ParamResult<MediaSource> {
    match (object.text("attachment_id")?, object.url("url")?) {
        (Some(id), None) => match saved_attachment(call, &id) {
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
pub fn saved_attachment(call: &Call, id: &str) -> Option<Attachment> {
    let own: PageKey = call.page().ok()?;
    call.world().read(|world, _, now| {
        let saved = world.attachment(id, now).filter(|(page, _)| *page == own);
        saved.map(|(_, attachment)| attachment.clone())
    })
}

fn product(payload: &ParamObject<'_>) -> ParamResult<Template> {
    payload.check_keys(&["template_type", "elements"])?;
    let id = |object: &ParamObject<'_>| {
        object.check_keys(&["id"])?;
        let id = object.required("id")?;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if is_id { Ok(id) } else { Err(catalogue::PRODUCT_UNKNOWN.error()) }
    };
    Ok(Template::Product(
        payload.counted_objects("elements", 1, MAX_CARDS)?.iter().map(id).collect::<ParamResult<_>>()?,
    ))
}

fn coupon(payload: &ParamObject<'_>) -> ParamResult<Coupon> {
    payload.check_keys(&[
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
    let (code, url) = (payload.at_most("coupon_code", MAX_LABEL)?, payload.url("coupon_url")?);
    if code.is_none() && url.is_none() {
        return Err(payload.missing("coupon_code"));
    }
    if code.as_ref().is_some_and(|code| code.is_empty() || code.contains(char::is_whitespace)) {
        return Err(payload.must_be("coupon_code", "a code without spaces"));
    }
    Ok(Coupon {
        title: payload.nonempty("title", MAX_CARD_TEXT)?,
        subtitle: payload.at_most("subtitle", MAX_CARD_TEXT)?,
        code,
        url,
        url_button_title: payload.at_most("coupon_url_button_title", MAX_LABEL)?,
        pre_message: payload.at_most("coupon_pre_message", MAX_LABEL)?,
        image_url: payload.url("image_url")?,
        payload: payload.at_most("payload", MAX_PAYLOAD)?,
    })
}

/// One request for marketing messages in the payload itself, or several as a carousel.
fn opt_in(payload: &ParamObject<'_>) -> ParamResult<Template> {
    if !payload.has("elements") {
        return Ok(Template::OptIn { requests: vec![request(payload)?], carousel: false });
    }
    payload.check_keys(&["template_type", "elements"])?;
    let objects = payload.counted_objects("elements", 1, MAX_OPT_INS)?;
    Ok(Template::OptIn { requests: objects.iter().map(request).collect::<ParamResult<_>>()?, carousel: true })
}

/// Meta ignores the frequency now. It is accepted from apps that still send it.
fn request(object: &ParamObject<'_>) -> ParamResult<OptIn> {
    object.check_keys(&[
        "template_type",
        "title",
        "image_url",
        "payload",
        "notification_messages_timezone",
        "notification_messages_cta_text",
        "notification_messages_frequency",
        "notification_messages_reoptin",
    ])?;
    object.word("notification_messages_frequency", &["DAILY", "WEEKLY", "MONTHLY"])?;
    let reoptin = object.word("notification_messages_reoptin", &["ENABLED", "DISABLED"])?;
    Ok(OptIn {
        title: object.at_most("title", MAX_QUESTION)?,
        image_url: object.url("image_url")?,
        payload: object.nonempty("payload", MAX_PAYLOAD)?,
        timezone: object.at_most("notification_messages_timezone", MAX_LABEL)?,
        cta_text: object.word("notification_messages_cta_text", CTA_TEXTS)?.map(Box::from),
        asks_again: reoptin.map(|word| word == "ENABLED"),
    })
}

fn one_time_opt_in(payload: &ParamObject<'_>) -> ParamResult<Template> {
    payload.check_keys(&["template_type", "title", "payload"])?;
    Ok(Template::OneTimeOptIn {
        title: payload.nonempty("title", MAX_QUESTION)?,
        payload: payload.nonempty("payload", MAX_PAYLOAD)?,
    })
}
