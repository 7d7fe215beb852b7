//! Engine: the shell around the pure domain. It keeps worlds, finds them by token, gives them time, writes the ledger, hands webhooks to
//! `delivery`, and knows when a world is quiet. `graph`, `delivery`, `journal`, `language`, `runner`, `archive`, `explain`, `lint`,
//! `control`, `cli` and `testing` use it. `ActiveWorld` is the way in: one world, its lock, and what may be done with it.

mod active_world;
mod alarm;
pub mod answer_times;
pub mod armed;
mod arming;
mod attempt;
mod beginning;
mod call_count;
pub mod clock;
mod dispatch;
mod evicted_commands;
pub mod fault;
mod fault_effects;
pub mod history;
mod in_flight;
mod in_flight_call;
mod job_world;
pub mod ledger;
pub mod ledger_entry;
mod machine;
mod outbox;
mod pending;
mod quiescence;
mod registry;
mod replay_script;
mod replaying;
mod reset;
mod snapshot;
mod state;
pub mod subjects;
mod topic;
mod waiters;
mod waiting;
mod webhook;
pub mod webhook_url;
mod world_use;
mod write_events;
mod write_signal;

pub use self::active_world::ActiveWorld;
pub use self::attempt::{AttemptOutcome, Job};
#[cfg(test)]
pub use self::attempt::{OutgoingAttempt, StartFlag};
pub use self::beginning::{Beginning, Keep, MAX_BEGINNING};
pub use self::dispatch::NotRedelivered;
pub use self::in_flight::InFlightDelivery;
pub use self::in_flight::QuietScope;
pub use self::in_flight_call::InFlightCall;
pub use self::machine::{Effects, Executed, NotExecuted};
pub use self::outbox::{Handshake, HandshakeError, JobWorld, NullOutbox, Outbox};
pub use self::pending::{Delay, StillWaiting, WaitsFor};
pub use self::quiescence::Quiescence;
pub use self::replay_script::Replay;
pub use self::reset::{IdChoice, ResetOptions};
pub use self::state::WorldState;
pub use self::topic::Topic;
pub use crate::domain::model::access::Principal;
pub use registry::{Engine, Grant};
pub use snapshot::{LedgerCursors, NoSnapshot, PendingRequest, Replayed, Snapshot};
pub use webhook::{RequestCursors, Webhook, WebhookRequest};
pub use world_use::WorldUse;
