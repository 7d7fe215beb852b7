//! Edges room: the templates that are whole forms: an order's receipt, and a survey.

use crate::domain::model::template::{
    Adjustment, Costs, Feedback, Receipt, ReceiptElement, ShippingAddress, SurveyQuestion,
};

use super::part::{Parsed, Part};
use crate::graph::errors::catalogue;

/// Text of an order that Meta gives no limit for; this bounds what a world remembers.
const MAX_TEXT: usize = 640;
const MAX_ITEMS: usize = 100;
const MAX_TITLE: usize = 65;
const MAX_SUBTITLE: usize = 80;
const MAX_BUTTON: usize = 20;
const MAX_ID: usize = 80;
const MAX_QUESTION: usize = 85;
const MAX_DAYS: u8 = 7;
const LABELS: &[&str] = &["neg_pos", "hard_easy", "dis_sat", "unlike_like", "poor_great", "none"];

/// Reads an order.
pub fn receipt(payload: &Part<'_>) -> Parsed<Receipt> {
    payload.knows(&[
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
    let items = payload.parts("elements")?;
    if items.len() > MAX_ITEMS {
        return Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "name_placeholder[elements]")]));
    }
    Ok(Receipt {
        recipient_name: payload.filled("recipient_name", MAX_TEXT)?,
        merchant_name: payload.limited("merchant_name", MAX_TEXT)?,
        order_number: payload.filled("order_number", MAX_TEXT)?,
        currency: payload.filled("currency", MAX_TEXT)?,
        payment_method: payload.filled("payment_method", MAX_TEXT)?,
        order_url: payload.url("order_url")?,
        timestamp: payload.number("timestamp")?,
        address: payload.part("address")?.map(|part| address(&part)).transpose()?,
        summary: costs(&payload.needed_part("summary")?)?,
        adjustments: payload.parts("adjustments")?.iter().map(adjustment).collect::<Parsed<_>>()?,
        elements: items.iter().map(item).collect::<Parsed<_>>()?,
        sharable: payload.flag("sharable")?.unwrap_or_default(),
    })
}

fn address(part: &Part<'_>) -> Parsed<ShippingAddress> {
    part.knows(&["street_1", "street_2", "city", "postal_code", "state", "country"])?;
    Ok(ShippingAddress {
        street_1: part.filled("street_1", MAX_TEXT)?,
        street_2: part.limited("street_2", MAX_TEXT)?,
        city: part.filled("city", MAX_TEXT)?,
        postal_code: part.filled("postal_code", MAX_TEXT)?,
        state: part.filled("state", MAX_TEXT)?,
        country: part.filled("country", MAX_TEXT)?,
    })
}

fn costs(part: &Part<'_>) -> Parsed<Costs> {
    part.knows(&["subtotal", "shipping_cost", "total_tax", "total_cost"])?;
    Ok(Costs {
        subtotal: part.number("subtotal")?,
        shipping_cost: part.number("shipping_cost")?,
        total_tax: part.number("total_tax")?,
        total_cost: part.needed_number("total_cost")?,
    })
}

fn adjustment(part: &Part<'_>) -> Parsed<Adjustment> {
    part.knows(&["name", "amount"])?;
    Ok(Adjustment { name: part.filled("name", MAX_TEXT)?, amount: part.needed_number("amount")? })
}

fn item(part: &Part<'_>) -> Parsed<ReceiptElement> {
    part.knows(&["title", "subtitle", "quantity", "price", "currency", "image_url"])?;
    Ok(ReceiptElement {
        title: part.filled("title", MAX_TEXT)?,
        subtitle: part.limited("subtitle", MAX_TEXT)?,
        quantity: part.number("quantity")?,
        price: part.needed_number("price")?,
        currency: part.limited("currency", MAX_TEXT)?,
        image_url: part.url("image_url")?,
    })
}

/// Reads a survey: one screen with one question.
pub fn feedback(payload: &Part<'_>) -> Parsed<Feedback> {
    payload.knows(&[
        "template_type",
        "title",
        "subtitle",
        "button_title",
        "feedback_screens",
        "business_privacy",
        "expires_in_days",
    ])?;
    let screens = payload.counted("feedback_screens", 1, 1)?;
    let Some(screen) = screens.first() else { return Err(payload.missing("feedback_screens")) };
    screen.knows(&["questions"])?;
    let questions = screen.counted("questions", 1, 1)?;
    let Some(asked) = questions.first() else { return Err(screen.missing("questions")) };
    let privacy = payload.needed_part("business_privacy")?;
    privacy.knows(&["url"])?;
    Ok(Feedback {
        title: payload.filled("title", MAX_TITLE)?,
        subtitle: payload.filled("subtitle", MAX_SUBTITLE)?,
        button_title: payload.filled("button_title", MAX_BUTTON)?,
        question: question(asked)?,
        privacy_url: privacy.needed_url("url")?,
        expires_in_days: days(payload)?,
    })
}

fn days(payload: &Part<'_>) -> Parsed<Option<u8>> {
    let Some(text) = payload.text("expires_in_days")? else { return Ok(None) };
    let days = text.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    days.map(Some).ok_or_else(|| payload.must_be("expires_in_days", "a number from 1 to 7"))
}

/// Each kind of question has scales of its own.
fn question(part: &Part<'_>) -> Parsed<SurveyQuestion> {
    const SCALES: [(&str, &[&str]); 4] = [
        ("csat", &["one_to_five", "five_stars", "five_emojis"]),
        ("nps", &["zero_to_ten"]),
        ("ces", &["one_to_seven"]),
        ("free_form", &[]),
    ];
    part.knows(&["id", "type", "title", "score_label", "score_option", "follow_up"])?;
    let kind = part.needed_word("type", &SCALES.map(|(kind, _)| kind))?;
    let scale = SCALES.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, scale)| scale);
    Ok(SurveyQuestion {
        id: question_id(part)?,
        kind: kind.into(),
        title: part.limited("title", MAX_QUESTION)?,
        score_label: part.word("score_label", LABELS)?.map(Into::into),
        score_option: part.word("score_option", scale)?.map(Into::into),
        follow_up: part.part("follow_up")?.map(|part| follow_up(&part)).transpose()?,
    })
}

fn question_id(part: &Part<'_>) -> Parsed<Box<str>> {
    let id = part.filled("id", MAX_ID)?;
    let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_id { Ok(id) } else { Err(part.must_be("id", "letters, digits and underscores")) }
}

fn follow_up(part: &Part<'_>) -> Parsed<Option<Box<str>>> {
    part.knows(&["type", "placeholder"])?;
    part.needed_word("type", &["free_form"])?;
    part.limited("placeholder", MAX_TITLE)
}
