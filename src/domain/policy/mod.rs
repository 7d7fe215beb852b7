//! Policy room: who owns, who may, who is told. Pure functions over the state of a thread and its page; `turn` and `acts/` ask them; `World` reads by them.

pub mod access;
pub mod entry_points;
pub mod fan_out;
pub mod messaging_window;
pub mod ownership;
