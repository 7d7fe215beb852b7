//! How many bytes an entry of the ledger keeps, estimated when it is written. What several entries share counts where it stands first: the
//! content of a message with its command and with its event, but not with the entry of each receiver.

use crate::domain::event::{Event, WebhookEvent, WebhookPayload};
use crate::domain::model::account_change::AccountChange;
use crate::domain::model::byte_count::byte_count;
use crate::domain::model::page_change::PageChange;

use super::ledger_entry::{DeliveryAttempt, DeliveryResult, GraphCall, LedgerEntry, Record};

/// What an entry costs without anything that it points to.
const ENTRY: usize = size_of::<LedgerEntry>();
/// What a command or an event costs beside its texts.
const POINTED_TO: usize = 200;

/// The bytes of an entry.
pub(super) fn entry_size(record: &Record) -> u32 {
    let beside = match record {
        Record::Command { command, .. } => POINTED_TO + byte_count(&**command),
        Record::Refused { command, .. } => 2 * POINTED_TO + byte_count(&**command),
        Record::Happened(event) => event_size(event),
        Record::GraphCall(call) => call_size(call),
        Record::DeliveryAttempt(attempt) => attempt_size(attempt),
        Record::Warning { text, .. } => text.len(),
        Record::Armed { fault, .. } => size_of_val(&**fault),
        Record::Webhook { .. } | Record::Read { .. } | Record::Disarmed { .. } | Record::ClockTurned { .. } => 0,
    };
    u32::try_from(ENTRY + beside).unwrap_or(u32::MAX)
}

fn call_size(call: &GraphCall) -> usize {
    let error = call.error.as_ref().map_or(0, |error| error.message.len());
    let content_type = call.request.content_type.as_ref().map_or(0, |text| text.len());
    size_of::<GraphCall>()
        + call.request.target.len()
        + content_type
        + call.request.body.len()
        + call.answer.len()
        + error
}

fn attempt_size(attempt: &DeliveryAttempt) -> usize {
    let why = match &attempt.result {
        DeliveryResult::Failed(why) => why.len(),
        DeliveryResult::Answered(_) | DeliveryResult::Lost => 0,
    };
    let webhooks = size_of_val(attempt.request.more.as_slice());
    size_of::<DeliveryAttempt>() + webhooks + attempt.url.as_deref().map_or(0, str::len) + attempt.said.len() + why
}

fn event_size(event: &Event) -> usize {
    match event {
        Event::WebhookEvent(webhook_event) => webhook_event_size(webhook_event),
        Event::Shown { message, .. } => POINTED_TO + byte_count(&*message.content),
        Event::SettingChanged { what: text, .. } | Event::Warning { text, .. } => text.len(),
        Event::Routed { .. }
        | Event::OwnerChanged { .. }
        | Event::WindowOpened { .. }
        | Event::ControlKept { .. }
        | Event::Allowed { .. }
        | Event::Applied { .. }
        | Event::Delivery { .. } => 0,
    }
}

fn webhook_event_size(event: &WebhookEvent) -> usize {
    let texts = match &event.payload {
        WebhookPayload::Message { message, .. }
        | WebhookPayload::Echo(message)
        | WebhookPayload::EchoInOwnField(message) => byte_count(&*message.content),
        WebhookPayload::Postback { title, payload, .. } => title.len() + payload.len(),
        WebhookPayload::Lead(lead) => byte_count(&lead.answers),
        WebhookPayload::Summary { text, .. } => text.len(),
        WebhookPayload::Edited { text, .. } => length(text.as_deref()),
        WebhookPayload::OptedIn { user_ref, reference } => user_ref.len() + length(reference.as_deref()),
        WebhookPayload::OneTimeChosen { token, payload } => token.len() + payload.len(),
        WebhookPayload::SurveyAnswered(answer) => {
            answer.question.len() + answer.payload.len() + length(answer.follow_up.as_deref())
        }
        WebhookPayload::CouponOpened { payload, code } => length(payload.as_deref()) + length(code.as_deref()),
        WebhookPayload::AccountLinked { code } => length(code.as_deref()),
        WebhookPayload::Passed { metadata, .. }
        | WebhookPayload::Taken { metadata, .. }
        | WebhookPayload::Requested { metadata, .. }
        | WebhookPayload::MetadataPassed { metadata } => length(metadata.as_deref()),
        WebhookPayload::Change(change) => change_size(change),
        WebhookPayload::Delivered { mids, .. } => size_of_val(mids.as_slice()),
        WebhookPayload::Referral(_)
        | WebhookPayload::RoleChanged { .. }
        | WebhookPayload::Read { .. }
        | WebhookPayload::Reacted { .. }
        | WebhookPayload::Unsent { .. }
        | WebhookPayload::NotificationsChosen { .. } => 0,
    };
    size_of::<WebhookEvent>() + POINTED_TO + texts
}

fn change_size(change: &PageChange) -> usize {
    let texts = match change {
        PageChange::Feed(change) => length(change.message.as_deref()),
        PageChange::Mention(mention) => mention.text.len(),
        PageChange::OnAccount(AccountChange::Comment(comment) | AccountChange::MentionInComment(comment)) => {
            comment.text.len()
        }
        PageChange::OnAccount(AccountChange::Mention { .. } | AccountChange::StoryInsights { .. }) => 0,
        PageChange::TemplateReviewed(_) | PageChange::Test(_) => 0,
    };
    size_of::<PageChange>() + texts
}

fn length(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}
