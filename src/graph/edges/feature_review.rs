//! Handles `GET /{page}/messaging_feature_review`: the features that the apps of the page were granted.

use serde_json::json;

use crate::domain::model::ids::AssetKey;

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data};

/// The one tag that needs a review belongs to the feature Human Agent.
pub fn read(call: &Call, _: AssetKey) -> Result {
    let status = if call.config().app(call.app()).human_agent { "approved" } else { "pending" };
    data(vec![json!({ "feature": "human_agent", "status": status })])
}
