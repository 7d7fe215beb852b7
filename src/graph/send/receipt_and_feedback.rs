//! The two largest templates: the receipt of an order, and customer feedback, which is a survey.

use crate::domain::model::template::{
    Adjustment, Costs, Feedback, Receipt, ReceiptElement, ShippingAddress, SurveyQuestion,
};

use crate::graph::errors::catalogue;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{
    Flag, List, NonEmpty, NonEmptyScalar, Number, Object, OneOf, Special, Text, Url, Word,
};
use crate::graph::http::param_table::{
    Least, ListOf, ParamKey, ParamRule, ParamTable, ParamVariants, SpecialText, optional, required,
};

/// Meta gives no limit for these texts of an order. This one bounds what a world keeps.
const MAX_TEXT: usize = 640;
const MAX_ITEMS: usize = 100;
const MAX_TITLE: usize = 65;
const MAX_SUBTITLE: usize = 80;
const MAX_BUTTON: usize = 20;
const MAX_ID: usize = 80;
const MAX_QUESTION: usize = 85;
const LABELS: &[&str] = &["neg_pos", "hard_easy", "dis_sat", "unlike_like", "poor_great", "none"];

pub static RECEIPT: ParamTable = ParamTable::of(&[
    optional("sharable", Flag),
    required("recipient_name", NonEmpty(MAX_TEXT)),
    optional("merchant_name", Text(MAX_TEXT)),
    required("order_number", NonEmptyScalar(MAX_TEXT)),
    required("currency", Special(&CURRENCY)),
    required("payment_method", NonEmpty(MAX_TEXT)),
    optional("order_url", Url),
    optional("timestamp", Number),
    optional("address", Object(&ADDRESS)),
    required("summary", Object(&SUMMARY)),
    optional("adjustments", List(&ADJUSTMENTS)),
    optional("elements", List(&ITEMS)),
])
.rules(&[ParamRule::Amounts("summary", COSTS, &catalogue::AMOUNT_INVALID)]);
static ADDRESS: ParamTable = ParamTable::of(&[
    required("street_1", NonEmpty(MAX_TEXT)),
    optional("street_2", Text(MAX_TEXT)),
    required("city", NonEmpty(MAX_TEXT)),
    required("postal_code", NonEmpty(MAX_TEXT)),
    required("state", NonEmpty(MAX_TEXT)),
    required("country", NonEmpty(MAX_TEXT)),
]);
const COSTS: &[&str] = &["subtotal", "shipping_cost", "total_tax", "total_cost"];
static SUMMARY: ParamTable = ParamTable::of(&[
    optional("subtotal", Number),
    optional("shipping_cost", Number),
    optional("total_tax", Number),
    required("total_cost", Number),
]);
static ADJUSTMENTS: ListOf = ListOf::of(Object(&ADJUSTMENT), Least::Zero, MAX_ITEMS);
static ADJUSTMENT: ParamTable = ParamTable::of(&[required("name", NonEmpty(MAX_TEXT)), required("amount", Number)]);
static ITEMS: ListOf = ListOf::of(Object(&ITEM), Least::One, MAX_ITEMS);
static ITEM: ParamTable = ParamTable::of(&[
    required("title", NonEmpty(MAX_TEXT)),
    optional("subtitle", Text(MAX_TEXT)),
    optional("quantity", Number),
    required("price", Number),
    optional("currency", Special(&CURRENCY)),
    optional("image_url", Url),
]);
/// Meta's list of currencies is not public. Each has a code of three capital letters.
static CURRENCY: SpecialText = SpecialText {
    most: MAX_TEXT,
    accepts: |code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()),
    error: &catalogue::CURRENCY_UNKNOWN,
    kind: "",
};

/// A survey has one screen with one question.
pub static FEEDBACK: ParamTable = ParamTable::of(&[
    required("title", NonEmpty(MAX_TITLE)),
    required("subtitle", NonEmpty(MAX_SUBTITLE)),
    required("button_title", NonEmpty(MAX_BUTTON)),
    required("feedback_screens", List(&SCREENS)),
    required("business_privacy", Object(&PRIVACY)),
    optional("expires_in_days", Word(DAYS)),
]);
static SCREENS: ListOf = ListOf::of(Object(&SCREEN), Least::One, 1);
static SCREEN: ParamTable = ParamTable::of(&[required("questions", List(&QUESTIONS))]);
static QUESTIONS: ListOf = ListOf::of(OneOf(&QUESTION), Least::One, 1);
static PRIVACY: ParamTable = ParamTable::of(&[required("url", Url)]);
const DAYS: &[&str] = &["1", "2", "3", "4", "5", "6", "7"];

/// Each type of question has its own scales.
static QUESTION: ParamVariants = ParamVariants {
    key: "type",
    tables: &[("csat", &CSAT), ("nps", &NPS), ("ces", &CES), ("free_form", &FREE_FORM)],
    gone: &[],
    unknown: None,
};
static CSAT: ParamTable =
    ParamTable::of(&[optional("score_option", Word(&["one_to_five", "five_stars", "five_emojis"]))]).and(&ASKED);
static NPS: ParamTable = ParamTable::of(&[optional("score_option", Word(&["zero_to_ten"]))]).and(&ASKED);
static CES: ParamTable = ParamTable::of(&[optional("score_option", Word(&["one_to_seven"]))]).and(&ASKED);
static FREE_FORM: ParamTable = ParamTable::of(&[]).and(&ASKED);
static ASKED: [ParamKey; 4] = [
    required("id", Special(&QUESTION_ID)),
    optional("title", Text(MAX_QUESTION)),
    optional("score_label", Word(LABELS)),
    optional("follow_up", Object(&FOLLOW_UP)),
];
static QUESTION_ID: SpecialText = SpecialText {
    most: MAX_ID,
    accepts: |id| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
    error: &catalogue::PARAM_MUST_BE,
    kind: "letters, digits and underscores",
};
static FOLLOW_UP: ParamTable =
    ParamTable::of(&[required("type", Word(&["free_form"])), optional("placeholder", Text(MAX_TITLE))]);

pub fn receipt(payload: &ParamObject<'_>) -> Receipt {
    let summary = payload.object("summary");
    Receipt {
        recipient_name: payload.string("recipient_name"),
        merchant_name: payload.text("merchant_name"),
        order_number: payload.string("order_number"),
        currency: payload.string("currency"),
        payment_method: payload.string("payment_method"),
        order_url: payload.text("order_url"),
        timestamp: payload.text("timestamp"),
        address: payload.object("address").map(|object| address(&object)),
        summary: summary.map(|object| costs(&object)).unwrap_or_default(),
        adjustments: payload.objects("adjustments").iter().map(adjustment).collect(),
        elements: payload.objects("elements").iter().map(item).collect(),
        sharable: payload.flag("sharable").unwrap_or_default(),
    }
}

fn address(object: &ParamObject<'_>) -> ShippingAddress {
    ShippingAddress {
        street_1: object.string("street_1"),
        street_2: object.text("street_2"),
        city: object.string("city"),
        postal_code: object.string("postal_code"),
        state: object.string("state"),
        country: object.string("country"),
    }
}

fn costs(object: &ParamObject<'_>) -> Costs {
    Costs {
        subtotal: object.text("subtotal"),
        shipping_cost: object.text("shipping_cost"),
        total_tax: object.text("total_tax"),
        total_cost: object.string("total_cost"),
    }
}

fn adjustment(object: &ParamObject<'_>) -> Adjustment {
    Adjustment { name: object.string("name"), amount: object.string("amount") }
}

fn item(object: &ParamObject<'_>) -> ReceiptElement {
    ReceiptElement {
        title: object.string("title"),
        subtitle: object.text("subtitle"),
        quantity: object.text("quantity"),
        price: object.string("price"),
        currency: object.text("currency"),
        image_url: object.text("image_url"),
    }
}

pub fn feedback(payload: &ParamObject<'_>) -> Feedback {
    let screens = payload.objects("feedback_screens");
    let questions = screens.first().map(|screen| screen.objects("questions")).unwrap_or_default();
    let privacy = payload.object("business_privacy");
    Feedback {
        title: payload.string("title"),
        subtitle: payload.string("subtitle"),
        button_title: payload.string("button_title"),
        question: questions.first().map(question).unwrap_or_default(),
        privacy_url: privacy.map(|privacy| privacy.string("url")).unwrap_or_default(),
        expires_in_days: payload.text("expires_in_days").and_then(|days| days.parse().ok()),
    }
}

fn question(object: &ParamObject<'_>) -> SurveyQuestion {
    let word = |key: &str| object.text(key).map(|word| word.to_ascii_lowercase().into());
    SurveyQuestion {
        id: object.string("id"),
        kind: object.variant("type").into(),
        title: object.text("title"),
        score_label: word("score_label"),
        score_option: word("score_option"),
        follow_up: object.object("follow_up").map(|follow_up| follow_up.text("placeholder")),
    }
}
