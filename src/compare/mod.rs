//! Runs the same scenarios under several routings, with puppets only, and finds what differs.
//!
//! `cli` starts a comparison and `report` prints it. To compare one more thing about a step, add an `Aspect` in
//! `outcome.rs`.

pub mod compare_routings;
pub mod comparison;
pub mod difference;
pub mod outcome;

pub use self::compare_routings::compare_routings;
pub use self::comparison::{ComparedScenario, ComparedStep, Comparison};
pub use self::difference::{About, ComparedAspect, RoutingGroup};
pub use self::outcome::Fact;
