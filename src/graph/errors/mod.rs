//! Meta's errors: every code and text, and the mapping from the domain's refusals to them. No other room knows Meta's codes.
//!
//! All of `graph` uses it; `language`, `cli` and the faults read the names. A new error is a row of [`catalogue`]; a new reason of the
//! domain gets its error in [`refusals`]. How we know the HTTP status of a code stands in [`statuses`].

pub mod catalogue;
pub mod failure;
mod of_hosts;
mod pacific_time;
pub mod refusals;
pub mod statuses;
