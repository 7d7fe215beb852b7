//! Edges room: `GET /{app}`.

use serde_json::json;

use crate::domain::ids::AppKey;

use super::super::answer::{Result, json as answer};
use super::super::call::Call;
use super::super::fields::{NodeFields, select};

static FIELDS: NodeFields = NodeFields {
    node: "Application",
    known: &["id", "name", "category", "link"],
    default: &["category", "link", "name", "id"],
};

/// Reads the app.
pub fn read(call: &Call, app: AppKey) -> Result {
    let asked = FIELDS.asked(&call.params)?;
    let config = call.world().config().app(app);
    answer(&select(&asked, |field| match field {
        "id" => Some(json!(config.id.to_string())),
        "name" => Some(json!(config.name)),
        "category" => Some(json!("Business")),
        "link" => Some(json!(format!("https://graphdouble.invalid/apps/{}", config.id))),
        _ => None,
    }))
}
