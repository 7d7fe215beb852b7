//! What is bounded in bytes: what a world keeps, what all worlds of a process keep, and what reading a body costs. Nothing here measures time.

mod bodies;
mod expansion;
mod kept;
mod table;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Connection, Reply, Request};

fn world(limits: &Value) -> String {
    let world = json!({
        "limits": limits, "apps": { "bot": {} },
        "pages": { "shop": { "default_app": "bot", "apps": { "bot": { "token": "EAAbot" } } } },
        "people": { "alice": { "psids": { "shop": "3001" } } },
    });
    world.to_string()
}

/// A server in a process of its own. It ends with the test.
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_graphdouble"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the binary");
        let mut ready = String::new();
        let stdout = process.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut ready).expect("a line");
        let address = ready.trim().rsplit('/').next().unwrap_or_default().to_owned();
        Self { process, address }
    }

    async fn ask(&self, request: Request) -> Reply {
        Connection::open(&self.address).await.ask(&request.bytes(&self.address)).await
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}
