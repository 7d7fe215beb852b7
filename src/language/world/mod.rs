//! World room.

pub mod ad;
pub mod declared;
pub mod page;
pub mod read_world;
pub mod routings;
pub mod user;
