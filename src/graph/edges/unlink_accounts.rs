//! Handles `POST /{page}/unlink_accounts`, and the field `recipient` of a page: the person of an `account_linking_token`.

use serde_json::{Value, json};

use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::model::time::Span;
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, json as answer};

/// How long an `account_linking_token` is valid.
const LIFETIME: Span = Span::minutes(5);

pub fn unlink(call: &Call, _: AssetKey) -> Result {
    let thread = call.thread(&call.params.required_text("psid")?)?;
    call.execute(Command::Unlink(thread, call.app()))?;
    answer(&json!({ "result": "unlink account success" }))
}

/// The PSID of the person whom the parameter `account_linking_token` belongs to.
pub fn linked_psid(call: &Call, page: AssetKey) -> Fallible<Value> {
    let Some(token) = call.params.text("account_linking_token")? else {
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", "account_linking_token")]).into());
    };
    call.page()?;
    let found = call.world().read(|world, _, now| {
        let address = world.settings().recipient_ids.get(page, &token);
        address.filter(|known| known.kind == RecipientIdKind::Login && now < known.since + LIFETIME).map(|it| it.thread)
    });
    match found {
        Some(thread) => {
            call.record_read(rules::LINKING_TOKEN);
            Ok(json!(call.config().psid(thread)))
        }
        None => Err(Failure::by_rule(catalogue::LINKING_TOKEN_INVALID.error(), rules::LINKING_TOKEN)),
    }
}
