//! Run room: scenarios at work. A stage is a world with what a scenario remembers; steps act on it, observe real apps, and expect.
//! `cli`, `control` and `report` enter.

mod acting;
pub mod bots;
pub mod compare;
mod deliveries;
mod delivery_json;
mod difference;
pub mod entry_json;
pub mod events;
mod expecting;
mod expecting_delivery;
pub mod fault_text;
pub mod faults;
mod gestures;
pub mod keeper;
pub mod linting;
pub mod matcher;
mod observing;
mod outcome;
pub mod parties;
mod received;
pub mod record;
mod replay;
mod runner;
mod seen;
mod stage;
mod taking;
mod template;
pub mod timeline;

pub use replay::{FirstTime, replay};
pub use runner::{RunSettings, run};
pub use stage::{How, Patience, Performed, Stage, Window};
