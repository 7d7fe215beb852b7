//! Delivery: the way out. Takes webhooks from `engine`, signs them, sends each to its app in the order of its thread, and reports
//! what came of it; asks callback URLs to verify themselves. `cli` and `emulator` enter, to give a [`Courier`] to an engine.

mod attempt;
mod client;
mod connection;
mod courier;
mod destination;
mod failure;
mod handshake;
mod headers;
mod lanes;
mod pool;
mod settings;
#[cfg(test)]
mod tests;

pub use courier::Courier;
pub use settings::DeliverySettings;
