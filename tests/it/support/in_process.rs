//! A world that is called without a socket: the same requests reach the same service, and nothing listens.

use std::sync::Arc;

use graphdouble::internals::delivery::{DeliverySettings, WebhookSender};
use graphdouble::internals::engine::Engine;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::runner::{Session, Timeouts};
use graphdouble::internals::server::Service;
use graphdouble::internals::site::EngineSite;
use graphdouble::internals::text::source::SourceText;
use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Body;

use super::calls;
use super::http::{Reply, Request};

/// A world and the service that answers for it.
pub struct InProcess {
    service: EngineSite,
}

impl InProcess {
    /// A world in which steps have been performed.
    pub async fn after(world: &str, steps: &[&str]) -> Self {
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
        let config = read_world::read(&node(world), &WorldOverrides::default()).expect("a world without mistakes");
        let world = engine.add("default", config, Mode::Frozen).expect("a new name");
        let mut session = Session::new(engine.clone(), world, Timeouts::default());
        for step in steps {
            let read = session.read_step(&node(step)).expect("a step without mistakes");
            session.perform(&read).await.unwrap_or_else(|failure| panic!("{step}: {}", failure.render(false)));
        }
        Self { service: EngineSite::new(engine, Timeouts::default()) }
    }

    pub async fn ask(&self, request: Request) -> Reply {
        let request = request.to_hyper("127.0.0.1");
        match request.uri().path().starts_with("/_control/") {
            true => whole(self.service.answer_control_call(request).await).await,
            false => whole(self.service.answer_graph_call(request).await.map(http_body_util::Full::new)).await,
        }
    }

    /// Sends a request, which must be refused without a trace.
    pub async fn refused(&self, request: Request) -> Reply {
        calls::refused(&|request| self.ask(request), request).await
    }
}

fn node(text: &str) -> Node {
    Node::parse(&SourceText::inline("the text", text)).expect("YAML")
}

async fn whole<B: Body<Error: std::fmt::Debug>>(response: Response<B>) -> Reply {
    let (head, body) = response.into_parts();
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    Reply { status: head.status.as_u16(), headers, body }
}
