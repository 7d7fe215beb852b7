//! The JSON of the two largest templates, receipt and survey. The order of the fields is Meta's.

use serde::Serialize;
use serde_json::Number;

use crate::domain::model::template::{Adjustment, Costs, Feedback, Receipt, ReceiptElement, ShippingAddress};

#[derive(Serialize)]
pub(super) struct ReceiptJson<'e> {
    recipient_name: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_name: Option<&'e str>,
    order_number: &'e str,
    currency: &'e str,
    payment_method: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<ShippingAddressJson<'e>>,
    summary: CostsJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adjustments: Vec<AdjustmentJson<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    elements: Vec<ReceiptElementJson<'e>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sharable: bool,
}

#[derive(Serialize)]
struct ShippingAddressJson<'e> {
    street_1: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    street_2: Option<&'e str>,
    city: &'e str,
    postal_code: &'e str,
    state: &'e str,
    country: &'e str,
}

#[derive(Serialize)]
struct CostsJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_cost: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_tax: Option<Number>,
    total_cost: Option<Number>,
}

#[derive(Serialize)]
struct AdjustmentJson<'e> {
    name: &'e str,
    amount: Option<Number>,
}

#[derive(Serialize)]
struct ReceiptElementJson<'e> {
    title: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<Number>,
    price: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct SurveyTemplateJson<'e> {
    title: &'e str,
    subtitle: &'e str,
    button_title: &'e str,
    feedback_screens: [SurveyScreenJson<'e>; 1],
    business_privacy: PrivacyJson<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_days: Option<u8>,
}

#[derive(Serialize)]
struct SurveyScreenJson<'e> {
    questions: [SurveyQuestionJson<'e>; 1],
}

#[derive(Serialize)]
struct SurveyQuestionJson<'e> {
    id: &'e str,
    r#type: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score_label: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score_option: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<FollowUpFieldJson<'e>>,
}

#[derive(Serialize)]
struct FollowUpFieldJson<'e> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<&'e str>,
}

#[derive(Serialize)]
struct PrivacyJson<'e> {
    url: &'e str,
}

/// A number as the app wrote it. It was checked when it was read.
pub(super) fn number(text: &str) -> Option<Number> {
    text.parse().ok()
}

pub(super) fn receipt_json(receipt: &Receipt) -> ReceiptJson<'_> {
    ReceiptJson {
        recipient_name: &receipt.recipient_name,
        merchant_name: receipt.merchant_name.as_deref(),
        order_number: &receipt.order_number,
        currency: &receipt.currency,
        payment_method: &receipt.payment_method,
        order_url: receipt.order_url.as_deref(),
        timestamp: receipt.timestamp.as_deref(),
        address: receipt.address.as_ref().map(shipping_address_json),
        summary: costs_json(&receipt.summary),
        adjustments: receipt.adjustments.iter().map(adjustment_json).collect(),
        elements: receipt.elements.iter().map(receipt_element_json).collect(),
        sharable: receipt.sharable,
    }
}

fn shipping_address_json(address: &ShippingAddress) -> ShippingAddressJson<'_> {
    ShippingAddressJson {
        street_1: &address.street_1,
        street_2: address.street_2.as_deref(),
        city: &address.city,
        postal_code: &address.postal_code,
        state: &address.state,
        country: &address.country,
    }
}

fn costs_json(costs: &Costs) -> CostsJson {
    CostsJson {
        subtotal: costs.subtotal.as_deref().and_then(number),
        shipping_cost: costs.shipping_cost.as_deref().and_then(number),
        total_tax: costs.total_tax.as_deref().and_then(number),
        total_cost: number(&costs.total_cost),
    }
}

fn adjustment_json(adjustment: &Adjustment) -> AdjustmentJson<'_> {
    AdjustmentJson { name: &adjustment.name, amount: number(&adjustment.amount) }
}

fn receipt_element_json(item: &ReceiptElement) -> ReceiptElementJson<'_> {
    ReceiptElementJson {
        title: &item.title,
        subtitle: item.subtitle.as_deref(),
        quantity: item.quantity.as_deref().and_then(number),
        price: number(&item.price),
        currency: item.currency.as_deref(),
        image_url: item.image_url.as_deref(),
    }
}

pub(super) fn survey_template_json(feedback: &Feedback) -> SurveyTemplateJson<'_> {
    let question = &feedback.question;
    let follow_up = question.follow_up.as_ref();
    let question_json = SurveyQuestionJson {
        id: &question.id,
        r#type: &question.kind,
        title: question.title.as_deref(),
        score_label: question.score_label.as_deref(),
        score_option: question.score_option.as_deref(),
        follow_up: follow_up.map(|text| FollowUpFieldJson { r#type: "free_form", placeholder: text.as_deref() }),
    };
    SurveyTemplateJson {
        title: &feedback.title,
        subtitle: &feedback.subtitle,
        button_title: &feedback.button_title,
        feedback_screens: [SurveyScreenJson { questions: [question_json] }],
        business_privacy: PrivacyJson { url: &feedback.privacy_url },
        expires_in_days: feedback.expires_in_days,
    }
}
