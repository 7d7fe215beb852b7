//! Run room: scenarios at work. A session is a world with what a scenario remembers; steps act on it, observe real apps, and expect.
//! `cli`, `control` and `report` enter.

pub mod act;
pub mod arm_faults;
pub mod artifact_writer;
pub mod bot_process;
pub mod delivery_monitor;
pub mod expect;
pub mod expect_delivery;
pub mod ledger_view;
pub mod linting;
pub mod matcher;
pub mod observe;
pub mod placeholders;
pub mod replay;
pub mod response_view;
pub mod run_events;
pub mod run_scenarios;
pub mod session;

pub use self::replay::{RecordedRun, replay};
pub use self::run_scenarios::{RunSettings, run};
pub use self::session::{Performed, Session, StepKind, Timeouts};
