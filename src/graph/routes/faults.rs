//! Faults of calls: which fault a call meets, and what it makes of the answer.

use std::borrow::Cow;

use bytes::Bytes;
use serde::de::IgnoredAny;

use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::instagram_ids::is_instagram_message;
use crate::engine::Principal;
use crate::engine::armed::Fired;
use crate::engine::fault::{AnswerOverride, Breakage, CallFault, FaultEffect, FaultPoint, FaultTarget};
use crate::response_fault::WireFault;

use super::call_words;
use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::faulted_call::{BodyCut, FaultHit, FaultedCall, RawResponse};
use crate::graph::http::param_value::ParamValue;
use crate::graph::http::params::scalar;
use crate::graph::http::relaxed_json::structured;
use crate::graph::send::recipient;

const HTML: &str = "text/html; charset=utf-8";
/// How an answer is lost that is a success and not JSON: the client cannot read it.
pub const UNREADABLE: &str = "unreadable";
/// The page that Meta's load balancers show when the servers behind them do not answer: HTML where an app expects JSON.
const ERROR_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\" id=\"facebook\">\n  <head>\n    <title>Facebook | Error</title>\n    \
    <meta charset=\"utf-8\">\n    <meta http-equiv=\"cache-control\" content=\"no-cache\">\n  </head>\n  <body>\n    \
    <div id=\"core\">\n      <h1>Sorry, something went wrong.</h1>\n      \
    <p>We're working on it and we'll get it fixed as soon as we can.</p>\n      <p>Error {status}</p>\n    </div>\n  \
    </body>\n</html>\n";

/// Fires the fault that is armed for this call, if any.
pub fn trigger(call: &Call) -> Option<FaultedCall> {
    if !call.world().has_faults() {
        return None;
    }
    let page = match call.holder {
        Principal::Asset(page, _) => Some(page),
        Principal::App(_) | Principal::User(..) => None,
    };
    let thread = thread_of_call(call, page).inspect(|thread| call.is_about(*thread));
    // A page token also reaches the threads of the linked account.
    let page = thread.map(|thread| thread.asset).or(page);
    let person = thread.map(|thread| thread.person);
    let Fired { number, effect } =
        call.trigger(&FaultPoint { what: FaultTarget::Call(call_words::word(call)), app: call.app(), page, person })?;
    let FaultEffect::Call(trouble) = effect else { return None };
    let wire_fault = wire_fault(&trouble.answer);
    let has_response_fault = wire_fault.is_some() || !trouble.latency.is_zero();
    Some(FaultedCall {
        is_executed: trouble.after,
        raw_response: raw_response(&trouble),
        result: match trouble.answer {
            // The name was checked when the fault was armed.
            AnswerOverride::Error(name) => {
                Some(Err(catalogue::by_name(name).unwrap_or(&catalogue::INTERNAL).example().into()))
            }
            _ => None,
        },
        body_cut: match trouble.answer {
            AnswerOverride::Broken(Breakage::MalformedJson) => Some(BodyCut::Half),
            AnswerOverride::Broken(Breakage::EmptyBody) => Some(BodyCut::All),
            _ => None,
        },
        usage: trouble.usage,
        response_fault: has_response_fault.then(|| call.response_fault(trouble.latency, wire_fault)),
        hit: FaultHit { fault: number, lost: lost_answer(&trouble.answer) },
    })
}

/// What the server does to the response on the wire.
fn wire_fault(instead: &AnswerOverride) -> Option<WireFault> {
    let AnswerOverride::Broken(breakage) = instead else { return None };
    match breakage {
        Breakage::Hang => Some(WireFault::Hang),
        Breakage::Reset => Some(WireFault::Reset),
        Breakage::Close => Some(WireFault::Close),
        Breakage::HalfBody => Some(WireFault::Truncate),
        // The body is changed instead. As HTTP the response is whole.
        Breakage::MalformedJson | Breakage::EmptyBody => None,
    }
}

/// The word for how the answer is lost, if the client cannot read it.
fn lost_answer(instead: &AnswerOverride) -> Option<&'static str> {
    match instead {
        AnswerOverride::Broken(breakage) => Some(breakage.word()),
        AnswerOverride::Custom { status, body, .. }
            if *status < 400 && serde_json::from_str::<IgnoredAny>(body).is_err() =>
        {
            Some(UNREADABLE)
        }
        _ => None,
    }
}

/// The response that is not the Graph API's own, if the fault has one. A call that is neither executed nor answered gets an empty one,
/// which nobody sees.
fn raw_response(trouble: &CallFault) -> Option<RawResponse> {
    match &trouble.answer {
        AnswerOverride::Custom { status, content_type, body } => {
            Some(RawResponse { status: *status, content_type, body: Bytes::copy_from_slice(body.as_bytes()) })
        }
        AnswerOverride::HtmlPage(status) => {
            let body = ERROR_PAGE.replace("{status}", &status.to_string()).into();
            Some(RawResponse { status: *status, content_type: HTML, body })
        }
        AnswerOverride::Broken(_) if !trouble.after => {
            Some(RawResponse { status: 503, content_type: HTML, body: Bytes::new() })
        }
        AnswerOverride::Unchanged | AnswerOverride::Error(_) | AnswerOverride::Broken(_) => None,
    }
}

/// The thread that a call is about: of the person in `recipient` or in another parameter, or of the id in the path.
fn thread_of_call(call: &Call, page: Option<AssetKey>) -> Option<ThreadKey> {
    let named = [
        recipient::find_thread(call),
        thread_of_params(call),
        call.segments.first().and_then(|id| thread_of_path(call, id)),
    ];
    let is_ours = |thread: &ThreadKey| page.is_none_or(|page| call.reaches(page, thread.asset));
    named.into_iter().flatten().find(is_ours)
}

/// The thread of the first person whom a parameter other than `recipient` names.
fn thread_of_params(call: &Call) -> Option<ThreadKey> {
    let params = ["psid", "user", "user_id", "user_ids"];
    let value = params.into_iter().find_map(|name| call.params.get(name))?;
    let id = match structured(value).as_deref() {
        Some(ParamValue::List(items)) => items.first().and_then(id_of),
        _ => id_of(value),
    };
    call.config().people.thread_of(&id?)
}

fn id_of(value: &ParamValue<'_>) -> Option<String> {
    match structured(value).as_deref() {
        Some(ParamValue::Object(map)) => map.get("id").and_then(scalar).map(Cow::into_owned),
        _ => scalar(value).map(Cow::into_owned),
    }
}

/// The thread of an id in the path: of a message, a person or a conversation.
fn thread_of_path(call: &Call, id: &str) -> Option<ThreadKey> {
    let config = call.config();
    if id.starts_with("m_") || is_instagram_message(id) {
        return call.world().read(|world, _, _| world.message(id).map(|message| message.thread));
    }
    config.people.thread_of(id).or_else(|| call.thread_of_conversation(id))
}
