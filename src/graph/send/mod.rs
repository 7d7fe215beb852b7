//! Send room.

pub mod utility_message;
pub mod receipt_and_feedback;
pub mod buttons;
pub mod content;
pub mod platform;
pub mod profile_params;
pub mod recipient;
pub mod templates;
