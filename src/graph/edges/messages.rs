//! Handles `POST /{page}/messages`: the Send API.

use crate::domain::command::{Command, Send, SenderAction, Tag};
use crate::domain::model::ids::AssetKey;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::platform::Platform;
use crate::domain::model::template::Template;
use crate::domain::{Reply, rules};

use super::{instagram_messages, personas};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Object, Text, Word};
use crate::graph::http::param_table::{ParamTable, optional, required};
use crate::graph::http::params::scalar;
use crate::graph::http::response::{Result, texts};
use crate::graph::send::content;
use crate::graph::send::extensions;
use crate::graph::send::message_params::{
    ACTIONS, FOLDERS, MAX_ID, MAX_TAG, MESSAGE_OR_ACTION, MESSAGING_TYPES, REACT, REPLY_TO, THREAD_CONTROL, action,
    thread_control, warn_of_ignored,
};
use crate::graph::send::recipient;
use crate::graph::send::recipient::{RECIPIENT, Recipient};
use crate::graph::send::utility_message;

/// The parameters of the edge.
pub const PARAMS: &[&str] = &[
    "recipient",
    "message",
    "messaging_type",
    "tag",
    "sender_action",
    "payload",
    "notification_type",
    "persona_id",
    "reply_to",
    "thread_control",
    "suggestion_action",
    "folder",
];
const NOTIFICATION_TYPES: &[&str] = &["REGULAR", "SILENT_PUSH", "NO_PUSH"];
const TYPING: &[&str] = &["TYPING_ON", "TYPING_OFF"];
const SUGGESTION_ACTIONS: &[&str] = &["ACCEPT", "DISMISS", "IMPRESSION"];
/// The tags that Meta has ended: those of 2016 to 2020, and three more in April 2026.
const ENDED_TAGS: &[&str] = &[
    "ACCOUNT_UPDATE",
    "APPLICATION_UPDATE",
    "APPOINTMENT_UPDATE",
    "COMMUNITY_ALERT",
    "CONFIRMED_EVENT_REMINDER",
    "CONFIRMED_EVENT_UPDATE",
    "FEATURE_FUNCTIONALITY_UPDATE",
    "GAME_EVENT",
    "ISSUE_RESOLUTION",
    "PAIRING_UPDATE",
    "PAYMENT_UPDATE",
    "PERSONAL_FINANCE_UPDATE",
    "POST_PURCHASE_UPDATE",
    "RESERVATION_UPDATE",
    "SHIPPING_UPDATE",
    "TICKET_UPDATE",
    "TRANSPORTATION_UPDATE",
];

static SEND: ParamTable = ParamTable::of_call(&[
    required("recipient", Object(&RECIPIENT)),
    optional("message", Object(&MESSAGE)),
    optional("sender_action", Word(ACTIONS)),
    optional("messaging_type", Word(MESSAGING_TYPES)),
    optional("tag", Text(MAX_TAG)),
    optional("notification_type", Word(NOTIFICATION_TYPES)),
    optional("suggestion_action", Word(SUGGESTION_ACTIONS)),
    optional("folder", Word(FOLDERS)),
    optional("persona_id", Text(MAX_ID)),
    optional("reply_to", Object(&REPLY_TO)),
    optional("thread_control", Object(&THREAD_CONTROL)),
])
.rules(MESSAGE_OR_ACTION);
/// A message has tables of its own, for each of its forms.
static MESSAGE: ParamTable = ParamTable::open();

/// Sends a message, or performs a sender action.
pub fn send(call: &Call, page: AssetKey) -> Result {
    if recipient::platform(call) == Platform::Instagram {
        return instagram_messages::send(call, page);
    }
    let params = ParamObject::of_call(&call.params, &SEND)?;
    let command = match params.word("sender_action", ACTIONS) {
        None => MessageOrAction::Message(message(call, page, &params)?),
        Some(name) => {
            if params.has("thread_control") {
                call.warn("`thread_control` was ignored: it goes with a message, not with a sender action");
            }
            MessageOrAction::Action(action(call, name, &REACT)?)
        }
    };
    warn_of_ignored(call, &params, &["suggestion_action", "folder"], "Meta does not document what it does");
    check_persona(call, page, &params)?;
    let Recipient { thread, psid, other_id } = recipient::message_recipient(call)?;
    let recipient_id = psid.as_deref();
    let command = match command {
        MessageOrAction::Message(send) => Command::Send(thread, call.app(), Send { through: other_id, ..send }),
        MessageOrAction::Action(_) if psid.is_some() && other_id.is_some() => {
            return Err(catalogue::NOT_BUILT
                .with(&[("what", "a sender action to a comment, a post or a token")])
                .into());
        }
        MessageOrAction::Action(action) => Command::SenderAction(thread, call.app(), action),
    };
    call.execute_and_answer(command, |reply| {
        let (message_id, attachment_id) = match reply {
            Reply::Sent { mid, attachment_id } => (Some(&**mid), attachment_id.as_deref()),
            _ => (None, None),
        };
        texts(&[("recipient_id", recipient_id), ("message_id", message_id), ("attachment_id", attachment_id)])
    })
}

/// Checks `persona_id`. A persona goes with a message or a typing indicator. The person sees it; no webhook shows it.
fn check_persona(call: &Call, page: AssetKey, params: &ParamObject<'_>) -> std::result::Result<(), Failure> {
    let Some(id) = params.text("persona_id") else { return Ok(()) };
    if params.has("sender_action") && params.word("sender_action", TYPING).is_none() {
        return Err(catalogue::PERSONA_ONLY_TYPES.error().into());
    }
    match personas::exists(call, page, &id) {
        true => Ok(()),
        false => Err(Failure::by_rule(catalogue::UNKNOWN_PERSONA.error(), rules::PERSONA_UNKNOWN)),
    }
}

enum MessageOrAction {
    Message(Send),
    Action(SenderAction),
}

fn message(call: &Call, page: AssetKey, params: &ParamObject<'_>) -> std::result::Result<Send, Failure> {
    let map = call.params.object("message")?.unwrap_or_default();
    let (content, tag) = match utility_message::read(call, &map)? {
        Some(content) => {
            call.params.word("messaging_type", &["UTILITY"])?;
            (content, Some(Tag::Utility))
        }
        None => {
            let content = content::read(call, page, &map)?;
            extensions::check_message(call, page, &content)?;
            let tag = tag(params, &content)?;
            (content, tag)
        }
    };
    let reply_to = params.object("reply_to").map(|reply_to| reply_to.string("mid"));
    let thread_control = params.object("thread_control").map(|control| thread_control(call, &control));
    let metadata = map.get("metadata").and_then(scalar).map(Into::into);
    Ok(Send { content: content.into(), metadata, tag, reply_to, through: None, thread_control })
}

/// The message tag, which goes with `MESSAGE_TAG`.
fn tag(params: &ParamObject<'_>, content: &Content) -> std::result::Result<Option<Tag>, Failure> {
    let messaging_type = params.word("messaging_type", MESSAGING_TYPES);
    if messaging_type == Some("UTILITY") {
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", "message[template]")]).into());
    }
    match (params.text("tag").as_deref(), messaging_type) {
        (None, Some("MESSAGE_TAG")) => Err(catalogue::PARAM_REQUIRED.with(&[("param", "tag")]).into()),
        (None, _) => Ok(None),
        (Some(tag), Some("MESSAGE_TAG") | None) => match tag.to_ascii_uppercase().as_str() {
            "HUMAN_AGENT" => Ok(Some(Tag::HumanAgent)),
            "CUSTOMER_FEEDBACK" if is_feedback(content) => Ok(Some(Tag::CustomerFeedback)),
            // Only registered news pages may still use it, and a world cannot have those.
            news @ "NON_PROMOTIONAL_SUBSCRIPTION" => {
                Err(catalogue::NOT_BUILT.with(&[("what", &format!("tag {news}"))]).into())
            }
            ended if ENDED_TAGS.contains(&ended) => Err(catalogue::TAG_ENDED.error().into()),
            _ => Err(catalogue::INVALID_TAG.error().into()),
        },
        (Some(_), Some(other)) => Err(catalogue::PARAM_ONE_OF
            .with(&[("param", "messaging_type"), ("values", "MESSAGE_TAG"), ("got", other)])
            .into()),
    }
}

fn is_feedback(content: &Content) -> bool {
    matches!(content.attachments.first(), Some(Attachment::Template(Template::Feedback(_))))
}
