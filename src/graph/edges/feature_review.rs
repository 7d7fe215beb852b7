//! Handles `GET /{page}/messaging_feature_review`: the features that the apps of the page were granted.

use serde_json::json;

use crate::domain::model::ids::AssetKey;

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data};

/// Every app may use the one tag that needs a review.
pub fn read(_: &Call, _: AssetKey) -> Result {
    data(vec![json!({ "feature": "human_agent", "status": "approved" })])
}
