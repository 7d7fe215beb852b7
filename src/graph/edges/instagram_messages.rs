//! Handles `POST /{page}/messages` and `POST /{account}/messages` in the threads of Instagram.

use crate::domain::command::{Command, Send, Tag};
use crate::domain::model::access::Permission;
use crate::domain::model::ids::AssetKey;
use crate::domain::{Reply, rules};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::call::Call;
use crate::graph::http::instagram_access;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Object, Text, Word};
use crate::graph::http::param_table::{ParamTable, optional, required};
use crate::graph::http::params::scalar;
use crate::graph::http::response::{Result, texts};
use crate::graph::http::surface::Surface;
use crate::graph::send::instagram_content;
use crate::graph::send::message_params::{
    ACTIONS, FOLDERS, MAX_TAG, MESSAGE_OR_ACTION, MESSAGING_TYPES, REACT, REACT_WITH_LOVE, REPLY_TO, THREAD_CONTROL,
    action, thread_control, warn_of_ignored,
};
use crate::graph::send::recipient;
use crate::graph::send::recipient::{ON_INSTAGRAM, Recipient};

/// The parameters of the edge of an account.
pub const PARAMS: &[&str] = &[
    "recipient",
    "message",
    "messaging_type",
    "tag",
    "sender_action",
    "payload",
    "reply_to",
    "thread_control",
    "folder",
    "filedata",
];

static SEND: ParamTable = ParamTable::of_call(&[
    required("recipient", Object(&ON_INSTAGRAM)),
    optional("message", Object(&MESSAGE)),
    optional("sender_action", Word(ACTIONS)),
    optional("messaging_type", Word(MESSAGING_TYPES)),
    optional("tag", Text(MAX_TAG)),
    optional("folder", Word(FOLDERS)),
    optional("reply_to", Object(&REPLY_TO)),
    optional("thread_control", Object(&THREAD_CONTROL)),
])
.rules(MESSAGE_OR_ACTION);
/// A message has a table of its own, which depends on a knob.
static MESSAGE: ParamTable = ParamTable::open();

/// Sends a message to a person on Instagram, or performs a sender action.
pub fn send(call: &Call, asset: AssetKey) -> Result {
    let params = ParamObject::of_call(&call.params, &SEND)?;
    check_path(call, asset)?;
    if params.object("recipient").is_some_and(|recipient| recipient.has("comment_id")) {
        instagram_access::check(call, comment_permission(call))?;
    }
    warn_of_ignored(call, &params, &["folder"], "Meta does not document what it does");
    let only_messenger = ["notification_type", "persona_id", "suggestion_action"];
    warn_of_ignored(call, &params, &only_messenger, "Instagram does not have it");
    match params.word("sender_action", ACTIONS) {
        Some(name) => perform(call, &params, name),
        None => send_message(call, asset, &params),
    }
}

/// Checks the path. With Instagram Login, one account could not be named in it by its id.
fn check_path(call: &Call, account: AssetKey) -> Fallible<()> {
    let is_by_id = call.surface == Surface::Instagram && call.segments.first().is_none_or(|first| first != "me");
    match is_by_id && call.config().asset(account).knobs.instagram.id_sends_refused {
        true => Err(Failure::by_rule(catalogue::NOT_OWNER_INSTAGRAM.error(), rules::INSTAGRAM_SEND_BY_ID)),
        false => Ok(()),
    }
}

/// The permission to answer a comment in private.
fn comment_permission(call: &Call) -> Permission {
    match call.surface == Surface::Facebook {
        true => Permission::InstagramManageComments,
        false => Permission::InstagramBusinessManageComments,
    }
}

fn send_message(call: &Call, asset: AssetKey, params: &ParamObject<'_>) -> Result {
    let map = call.params.object("message")?.unwrap_or_default();
    let account = recipient::find_thread(call).map_or(asset, |thread| thread.asset);
    let content = instagram_content::read(call, account, &map)?;
    let tag = tag(params)?;
    let reply_to = params.object("reply_to").map(|reply_to| reply_to.string("mid"));
    let thread_control = params.object("thread_control").map(|control| thread_control(call, &control));
    let metadata = map.get("metadata").and_then(scalar).map(Into::into);
    let Recipient { thread, psid, other_id } = recipient::instagram_recipient(call)?;
    let send = Send { content: content.into(), metadata, tag, reply_to, through: other_id, thread_control };
    call.execute_and_answer(Command::Send(thread, call.app(), send), |reply| {
        let (message_id, attachment_id) = match reply {
            Reply::Sent { mid, attachment_id } => (Some(&**mid), attachment_id.as_deref()),
            _ => (None, None),
        };
        texts(&[("recipient_id", psid.as_deref()), ("message_id", message_id), ("attachment_id", attachment_id)])
    })
}

fn perform(call: &Call, params: &ParamObject<'_>, name: &str) -> Result {
    let react = if call.surface == Surface::Facebook { &REACT_WITH_LOVE } else { &REACT };
    let action = action(call, name, react)?;
    let ignored = ["thread_control", "reply_to", "tag"];
    warn_of_ignored(call, params, &ignored, "it goes with a message, not with a sender action");
    let Recipient { thread, psid, other_id } = recipient::instagram_recipient(call)?;
    if other_id.is_some() {
        return Err(catalogue::NOT_BUILT.with(&[("what", "a sender action to a comment")]).into());
    }
    call.execute_and_answer(Command::SenderAction(thread, call.app(), action), |_| {
        texts(&[("recipient_id", psid.as_deref())])
    })
}

/// The message tag. Instagram has one, with or without `messaging_type`.
fn tag(params: &ParamObject<'_>) -> ParamResult<Option<Tag>> {
    let messaging_type = params.word("messaging_type", MESSAGING_TYPES);
    if messaging_type == Some("UTILITY") {
        // There are no utility messages on Instagram, so a message has no template of them.
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", "message[template]")]));
    }
    match (params.text("tag").as_deref(), messaging_type) {
        (None, Some("MESSAGE_TAG")) => Err(catalogue::PARAM_REQUIRED.with(&[("param", "tag")])),
        (None, _) => Ok(None),
        (Some(tag), Some("MESSAGE_TAG") | None) if tag.eq_ignore_ascii_case("HUMAN_AGENT") => Ok(Some(Tag::HumanAgent)),
        (Some(_), Some("MESSAGE_TAG") | None) => Err(catalogue::INVALID_TAG.error()),
        (Some(_), Some(other)) => {
            Err(catalogue::PARAM_ONE_OF.with(&[("param", "messaging_type"), ("values", "MESSAGE_TAG"), ("got", other)]))
        }
    }
}
