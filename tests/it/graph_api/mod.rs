//! The Graph API over its socket, in modules that mirror its URL tree: what holds for every call, then page, app, person, persona
//! and user.

mod app;
mod call;
mod conversation;
mod debug_token;
mod label;
mod oauth;
mod page;
mod person;
mod persona;
mod user;

use crate::support::{InProcess, Reply, Request, TestServer};

/// Alice has spoken, so the default app `support` has the thread and the window is open.
const SPOKEN: &[&str] = &["{ user: alice, says: Hi }"];
/// Alice came by an ad, so the marketing app `sales` has the thread.
const BY_AD: &[&str] = &["{ user: alice, taps_ad: tulips, says: Hi }"];

/// Two pages with an app on both, and one who writes to both.
const TWO_PAGES: &str = r#"
clock: 2026-03-02T09:00:00Z
seed: 1
apps:
  support: { id: "1001", secret: support-secret }
  sales: { id: "1002", secret: sales-secret }
pages:
  bakery: { id: "2001", default_app: support, apps: { support: { token: EAAsupport }, sales: { token: EAAsales } } }
  kiosk: { id: "2002", default_app: support, apps: { support: { token: EAAkiosk } } }
people:
  alice: { first_name: Alice, psids: { bakery: "3001", kiosk: "3901" } }
"#;

/// A message from `support` to Alice, in the form that Meta's own examples have.
const HELLO: &str = r#"{"recipient":{"id":"3001"},"message":{"text":"Hello!"}}"#;

/// What each call answers, a line per row, each in a world of its own: so a row more changes no other row's ids. The first goes over a
/// socket, the others do not.
async fn answers(world: &str, steps: &[&str], rows: Vec<(&str, Request)>) -> String {
    let mut lines = String::new();
    for (number, (what, request)) in rows.into_iter().enumerate() {
        let reply = match number {
            0 => TestServer::after(world, steps).await.ask(request).await,
            _ => InProcess::after(world, steps).await.ask(request).await,
        };
        lines.push_str(&format!("{what}: {}\n", reply.line()));
    }
    lines
}

/// The same for calls that must be refused without a trace in the world.
async fn refusals(world: &str, steps: &[&str], rows: Vec<(&str, Request)>) -> String {
    let mut lines = String::new();
    for (number, (what, request)) in rows.into_iter().enumerate() {
        let reply = match number {
            0 => TestServer::after(world, steps).await.refused(request).await,
            _ => InProcess::after(world, steps).await.refused(request).await,
        };
        lines.push_str(&format!("{what}: {}\n", reply.line()));
    }
    lines
}

/// The echoes of the page's messages that `support` receives, as it would read them.
async fn echoes(server: &TestServer) -> Vec<serde_json::Value> {
    let webhooks = server.entries("webhook").await;
    let bodies = webhooks.into_iter().filter(|entry| entry["app"] == "support").map(|entry| entry["body"].clone());
    bodies.filter(|body| body.to_string().contains("is_echo")).collect()
}

fn is_success(reply: &Reply) -> bool {
    reply.status == 200 && !reply.text().contains("error")
}
