//! Handles `GET /{instagram-account}`, and `GET /me` with an Instagram user token.

use serde_json::{Value, json};

use crate::domain::model::ids::AssetKey;
use crate::domain::model::instagram_ids::app_scoped_id;
use crate::domain::rules;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::instagram_access;
use crate::graph::http::surface::Surface;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::{Nested, NodeKind};
use crate::graph::read::not_built;

use super::feature_status;

/// An account as graph.facebook.com has it.
pub static ACCOUNT: NodeKind = NodeKind {
    fields: &[
        "id",
        "username",
        "name",
        "biography",
        "website",
        "profile_picture_url",
        "followers_count",
        "follows_count",
        "media_count",
        "messaging_feature_status",
    ],
    nested: &[("messaging_feature_status", Nested::Object(&feature_status::FEATURE_STATUS))],
    not_built: &[not_built::ACCOUNT_EDGES, not_built::FLOWS_AS_FIELD],
    ..NodeKind::new("IGUser")
};
/// An account as graph.instagram.com has it: its `id` belongs to the app.
static OWN_ACCOUNT: NodeKind = NodeKind {
    fields: &[
        "id",
        "user_id",
        "username",
        "name",
        "account_type",
        "profile_picture_url",
        "followers_count",
        "follows_count",
        "media_count",
        "biography",
        "website",
        "messaging_feature_status",
    ],
    nested: &[("messaging_feature_status", Nested::Object(&feature_status::FEATURE_STATUS))],
    not_built: &[not_built::ACCOUNT_EDGES, not_built::FLOWS_AS_FIELD],
    ..NodeKind::new("IGUser")
};

/// Reads an account that a call names.
pub fn read(call: &Call, account: AssetKey, selection: Option<&Selection>) -> Result<Value, Failure> {
    instagram_access::check_basic(call)?;
    let described = describe(call, account, selection)?;
    call.record_read(rules::INSTAGRAM_ACCOUNT_READ);
    Ok(described)
}

/// The account as its own node, or as a field of its page.
pub fn describe(call: &Call, account: AssetKey, selection: Option<&Selection>) -> Result<Value, Failure> {
    let is_own_host = call.surface == Surface::Instagram;
    let kind = if is_own_host { &OWN_ACCOUNT } else { &ACCOUNT };
    let config = call.config();
    let asset = config.asset(account);
    let details = &asset.details;
    kind.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" if is_own_host => Some(json!(app_scoped_id(config.seed, &asset.id, config.app(call.app()).id))),
            "id" | "user_id" => Some(json!(asset.id)),
            "username" => Some(json!(username(call, account))),
            "name" => Some(json!(asset.name)),
            "messaging_feature_status" => Some(feature_status::of_account(call, account)?),
            "account_type" => Some(json!("BUSINESS")),
            "biography" => details.about.as_ref().map(|about| json!(about)),
            "website" => details.link.as_ref().map(|link| json!(link)),
            "profile_picture_url" => Some(match &details.picture {
                Some(url) => json!(url),
                None => json!(format!("https://graphdouble.invalid/picture/{}.jpg", asset.id)),
            }),
            // Nobody follows an account of a test, and it has published nothing.
            "followers_count" | "follows_count" | "media_count" => Some(json!(0)),
            _ => None,
        })
    })
}

fn username<'c>(call: &'c Call, account: AssetKey) -> &'c str {
    let asset = call.config().asset(account);
    asset.details.username.as_deref().unwrap_or(&asset.name)
}
