//! What the targets share: a bakery that is the same for every input, and what must hold of each of its answers.

pub mod json_mutator;

use std::cell::LazyCell;
use std::sync::Arc;

use bytes::Bytes;
use graphdouble::internals::engine::Engine;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::graph;
use graphdouble::internals::language::Node;
use graphdouble::internals::text::source::SourceText;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use hyper::http::{Request, Response};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The world that the targets call.
pub const BAKERY: &str = include_str!("../fixtures/bakery.yaml");

/// The bakery as a tree; it is read once.
pub fn bakery() -> Arc<Node> {
    thread_local! {
        static NODE: LazyCell<Arc<Node>> = LazyCell::new(|| {
            Arc::new(Node::parse(&SourceText::inline("fixtures/bakery.yaml", BAKERY)).expect("a world without mistakes"))
        });
    }
    NODE.with(|node| Arc::clone(node))
}

/// Has a fresh bakery answer a call. The answer has Meta's shape and is no trouble of ours, whatever was asked.
pub fn answer(request: Request<Bytes>) -> Response<Bytes> {
    let config = read_world::read(&bakery(), &WorldOverrides::default()).expect("a world without mistakes");
    let answer = block_on(async {
        let engine = Arc::new(Engine::new(None));
        engine.add("default", config, Mode::Frozen).expect("the first of its name");
        graph::answer(&engine, request).await
    });
    check(answer.status().as_u16(), answer.body());
    answer
}

/// Runs until `work` is done. Nobody waits: time passes as soon as nothing else is left to do.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: LazyCell<Runtime> = LazyCell::new(|| {
            Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
        });
    }
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// What must hold of every answer, one inside a batch included.
pub fn check(status: u16, body: &[u8]) {
    assert!(status < 500, "{status}: {}", String::from_utf8_lossy(body));
    if status >= 400 {
        let shown: Value = serde_json::from_slice(body).expect("an error is JSON");
        let error = &shown["error"];
        assert!(error["message"].is_string() && error["type"].is_string(), "{shown}");
        assert!(error["code"].is_i64() && error["fbtrace_id"].is_string(), "{shown}");
    }
}
