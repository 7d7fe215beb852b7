//! Routes of the control API: the input is a list of calls, `[method, path, body]`, to a server with the bakery. A first item `true` has
//! apps with webhook servers that never answer. Each answer is no trouble of ours, and an error says what is wrong.
#![no_main]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::{Engine, NullOutbox};
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::runner::Timeouts;
use graphdouble::internals::server::Service;
use graphdouble::internals::site::EngineSite;
use graphdouble_fuzz::{bakery, block_on, json_mutator};
use http_body_util::BodyExt;
use hyper::http::{Request, Response};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value;

/// Calls of one input.
const MAX_CALLS: usize = 12;
/// How long a call may wait for an app that never answers. Then its caller goes away.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a body is read. A stream goes on for as long as somebody reads it.
const READING: Duration = Duration::from_secs(1);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    json_mutator::mutate(data, size, max_size, seed)
});

fuzz_target!(|input: &[u8]| {
    let Ok(calls) = serde_json::from_slice::<Vec<Value>>(input) else { return };
    let has_servers = calls.first().is_some_and(Value::is_boolean);
    block_on(async {
        let engine = Arc::new(match has_servers {
            true => Engine::new(Some(Arc::new(NullOutbox))),
            false => Engine::new(None),
        });
        let config = read_world::read(&bakery(), &WorldOverrides::default()).expect("a world without mistakes");
        engine.add("default", config, Mode::Frozen).expect("the first of its name");
        let site = EngineSite::new(engine, Timeouts::default());
        for request in calls.iter().take(MAX_CALLS).filter_map(request) {
            call(&site, request).await;
        }
    });
});

fn request(call: &Value) -> Option<Request<Bytes>> {
    let body = match call.get(2)? {
        Value::String(text) => text.clone().into_bytes(),
        value => value.to_string().into_bytes(),
    };
    Request::builder().method(call.get(0)?.as_str()?).uri(call.get(1)?.as_str()?).body(Bytes::from(body)).ok()
}

async fn call(site: &EngineSite, request: Request<Bytes>) {
    let shown = format!("{} {}", request.method(), request.uri());
    let answer = tokio::time::timeout(PATIENCE, site.answer_control_call(request)).await;
    let Ok((head, body)) = answer.map(Response::into_parts) else { return };
    let status = head.status.as_u16();
    let Ok(body) = tokio::time::timeout(READING, body.collect()).await else { return };
    let body = body.expect("a body in memory").to_bytes();
    assert!(status < 500, "{shown}: {status} {}", String::from_utf8_lossy(&body));
    if status >= 400 && !shown.starts_with("HEAD") {
        let error: Value = serde_json::from_slice(&body).expect("an error is JSON");
        assert!(error["error"]["message"].is_string(), "{shown}: {error}");
    }
}
