//! Turns domain events into Meta's exact JSON, with Meta's escapes and signatures. Pure: no clock, no IO, no randomness.
//!
//! `engine` builds the POST of a webhook with it; `graph`, `journal`, `runner` and `control` use the JSON of messages and events. A new kind
//! of event is a variant of `EventJson` in `event_json.rs`, and its key in `webhook.rs`.

mod account_change_json;
mod attachment_json;
mod change_json;
pub mod escape;
mod event_json;
mod instagram_message_json;
mod instagram_test_values;
mod message_json;
mod post;
mod receipt_and_survey_json;
mod referral_json;
pub mod signature;
mod template_json;
mod template_reply_json;
mod test_values;
mod webhook;

pub use message_json::content_json;
pub use post::{Post, PostOptions, Signed, build_post};
pub use template_reply_json::token_status;
pub use webhook::{WebhookEntry, hop_context_json, item_json, item_view, webhook_view};
