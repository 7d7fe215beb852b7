//! Wire: domain events as Meta's exact JSON, its escaping, and its signatures. Pure. `delivery`, `graph`, `scenario` and
//! `control` enter; it knows `domain` alone.

pub mod escape;
mod forms;
mod items;
mod post;
mod replies;
pub mod signature;
mod templates;
mod webhook;

pub use items::content_json;
pub use post::{Post, PostOptions, Signed, post};
pub use replies::token_status;
pub use webhook::{WebhookItem, hop_context_json, item_json, webhook_json};
