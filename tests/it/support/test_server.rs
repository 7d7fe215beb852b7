//! A server with a world of its own, called over its socket.

use graphdouble::Emulator;
use serde_json::Value;

use super::calls;
use super::http::{Connection, Reply, Request, post};

/// A running emulator.
pub struct TestServer {
    pub emulator: Emulator,
}

impl TestServer {
    pub async fn start(world: &str) -> Self {
        Self { emulator: Emulator::start(world).await.expect("a world without mistakes") }
    }

    /// With steps already performed.
    pub async fn after(world: &str, steps: &[&str]) -> Self {
        let mut server = Self::start(world).await;
        for step in steps {
            server.step(step).await;
        }
        server
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

    /// Sends a request on a connection of its own.
    pub async fn ask(&self, request: Request) -> Reply {
        self.raw(&request.bytes(self.address())).await
    }

    pub async fn raw(&self, bytes: &[u8]) -> Reply {
        self.connect().await.ask(bytes).await
    }

    /// Reads from the control API of this world; the path begins after the world's name.
    pub async fn control(&self, path: &str) -> Value {
        calls::control(&|request| self.ask(request), path).await
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
        calls::entries(&|request| self.ask(request), kind).await
    }

    /// Everything that a refused call must leave unchanged.
    pub async fn state(&self) -> Vec<Value> {
        calls::state(&|request| self.ask(request)).await
    }

    /// Sends a request, which must be refused without a trace.
    pub async fn refused(&self, request: Request) -> Reply {
        calls::refused(&|request| self.ask(request), request).await
    }
}
