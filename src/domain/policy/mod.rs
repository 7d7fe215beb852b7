//! The policy: pure functions that answer which app owns a thread, which app a person is routed to, who may write,
//! and who gets a webhook. The thread transaction, the handlers and `World` ask them. A rule that differs between
//! generations belongs into a field of `model::ruleset`, not into a condition here.

pub mod access;
pub mod entry_points;
pub mod fan_out;
pub mod messaging_window;
pub mod ownership;
