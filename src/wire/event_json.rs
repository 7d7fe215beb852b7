//! The part of a webhook entry that says what happened. The order of the fields is Meta's.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::domain::event::{Lead, Visibility, WebhookEvent, WebhookPayload};
use crate::domain::model::access::Role;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::message::{Message, Reaction, Referral};
use crate::domain::model::platform::Platform;
use crate::domain::model::time::Moment;

use super::change_json::{ChangeJson, change_json};
use super::instagram_message_json::{InstagramMessageJson, instagram_message_json};
use super::message_json::{MessageJson, message_json, summary_json};
use super::referral_json::{ReferralJson, lead_referral_json, referral_json};
use super::template_reply_json::{
    NotificationOptInJson, OneTimeOptInJson, OpenedCouponJson, SurveyAnswerJson, notification_opt_in_json,
    one_time_opt_in_json, opened_coupon_json, survey_answer_json,
};

/// What an entry has beside sender, recipient and timestamp: usually one key, which `webhook.rs` writes.
pub(super) enum EventJson<'e> {
    Message(MessageJson<'e>),
    InstagramMessage(InstagramMessageJson<'e>),
    Postback(PostbackJson<'e>),
    Referral(ReferralJson<'e>),
    /// This has two keys.
    Lead(ReferralJson<'e>, LeadJson<'e>),
    PassThreadMetadata(PassedMetadataJson<'e>),
    AppRoles(AppRolesJson),
    PassThreadControl(HandoverJson<'e>),
    TakeThreadControl(HandoverJson<'e>),
    RequestThreadControl(ControlRequestJson<'e>),
    Delivery(DeliveryReceiptJson<'e>),
    Read(ReadReceiptJson<'e>),
    Reaction(ReactionJson<'e>),
    Edit(MessageEditJson<'e>),
    Unsent(UnsentJson<'e>),
    AccountLinking(AccountLinkingJson<'e>),
    OptIn(CheckboxOptInJson<'e>),
    NotificationOptIn(NotificationOptInJson<'e>),
    OneTimeOptIn(OneTimeOptInJson<'e>),
    Feedback(SurveyAnswerJson<'e>),
    Coupon(OpenedCouponJson<'e>),
    /// This is an element of `changes`, which has nothing beside it.
    Change(ChangeJson<'e>),
}

#[derive(Serialize)]
pub(super) struct LeadJson<'e> {
    data: Vec<LeadAnswerJson<'e>>,
}

#[derive(Serialize)]
struct LeadAnswerJson<'e> {
    question: &'e str,
    answer: &'e str,
}

#[derive(Serialize)]
pub(super) struct PassedMetadataJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
}

/// `{"123456789": ["primary_receiver"]}`.
pub(super) struct AppRolesJson {
    app: u64,
    role: &'static str,
}

impl Serialize for AppRolesJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.app.to_string(), [self.role])])
    }
}

/// An app id in a handover: a number, or text if the page's knob says so.
#[derive(Serialize)]
#[serde(untagged)]
enum HandoverId {
    Number(u64),
    Text(String),
}

#[derive(Serialize)]
pub(super) struct PostbackJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mid: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<ReferralJson<'e>>,
}

#[derive(Serialize)]
pub(super) struct HandoverJson<'e> {
    previous_owner_app_id: Option<HandoverId>,
    new_owner_app_id: HandoverId,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct ControlRequestJson<'e> {
    requested_owner_app_id: HandoverId,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct DeliveryReceiptJson<'e> {
    mids: Vec<&'e str>,
    watermark: u64,
}

#[derive(Serialize)]
pub(super) struct ReadReceiptJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    watermark: Option<u64>,
    /// Instagram names a message instead of a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    mid: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct ReactionJson<'e> {
    mid: &'e str,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reaction: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct MessageEditJson<'e> {
    mid: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'e str>,
    num_edit: u8,
}

#[derive(Serialize)]
pub(super) struct UnsentJson<'e> {
    mid: &'e str,
    is_deleted: bool,
}

#[derive(Serialize)]
pub(super) struct CheckboxOptInJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'e str>,
    user_ref: &'e str,
}

#[derive(Serialize)]
pub(super) struct AccountLinkingJson<'e> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_code: Option<&'e str>,
}

/// The JSON of an event, as far as `view` allows.
pub(super) fn event_json<'e>(
    config: &'e Config,
    page: AssetKey,
    event: &'e WebhookEvent,
    view: Visibility,
) -> EventJson<'e> {
    let id = |app: AppKey| handover_id(config, page, app);
    let seen = |referral: &'e Option<Arc<Referral>>| referral.as_deref().filter(|_| view.referral);
    match &event.payload {
        WebhookPayload::Message { message, referral } => message_of(config, event.platform, message, seen(referral)),
        WebhookPayload::Echo(message) | WebhookPayload::EchoInOwnField(message) => {
            message_of(config, event.platform, message, None)
        }
        WebhookPayload::Postback { mid, title, payload, referral } => EventJson::Postback(PostbackJson {
            mid: mid.as_deref().filter(|_| view.details),
            title: view.details.then_some(title),
            payload: view.payload.then_some(payload),
            referral: seen(referral).map(|referral| referral_json(config, page, referral)),
        }),
        WebhookPayload::Lead(lead) => EventJson::Lead(lead_referral_json(config, lead), lead_json(lead)),
        WebhookPayload::Summary { mid, text } => EventJson::Message(summary_json(mid, text)),
        WebhookPayload::MetadataPassed { metadata } => {
            EventJson::PassThreadMetadata(PassedMetadataJson { metadata: metadata.as_deref() })
        }
        WebhookPayload::RoleChanged { app, role } => {
            EventJson::AppRoles(AppRolesJson { app: config.app(*app).id.0, role: role_json(*role) })
        }
        WebhookPayload::Referral(referral) => EventJson::Referral(referral_json(config, page, referral)),
        WebhookPayload::Passed { previous, new, metadata } => EventJson::PassThreadControl(HandoverJson {
            previous_owner_app_id: previous.filter(|app| Some(*app) != config.native_app()).map(id),
            new_owner_app_id: id(*new),
            metadata: metadata.as_deref(),
        }),
        WebhookPayload::Taken { previous, new, metadata } => EventJson::TakeThreadControl(HandoverJson {
            previous_owner_app_id: Some(id(*previous)),
            new_owner_app_id: id(*new),
            metadata: metadata.as_deref(),
        }),
        WebhookPayload::Requested { by, metadata } => EventJson::RequestThreadControl(ControlRequestJson {
            requested_owner_app_id: id(*by),
            metadata: metadata.as_deref(),
        }),
        WebhookPayload::Delivered { mids, watermark } => EventJson::Delivery(DeliveryReceiptJson {
            mids: mids.iter().map(|mid| &**mid).collect(),
            watermark: watermark.millis(),
        }),
        WebhookPayload::Read { watermark, mid } => EventJson::Read(read_receipt_json(*watermark, mid.as_deref())),
        WebhookPayload::OptedIn { user_ref, reference } => {
            EventJson::OptIn(CheckboxOptInJson { r#ref: reference.as_deref(), user_ref })
        }
        WebhookPayload::NotificationsChosen { token, subscription, change } => {
            EventJson::NotificationOptIn(notification_opt_in_json(token, subscription, *change))
        }
        WebhookPayload::OneTimeChosen { token, payload } => {
            EventJson::OneTimeOptIn(one_time_opt_in_json(token, payload))
        }
        WebhookPayload::SurveyAnswered(answer) => EventJson::Feedback(survey_answer_json(answer)),
        WebhookPayload::CouponOpened { payload, code } => {
            EventJson::Coupon(opened_coupon_json(payload.as_deref(), code.as_deref()))
        }
        WebhookPayload::AccountLinked { code } => EventJson::AccountLinking(account_linking_json(code.as_deref())),
        WebhookPayload::Edited { mid, text, edits } => {
            EventJson::Edit(MessageEditJson { mid, text: text.as_deref(), num_edit: *edits })
        }
        WebhookPayload::Unsent { mid } => EventJson::Unsent(UnsentJson { mid, is_deleted: true }),
        WebhookPayload::Change(change) => EventJson::Change(change_json(config, page, change, event.at)),
        WebhookPayload::Reacted { mid, reaction } => EventJson::Reaction(reaction_json(mid, reaction.as_ref())),
    }
}

fn message_of<'e>(
    config: &'e Config,
    platform: Platform,
    message: &'e Message,
    referral: Option<&'e Referral>,
) -> EventJson<'e> {
    match platform {
        Platform::Messenger => EventJson::Message(message_json(config, message, referral)),
        Platform::Instagram => EventJson::InstagramMessage(instagram_message_json(config, message, referral)),
    }
}

fn read_receipt_json(watermark: Moment, mid: Option<&str>) -> ReadReceiptJson<'_> {
    ReadReceiptJson { watermark: mid.is_none().then(|| watermark.millis()), mid }
}

fn account_linking_json(code: Option<&str>) -> AccountLinkingJson<'_> {
    AccountLinkingJson { status: if code.is_some() { "linked" } else { "unlinked" }, authorization_code: code }
}

fn handover_id(config: &Config, page: AssetKey, app: AppKey) -> HandoverId {
    let asset = config.asset(page);
    match config.app_id_on(page, app).0 {
        id if asset.knobs.handover_ids_as_text || asset.platform() == Platform::Instagram => {
            HandoverId::Text(id.to_string())
        }
        id => HandoverId::Number(id),
    }
}

fn reaction_json<'e>(mid: &'e str, reaction: Option<&'e Reaction>) -> ReactionJson<'e> {
    ReactionJson {
        mid,
        action: if reaction.is_some() { "react" } else { "unreact" },
        reaction: reaction.map(|reaction| &*reaction.name),
        emoji: reaction.map(|reaction| &*reaction.emoji),
    }
}

fn lead_json(lead: &Lead) -> LeadJson<'_> {
    let data = lead.answers.iter().map(|(question, answer)| LeadAnswerJson { question, answer });
    LeadJson { data: data.collect() }
}

/// Meta's word for a role.
fn role_json(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary_receiver",
        Role::Secondary => "secondary_receiver",
    }
}
