//! Lint: what an app did wrong although nothing failed. Pure analysis of a world and its ledger; each lint is a row of the table. Reads
//! everything, changes nothing. `scenario`, `control`, `report` and `cli` enter.

mod case;
mod finding;
mod levels;

pub use case::{Case, Provoked};
pub use finding::{Finding, Lint, Severity};
pub use levels::{Level, Levels};
