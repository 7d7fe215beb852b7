//! What the socket-level tests share: a raw HTTP client, an emulator with a world of its own, and a bot that records what it is sent.

mod bot;
mod calls;
pub mod contract;
pub mod files;
mod http;
mod in_process;
pub mod machine;
mod real_bot;
mod test_server;

pub use bot::{Answer, Bot, Seen};
pub use http::{Connection, Reply, Request, delete, get, post, put};
pub use in_process::InProcess;
pub use real_bot::{LANGUAGES, RealBot, command_of};
pub use test_server::TestServer;

/// Three apps on one page with Conversation Routing; all of them puppets.
pub const BAKERY: &str = include_str!("../../../fixtures/bakery.yaml");
/// The same with primary and secondary receivers.
pub const HANDOVER: &str = include_str!("../../../fixtures/bakery-handover.yaml");
/// The same under the rules of 2025.
pub const TODAY: &str = include_str!("../../../fixtures/bakery-2025.yaml");
/// The same with lead-generation ads.
pub const LEADS: &str = include_str!("../../../fixtures/bakery-leads.yaml");
/// The same with everything that Meta guards: users, permissions, an app in development, one that requires proof.
pub const GUARDED: &str = include_str!("../../../fixtures/bakery-guarded.yaml");
/// An Instagram account beside a page, with an app of each login.
pub const INSTAGRAM: &str = include_str!("../../../fixtures/instagram.yaml");
/// Three apps on one page without a default app.
pub const KIOSK: &str = include_str!("../../../fixtures/kiosk.yaml");

/// An object as JSON text, for comparing what two answers say.
pub fn parsed(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}
