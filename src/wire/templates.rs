//! Wire room: the payload of a template as an echo carries it, as serde structs whose field order is Meta's.

use serde::Serialize;
use serde_json::Number;

use crate::domain::model::template::{Button, Coupon, Element, Link, MediaSource, OptIn, Template, WebviewHeight};

use super::forms::{FeedbackItem, ReceiptItem, feedback_item, number, receipt_item};

#[derive(Serialize)]
#[serde(untagged)]
pub enum TemplateItem<'e> {
    Typed(TypedItem<'e>),
    /// Products come without a `template_type`.
    Product {
        product: ProductsItem<'e>,
    },
}

#[derive(Serialize)]
#[serde(tag = "template_type", rename_all = "snake_case")]
pub enum TypedItem<'e> {
    Button {
        text: &'e str,
        buttons: Vec<ButtonItem<'e>>,
    },
    Generic {
        #[serde(skip_serializing_if = "Option::is_none")]
        image_aspect_ratio: Option<&'static str>,
        elements: Vec<ElementItem<'e>>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        sharable: bool,
    },
    Media {
        elements: [MediaItem<'e>; 1],
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        sharable: bool,
    },
    Receipt(Box<ReceiptItem<'e>>),
    CustomerFeedback(Box<FeedbackItem<'e>>),
    Coupon(Box<CouponItem<'e>>),
    NotificationMessages(OptInsItem<'e>),
    OneTimeNotifReq {
        title: &'e str,
        payload: &'e str,
    },
}

#[derive(Serialize)]
pub struct ElementItem<'e> {
    title: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_action: Option<ActionItem<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<ButtonItem<'e>>,
}

#[derive(Serialize)]
pub struct ActionItem<'e> {
    r#type: &'static str,
    #[serde(flatten)]
    link: LinkItem<'e>,
}

#[derive(Serialize)]
pub struct LinkItem<'e> {
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
pub enum ButtonItem<'e> {
    WebUrl {
        title: &'e str,
        #[serde(flatten)]
        link: LinkItem<'e>,
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
        game_metadata: Option<GameItem<'e>>,
    },
}

#[derive(Serialize)]
pub struct GameItem<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    player_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_id: Option<&'e str>,
}

#[derive(Serialize)]
pub struct MediaItem<'e> {
    media_type: &'static str,
    /// A number here, though the Send API wants text.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_id: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'e str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<ButtonItem<'e>>,
}

#[derive(Serialize)]
pub struct ProductsItem<'e> {
    elements: Vec<ProductItem<'e>>,
}

#[derive(Serialize)]
struct ProductItem<'e> {
    id: &'e str,
}

#[derive(Serialize)]
pub struct CouponItem<'e> {
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
pub enum OptInsItem<'e> {
    One(OptInItem<'e>),
    Carousel { elements: Vec<OptInItem<'e>> },
}

#[derive(Serialize)]
pub struct OptInItem<'e> {
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

/// Where the picture or film of a media template is, which an echo says beside the payload.
pub fn media_url(template: &Template) -> Option<&str> {
    match template {
        Template::Media { source: MediaSource::Saved { url, .. } | MediaSource::Facebook(url), .. } => Some(url),
        _ => None,
    }
}

/// The payload of a template.
pub fn template_item(template: &Template) -> TemplateItem<'_> {
    TemplateItem::Typed(match template {
        Template::Product(ids) => {
            let elements = ids.iter().map(|id| ProductItem { id }).collect();
            return TemplateItem::Product { product: ProductsItem { elements } };
        }
        Template::Button { text, buttons } => TypedItem::Button { text, buttons: button_items(buttons) },
        Template::Generic { elements, square, sharable } => TypedItem::Generic {
            image_aspect_ratio: square.map(|square| if square { "square" } else { "horizontal" }),
            elements: elements.iter().map(element_item).collect(),
            sharable: *sharable,
        },
        Template::Media { kind, source, buttons, sharable } => {
            TypedItem::Media { elements: [media_item(kind.name(), source, buttons)], sharable: *sharable }
        }
        Template::Receipt(receipt) => TypedItem::Receipt(Box::new(receipt_item(receipt))),
        Template::Feedback(feedback) => TypedItem::CustomerFeedback(Box::new(feedback_item(feedback))),
        Template::Coupon(coupon) => TypedItem::Coupon(Box::new(coupon_item(coupon))),
        Template::OptIn { requests, carousel } => TypedItem::NotificationMessages(opt_ins_item(requests, *carousel)),
        Template::OneTimeOptIn { title, payload } => TypedItem::OneTimeNotifReq { title, payload },
    })
}

fn element_item(element: &Element) -> ElementItem<'_> {
    ElementItem {
        title: &element.title,
        subtitle: element.subtitle.as_deref(),
        image_url: element.image_url.as_deref(),
        default_action: element
            .default_action
            .as_ref()
            .map(|link| ActionItem { r#type: "web_url", link: link_item(link) }),
        buttons: button_items(&element.buttons),
    }
}

fn link_item(link: &Link) -> LinkItem<'_> {
    LinkItem {
        url: &link.url,
        webview_height_ratio: link.webview.height.map(WebviewHeight::name),
        messenger_extensions: link.webview.extensions,
        fallback_url: link.webview.fallback_url.as_deref(),
        webview_share_button: link.webview.hides_share_button.then_some("hide"),
    }
}

fn button_items(buttons: &[Button]) -> Vec<ButtonItem<'_>> {
    buttons.iter().map(button_item).collect()
}

fn button_item(button: &Button) -> ButtonItem<'_> {
    match button {
        Button::WebUrl { title, link } => ButtonItem::WebUrl { title, link: link_item(link) },
        Button::Postback { title, payload } => ButtonItem::Postback { title, payload },
        Button::PhoneNumber { title, payload } => ButtonItem::PhoneNumber { title, payload },
        Button::AccountLink { url } => ButtonItem::AccountLink { url },
        Button::AccountUnlink => ButtonItem::AccountUnlink,
        Button::GamePlay { title, payload, player_id, context_id } => ButtonItem::GamePlay {
            title,
            payload: payload.as_deref(),
            game_metadata: (player_id.is_some() || context_id.is_some())
                .then_some(GameItem { player_id: player_id.as_deref(), context_id: context_id.as_deref() }),
        },
    }
}

fn media_item<'e>(media_type: &'static str, source: &'e MediaSource, buttons: &'e [Button]) -> MediaItem<'e> {
    let (attachment_id, url) = match source {
        MediaSource::Saved { id, .. } => (number(id), None),
        MediaSource::Facebook(url) => (None, Some(&**url)),
    };
    MediaItem { media_type, attachment_id, url, buttons: button_items(buttons) }
}

fn coupon_item(coupon: &Coupon) -> CouponItem<'_> {
    CouponItem {
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

fn opt_ins_item(requests: &[OptIn], carousel: bool) -> OptInsItem<'_> {
    let mut items: Vec<OptInItem<'_>> = requests.iter().map(opt_in_item).collect();
    match items.pop() {
        Some(only) if !carousel => OptInsItem::One(only),
        last => {
            items.extend(last);
            OptInsItem::Carousel { elements: items }
        }
    }
}

fn opt_in_item(request: &OptIn) -> OptInItem<'_> {
    OptInItem {
        title: request.title.as_deref(),
        image_url: request.image_url.as_deref(),
        payload: &request.payload,
        notification_messages_timezone: request.timezone.as_deref(),
        notification_messages_cta_text: request.cta_text.as_deref(),
    }
}
