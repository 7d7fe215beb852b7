//! Scenario: the language of scenarios, and the run of them. Reads files, speaks to worlds through `engine`, and lets puppets call
//! the Graph API through `graph`, as a bot would. `cli`, `control` and `report` enter.

pub mod language;
pub mod run;
