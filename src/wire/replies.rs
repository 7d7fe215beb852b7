//! Wire room: what people answer to templates: opt-ins, surveys and coupons.

use serde::{Serialize, Serializer};

use crate::domain::event::{NotificationChange, SurveyAnswer};
use crate::domain::model::notification_subscription::{EXPIRES, NotificationSubscription};

#[derive(Serialize)]
pub struct NotificationOptInItem<'e> {
    r#type: &'static str,
    payload: &'e str,
    notification_messages_token: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_timezone: Option<&'e str>,
    token_expiry_timestamp: u64,
    user_token_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_status: Option<&'static str>,
    title: &'e str,
}

#[derive(Serialize)]
pub struct OneTimeOptInItem<'e> {
    r#type: &'static str,
    payload: &'e str,
    one_time_notif_token: &'e str,
}

#[derive(Serialize)]
pub struct FeedbackItem<'e> {
    feedback_screens: [ScreenItem<'e>; 1],
}

#[derive(Serialize)]
struct ScreenItem<'e> {
    screen_id: u8,
    questions: QuestionsItem<'e>,
}

/// `{"question_1": {…}}`.
struct QuestionsItem<'e>(&'e SurveyAnswer);

#[derive(Serialize)]
struct ScoreItem<'e> {
    r#type: &'e str,
    payload: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<WordsItem<'e>>,
}

#[derive(Serialize)]
struct WordsItem<'e> {
    r#type: &'static str,
    payload: &'e str,
}

impl Serialize for QuestionsItem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SurveyAnswer { question, kind, payload, follow_up } = self.0;
        let follow_up = follow_up.as_deref().map(|payload| WordsItem { r#type: "free_form", payload });
        serializer.collect_map([(question, ScoreItem { r#type: kind, payload, follow_up })])
    }
}

#[derive(Serialize)]
pub struct CouponItem<'e> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_code: Option<&'e str>,
}

/// What a person chose about notification messages.
pub fn notification_item<'e>(
    token: &'e str,
    subscription: &'e NotificationSubscription,
    change: Option<NotificationChange>,
) -> NotificationOptInItem<'e> {
    NotificationOptInItem {
        r#type: "notification_messages",
        payload: &subscription.payload,
        notification_messages_token: token,
        notification_messages_timezone: subscription.timezone.as_deref(),
        token_expiry_timestamp: EXPIRES.0,
        user_token_status: token_status(subscription),
        notification_messages_status: change.map(|change| match change {
            NotificationChange::Stops => "STOP NOTIFICATIONS",
            NotificationChange::Resumes => "RESUME NOTIFICATIONS",
        }),
        title: &subscription.topic,
    }
}

/// Meta's word for whether a person has opted in anew.
pub fn token_status(subscription: &NotificationSubscription) -> &'static str {
    if subscription.renewed { "REFRESHED" } else { "NOT_REFRESHED" }
}

/// What a person gave to be sent one message.
pub fn one_time_item<'e>(token: &'e str, payload: &'e str) -> OneTimeOptInItem<'e> {
    OneTimeOptInItem { r#type: "one_time_notif_req", payload, one_time_notif_token: token }
}

/// A survey, filled in: one screen with one question.
pub fn feedback_item(answer: &SurveyAnswer) -> FeedbackItem<'_> {
    FeedbackItem { feedback_screens: [ScreenItem { screen_id: 0, questions: QuestionsItem(answer) }] }
}

/// A coupon that was looked at.
pub fn coupon_item<'e>(payload: Option<&'e str>, code: Option<&'e str>) -> CouponItem<'e> {
    CouponItem { r#type: "coupon", payload, coupon_code: code }
}
