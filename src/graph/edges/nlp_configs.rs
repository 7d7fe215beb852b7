//! Handles `POST /{page}/nlp_configs`. Built-in NLP is not built.

use crate::domain::model::ids::AssetKey;

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, success};

/// The parameters of the edge.
pub const PARAMS: &[&str] = &["nlp_enabled", "model", "custom_token", "verbose", "n_best", "other_language_support"];

/// Turning NLP off succeeds: it is off.
pub fn set(call: &Call, _: AssetKey) -> Result {
    match call.params.required_text("nlp_enabled")?.to_ascii_lowercase().as_str() {
        "false" | "0" => success(),
        "true" | "1" => Err(catalogue::NOT_BUILT.with(&[("what", "nlp_enabled true")]).into()),
        _ => Err(catalogue::PARAM_MUST_BE.with(&[("param", "nlp_enabled"), ("kind", "a boolean")]).into()),
    }
}
