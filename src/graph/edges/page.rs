//! Handles `GET /{page}`.

use serde_json::{Value, json};

use crate::domain::model::access::Permission;
use crate::domain::model::ids::AssetKey;
use crate::domain::{World, rules};
use crate::engine::Principal;

use super::{account, conversation, feature_status, unlink_accounts};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::access::{self, PageAccess};
use crate::graph::http::call::Call;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::{Nested, NodeKind};
use crate::graph::read::{not_built, page_json};

static PAGE: NodeKind = NodeKind {
    fields: &[
        "id",
        "name",
        "access_token",
        "category",
        "link",
        "about",
        "username",
        "picture",
        "messaging_feature_status",
        "conversations",
        "threads",
        "has_added_app",
        "is_webhooks_subscribed",
        "is_messenger_platform_bot",
        "instagram_business_account",
        "connected_instagram_account",
        "recipient",
    ],
    default_fields: &["name", "id"],
    nested: &[
        ("picture", Nested::Edge(&page_json::PICTURE)),
        ("messaging_feature_status", Nested::Object(&feature_status::FEATURE_STATUS)),
        ("conversations", Nested::Edge(&conversation::CONVERSATION)),
        ("threads", Nested::Edge(&conversation::CONVERSATION)),
        ("instagram_business_account", Nested::Edge(&account::ACCOUNT)),
        ("connected_instagram_account", Nested::Edge(&account::ACCOUNT)),
    ],
    not_built: not_built::PAGE_FIELDS,
    ..NodeKind::new("Page")
};

/// The fields that need no permission.
const PUBLIC_FIELDS: &[&str] = &["id", "name", "access_token", "recipient"];

pub fn read(call: &Call, page: AssetKey, selection: Option<&Selection>) -> Result<Value, Failure> {
    check_permission(call, selection)?;
    let account = call.config().account_of(page);
    let config = call.config().asset(page);
    PAGE.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "picture" => Some(page_json::picture(config, field.nested.as_ref())?),
            "access_token" => page_token(call, page).map(|token| json!(token)),
            "messaging_feature_status" => {
                call.record_read(rules::FEATURE_STATUS);
                Some(feature_status::of_page(call, page))
            }
            "has_added_app" | "is_messenger_platform_bot" => {
                Some(json!(call.world().read(|world, _, _| world.is_connected(page, call.app()))))
            }
            "is_webhooks_subscribed" => {
                let subscribed =
                    |world: &World| world.asset(page).connection(call.app()).is_some_and(|it| it.subscribed);
                Some(json!(call.world().read(|world, _, _| subscribed(world))))
            }
            "instagram_business_account" | "connected_instagram_account" => {
                account.map(|account| account::describe(call, account, field.nested.as_ref())).transpose()?
            }
            "recipient" => Some(unlink_accounts::linked_psid(call, page)?),
            "conversations" | "threads" => {
                // The field needs what the edge needs.
                access::check_page_edge(call, &field.name, PageAccess::ENGAGEMENT)?;
                Some(conversation::of_page(call, page, field)?)
            }
            name => page_json::field(config, name),
        })
    })
}

/// The token of the call if it is a page token; otherwise the page token of the user.
fn page_token(call: &Call, page: AssetKey) -> Option<Box<str>> {
    let Principal::User(user, app) = call.holder else { return call.token_text() };
    match call.world().read(|world, _, _| world.is_connected(page, app)) {
        true => access::page_token_for(call, user, page),
        false => None,
    }
}

/// Checks the permission to read the fields.
fn check_permission(call: &Call, selection: Option<&Selection>) -> Result<(), Failure> {
    let mut fields = selection.into_iter().flat_map(|selection| &selection.0);
    let is_public = fields.all(|field| PUBLIC_FIELDS.contains(&field.name.as_str()));
    if is_public || call.has_permission(Permission::PagesReadEngagement) {
        return Ok(());
    }
    Err(Failure::by_rule(catalogue::ENGAGEMENT_NEEDED.error(), rules::PERMISSION_MISSING))
}
