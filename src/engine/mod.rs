//! Engine: the shell around the pure domain. Keeps worlds, finds them by token, gives them time, writes the ledger, hands webhooks
//! to `delivery`, and knows when a world is quiet. `graph`, `delivery`, `scenario`, `control` and `cli` enter.

pub mod active_world;
mod alarm;
pub mod armed;
mod arming;
pub mod clock;
pub mod dispatch;
pub mod evicted_commands;
pub mod fault;
pub mod fault_effects;
pub mod history;
pub mod in_flight;
pub mod ledger;
mod outbox;
pub mod pending;
mod registry;
pub mod replay_script;
mod snapshot;
pub mod write_events;

pub use self::active_world::{Hosted, Obeyed, Refused};
pub use self::dispatch::NotRedelivered;
pub use self::evicted_commands::{LostPast, MAX_PAST};
pub use self::fault_effects::{Held, WaitsFor};
pub use self::in_flight::{Busy, GraphCall, Quiet};
pub use self::pending::StillWaiting;
pub use self::replay_script::{Nowhere, Recording};
pub use crate::domain::model::access::Bearer as Holder;
pub use outbox::{Handshake, HandshakeError, Item, Job, Outbox, Outcome, Parcel};
pub use registry::{Engine, Grant, RegistryError};
pub use snapshot::{Cursors, NoSnapshot, ParkedParcel, Replayed, Snapshot, Unreplayable};
