//! Handles `GET /{app}`.

use serde_json::{Value, json};

use crate::domain::model::ids::AppKey;

use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::NodeKind;
use crate::graph::read::not_built;

/// The fields of an app.
pub static APPLICATION: NodeKind = NodeKind {
    fields: &["id", "name", "link", "category"],
    default_fields: &["name", "id"],
    not_built: not_built::APP_FIELDS,
    ..NodeKind::new("Application")
};

pub fn read(call: &Call, app: AppKey, selection: Option<&Selection>) -> Result<Value, Failure> {
    APPLICATION.describe(selection, |field| Ok(field_value(call, app, &field.name)))
}

/// The value of a field.
pub fn field_value(call: &Call, app: AppKey, field: &str) -> Option<Value> {
    let config = call.config().app(app);
    match field {
        "id" => Some(json!(config.id.to_string())),
        "name" => Some(json!(config.name)),
        "category" => Some(json!("Business")),
        "link" => Some(json!(format!("https://graphdouble.invalid/apps/{}", config.id))),
        _ => None,
    }
}
