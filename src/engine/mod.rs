//! Engine: the shell around the pure domain. Keeps worlds, finds them by token, gives them time, writes the ledger, hands webhooks
//! to `delivery`, and knows when a world is quiet. `graph`, `delivery`, `scenario`, `control` and `cli` enter.

mod alarm;
pub mod armed;
pub mod clock;
pub mod fault;
mod flight;
mod hosted;
mod interference;
pub mod ledger;
mod outbox;
mod post;
mod registry;

pub use crate::domain::access::Bearer as Holder;
pub use flight::{Busy, GraphCall, Quiet};
pub use hosted::{Hosted, Obeyed, Refused};
pub use outbox::{Handshake, HandshakeError, Item, Job, Outbox, Outcome, Parcel};
pub use post::NotRedelivered;
pub use registry::{Engine, Grant, RegistryError};
