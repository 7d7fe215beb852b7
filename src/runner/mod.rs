//! Runs scenarios. A [`Session`] performs the steps of one caller in a world; [`run`] runs whole files and reports what
//! happened.
//!
//! `cli`, `control`, `compare`, `archive`, `report` and `testing` use this room. To add a kind of step, add an arm to
//! `act.rs` (for a real app, one to `call_search.rs` too). To add an expectation, add an arm to `expect.rs`.

pub mod act;
pub mod act_as_puppet;
pub mod act_as_user;
mod active_threads;
pub mod arm_faults;
pub mod artifact_writer;
pub mod beginnings;
pub mod bot_environment;
pub mod bot_process;
mod call_match;
mod call_search;
mod can_do;
pub mod delivery_monitor;
mod described_calls;
mod entry_origin;
pub mod exchange;
pub mod exchange_progress;
pub mod expect;
pub mod expect_delivery;
pub mod expect_message;
mod expect_owner;
pub mod expect_webhook;
pub mod ledger_view;
pub mod ledger_window;
pub mod linting;
pub mod matcher;
mod named_people;
pub mod new_people;
pub mod observations;
pub mod observe;
mod owner_log;
pub mod perform;
pub mod performed;
pub mod placeholders;
mod puppet_call;
pub mod raw_call;
pub mod recorded_call;
pub mod refusal_reason;
pub mod replay;
pub mod response_view;
pub mod run_collector;
pub mod run_events;
pub mod run_scenarios;
pub mod run_settings;
pub mod scenario_history;
pub mod scenario_run;
pub mod session;
pub mod session_memory;
pub mod settle;
pub mod shared_world;
mod show;
pub mod step_effects;
pub mod step_order;
pub mod stop_switch;
pub mod timeouts;
mod unasked;
mod unobserved;
mod wait_for_apps;
mod wait_for_offers;
pub mod worker;

pub use self::bot_environment::bot_environment;
pub use self::performed::{Performed, PerformedKind};
pub use self::replay::{RecordedRun, replay};
pub use self::run_collector::RunEnd;
pub use self::run_scenarios::{run, run_real_apps};
pub use self::run_settings::RunSettings;
pub use self::session::Session;
pub use self::session_memory::SessionMemory;
pub use self::shared_world::SharedWorld;
pub use self::stop_switch::StopSwitch;
pub use self::timeouts::Timeouts;
pub use self::worker::BotWorker;
