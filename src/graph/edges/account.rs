//! Handles `GET /{instagram-account}`, and `GET /me` with an Instagram user token.

use serde_json::{Value, json};

use crate::domain::model::ids::AssetKey;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::{Nested, NodeKind};

use super::feature_status;

static ACCOUNT: NodeKind = NodeKind {
    fields: &["id", "user_id", "username", "name", "messaging_feature_status"],
    nested: &[("messaging_feature_status", Nested::Object(&feature_status::FEATURE_STATUS))],
    ..NodeKind::new("IGUser")
};

pub fn read(call: &Call, account: AssetKey, selection: Option<&Selection>) -> Result<Value, Failure> {
    let config = call.config().asset(account);
    ACCOUNT.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" | "user_id" => Some(json!(config.id)),
            "username" => Some(json!(config.details.username.as_deref().unwrap_or(&config.name))),
            "name" => Some(json!(config.name)),
            "messaging_feature_status" => Some(feature_status::of_account(call, account)?),
            _ => None,
        })
    })
}
