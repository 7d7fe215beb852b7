//! Edges room: `GET /{page}`, with `messaging_feature_status`.

use serde_json::json;

use crate::domain::ids::PageKey;
use crate::domain::rules;

use super::super::answer::{Result, json as answer};
use super::super::call::Call;
use super::super::fields::{NodeFields, select};

static FIELDS: NodeFields =
    NodeFields { node: "Page", known: &["id", "name", "messaging_feature_status"], default: &["name", "id"] };

/// Reads the page.
pub fn read(call: &Call, page: PageKey) -> Result {
    let asked = FIELDS.asked(&call.params)?;
    if asked.iter().any(|field| field == "messaging_feature_status") {
        call.note_read(rules::FEATURE_STATUS);
    }
    let regime = call.world().read(|world, _, _| world.page(page).regime);
    let config = call.world().config().page(page);
    answer(&select(&asked, |field| match field {
        "id" => Some(json!(config.id)),
        "name" => Some(json!(config.name)),
        "messaging_feature_status" => {
            Some(json!({ "hop_v2": regime.hop_v2, "msgr_multi_app": regime.multi_app, "ig_multi_app": false }))
        }
        _ => None,
    }))
}
