//! Edges room: `GET /{app}`.

use serde_json::{Value, json};

use crate::domain::ids::AppKey;

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::fields::{NodeKind, Selection};

/// What can be asked of an app.
pub static APPLICATION: NodeKind =
    NodeKind { name: "Application", fields: &["id", "name", "link", "category"], default: &["name", "id"] };

/// Reads the app.
pub fn read(call: &Call, app: AppKey, selection: Option<&Selection>) -> Result<Value, Failure> {
    let config = call.world().config().app(app);
    APPLICATION.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(config.id.to_string())),
            "name" => Some(json!(config.name)),
            "category" => Some(json!("Business")),
            "link" => Some(json!(format!("https://graphdouble.invalid/apps/{}", config.id))),
            _ => None,
        })
    })
}
