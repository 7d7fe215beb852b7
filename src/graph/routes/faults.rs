//! Graph room: calls that run into a fault. Which word a call has, whose thread it is about, and what a fault that fired makes of its
//! answer.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::http::Method;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::domain::model::ids::{AppId, PageKey, ThreadKey};
use crate::engine::Principal;
use crate::engine::armed::Fired;
use crate::engine::fault::{ANY, Breakage, CallTrouble, Effect, FaultPoint, Happening, Instead};
use crate::response_fault::WireFault;

use crate::graph::edges::conversation;
use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::faulted_call::{BodyCut, FaultHit, FaultedCall, RawResponse};
use crate::graph::http::params::{scalar, structured};
use crate::graph::send::recipient;

const HTML: &str = "text/html; charset=utf-8";
/// What keeps an answer from its caller that is a success and no JSON.
pub const UNREADABLE: &str = "unreadable";
/// The page that Meta's edge shows while what is behind it does not answer, in its shape: HTML where an app expects JSON.
const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\" id=\"facebook\">\n  <head>\n    <title>Facebook | Error</title>\n    \
    <meta charset=\"utf-8\">\n    <meta http-equiv=\"cache-control\" content=\"no-cache\">\n  </head>\n  <body>\n    \
    <div id=\"core\">\n      <h1>Sorry, something went wrong.</h1>\n      \
    <p>We're working on it and we'll get it fixed as soon as we can.</p>\n      <p>Error {status}</p>\n    </div>\n  \
    </body>\n</html>\n";

/// A kind of call, in a word.
struct Kind {
    word: &'static str,
    method: Method,
    /// The last part of its path; nothing for a node.
    edge: &'static str,
    /// A parameter that it has, where that tells it from its like.
    param: Option<&'static str>,
}

const fn kind(word: &'static str, method: Method, edge: &'static str) -> Kind {
    Kind { word, method, edge, param: None }
}

const fn kind_with(word: &'static str, method: Method, edge: &'static str, param: &'static str) -> Kind {
    Kind { word, method, edge, param: Some(param) }
}

/// The first that fits counts. A node is told by whose id it is.
const KINDS: &[Kind] = &[
    kind_with("sender_action", Method::POST, "messages", "sender_action"),
    kind("send", Method::POST, "messages"),
    kind("pass", Method::POST, "pass_thread_control"),
    kind("release", Method::POST, "release_thread_control"),
    kind("take", Method::POST, "take_thread_control"),
    kind("request", Method::POST, "request_thread_control"),
    kind("extend", Method::POST, "extend_thread_control"),
    kind("metadata", Method::POST, "pass_thread_metadata"),
    kind("thread_owner", Method::GET, "thread_owner"),
    kind("secondary_receivers", Method::GET, "secondary_receivers"),
    kind("messenger_profile_set", Method::POST, "messenger_profile"),
    kind("messenger_profile_read", Method::GET, "messenger_profile"),
    kind("messenger_profile_delete", Method::DELETE, "messenger_profile"),
    kind("user_settings_set", Method::POST, "custom_user_settings"),
    kind("user_settings_read", Method::GET, "custom_user_settings"),
    kind("user_settings_delete", Method::DELETE, "custom_user_settings"),
    kind("persona_make", Method::POST, "personas"),
    kind("personas_read", Method::GET, "personas"),
    kind("conversations_read", Method::GET, "conversations"),
    kind("threads_read", Method::GET, "threads"),
    kind("messages_read", Method::GET, "messages"),
    kind("attachment_save", Method::POST, "message_attachments"),
    kind("label_make", Method::POST, "custom_labels"),
    kind("labels_read", Method::GET, "custom_labels"),
    kind("label_put", Method::POST, "label"),
    kind("label_take", Method::DELETE, "label"),
    kind("moderate", Method::POST, "moderate_conversations"),
    kind("block", Method::POST, "blocked"),
    kind("unblock", Method::DELETE, "blocked"),
    kind("blocked_read", Method::GET, "blocked"),
    kind("notification_tokens_read", Method::GET, "notification_message_tokens"),
    kind("template_make", Method::POST, "message_templates"),
    kind("templates_read", Method::GET, "message_templates"),
    kind("template_delete", Method::DELETE, "message_templates"),
    kind("unlink", Method::POST, "unlink_accounts"),
    kind("accounts_read", Method::GET, "accounts"),
    kind("subscribe", Method::POST, "subscribed_apps"),
    kind("unsubscribe", Method::DELETE, "subscribed_apps"),
    kind("subscriptions_read", Method::GET, "subscribed_apps"),
    kind("app_subscribe", Method::POST, "subscriptions"),
    kind("app_unsubscribe", Method::DELETE, "subscriptions"),
    kind("app_subscriptions_read", Method::GET, "subscriptions"),
];
const PROFILE_READ: &str = "profile_read";
const PAGE_READ: &str = "page_read";
const APP_READ: &str = "app_read";
const USER_READ: &str = "user_read";
const CONVERSATION_READ: &str = "conversation_read";
const MESSAGE_READ: &str = "message_read";
const NODES: [&str; 6] = [PROFILE_READ, PAGE_READ, APP_READ, USER_READ, CONVERSATION_READ, MESSAGE_READ];
/// A call without a word of its own: only a fault at any call meets it.
const OTHER: &str = "other";

/// Every word for where a fault may be.
pub const WORDS: &[&str] = &{
    let mut words = [ANY; 1 + KINDS.len() + NODES.len()];
    let mut at = 0;
    while at < KINDS.len() {
        words[1 + at] = KINDS[at].word;
        at += 1;
    }
    while at < KINDS.len() + NODES.len() {
        words[1 + at] = NODES[at - KINDS.len()];
        at += 1;
    }
    words
};

/// The fault that meets the call, where one does.
pub fn meet(call: &Call) -> Option<FaultedCall> {
    if !call.world().has_faults() {
        return None;
    }
    let page = match call.holder {
        Principal::Page(page, _) => Some(page),
        Principal::App(_) | Principal::User(..) => None,
    };
    let person = thread(call, page).map(|thread| thread.person);
    let Fired { number, effect } =
        call.trigger(&FaultPoint { what: Happening::Call(word(call)), app: call.app(), page, person })?;
    let Effect::Call(trouble) = effect else { return None };
    let wire_fault = wire_fault(&trouble.instead);
    let spoils = wire_fault.is_some() || !trouble.latency.is_zero();
    Some(FaultedCall {
        is_executed: trouble.after,
        raw_response: raw_response(&trouble),
        result: match trouble.instead {
            // A name is checked when the fault is armed.
            Instead::Reply(name) => {
                Some(Err(catalogue::by_name(name).unwrap_or(&catalogue::INTERNAL).example().into()))
            }
            _ => None,
        },
        body_cut: match trouble.instead {
            Instead::Broken(Breakage::MalformedJson) => Some(BodyCut::Half),
            Instead::Broken(Breakage::EmptyBody) => Some(BodyCut::All),
            _ => None,
        },
        usage: trouble.usage,
        response_fault: spoils.then(|| call.response_fault(trouble.latency, wire_fault)),
        hit: FaultHit { fault: number, lost: lost(&trouble.instead) },
    })
}

/// What becomes of the answer on the wire.
fn wire_fault(instead: &Instead) -> Option<WireFault> {
    let Instead::Broken(breakage) = instead else { return None };
    match breakage {
        Breakage::Hang => Some(WireFault::Hang),
        Breakage::Reset => Some(WireFault::Reset),
        Breakage::Close => Some(WireFault::Close),
        Breakage::HalfBody => Some(WireFault::Truncate),
        // These are whole as far as HTTP can tell.
        Breakage::MalformedJson | Breakage::EmptyBody => None,
    }
}

/// What no app can read as an answer is lost, in the fault's word.
fn lost(instead: &Instead) -> Option<&'static str> {
    match instead {
        Instead::Broken(breakage) => Some(breakage.word()),
        Instead::Own { status, body, .. } if *status < 400 && serde_json::from_str::<IgnoredAny>(body).is_err() => {
            Some(UNREADABLE)
        }
        _ => None,
    }
}

/// The answer of somebody else, where there is one. A call that is neither executed nor answered has none that anybody will ever see.
fn raw_response(trouble: &CallTrouble) -> Option<RawResponse> {
    match &trouble.instead {
        Instead::Own { status, content_type, body } => {
            Some(RawResponse { status: *status, content_type, body: Bytes::copy_from_slice(body.as_bytes()) })
        }
        Instead::Page(status) => {
            let body = PAGE.replace("{status}", &status.to_string()).into();
            Some(RawResponse { status: *status, content_type: HTML, body })
        }
        Instead::Broken(_) if !trouble.after => {
            Some(RawResponse { status: 503, content_type: HTML, body: Bytes::new() })
        }
        Instead::Nothing | Instead::Reply(_) | Instead::Broken(_) => None,
    }
}

fn word(call: &Call) -> &'static str {
    let Some(last) = call.segments.last() else { return OTHER };
    let fits = |kind: &&Kind| {
        kind.method == call.method
            && kind.edge == last
            && kind.param.is_none_or(|param| call.params.get(param).is_some())
    };
    match call.segments.len() {
        1 => node(call, last),
        _ => KINDS.iter().find(fits).map_or(OTHER, |kind| kind.word),
    }
}

fn node(call: &Call, name: &str) -> &'static str {
    let config = call.world().config();
    let is_app = name == "app" || name.parse().is_ok_and(|id| config.app_by_id(AppId(id)).is_some());
    match (name, call.holder) {
        _ if call.method != Method::GET => OTHER,
        ("me", Principal::User(..)) => USER_READ,
        ("me", _) => PAGE_READ,
        _ if config.page_by_id(name).is_some() => PAGE_READ,
        _ if config.people.thread_of(name).is_some() => PROFILE_READ,
        _ if name.starts_with("t_") => CONVERSATION_READ,
        _ if name.starts_with("m_") => MESSAGE_READ,
        _ if is_app => APP_READ,
        _ => OTHER,
    }
}

/// Whose thread a call is about: the person of `recipient` or of another parameter that names one, or the id in its path.
fn thread(call: &Call, page: Option<PageKey>) -> Option<ThreadKey> {
    let named =
        [recipient::find_thread(call), person_of_params(call), call.segments.first().and_then(|id| at_path(call, id))];
    let is_ours = |thread: &ThreadKey| page.is_none_or(|page| page == thread.page);
    named.into_iter().flatten().find(is_ours)
}

/// A call that names several people is about the first.
fn person_of_params(call: &Call) -> Option<ThreadKey> {
    let params = ["psid", "user", "user_id", "user_ids"];
    let value = params.into_iter().find_map(|name| call.params.get(name))?;
    let id = match structured(value).as_deref() {
        Some(Value::Array(items)) => items.first().and_then(id_of),
        _ => id_of(value),
    };
    call.world().config().people.thread_of(&id?)
}

fn id_of(value: &Value) -> Option<String> {
    match structured(value).as_deref() {
        Some(Value::Object(map)) => map.get("id").and_then(scalar).map(Cow::into_owned),
        _ => scalar(value).map(Cow::into_owned),
    }
}

fn at_path(call: &Call, id: &str) -> Option<ThreadKey> {
    let config = call.world().config();
    if id.starts_with("m_") {
        return call.world().read(|world, _, _| world.message(id).map(|message| message.thread));
    }
    config.people.thread_of(id).or_else(|| conversation::named(call, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_for_two_kinds_of_call() {
        let mut words = WORDS.to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), WORDS.len());
    }
}
