//! Sends webhooks over HTTP: signs each, sends it to its app in the order of its thread, and reports how the attempt went. It also makes
//! the verification handshake with callback URLs.
//!
//! `engine` defines the trait `Outbox`; [`WebhookSender`] implements it. `cli` and `testing` create one and give it to an engine.

pub mod attempt;
mod bot_stream;
mod client;
#[cfg(feature = "tls")]
mod client_tls;
pub mod connection;
mod destination;
mod failure;
mod handshake;
mod pool;
mod settings;
#[cfg(test)]
mod tests;
mod thread_queues;
mod webhook_sender;

#[cfg(feature = "tls")]
pub use client_tls::TrustedCas;
pub use settings::DeliverySettings;
pub use webhook_sender::WebhookSender;
