//! HTTP below the edges: reads a request into a [`call::Call`] (path, parameters, token) and builds the HTTP response from what an
//! edge returns.
//!
//! `routes`, `edges`, `send` and `read` use it. A new encoding of parameters goes into [`params::Params::read`], a kind of value
//! into [`param_table`] and [`param_check`], an option that works on every call into [`response_options`].

pub mod access;
pub mod auth;
pub mod call;
mod client_credentials;
mod content_type;
pub mod faulted_call;
pub mod form;
pub mod graph_response;
pub mod instagram_access;
mod late_call;
pub mod multipart;
mod not_utf8;
pub mod param_check;
pub mod param_object;
mod param_path;
mod param_rules;
pub mod param_table;
pub mod param_text;
pub mod param_value;
pub mod params;
pub mod path;
pub mod platform_param;
mod recorded_body;
pub mod relaxed_json;
pub mod response;
mod response_options;
pub mod surface;
mod usage_headers;
pub mod value_limit;
