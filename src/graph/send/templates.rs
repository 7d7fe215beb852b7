//! The templates of the Send API: a table and a reader each. Receipts, surveys and requests for opt-ins have their own files.

use crate::domain::model::ids::AssetKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::Attachment;
use crate::domain::model::template::{Coupon, Element, MediaSource, Template};

use super::buttons::{BUTTONS_OF_CARD, BUTTONS_OF_TEXT, DEFAULT_ACTION, MAX_PAYLOAD, buttons, link};
use super::opt_ins;
use super::receipt_and_feedback::{self, FEEDBACK, RECEIPT};
use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Flag, List, NonEmpty, Object, Scalar, Special, Text, Url, Word};
use crate::graph::http::param_table::{
    Least, ListOf, ParamRule, ParamTable, ParamVariants, SpecialText, needed, optional, required,
};
use crate::graph::http::param_text::{MAX_URL, host, is_id};

/// What Meta calls the payload of a template in its errors.
pub const PLACEHOLDER: &str = "name_placeholder";

pub const MAX_TEXT: usize = 640;
/// The longest title and subtitle of a card.
pub const MAX_CARD_TEXT: usize = 80;
pub const MAX_CARDS: usize = 10;
/// Meta gives no limit for these labels. This one bounds what a world keeps.
pub const MAX_LABEL: usize = 640;
pub const RATIOS: &[&str] = &["horizontal", "square"];

/// The payload of any template.
pub static TEMPLATE: ParamVariants = ParamVariants {
    key: "template_type",
    tables: &[
        ("button", &BUTTON),
        ("generic", &GENERIC),
        ("media", &MEDIA),
        ("receipt", &RECEIPT),
        ("product", &PRODUCT),
        ("customer_feedback", &FEEDBACK),
        ("coupon", &COUPON),
        ("notification_messages", &opt_ins::OPT_IN),
        ("one_time_notif_req", &opt_ins::ONE_TIME),
    ],
    gone: &[("list", &catalogue::LIST_TEMPLATE_GONE), ("open_graph", &catalogue::OPEN_GRAPH_TEMPLATE_GONE)],
    unknown: Some(&catalogue::TEMPLATE_TYPE),
};

static BUTTON: ParamTable = ParamTable::of(&[
    required("text", NonEmpty(MAX_TEXT)),
    required("buttons", List(&BUTTONS_OF_TEXT)),
    optional("sharable", Flag),
]);

static GENERIC: ParamTable = ParamTable::of(&[
    required("elements", List(&CARDS)),
    optional("image_aspect_ratio", Word(RATIOS)),
    optional("sharable", Flag),
]);
static CARDS: ListOf = ListOf::of(Object(&CARD), Least::One, MAX_CARDS);
static CARD: ParamTable = ParamTable::of(&[
    needed("title", NonEmpty(MAX_CARD_TEXT), &catalogue::ELEMENT_INCOMPLETE),
    optional("subtitle", Text(MAX_CARD_TEXT)),
    optional("image_url", Url),
    optional("default_action", Object(&DEFAULT_ACTION)),
    optional("buttons", List(&BUTTONS_OF_CARD)),
])
.rules(&[ParamRule::AnyOf(&["subtitle", "image_url", "buttons"], &catalogue::ELEMENT_INCOMPLETE)]);

static MEDIA: ParamTable = ParamTable::of(&[required("elements", List(&MEDIA_ELEMENTS)), optional("sharable", Flag)]);
static MEDIA_ELEMENTS: ListOf = ListOf::of(Object(&MEDIA_ELEMENT), Least::One, 1);
static MEDIA_ELEMENT: ParamTable = ParamTable::of(&[
    required("media_type", Special(&MEDIA_TYPE)),
    optional("attachment_id", Scalar(MAX_LABEL)),
    optional("url", Special(&FACEBOOK_URL)),
    optional("buttons", List(&BUTTONS_OF_CARD)),
])
.rules(&[
    ParamRule::AnyOf(&["attachment_id", "url"], &catalogue::MEDIA_SOURCE_NEEDED),
    ParamRule::AtMostOne(&["attachment_id", "url"], &catalogue::MEDIA_SOURCE_NEEDED),
]);
static MEDIA_TYPE: SpecialText =
    SpecialText { most: MAX_LABEL, accepts: is_media_type, error: &catalogue::MEDIA_TYPE_INVALID, kind: "" };
static FACEBOOK_URL: SpecialText =
    SpecialText { most: MAX_URL, accepts: is_facebook, error: &catalogue::MEDIA_URL_FOREIGN, kind: "" };

static PRODUCT: ParamTable = ParamTable::of(&[required("elements", List(&PRODUCTS))]);
static PRODUCTS: ListOf = ListOf::of(Object(&PRODUCT_ELEMENT), Least::One, MAX_CARDS);
static PRODUCT_ELEMENT: ParamTable = ParamTable::of(&[required("id", Scalar(MAX_LABEL))]);

static COUPON: ParamTable = ParamTable::of(&[
    required("title", NonEmpty(MAX_CARD_TEXT)),
    optional("subtitle", Text(MAX_CARD_TEXT)),
    optional("coupon_code", Special(&CODE)),
    optional("coupon_url", Url),
    optional("coupon_url_button_title", Text(MAX_LABEL)),
    optional("coupon_pre_message", Text(MAX_LABEL)),
    optional("image_url", Url),
    optional("payload", Text(MAX_PAYLOAD)),
])
.rules(&[ParamRule::AnyOf(&["coupon_code", "coupon_url"], &catalogue::PARAM_REQUIRED)]);
static CODE: SpecialText = SpecialText {
    most: MAX_LABEL,
    accepts: |code| !code.contains(char::is_whitespace),
    error: &catalogue::PARAM_MUST_BE,
    kind: "a code without spaces",
};

fn is_media_type(text: &str) -> bool {
    media_kind(text).is_some()
}

fn media_kind(text: &str) -> Option<MediaKind> {
    MediaKind::parse(&text.to_ascii_lowercase()).filter(|kind| matches!(kind, MediaKind::Image | MediaKind::Video))
}

fn is_facebook(url: &str) -> bool {
    host(url).is_some_and(|host| host == "facebook.com" || host.ends_with(".facebook.com"))
}

/// Reads the payload of a template, which the table has checked.
pub fn read(call: &Call, payload: &ParamObject<'_>) -> ParamResult<Template> {
    let sharable = payload.flag("sharable").unwrap_or_default();
    Ok(match &*payload.variant("template_type") {
        "button" => Template::Button { text: payload.string("text"), buttons: buttons(payload) },
        "generic" => Template::Generic {
            elements: payload.objects("elements").iter().map(card).collect(),
            square: payload.word("image_aspect_ratio", RATIOS).map(|ratio| ratio == "square"),
            sharable,
        },
        "media" => media(call, payload, sharable)?,
        "receipt" => Template::Receipt(Box::new(receipt_and_feedback::receipt(payload))),
        "product" => product(payload)?,
        "customer_feedback" => Template::Feedback(Box::new(receipt_and_feedback::feedback(payload))),
        "coupon" => Template::Coupon(Box::new(coupon(payload))),
        "notification_messages" => opt_ins::opt_in(payload),
        _ => opt_ins::one_time(payload),
    })
}

fn card(object: &ParamObject<'_>) -> Element {
    Element {
        title: object.string("title"),
        subtitle: object.text("subtitle"),
        image_url: object.text("image_url"),
        default_action: object.object("default_action").map(|action| link(&action)),
        buttons: buttons(object),
    }
}

fn media(call: &Call, payload: &ParamObject<'_>, sharable: bool) -> ParamResult<Template> {
    let elements = payload.objects("elements");
    let Some(object) = elements.first() else { return Err(catalogue::MEDIA_SOURCE_NEEDED.error()) };
    let source = match (object.text("attachment_id"), object.text("url")) {
        (Some(id), _) => match call.page().ok().and_then(|own| saved_attachment(call, own, &id)) {
            Some(Attachment::Media { url, .. }) => MediaSource::Saved { id, url },
            _ => return Err(catalogue::ATTACHMENT_UNKNOWN.error()),
        },
        (None, url) => MediaSource::Facebook(url.unwrap_or_default()),
    };
    let kind = media_kind(&object.string("media_type")).unwrap_or(MediaKind::Image);
    Ok(Template::Media { kind, source, buttons: buttons(object), sharable })
}

/// An attachment that the page or account has saved.
pub fn saved_attachment(call: &Call, own: AssetKey, id: &str) -> Option<Attachment> {
    call.world().read(|world, _, now| {
        let saved = world.attachment(id, now).filter(|(page, _)| *page == own);
        saved.map(|(_, attachment)| attachment.clone())
    })
}

fn product(payload: &ParamObject<'_>) -> ParamResult<Template> {
    let ids: Vec<_> = payload.objects("elements").iter().map(|element| element.string("id")).collect();
    match ids.iter().all(|id| is_id(id)) {
        true => Ok(Template::Product(ids)),
        false => Err(catalogue::PRODUCT_UNKNOWN.error()),
    }
}

fn coupon(payload: &ParamObject<'_>) -> Coupon {
    Coupon {
        title: payload.string("title"),
        subtitle: payload.text("subtitle"),
        code: payload.text("coupon_code"),
        url: payload.text("coupon_url"),
        url_button_title: payload.text("coupon_url_button_title"),
        pre_message: payload.text("coupon_pre_message"),
        image_url: payload.text("image_url"),
        payload: payload.text("payload"),
    }
}
