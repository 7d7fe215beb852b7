//! Delivery: the way out. Takes webhooks from `engine`, signs them, sends each to its app in the order of its thread, and reports
//! what came of it; asks callback URLs to verify themselves. `cli` and `emulator` enter, to give a [`WebhookSender`] to an engine.

mod attempt;
mod client;
mod connection;
mod destination;
mod failure;
mod handshake;
mod headers;
mod pool;
mod settings;
#[cfg(test)]
mod tests;
pub mod thread_queues;
pub mod webhook_sender;

pub use self::webhook_sender::WebhookSender;
pub use settings::DeliverySettings;
