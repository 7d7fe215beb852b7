//! The JSON of a template, as an echo carries it. The order of the fields is Meta's.

use serde::Serialize;
use serde_json::Number;

use crate::domain::model::template::{Button, Coupon, Element, Link, MediaSource, OptIn, Template, WebviewHeight};

use super::receipt_and_survey_json::{ReceiptJson, SurveyTemplateJson, number, receipt_json, survey_template_json};

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum TemplateJson<'e> {
    Typed(TypedTemplateJson<'e>),
    /// Products come without a `template_type`.
    Product {
        product: ProductsJson<'e>,
    },
}

#[derive(Serialize)]
#[serde(tag = "template_type", rename_all = "snake_case")]
pub(super) enum TypedTemplateJson<'e> {
    Button {
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'e str>,
        buttons: Vec<ButtonJson<'e>>,
    },
    Generic {
        #[serde(skip_serializing_if = "Option::is_none")]
        image_aspect_ratio: Option<&'static str>,
        elements: Vec<ElementJson<'e>>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        sharable: bool,
    },
    Media {
        elements: [MediaJson<'e>; 1],
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        sharable: bool,
    },
    Receipt(Box<ReceiptJson<'e>>),
    CustomerFeedback(Box<SurveyTemplateJson<'e>>),
    Coupon(Box<CouponTemplateJson<'e>>),
    NotificationMessages(OptInRequestsJson<'e>),
    OneTimeNotifReq {
        title: &'e str,
        payload: &'e str,
    },
}

#[derive(Serialize)]
pub(super) struct ElementJson<'e> {
    title: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_action: Option<DefaultActionJson<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<ButtonJson<'e>>,
}

#[derive(Serialize)]
pub(super) struct DefaultActionJson<'e> {
    r#type: &'static str,
    #[serde(flatten)]
    link: LinkJson<'e>,
}

#[derive(Serialize)]
pub(super) struct LinkJson<'e> {
    url: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    webview_height_ratio: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messenger_extensions: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webview_share_button: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ButtonJson<'e> {
    WebUrl {
        title: &'e str,
        #[serde(flatten)]
        link: LinkJson<'e>,
    },
    Postback {
        title: &'e str,
        payload: &'e str,
    },
    PhoneNumber {
        title: &'e str,
        payload: &'e str,
    },
    AccountLink {
        url: &'e str,
    },
    AccountUnlink,
    GamePlay {
        title: &'e str,
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<&'e str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        game_metadata: Option<GameMetadataJson<'e>>,
    },
}

#[derive(Serialize)]
pub(super) struct GameMetadataJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    player_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_id: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct MediaJson<'e> {
    media_type: &'static str,
    /// A number here, though the Send API wants text.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_id: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'e str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<ButtonJson<'e>>,
}

#[derive(Serialize)]
pub(super) struct ProductsJson<'e> {
    elements: Vec<ProductJson<'e>>,
}

#[derive(Serialize)]
struct ProductJson<'e> {
    id: &'e str,
}

#[derive(Serialize)]
pub(super) struct CouponTemplateJson<'e> {
    title: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_code: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_url_button_title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_pre_message: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'e str>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum OptInRequestsJson<'e> {
    One(OptInRequestJson<'e>),
    Carousel { elements: Vec<OptInRequestJson<'e>> },
}

#[derive(Serialize)]
pub(super) struct OptInRequestJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'e str>,
    payload: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_timezone: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_cta_text: Option<&'e str>,
}

/// The URL of a media template, which an echo has beside the payload.
pub(super) fn media_url(template: &Template) -> Option<&str> {
    match template {
        Template::Media { source: MediaSource::Saved { url, .. } | MediaSource::Facebook(url), .. } => Some(url),
        _ => None,
    }
}

pub(super) fn template_json(template: &Template) -> TemplateJson<'_> {
    TemplateJson::Typed(match template {
        Template::Product(ids) => {
            let elements = ids.iter().map(|id| ProductJson { id }).collect();
            return TemplateJson::Product { product: ProductsJson { elements } };
        }
        Template::Button { text, buttons } => {
            TypedTemplateJson::Button { text: Some(text), buttons: buttons_json(buttons) }
        }
        Template::Generic { elements, square, sharable } => TypedTemplateJson::Generic {
            image_aspect_ratio: square.map(|square| if square { "square" } else { "horizontal" }),
            elements: elements_json(elements),
            sharable: *sharable,
        },
        Template::Media { kind, source, buttons, sharable } => {
            TypedTemplateJson::Media { elements: [media_json(kind.name(), source, buttons)], sharable: *sharable }
        }
        Template::Receipt(receipt) => TypedTemplateJson::Receipt(Box::new(receipt_json(receipt))),
        Template::Feedback(feedback) => TypedTemplateJson::CustomerFeedback(Box::new(survey_template_json(feedback))),
        Template::Coupon(coupon) => TypedTemplateJson::Coupon(Box::new(coupon_template_json(coupon))),
        Template::OptIn { requests, carousel } => {
            TypedTemplateJson::NotificationMessages(opt_in_requests_json(requests, *carousel))
        }
        Template::OneTimeOptIn { title, payload } => TypedTemplateJson::OneTimeNotifReq { title, payload },
    })
}

/// Cards.
pub(super) fn elements_json(elements: &[Element]) -> Vec<ElementJson<'_>> {
    elements.iter().map(element_json).collect()
}

fn element_json(element: &Element) -> ElementJson<'_> {
    ElementJson {
        title: &element.title,
        subtitle: element.subtitle.as_deref(),
        image_url: element.image_url.as_deref(),
        default_action: element
            .default_action
            .as_ref()
            .map(|link| DefaultActionJson { r#type: "web_url", link: link_json(link) }),
        buttons: buttons_json(&element.buttons),
    }
}

fn link_json(link: &Link) -> LinkJson<'_> {
    LinkJson {
        url: &link.url,
        webview_height_ratio: link.webview.height.map(WebviewHeight::name),
        messenger_extensions: link.webview.extensions,
        fallback_url: link.webview.fallback_url.as_deref(),
        webview_share_button: link.webview.hides_share_button.then_some("hide"),
    }
}

/// A button template as a webhook has it, with its text elsewhere.
pub(super) fn buttons_without_text(buttons: &[Button]) -> TemplateJson<'_> {
    TemplateJson::Typed(TypedTemplateJson::Button { text: None, buttons: buttons_json(buttons) })
}

fn buttons_json(buttons: &[Button]) -> Vec<ButtonJson<'_>> {
    buttons.iter().map(button_json).collect()
}

fn button_json(button: &Button) -> ButtonJson<'_> {
    match button {
        Button::WebUrl { title, link } => ButtonJson::WebUrl { title, link: link_json(link) },
        Button::Postback { title, payload } => ButtonJson::Postback { title, payload },
        Button::PhoneNumber { title, payload } => ButtonJson::PhoneNumber { title, payload },
        Button::AccountLink { url } => ButtonJson::AccountLink { url },
        Button::AccountUnlink => ButtonJson::AccountUnlink,
        Button::GamePlay { title, payload, player_id, context_id } => ButtonJson::GamePlay {
            title,
            payload: payload.as_deref(),
            game_metadata: (player_id.is_some() || context_id.is_some())
                .then_some(GameMetadataJson { player_id: player_id.as_deref(), context_id: context_id.as_deref() }),
        },
    }
}

fn media_json<'e>(media_type: &'static str, source: &'e MediaSource, buttons: &'e [Button]) -> MediaJson<'e> {
    let (attachment_id, url) = match source {
        MediaSource::Saved { id, .. } => (number(id), None),
        MediaSource::Facebook(url) => (None, Some(&**url)),
    };
    MediaJson { media_type, attachment_id, url, buttons: buttons_json(buttons) }
}

fn coupon_template_json(coupon: &Coupon) -> CouponTemplateJson<'_> {
    CouponTemplateJson {
        title: &coupon.title,
        subtitle: coupon.subtitle.as_deref(),
        coupon_code: coupon.code.as_deref(),
        coupon_url: coupon.url.as_deref(),
        coupon_url_button_title: coupon.url_button_title.as_deref(),
        coupon_pre_message: coupon.pre_message.as_deref(),
        image_url: coupon.image_url.as_deref(),
        payload: coupon.payload.as_deref(),
    }
}

fn opt_in_requests_json(requests: &[OptIn], carousel: bool) -> OptInRequestsJson<'_> {
    let mut items: Vec<OptInRequestJson<'_>> = requests.iter().map(opt_in_request_json).collect();
    match items.pop() {
        Some(only) if !carousel => OptInRequestsJson::One(only),
        last => {
            items.extend(last);
            OptInRequestsJson::Carousel { elements: items }
        }
    }
}

fn opt_in_request_json(request: &OptIn) -> OptInRequestJson<'_> {
    OptInRequestJson {
        title: request.title.as_deref(),
        image_url: request.image_url.as_deref(),
        payload: &request.payload,
        notification_messages_timezone: request.timezone.as_deref(),
        notification_messages_cta_text: request.cta_text.as_deref(),
    }
}
