//! Server: the way in. Accepts connections, bounds what they may cost, guards the control API against web pages, and hands requests to
//! a [`Service`]: Graph calls to one side, the control API to the other. A port takes plain HTTP and TLS. `cli` and
//! `emulator` enter.

mod accept;
pub mod apply_fault;
mod body;
mod guard;
mod line;
mod service;
mod settings;
mod stream;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;

pub use accept::serve;
pub use service::{Service, StreamingBody};
pub use settings::ServerSettings;
