//! Edges room: `GET /{page}/messaging_feature_review`, which features of the platform the page's apps were granted.

use serde_json::json;

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data};

/// Lists what is granted: here everybody may use the one tag that needs a review.
pub fn read(call: &Call) -> Result {
    call.page()?;
    call.warn_about_unknown_params(&[]);
    data(vec![json!({ "feature": "human_agent", "status": "approved" })])
}
