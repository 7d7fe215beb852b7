//! Engine: the shell around the pure domain. Keeps worlds, finds them by token, gives them time, writes the ledger, hands webhooks
//! to `delivery`, and knows when a world is quiet. `graph`, `delivery`, `scenario`, `control` and `cli` enter.

mod alarm;
pub mod armed;
mod arming;
mod chronicle;
pub mod clock;
pub mod fault;
mod flight;
pub mod history;
mod hosted;
mod interference;
pub mod ledger;
mod outbox;
mod past;
mod post;
mod recording;
mod registry;
mod snapshot;
mod waiting;

pub use crate::domain::access::Bearer as Holder;
pub use flight::{Busy, GraphCall, Quiet};
pub use hosted::{Hosted, Obeyed, Refused};
pub use interference::{Held, WaitsFor};
pub use outbox::{Handshake, HandshakeError, Item, Job, Outbox, Outcome, Parcel};
pub use past::{LostPast, MAX_PAST};
pub use post::NotRedelivered;
pub use recording::{Nowhere, Recording};
pub use registry::{Engine, Grant, RegistryError};
pub use snapshot::{Cursors, NoSnapshot, ParkedParcel, Replayed, Snapshot, Unreplayable};
pub use waiting::StillWaiting;
