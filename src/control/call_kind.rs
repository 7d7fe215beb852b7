//! How long a call may take, found from its method and its target alone: a server gives places to calls before it reads them.

use hyper::http::{Method, Uri};

use super::call::path_segments;
use super::route::{self, AnswerContent, ControlHandler, ControlRoute};
use super::routes::ROUTES;

/// The parameter that makes a call wait.
const WAIT: &str = "wait";
const HEALTH: &str = "/_control/health";

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// The health check, which is answered whatever else goes on.
    Health,
    /// It waits for something to happen, maybe for ever: a stream, a call with `wait`, or a step.
    Waiting,
    /// It is answered at once.
    Prompt,
}

/// How long a call may take.
pub fn call_kind(method: &Method, uri: &Uri) -> CallKind {
    if uri.path() == HEALTH {
        return CallKind::Health;
    }
    let decoded = path_segments(uri.path());
    let segments: Vec<&str> = decoded.iter().map(|segment| &**segment).collect();
    match route::find(ROUTES, method.as_str(), &segments) {
        Ok((route, _)) if may_wait(route, uri.query().unwrap_or_default()) => CallKind::Waiting,
        _ => CallKind::Prompt,
    }
}

/// What only reads waits if it is asked to. Everything else that is asynchronous waits for apps.
fn may_wait(route: &ControlRoute, query: &str) -> bool {
    let is_stream = route.answers.iter().any(|answer| matches!(answer.content, AnswerContent::Events));
    let has_wait = || form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == WAIT);
    let is_async = matches!(route.handler, ControlHandler::Async(_));
    is_stream || (is_async && (route.method != "GET" || has_wait()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_steps_and_calls_with_a_wait_are_waiting_calls() {
        let kind = |method: Method, uri: &'static str| call_kind(&method, &Uri::from_static(uri));
        for uri in [
            "/_control/worlds/w/ledger/stream",
            "/_control/worlds/w/ledger?after=now&wait=60s",
            "/_control/worlds/w/calls?w%61it=60s",
        ] {
            assert_eq!(kind(Method::GET, uri), CallKind::Waiting, "{uri}");
        }
        for uri in ["steps", "steps?session=a", "exchanges", "clock"] {
            let uri = format!("/_control/worlds/w/{uri}").parse().expect("a URI");
            assert_eq!(call_kind(&Method::POST, &uri), CallKind::Waiting, "{uri}");
        }
        for uri in ["/_control/worlds/w/ledger?await=1", "/_control/worlds/stream/steps", "/_control/nothing?wait=1s"] {
            assert_eq!(kind(Method::GET, uri), CallKind::Prompt, "{uri}");
        }
        assert_eq!(kind(Method::POST, "/_control/worlds"), CallKind::Prompt);
        assert_eq!(kind(Method::HEAD, HEALTH), CallKind::Health);
    }
}
