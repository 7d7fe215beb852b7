//! An emulator with a world of its own, asked over its socket.

use graphdouble::Emulator;
use serde_json::Value;

use super::http::{Connection, Reply, Request, get, post};

/// An emulator and its address.
pub struct House {
    pub emulator: Emulator,
}

impl House {
    pub async fn open(world: &str) -> Self {
        Self { emulator: Emulator::start(world).await.expect("a world without mistakes") }
    }

    /// With steps already performed.
    pub async fn after(world: &str, steps: &[&str]) -> Self {
        let mut house = Self::open(world).await;
        for step in steps {
            house.step(step).await;
        }
        house
    }

    pub fn address(&self) -> &str {
        self.emulator.url().trim_start_matches("http://")
    }

    /// Performs a step, which must go well.
    pub async fn step(&mut self, step: &str) -> Option<Value> {
        match self.emulator.step(step).await {
            Ok(performed) => performed.answer,
            Err(error) => panic!("{step}: {error}"),
        }
    }

    pub async fn connect(&self) -> Connection {
        Connection::open(self.address()).await
    }

    /// Asks on a connection of its own.
    pub async fn ask(&self, request: Request) -> Reply {
        self.raw(&request.bytes(self.address())).await
    }

    pub async fn raw(&self, bytes: &[u8]) -> Reply {
        self.connect().await.ask(bytes).await
    }

    /// Asks the control API of this world; the path begins behind the world's name.
    pub async fn control(&self, path: &str) -> Value {
        let reply = self.ask(get(format!("/_control/worlds/default{path}"))).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    /// Performs a step over HTTP.
    pub async fn http_step(&self, step: &str) -> Reply {
        self.ask(post("/_control/worlds/default/steps").body(step)).await
    }

    /// Waits for the first entry of a kind.
    pub async fn wait_for(&self, kind: &str) -> Value {
        self.control(&format!("/ledger?kind={kind}&wait=30s")).await["entries"][0].clone()
    }

    /// Entries of a kind.
    pub async fn entries(&self, kind: &str) -> Vec<Value> {
        let told = self.control(&format!("/ledger?kind={kind}")).await;
        told["entries"].as_array().cloned().unwrap_or_default()
    }

    /// Everything that a refused call must leave as it was: what was asked, settings that changed, webhooks, owners, transcripts.
    pub async fn state(&self) -> Vec<Value> {
        let mut state = Vec::new();
        for kind in ["command", "setting_changed", "webhook", "owner_changed", "window_opened"] {
            state.extend(self.entries(kind).await);
        }
        let threads = self.control("/threads").await;
        for thread in threads["threads"].as_array().into_iter().flatten() {
            let text = |key: &str| thread[key].as_str().unwrap_or_default().to_owned();
            state.push(self.control(&format!("/threads/{}/{}", text("page"), text("person"))).await);
        }
        state
    }

    /// Asks; the call must be refused with Meta's envelope and Meta's headers, and nothing may have changed.
    pub async fn refused(&self, request: Request) -> Reply {
        let before = self.state().await;
        let reply = self.ask(request).await;
        assert!((400..600).contains(&reply.status), "not refused: {}", reply.line());
        let error = reply.json()["error"].clone();
        assert_eq!(reply.header("x-fb-request-id"), error["fbtrace_id"].as_str(), "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/json; charset=UTF-8"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert!(reply.header("www-authenticate").is_some_and(|told| told.starts_with("OAuth \"Facebook Platform\" ")));
        assert_eq!(self.state().await, before, "a refused call changed something: {}", reply.text());
        reply
    }
}
