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

use super::table::{self, EDGES, NODES, NodeType, Route};
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

/// The word of a call without one of its own: only a fault at any call meets it.
const OTHER: &str = "other";

/// Every word for where a fault may be: `any`, and those of the table.
pub const WORDS: &[&str] = &{
    let mut words = [ANY; count_words(EDGES) + count_words(NODES) + 1];
    let mut end = 1;
    (words, end) = append_words(words, end, EDGES);
    (words, _) = append_words(words, end, NODES);
    words
};

const fn count_words(routes: &[Route]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < routes.len() {
        count += routes[at].fault_word_with.is_some() as usize + routes[at].fault_word.is_some() as usize;
        at += 1;
    }
    count
}

const fn append_words<const N: usize>(
    mut words: [&'static str; N],
    mut end: usize,
    routes: &[Route],
) -> ([&'static str; N], usize) {
    let mut at = 0;
    while at < routes.len() {
        if let Some((_, word)) = routes[at].fault_word_with {
            words[end] = word;
            end += 1;
        }
        if let Some(word) = routes[at].fault_word {
            words[end] = word;
            end += 1;
        }
        at += 1;
    }
    (words, end)
}

/// The fault that meets the call, where one does.
pub fn trigger(call: &Call) -> Option<FaultedCall> {
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

/// The word of a call. It is known by its method and the last part of its path, so that a call to an unknown node has it, too.
fn word(call: &Call) -> &'static str {
    let [.., last] = call.segments.as_slice() else { return OTHER };
    if call.segments.len() == 1 {
        let node = likely_node(call, last).filter(|_| call.method == Method::GET);
        return node.and_then(|node| table::find(node, &Method::GET, "")?.fault_word).unwrap_or(OTHER);
    }
    let rows = EDGES.iter().filter(|route| route.method == call.method && route.edge == last);
    let mut words = rows.filter_map(|route| match route.fault_word_with {
        Some((param, word)) if call.params.get(param).is_some() => Some(word),
        _ => route.fault_word,
    });
    words.next().unwrap_or(OTHER)
}

/// What a name looks like, whether or not the token can see it.
fn likely_node(call: &Call, name: &str) -> Option<NodeType> {
    let config = call.world().config();
    let is_app = name == "app" || name.parse().is_ok_and(|id| config.app_by_id(AppId(id)).is_some());
    match (name, call.holder) {
        ("me", Principal::User(..)) => Some(NodeType::User),
        ("me", _) => Some(NodeType::Page),
        _ if config.page_by_id(name).is_some() => Some(NodeType::Page),
        _ if config.people.thread_of(name).is_some() => Some(NodeType::Person),
        _ if name.starts_with("t_") => Some(NodeType::Conversation),
        _ if name.starts_with("m_") => Some(NodeType::Message),
        _ if is_app => Some(NodeType::App),
        _ => None,
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
    config.people.thread_of(id).or_else(|| call.thread_of_conversation(id))
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
