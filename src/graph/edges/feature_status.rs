//! The field `messaging_feature_status` of a page and of an Instagram account.

use serde_json::{Value, json};

use crate::domain::model::ids::AssetKey;
use crate::domain::rules;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::read::node_kind::NodeKind;

pub static FEATURE_STATUS: NodeKind =
    NodeKind { fields: &["hop_v2", "msgr_multi_app", "ig_multi_app"], ..NodeKind::new("MessagingFeatureStatus") };

/// Of a page and the account that is linked to it. Routing is switched on for each of them by itself.
pub fn of_page(call: &Call, page: AssetKey) -> Value {
    status(call, Some(page), call.config().account_of(page))
}

/// Of an account and the page that it is linked to.
pub fn of_account(call: &Call, account: AssetKey) -> Result<Value, Failure> {
    let config = call.config().asset(account);
    if !config.knobs.account_feature_status {
        let error = catalogue::UNKNOWN_FIELD.with(&[("field", "messaging_feature_status"), ("node", "IGUser")]);
        return Err(error.into());
    }
    call.record_read(rules::FEATURE_STATUS_OF_ACCOUNT);
    Ok(status(call, config.linked_page(), Some(account)))
}

fn status(call: &Call, page: Option<AssetKey>, account: Option<AssetKey>) -> Value {
    let ruleset = |asset: AssetKey| call.world().read(|world, _, _| world.asset(asset).ruleset);
    let (page, account) = (page.map(ruleset), account.map(ruleset));
    json!({
        "hop_v2": page.is_some_and(|page| page.hop_v2),
        "msgr_multi_app": page.is_some_and(|page| page.multi_app),
        "ig_multi_app": account.is_some_and(|account| account.multi_app),
    })
}
