//! Send room.

pub mod buttons;
pub mod content;
pub mod forms;
pub mod part;
pub mod platform;
pub mod profile_params;
pub mod recipient;
pub mod templates;
pub mod utility;
