//! Handles `POST /{page}/messages`: the Send API.

use crate::domain::command::{Command, ControlType, Send, SenderAction, Tag, Target, ThreadControl};
use crate::domain::model::ids::{AppId, PageKey};
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::template::Template;
use crate::domain::{Reply, rules};

use super::personas;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_value::ParamMap;
use crate::graph::http::params::{check_length, scalar};
use crate::graph::http::response::{Result, texts};
use crate::graph::send::content;
use crate::graph::send::recipient;
use crate::graph::send::recipient::Recipient;
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
const MESSAGING_TYPES: &[&str] = &["RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"];
const NOTIFICATION_TYPES: &[&str] = &["REGULAR", "SILENT_PUSH", "NO_PUSH"];
const ACTIONS: &[&str] = &["TYPING_ON", "TYPING_OFF", "MARK_SEEN", "REACT", "UNREACT"];
const SUGGESTION_ACTIONS: &[&str] = &["ACCEPT", "DISMISS", "IMPRESSION"];
const FOLDERS: &[&str] = &["PARTNERSHIP"];
const MAX_METADATA: usize = 1000;

/// Sends a message, or performs a sender action.
pub fn send(call: &Call, page: PageKey) -> Result {
    if call.params.get("recipient").is_none() {
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", "recipient")]).into());
    }
    let command = match (call.params.get("message"), call.params.get("sender_action")) {
        (Some(_), Some(_)) => return Err(catalogue::MESSAGE_AND_ACTION.error().into()),
        (None, None) => return Err(catalogue::MESSAGE_OR_ACTION.error().into()),
        (Some(_), None) => MessageOrAction::Message(message(call)?),
        (None, Some(_)) => {
            if call.params.get("thread_control").is_some() {
                call.warn("`thread_control` was ignored: it goes with a message, not with a sender action");
            }
            MessageOrAction::Action(action(call)?)
        }
    };
    check_ignored_params(call)?;
    check_persona(call, page)?;
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
fn check_persona(call: &Call, page: PageKey) -> std::result::Result<(), Failure> {
    let Some(id) = call.params.text("persona_id")? else { return Ok(()) };
    let action = call.params.text("sender_action")?;
    if action.is_some_and(|action| !["typing_on", "typing_off"].contains(&&*action.to_ascii_lowercase())) {
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

/// Checks the values of parameters that change nothing here. The ledger warns that they were ignored.
fn check_ignored_params(call: &Call) -> std::result::Result<(), GraphError> {
    call.params.word("notification_type", NOTIFICATION_TYPES)?;
    for (param, words) in [("suggestion_action", SUGGESTION_ACTIONS), ("folder", FOLDERS)] {
        if call.params.word(param, words)?.is_some() {
            call.warn(format!("`{param}` was ignored: Meta does not document what it does"));
        }
    }
    Ok(())
}

fn message(call: &Call) -> std::result::Result<Send, Failure> {
    let map = call.params.object("message")?.unwrap_or_default();
    let metadata = metadata(&map)?;
    let (content, tag) = match utility_message::read(call, &map)? {
        Some(content) => {
            call.params.word("messaging_type", &["UTILITY"])?;
            (content, Some(Tag::Utility))
        }
        None => {
            let content = content::read(call, &map)?;
            let tag = tag(call, &content)?;
            (content, tag)
        }
    };
    let content = content.into();
    Ok(Send { content, metadata, tag, reply_to: reply_to(call)?, through: None, thread_control: thread_control(call)? })
}

fn metadata(message: &ParamMap<'_>) -> std::result::Result<Option<Box<str>>, GraphError> {
    let Some(metadata) = message.get("metadata").and_then(scalar) else { return Ok(None) };
    check_length("message[metadata]", &metadata, MAX_METADATA)?;
    Ok(Some(metadata.into()))
}

/// The message tag, which goes with `MESSAGE_TAG`. A tag that Meta has ended is answered like one that never existed.
fn tag(call: &Call, content: &Content) -> std::result::Result<Option<Tag>, Failure> {
    let messaging_type = call.params.word("messaging_type", MESSAGING_TYPES)?;
    if messaging_type == Some("UTILITY") {
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", "message[template]")]).into());
    }
    match (call.params.text("tag")?.as_deref(), messaging_type) {
        (None, Some("MESSAGE_TAG")) => Err(catalogue::PARAM_REQUIRED.with(&[("param", "tag")]).into()),
        (None, _) => Ok(None),
        (Some(tag), Some("MESSAGE_TAG") | None) => match tag.to_ascii_uppercase().as_str() {
            "HUMAN_AGENT" => Ok(Some(Tag::HumanAgent)),
            "CUSTOMER_FEEDBACK" if is_feedback(content) => Ok(Some(Tag::CustomerFeedback)),
            // Only registered news pages may still use it, and a world cannot have those.
            news @ "NON_PROMOTIONAL_SUBSCRIPTION" => {
                Err(catalogue::NOT_BUILT.with(&[("what", &format!("tag {news}"))]).into())
            }
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

fn reply_to(call: &Call) -> std::result::Result<Option<Box<str>>, GraphError> {
    let Some(map) = call.params.object("reply_to")? else { return Ok(None) };
    match map.get("mid").and_then(scalar) {
        Some(mid) => Ok(Some(mid.into())),
        None => Err(catalogue::PARAM_REQUIRED.with(&[("param", "reply_to[mid]")])),
    }
}

fn action(call: &Call) -> std::result::Result<SenderAction, Failure> {
    let name = call.params.word("sender_action", ACTIONS)?;
    Ok(match name {
        Some("TYPING_ON") => SenderAction::TypingOn,
        Some("TYPING_OFF") => SenderAction::TypingOff,
        Some("REACT") => {
            SenderAction::React { mid: payload_text(call, "message_id")?, reaction: payload_text(call, "reaction")? }
        }
        Some("UNREACT") => SenderAction::Unreact { mid: payload_text(call, "message_id")? },
        _ => SenderAction::MarkSeen,
    })
}

fn payload_text(call: &Call, key: &str) -> std::result::Result<Box<str>, GraphError> {
    let payload = call.params.object("payload")?.unwrap_or_default();
    let value = payload.get(key).and_then(scalar);
    value.map(Into::into).ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", &format!("payload[{key}]"))]))
}

fn thread_control(call: &Call) -> std::result::Result<Option<ThreadControl>, GraphError> {
    let Some(map) = call.params.object("thread_control")? else { return Ok(None) };
    let known = |key: &&str| !["payload", "app_id", "control_type"].contains(key);
    if let Some(unknown) = map.keys().find(known) {
        return Err(catalogue::INVALID_KEYS.with(&[("keys", unknown), ("param", "thread_control")]));
    }
    let control = ThreadControl {
        payload: control_type(
            &map,
            "payload",
            [("pass_thread_control", ControlType::Pass), ("release_thread_control", ControlType::Release)],
        )?,
        app: map.get("app_id").and_then(scalar).map(|id| target(call, &id)),
        control_type: control_type(
            &map,
            "control_type",
            [("pass", ControlType::Pass), ("release", ControlType::Release)],
        )?,
    };
    match control == ThreadControl::default() {
        true => Err(catalogue::PARAM_REQUIRED.with(&[("param", "thread_control[control_type]")])),
        false => Ok(Some(control)),
    }
}

fn control_type(
    map: &ParamMap<'_>,
    key: &str,
    words: [(&str, ControlType); 2],
) -> std::result::Result<Option<ControlType>, GraphError> {
    let Some(value) = map.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    let got = scalar(value).unwrap_or_default();
    let known = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&got));
    known.map(|(_, control)| Some(*control)).ok_or_else(|| {
        let values = words.map(|(word, _)| word).join(", ");
        catalogue::PARAM_ONE_OF.with(&[
            ("param", &format!("thread_control[{key}]")),
            ("values", &values),
            ("got", &got),
        ])
    })
}

/// The app of an id, as the target of a hand-over.
pub fn target(call: &Call, id: &str) -> Target {
    let app = id.parse().ok().and_then(|id| call.config().app_by_id(AppId(id)));
    app.map_or(Target::Unknown, Target::App)
}
