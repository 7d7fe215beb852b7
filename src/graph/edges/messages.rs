//! Edges room: `POST /{page}/messages`, the Send API.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::Answer;
use crate::domain::command::{Command, ControlType, Send, SenderAction, Tag, Target, ThreadControl};
use crate::domain::ids::AppId;

use super::super::answer::{Result, json};
use super::super::call::Call;
use super::super::catalogue::{self, GraphError};
use super::super::failure::Failure;
use super::super::params::{check_length, scalar};
use super::content;
use super::recipient;

const KNOWN: &[&str] = &[
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
/// Known to Meta, and refused here by name so that nobody takes silence for success.
const NOT_BUILT: &[&str] = &["persona_id", "suggestion_action", "folder"];
const MAX_METADATA: usize = 1000;

#[derive(Serialize)]
struct Sent<'a> {
    recipient_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_id: Option<&'a str>,
}

/// Sends a message or a sender action.
pub fn send(call: &Call) -> Result {
    call.page()?;
    call.warn_of_unknown_params(KNOWN);
    refuse_what_is_not_built(call)?;
    let command = match (call.params.get("message"), call.params.get("sender_action")) {
        (Some(_), Some(_)) => return Err(catalogue::MESSAGE_AND_ACTION.error().into()),
        (None, None) => return Err(catalogue::PARAM_REQUIRED.with(&[("param", "message")]).into()),
        (Some(_), None) => Parsed::Message(message(call)?),
        (None, Some(_)) => {
            if call.params.get("thread_control").is_some() {
                call.warn("`thread_control` was ignored: it goes with a message, not with a sender action");
            }
            Parsed::Action(action(call)?)
        }
    };
    let (thread, psid) = recipient::thread(call)?;
    let obeyed = match command {
        Parsed::Message(send) => call.obey(Command::Send(thread, call.app(), send))?,
        Parsed::Action(action) => call.obey(Command::Act(thread, call.app(), action))?,
    };
    match &obeyed.answer {
        Answer::Sent { mid, attachment_id } => {
            json(&Sent { recipient_id: &psid, message_id: Some(mid), attachment_id: attachment_id.as_deref() })
        }
        Answer::Done | Answer::Made(_) => json(&Sent { recipient_id: &psid, message_id: None, attachment_id: None }),
    }
}

enum Parsed {
    Message(Send),
    Action(SenderAction),
}

fn refuse_what_is_not_built(call: &Call) -> std::result::Result<(), Failure> {
    match NOT_BUILT.iter().find(|name| call.params.get(name).is_some()) {
        Some(name) => Err(catalogue::NOT_BUILT.with(&[("what", name)]).into()),
        None => Ok(()),
    }
}

fn message(call: &Call) -> std::result::Result<Send, Failure> {
    let map = call.params.object("message")?.unwrap_or_default();
    let metadata = metadata(&map)?;
    let content = content::read(call, &map)?;
    one_of(call, "notification_type", NOTIFICATION_TYPES)?;
    let tag = tag(call)?;
    Ok(Send { content, metadata, tag, reply_to: reply_to(call)?, thread_control: thread_control(call)? })
}

fn metadata(message: &Map<String, Value>) -> std::result::Result<Option<Box<str>>, GraphError> {
    let Some(metadata) = message.get("metadata").and_then(scalar) else { return Ok(None) };
    check_length("message[metadata]", &metadata, MAX_METADATA)?;
    Ok(Some(metadata.into()))
}

/// An enum parameter in any case, as Meta spells it.
fn one_of(
    call: &Call,
    param: &str,
    values: &'static [&'static str],
) -> std::result::Result<Option<&'static str>, GraphError> {
    let Some(got) = call.params.text(param)? else { return Ok(None) };
    let known = values.iter().find(|value| value.eq_ignore_ascii_case(&got));
    let error = || catalogue::PARAM_ONE_OF.with(&[("param", param), ("values", &values.join(", ")), ("got", &got)]);
    known.copied().map(Some).ok_or_else(error)
}

fn tag(call: &Call) -> std::result::Result<Option<Tag>, Failure> {
    let messaging_type = one_of(call, "messaging_type", MESSAGING_TYPES)?;
    if messaging_type == Some("UTILITY") {
        return Err(catalogue::NOT_BUILT.with(&[("what", "messaging_type UTILITY")]).into());
    }
    match (call.params.text("tag")?.as_deref(), messaging_type) {
        (None, Some("MESSAGE_TAG")) => Err(catalogue::PARAM_REQUIRED.with(&[("param", "tag")]).into()),
        (None, _) => Ok(None),
        (Some(tag), Some("MESSAGE_TAG") | None) if tag.eq_ignore_ascii_case("HUMAN_AGENT") => Ok(Some(Tag::HumanAgent)),
        (Some(_), Some("MESSAGE_TAG") | None) => Err(catalogue::INVALID_TAG.error().into()),
        (Some(_), Some(other)) => Err(catalogue::PARAM_ONE_OF
            .with(&[("param", "messaging_type"), ("values", "MESSAGE_TAG"), ("got", other)])
            .into()),
    }
}

fn reply_to(call: &Call) -> std::result::Result<Option<Box<str>>, GraphError> {
    let Some(map) = call.params.object("reply_to")? else { return Ok(None) };
    match map.get("mid").and_then(scalar) {
        Some(mid) => Ok(Some(mid.into())),
        None => Err(catalogue::PARAM_REQUIRED.with(&[("param", "reply_to[mid]")])),
    }
}

fn action(call: &Call) -> std::result::Result<SenderAction, Failure> {
    let name = one_of(call, "sender_action", ACTIONS)?;
    Ok(match name {
        Some("TYPING_ON") => SenderAction::TypingOn,
        Some("TYPING_OFF") => SenderAction::TypingOff,
        Some("REACT") => {
            SenderAction::React { mid: payload_of(call, "message_id")?, reaction: payload_of(call, "reaction")? }
        }
        Some("UNREACT") => SenderAction::Unreact { mid: payload_of(call, "message_id")? },
        _ => SenderAction::MarkSeen,
    })
}

fn payload_of(call: &Call, key: &str) -> std::result::Result<Box<str>, GraphError> {
    let payload = call.params.object("payload")?.unwrap_or_default();
    let value = payload.get(key).and_then(scalar);
    value.map(Into::into).ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", &format!("payload[{key}]"))]))
}

fn thread_control(call: &Call) -> std::result::Result<Option<ThreadControl>, GraphError> {
    let Some(map) = call.params.object("thread_control")? else { return Ok(None) };
    let known = |key: &&String| !["payload", "app_id", "control_type"].contains(&key.as_str());
    if let Some(unknown) = map.keys().find(known) {
        return Err(catalogue::INVALID_KEYS.with(&[("keys", unknown), ("param", "thread_control")]));
    }
    let asked = ThreadControl {
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
    match asked == ThreadControl::default() {
        true => Err(catalogue::PARAM_REQUIRED.with(&[("param", "thread_control[control_type]")])),
        false => Ok(Some(asked)),
    }
}

fn control_type(
    map: &Map<String, Value>,
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

/// The app that an id names.
pub fn target(call: &Call, id: &str) -> Target {
    let app = id.parse().ok().and_then(|id| call.world().config().app_by_id(AppId(id)));
    app.map_or(Target::Unknown, Target::App)
}
