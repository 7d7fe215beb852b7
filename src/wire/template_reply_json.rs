//! The JSON of what people do with templates: opt-ins, answered surveys and opened coupons. The order of the fields is Meta's.

use serde::{Serialize, Serializer};

use crate::domain::event::{NotificationChange, SurveyAnswer};
use crate::domain::model::notification_subscription::{EXPIRES, NotificationSubscription};

#[derive(Serialize)]
pub(super) struct NotificationOptInJson<'e> {
    r#type: &'static str,
    payload: &'e str,
    notification_messages_token: &'e str,
    notification_messages_timezone: &'e str,
    token_expiry_timestamp: u64,
    user_token_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_status: Option<&'static str>,
    title: &'e str,
}

#[derive(Serialize)]
pub(super) struct OneTimeOptInJson<'e> {
    r#type: &'static str,
    payload: &'e str,
    one_time_notif_token: &'e str,
}

#[derive(Serialize)]
pub(super) struct SurveyAnswerJson<'e> {
    feedback_screens: [AnsweredScreenJson<'e>; 1],
}

#[derive(Serialize)]
struct AnsweredScreenJson<'e> {
    screen_id: u8,
    questions: AnsweredQuestionsJson<'e>,
}

/// `{"question_1": {…}}`.
struct AnsweredQuestionsJson<'e>(&'e SurveyAnswer);

#[derive(Serialize)]
struct AnsweredQuestionJson<'e> {
    r#type: &'e str,
    payload: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<FollowUpAnswerJson<'e>>,
}

#[derive(Serialize)]
struct FollowUpAnswerJson<'e> {
    r#type: &'static str,
    payload: &'e str,
}

impl Serialize for AnsweredQuestionsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SurveyAnswer { question, kind, payload, follow_up } = self.0;
        let follow_up = follow_up.as_deref().map(|payload| FollowUpAnswerJson { r#type: "free_form", payload });
        serializer.collect_map([(question, AnsweredQuestionJson { r#type: kind, payload, follow_up })])
    }
}

#[derive(Serialize)]
pub(super) struct OpenedCouponJson<'e> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_code: Option<&'e str>,
}

pub(super) fn notification_opt_in_json<'e>(
    token: &'e str,
    subscription: &'e NotificationSubscription,
    change: Option<NotificationChange>,
) -> NotificationOptInJson<'e> {
    NotificationOptInJson {
        r#type: "notification_messages",
        payload: &subscription.payload,
        notification_messages_token: token,
        notification_messages_timezone: &subscription.timezone,
        token_expiry_timestamp: EXPIRES.millis(),
        user_token_status: token_status(subscription),
        notification_messages_status: change.map(|change| match change {
            NotificationChange::Stops => "STOP NOTIFICATIONS",
            NotificationChange::Resumes => "RESUME NOTIFICATIONS",
        }),
        title: &subscription.topic,
    }
}

/// Meta's word for whether a person has opted in more than once.
pub fn token_status(subscription: &NotificationSubscription) -> &'static str {
    if subscription.renewed { "REFRESHED" } else { "NOT_REFRESHED" }
}

pub(super) fn one_time_opt_in_json<'e>(token: &'e str, payload: &'e str) -> OneTimeOptInJson<'e> {
    OneTimeOptInJson { r#type: "one_time_notif_req", payload, one_time_notif_token: token }
}

pub(super) fn survey_answer_json(answer: &SurveyAnswer) -> SurveyAnswerJson<'_> {
    SurveyAnswerJson {
        feedback_screens: [AnsweredScreenJson { screen_id: 0, questions: AnsweredQuestionsJson(answer) }],
    }
}

pub(super) fn opened_coupon_json<'e>(payload: Option<&'e str>, code: Option<&'e str>) -> OpenedCouponJson<'e> {
    OpenedCouponJson { r#type: "coupon", payload, coupon_code: code }
}
