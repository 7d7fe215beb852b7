//! The HTTP server. It accepts connections on every port, limits what they may cost, guards the control API against web pages, and
//! hands each request to a [`Service`]. It knows HTTP and TLS, but nothing about Meta.
//!
//! `site.rs` implements [`Service`]; `cli` and `testing` call [`serve`]. A new limit is a field of [`ServerSettings`]; a new way to
//! damage a response is a variant of `WireFault`, which `apply_fault.rs` performs.

mod accept_loop;
mod apply_fault;
mod body_room;
mod body_types;
mod connection;
mod head_timer;
mod host_guard;
mod listener;
mod malformed_head;
mod places;
mod request_body;
mod request_handler;
mod served_body;
mod service;
mod settings;
mod stoppable_body;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
mod write_timer;

pub use accept_loop::serve;
pub use body_room::MAX_BODIES;
pub use listener::listen;
pub use service::{Need, Service, Unserved};
pub use settings::{MAX_CONNECTIONS, ServerSettings};
