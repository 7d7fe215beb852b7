//! Http room.

pub mod relaxed_json;
pub mod param_object;
pub mod auth;
pub mod call;
pub mod multipart;
pub mod params;
pub mod path;
pub mod response;
pub mod response_options;
pub mod usage;
