//! Handles `GET /{page}/notification_message_tokens` and `GET /notification_messages_{token}`.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::model::ids::AssetKey;
use crate::domain::model::notification_subscription::{EXPIRES, NotificationSubscription};
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::model::scoped_id::ScopedId;
use crate::domain::model::time::Moment;
use crate::domain::rules;
use crate::wire::token_status;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;

static TOKEN: NodeKind = NodeKind {
    fields: &[
        "id",
        "notification_messages_token",
        "recipient_id",
        "notification_messages_reoptin",
        "creation_timestamp",
        "token_expiry_timestamp",
        "user_token_status",
        "topic_title",
        "notification_messages_timezone",
        "next_eligible_time",
    ],
    default_fields: &[
        "notification_messages_token",
        "recipient_id",
        "notification_messages_reoptin",
        "creation_timestamp",
        "token_expiry_timestamp",
        "user_token_status",
        "topic_title",
        "notification_messages_timezone",
        "next_eligible_time",
    ],
    not_built: &["custom_audience_ids", "next_eligible_time_for_paid_messaging", "notification_messages_frequency"],
    ..NodeKind::new("UserPageOneTimeOptInTokenSettings")
};
/// The id of the node is this and the token.
const PREFIX: &str = "notification_messages_";
/// The most tokens in one answer.
const MAX_TOKENS: usize = 100;

/// A token of the page and its subscription.
pub struct NotificationToken {
    text: Box<str>,
    psid: ScopedId,
    since: Moment,
    subscription: Arc<NotificationSubscription>,
}

/// The token of a node's id, if the page of the call's token has it and it is still valid.
pub fn find(call: &Call, id: &str) -> Fallible<Option<NotificationToken>> {
    let Some(text) = id.strip_prefix(PREFIX) else { return Ok(None) };
    let page = call.page()?;
    Ok(call.world().read(|world, _, now| {
        let address = world.settings().recipient_ids.get(page, text)?;
        token(call, text, address).filter(|_| now < EXPIRES)
    }))
}

fn token(call: &Call, text: &str, address: &RecipientId) -> Option<NotificationToken> {
    let (psid, subscription) = (call.config().psid(address.thread), address.subscription.clone()?);
    Some(NotificationToken { text: text.into(), psid, since: address.since, subscription })
}

/// Handles `GET /{page}/notification_message_tokens`: the token that changed last comes first.
pub fn list(call: &Call, page: AssetKey) -> Result {
    if call.params.get("custom_audience_ids").is_some() {
        return Err(catalogue::NOT_BUILT.with(&[("what", "custom_audience_ids")]).into());
    }
    let selection = Selection::of(&call.params)?;
    TOKEN.selected_fields(selection.as_ref())?;
    let mut tokens = of_page(call, page);
    if call.params.word("do_not_return_duplicates", &["true", "false"])? == Some("true") {
        let mut seen = BTreeSet::new();
        tokens.retain(|token| seen.insert(token.psid.clone()));
    }
    call.record_read(rules::NOTIFICATION_TOKENS_READ);
    let path = format!("{}/notification_message_tokens", call.config().asset(page).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_TOKENS)? };
    answer(&listing.page(call, &tokens, |token| read(token, selection.as_ref()))?)
}

fn of_page(call: &Call, page: AssetKey) -> Vec<NotificationToken> {
    let mut tokens: Vec<NotificationToken> = call.world().read(|world, _, now| {
        let valid = world.settings().recipient_ids.of(page, RecipientIdKind::Notification).filter(|_| now < EXPIRES);
        valid.filter_map(|(text, address)| token(call, text, address)).collect()
    });
    tokens.sort_by_key(|token| std::cmp::Reverse(token.subscription.updated));
    tokens
}

/// Handles `GET /notification_messages_{token}`. Meta answers the id only if the call names it.
pub fn read(token: &NotificationToken, selection: Option<&Selection>) -> Fallible<Value> {
    let selects_id = selection.is_some_and(|selection| selection.0.iter().any(|field| field.name == "id"));
    let subscription = &token.subscription;
    TOKEN.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => selects_id.then(|| json!(format!("{PREFIX}{}", token.text))),
            "notification_messages_token" => Some(json!(token.text)),
            "recipient_id" => Some(json!(token.psid)),
            "notification_messages_reoptin" => {
                Some(json!(if subscription.asks_again { "ENABLED" } else { "DISABLED" }))
            }
            "creation_timestamp" => Some(json!(token.since.millis())),
            "token_expiry_timestamp" => Some(json!(EXPIRES.millis())),
            "user_token_status" => Some(json!(token_status(subscription))),
            "topic_title" => Some(json!(subscription.topic)),
            "notification_messages_timezone" => Some(json!(subscription.timezone)),
            "next_eligible_time" => Some(json!(subscription.next().millis())),
            _ => None,
        })
    })
}
