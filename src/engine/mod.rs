//! Engine: the shell around the pure domain. It keeps worlds, finds them by token, gives them time, writes the ledger, hands webhooks to
//! `delivery`, and knows when a world is quiet. `graph`, `delivery`, `journal`, `language`, `runner`, `archive`, `explain`, `lint`,
//! `control`, `cli` and `testing` use it. `ActiveWorld` is the way in: one world, its lock, and what may be done with it.

pub mod active_world;
mod alarm;
pub mod answer_times;
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
pub mod ledger_entry;
mod outbox;
pub mod pending;
mod registry;
pub mod replay_script;
mod snapshot;
mod webhook;
pub mod write_events;

pub use self::active_world::{ActiveWorld, Executed, NotExecuted};
pub use self::dispatch::NotRedelivered;
pub use self::fault_effects::{Delay, WaitsFor};
pub use self::in_flight::{InFlightCall, InFlightDelivery, Quiescence};
pub use self::pending::StillWaiting;
pub use self::replay_script::{NullOutbox, Replay};
pub use crate::domain::model::access::Principal;
pub use outbox::{AttemptOutcome, Handshake, HandshakeError, Job, Outbox};
pub use registry::{Engine, Grant};
pub use snapshot::{LedgerCursors, NoSnapshot, PendingRequest, Replayed, Snapshot};
pub use webhook::{Webhook, WebhookRequest};
