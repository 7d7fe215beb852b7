//! What a call of the Send API has beside recipient and message, on either platform: sender actions, `reply_to` and `thread_control`.

use crate::domain::command::{ControlType, SenderAction, Target, ThreadControl};
use crate::domain::model::ids::AppId;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{NonEmpty, NonEmptyScalar, Object, Text, Word};
use crate::graph::http::param_table::{ParamRule, ParamTable, optional, required};
use crate::graph::send::recipient;

pub const MESSAGING_TYPES: &[&str] = &["RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"];
pub const ACTIONS: &[&str] = &["TYPING_ON", "TYPING_OFF", "MARK_SEEN", "REACT", "UNREACT"];
pub const FOLDERS: &[&str] = &["PARTNERSHIP"];
const CONTROL_PAYLOADS: &[&str] = &["pass_thread_control", "release_thread_control"];
const CONTROL_TYPES: &[&str] = &["pass", "release"];
/// More characters than the id of a message or of a persona has.
pub const MAX_ID: usize = 1000;
pub const MAX_TAG: usize = 100;
const MAX_REACTION: usize = 100;

/// A call has a message or an action.
pub const MESSAGE_OR_ACTION: &[ParamRule] = &[
    ParamRule::AnyOf(&["message", "sender_action"], &catalogue::MESSAGE_OR_ACTION),
    ParamRule::AtMostOne(&["message", "sender_action"], &catalogue::MESSAGE_AND_ACTION),
];
pub static REPLY_TO: ParamTable = ParamTable::of(&[required("mid", NonEmptyScalar(MAX_ID))]);
pub static THREAD_CONTROL: ParamTable = ParamTable::of(&[
    optional("payload", Word(CONTROL_PAYLOADS)),
    optional("app_id", NonEmptyScalar(MAX_ID)),
    optional("control_type", Word(CONTROL_TYPES)),
])
.rules(&[ParamRule::AnyOf(&["control_type", "payload", "app_id"], &catalogue::PARAM_REQUIRED)]);
/// `react` with any word or emoji.
pub static REACT: ParamTable = ParamTable::of_call(&[required("payload", Object(&REACTION))]);
static REACTION: ParamTable =
    ParamTable::of(&[required("message_id", NonEmptyScalar(MAX_ID)), required("reaction", NonEmpty(MAX_REACTION))]);
/// `react` with the one reaction that apps have on Instagram through graph.facebook.com.
pub static REACT_WITH_LOVE: ParamTable = ParamTable::of_call(&[required("payload", Object(&LOVE))]);
static LOVE: ParamTable =
    ParamTable::of(&[required("message_id", NonEmptyScalar(MAX_ID)), required("reaction", Word(&["love"]))]);
static UNREACT: ParamTable = ParamTable::of_call(&[required("payload", Object(&UNREACTION))]);
static UNREACTION: ParamTable =
    ParamTable::of(&[required("message_id", NonEmptyScalar(MAX_ID)), optional("reaction", Text(MAX_REACTION))]);

/// Reads a sender action. `react` is the table of the action that reacts.
pub fn action(call: &Call, name: &str, react: &ParamTable) -> ParamResult<SenderAction> {
    Ok(match name {
        "TYPING_ON" => SenderAction::TypingOn,
        "TYPING_OFF" => SenderAction::TypingOff,
        "REACT" => {
            let params = ParamObject::of_call(&call.params, react)?;
            let payload = params.object("payload").unwrap_or_default();
            SenderAction::React { mid: payload.string("message_id"), reaction: payload.string("reaction") }
        }
        "UNREACT" => {
            let params = ParamObject::of_call(&call.params, &UNREACT)?;
            let payload = params.object("payload").unwrap_or_default();
            SenderAction::Unreact { mid: payload.string("message_id") }
        }
        _ => SenderAction::MarkSeen,
    })
}

pub fn thread_control(call: &Call, control: &ParamObject<'_>) -> ThreadControl {
    let control_type = |word: &str| if word.starts_with("pass") { ControlType::Pass } else { ControlType::Release };
    ThreadControl {
        payload: control.word("payload", CONTROL_PAYLOADS).map(control_type),
        app: control.text("app_id").map(|id| target(call, &id)),
        control_type: control.word("control_type", CONTROL_TYPES).map(control_type),
    }
}

/// The app of an id, as the target of a hand-over.
pub fn target(call: &Call, id: &str) -> Target {
    let find = |id| match recipient::find_thread(call) {
        Some(thread) => call.config().app_by_id_on(thread.asset, id),
        None => call.config().app_by_id(id),
    };
    let app = id.parse().ok().and_then(|id| find(AppId(id)));
    app.map_or(Target::Unknown, Target::App)
}

/// Warns of parameters that are checked and change nothing.
pub fn warn_of_ignored(call: &Call, params: &ParamObject<'_>, names: &[&str], why: &str) {
    for param in names.iter().filter(|param| params.has(param)) {
        call.warn(format!("`{param}` was ignored: {why}"));
    }
}
