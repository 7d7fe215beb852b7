//! Edges room: `GET /{page}/messaging_feature_review`, which features of the platform the page's apps were granted.

use serde_json::json;

use crate::domain::model::ids::PageKey;

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data};

/// Lists what is granted: here everybody may use the one tag that needs a review.
pub fn read(_: &Call, _: PageKey) -> Result {
    data(vec![json!({ "feature": "human_agent", "status": "approved" })])
}
