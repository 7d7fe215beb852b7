//! Reads the two largest templates: the receipt of an order, and customer feedback, which is a survey.

use crate::domain::model::template::{
    Adjustment, Costs, Feedback, Receipt, ReceiptElement, ShippingAddress, SurveyQuestion,
};

use crate::graph::errors::catalogue;
use crate::graph::http::param_object::{ParamObject, ParamResult};

/// Meta gives no limit for these texts of an order. This one bounds what a world keeps.
const MAX_TEXT: usize = 640;
const MAX_ITEMS: usize = 100;
const MAX_TITLE: usize = 65;
const MAX_SUBTITLE: usize = 80;
const MAX_BUTTON: usize = 20;
const MAX_ID: usize = 80;
const MAX_QUESTION: usize = 85;
const MAX_DAYS: u8 = 7;
const LABELS: &[&str] = &["neg_pos", "hard_easy", "dis_sat", "unlike_like", "poor_great", "none"];

pub fn receipt(payload: &ParamObject<'_>) -> ParamResult<Receipt> {
    payload.check_keys(&[
        "template_type",
        "sharable",
        "recipient_name",
        "merchant_name",
        "order_number",
        "currency",
        "payment_method",
        "order_url",
        "timestamp",
        "address",
        "summary",
        "adjustments",
        "elements",
    ])?;
    let items = payload.objects("elements")?;
    if items.len() > MAX_ITEMS {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "name_placeholder[elements]")]));
    }
    Ok(Receipt {
        recipient_name: payload.nonempty("recipient_name", MAX_TEXT)?,
        merchant_name: payload.at_most("merchant_name", MAX_TEXT)?,
        order_number: payload.nonempty("order_number", MAX_TEXT)?,
        currency: payload.nonempty("currency", MAX_TEXT)?,
        payment_method: payload.nonempty("payment_method", MAX_TEXT)?,
        order_url: payload.url("order_url")?,
        timestamp: payload.number("timestamp")?,
        address: payload.object("address")?.map(|object| address(&object)).transpose()?,
        summary: costs(&payload.required_object("summary")?)?,
        adjustments: payload.objects("adjustments")?.iter().map(adjustment).collect::<ParamResult<_>>()?,
        elements: items.iter().map(item).collect::<ParamResult<_>>()?,
        sharable: payload.flag("sharable")?.unwrap_or_default(),
    })
}

fn address(object: &ParamObject<'_>) -> ParamResult<ShippingAddress> {
    object.check_keys(&["street_1", "street_2", "city", "postal_code", "state", "country"])?;
    Ok(ShippingAddress {
        street_1: object.nonempty("street_1", MAX_TEXT)?,
        street_2: object.at_most("street_2", MAX_TEXT)?,
        city: object.nonempty("city", MAX_TEXT)?,
        postal_code: object.nonempty("postal_code", MAX_TEXT)?,
        state: object.nonempty("state", MAX_TEXT)?,
        country: object.nonempty("country", MAX_TEXT)?,
    })
}

fn costs(object: &ParamObject<'_>) -> ParamResult<Costs> {
    object.check_keys(&["subtotal", "shipping_cost", "total_tax", "total_cost"])?;
    Ok(Costs {
        subtotal: object.number("subtotal")?,
        shipping_cost: object.number("shipping_cost")?,
        total_tax: object.number("total_tax")?,
        total_cost: object.required_number("total_cost")?,
    })
}

fn adjustment(object: &ParamObject<'_>) -> ParamResult<Adjustment> {
    object.check_keys(&["name", "amount"])?;
    Ok(Adjustment { name: object.nonempty("name", MAX_TEXT)?, amount: object.required_number("amount")? })
}

fn item(object: &ParamObject<'_>) -> ParamResult<ReceiptElement> {
    object.check_keys(&["title", "subtitle", "quantity", "price", "currency", "image_url"])?;
    Ok(ReceiptElement {
        title: object.nonempty("title", MAX_TEXT)?,
        subtitle: object.at_most("subtitle", MAX_TEXT)?,
        quantity: object.number("quantity")?,
        price: object.required_number("price")?,
        currency: object.at_most("currency", MAX_TEXT)?,
        image_url: object.url("image_url")?,
    })
}

/// A survey has one screen with one question.
pub fn feedback(payload: &ParamObject<'_>) -> ParamResult<Feedback> {
    payload.check_keys(&[
        "template_type",
        "title",
        "subtitle",
        "button_title",
        "feedback_screens",
        "business_privacy",
        "expires_in_days",
    ])?;
    let screens = payload.counted_objects("feedback_screens", 1, 1)?;
    let Some(screen) = screens.first() else { return Err(payload.missing("feedback_screens")) };
    screen.check_keys(&["questions"])?;
    let questions = screen.counted_objects("questions", 1, 1)?;
    let Some(asked) = questions.first() else { return Err(screen.missing("questions")) };
    let privacy = payload.required_object("business_privacy")?;
    privacy.check_keys(&["url"])?;
    Ok(Feedback {
        title: payload.nonempty("title", MAX_TITLE)?,
        subtitle: payload.nonempty("subtitle", MAX_SUBTITLE)?,
        button_title: payload.nonempty("button_title", MAX_BUTTON)?,
        question: question(asked)?,
        privacy_url: privacy.required_url("url")?,
        expires_in_days: days(payload)?,
    })
}

fn days(payload: &ParamObject<'_>) -> ParamResult<Option<u8>> {
    let Some(text) = payload.text("expires_in_days")? else { return Ok(None) };
    let days = text.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    days.map(Some).ok_or_else(|| payload.must_be("expires_in_days", "a number from 1 to 7"))
}

/// Each type of question has its own scales.
fn question(object: &ParamObject<'_>) -> ParamResult<SurveyQuestion> {
    const SCALES: [(&str, &[&str]); 4] = [
        ("csat", &["one_to_five", "five_stars", "five_emojis"]),
        ("nps", &["zero_to_ten"]),
        ("ces", &["one_to_seven"]),
        ("free_form", &[]),
    ];
    object.check_keys(&["id", "type", "title", "score_label", "score_option", "follow_up"])?;
    let kind = object.required_word("type", &SCALES.map(|(kind, _)| kind))?;
    let scale = SCALES.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, scale)| scale);
    Ok(SurveyQuestion {
        id: question_id(object)?,
        kind: kind.into(),
        title: object.at_most("title", MAX_QUESTION)?,
        score_label: object.word("score_label", LABELS)?.map(Into::into),
        score_option: object.word("score_option", scale)?.map(Into::into),
        follow_up: object.object("follow_up")?.map(|object| follow_up(&object)).transpose()?,
    })
}

fn question_id(object: &ParamObject<'_>) -> ParamResult<Box<str>> {
    let id = object.nonempty("id", MAX_ID)?;
    let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_id { Ok(id) } else { Err(object.must_be("id", "letters, digits and underscores")) }
}

fn follow_up(object: &ParamObject<'_>) -> ParamResult<Option<Box<str>>> {
    object.check_keys(&["type", "placeholder"])?;
    object.required_word("type", &["free_form"])?;
    object.at_most("placeholder", MAX_TITLE)
}
