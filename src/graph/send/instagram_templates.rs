//! The templates and buttons that a message on Instagram can have: three of Messenger's templates, with two of its buttons.

use super::buttons::{DEFAULT_ACTION, POSTBACK, WEB_URL};
use super::templates::{MAX_CARD_TEXT, MAX_CARDS, MAX_LABEL, MAX_TEXT, RATIOS};
use crate::graph::errors::catalogue;
use crate::graph::http::param_table::ParamKind::{Flag, List, NonEmpty, Object, OneOf, Scalar, Text, Url, Word};
use crate::graph::http::param_table::{
    Least, ListOf, ParamRule, ParamTable, ParamVariants, needed, optional, required,
};

const MAX_BUTTONS: usize = 3;

/// The payload of any template.
pub static TEMPLATE: ParamVariants = ParamVariants {
    key: "template_type",
    tables: &[("button", &BUTTONS_WITH_TEXT), ("generic", &GENERIC), ("product", &PRODUCT)],
    gone: &[],
    unknown: Some(&catalogue::TEMPLATE_TYPE),
};

static BUTTONS_WITH_TEXT: ParamTable = ParamTable::of(&[
    required("text", NonEmpty(MAX_TEXT)),
    required("buttons", List(&BUTTONS_OF_TEXT)),
    optional("sharable", Flag),
]);

static GENERIC: ParamTable = ParamTable::of(&[
    required("elements", List(&CARDS)),
    optional("image_aspect_ratio", Word(RATIOS)),
    optional("sharable", Flag),
]);
static CARDS: ListOf = ListOf::of(Object(&CARD), Least::One, MAX_CARDS).too_many(&catalogue::MESSAGE_DATA_INVALID);
static CARD: ParamTable = ParamTable::of(&[
    needed("title", NonEmpty(MAX_CARD_TEXT), &catalogue::ELEMENT_INCOMPLETE),
    optional("subtitle", Text(MAX_CARD_TEXT)),
    optional("image_url", Url),
    optional("default_action", Object(&DEFAULT_ACTION)),
    optional("buttons", List(&BUTTONS_OF_CARD)),
])
.rules(&[ParamRule::AnyOf(&["subtitle", "image_url", "buttons"], &catalogue::ELEMENT_INCOMPLETE)]);

static PRODUCT: ParamTable = ParamTable::of(&[required("elements", List(&PRODUCTS))]);
static PRODUCTS: ListOf = ListOf::of(Object(&ONE), Least::One, MAX_CARDS).too_many(&catalogue::MESSAGE_DATA_INVALID);
static ONE: ParamTable = ParamTable::of(&[required("id", Scalar(MAX_LABEL))]);

static BUTTON: ParamVariants =
    ParamVariants { key: "type", tables: &[("web_url", &WEB_URL), ("postback", &POSTBACK)], gone: &[], unknown: None };
static BUTTONS_OF_TEXT: ListOf =
    ListOf::of(OneOf(&BUTTON), Least::NonEmpty, MAX_BUTTONS).too_many(&catalogue::MESSAGE_DATA_INVALID);
static BUTTONS_OF_CARD: ListOf =
    ListOf::of(OneOf(&BUTTON), Least::One, MAX_BUTTONS).too_many(&catalogue::MESSAGE_DATA_INVALID);
