//! Webhooks as a real app receives them: exact bytes, both signatures, headers, order; the handshake; and an app that does not
//! answer.

mod bytes;
mod changes;
mod faulty;
mod handshake;
mod instagram_object;
mod order;
mod retries;
mod shape;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use graphdouble::internals::delivery::{DeliverySettings, WebhookSender};
use graphdouble::internals::engine::Engine;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger_entry::{DeliveryResult, Record};
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::runner::{Session, Timeouts};
use graphdouble::internals::text::diagnostic::Diagnostic;
use graphdouble::internals::text::source::SourceText;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

use crate::support::{Answer, BAKERY, Bot, Reply, Seen, TestServer, get, post};

/// The bakery, with two of its apps living at the bot, each at a path of its own.
fn world(bot: &Bot) -> String {
    let app = |name: &str, world: String| {
        let webhook = format!(
            r#"secret: {name}-secret, webhook: {{ url: "{}", verify_token: open-sesame }}"#,
            bot.url(&format!("/{name}"))
        );
        world.replace(&format!("secret: {name}-secret"), &webhook)
    };
    app("sales", app("support", BAKERY.to_owned()))
}

async fn server(bot: &Bot) -> TestServer {
    TestServer::start(&world(bot)).await
}

fn hex_mac<M: Mac>(mut mac: M, body: &[u8]) -> String {
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Both signatures as a bot would make them, over the bytes that came.
fn signatures(secret: &str, body: &[u8]) -> (String, String) {
    let sha1 = hex_mac(Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("a key"), body);
    let sha256 = hex_mac(Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key"), body);
    (format!("sha1={sha1}"), format!("sha256={sha256}"))
}

fn verifies(seen: &Seen, secret: &str) -> bool {
    let (sha1, sha256) = signatures(secret, &seen.body);
    seen.header("X-Hub-Signature") == sha1 && seen.header("X-Hub-Signature-256") == sha256
}

fn texts(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(|seen| seen.item()["message"]["text"].as_str().unwrap_or_default().to_owned()).collect()
}
