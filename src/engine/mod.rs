//! Engine: the shell around the pure domain. Keeps worlds, finds them by token, gives them time, writes the ledger, hands webhooks
//! to `delivery`, and knows when a world is quiet. `graph`, `delivery`, `scenario`, `control` and `cli` enter.

mod alarm;
mod chronicle;
pub mod clock;
pub mod fault;
mod flight;
pub mod history;
mod hosted;
pub mod ledger;
mod outbox;
mod past;
mod recording;
mod registry;
mod snapshot;

pub use crate::domain::access::Bearer as Holder;
pub use flight::{Busy, GraphCall, Quiet};
pub use hosted::{Hosted, Obeyed, Refused};
pub use outbox::{Attempt, Handshake, HandshakeError, Job, Outbox, Outcome};
pub use past::{LostPast, MAX_PAST};
pub use recording::{Nowhere, Recording};
pub use registry::{Engine, Grant, RegistryError};
pub use snapshot::{Cursors, NoSnapshot, Replayed, Snapshot, Unreplayable};
