//! Server: the way in. Accepts connections, bounds what they may cost, guards the control API against web pages, and hands requests to
//! a [`Site`]: Graph calls to one side, the control API and the inspector to the other. `cli` and `emulator` enter.

mod accept;
mod body;
mod guard;
mod service;
mod settings;
mod stream;
#[cfg(test)]
mod tests;

pub use accept::serve;
pub use service::{Site, StreamingBody};
pub use settings::ServerSettings;
