//! Http room.

pub mod access;
pub mod auth;
pub mod call;
pub mod client_credentials;
pub mod faulted_call;
pub mod multipart;
pub mod params;
pub mod path;
pub mod relaxed;
pub mod response;
pub mod response_options;
pub mod usage;
