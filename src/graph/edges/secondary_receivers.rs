//! Handles `GET /{page}/secondary_receivers`: the apps beside the primary receiver.

use crate::domain::model::access::Role;
use crate::domain::model::ids::AssetKey;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

use super::app;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};

/// The most receivers in one answer.
const MAX_RECEIVERS: usize = 100;

/// Only the primary receiver sees the list. Without a primary receiver, every app does.
pub fn list(call: &Call, page_key: AssetKey) -> Result {
    let selection = Selection::of(&call.params)?.unwrap_or_else(|| Selection::names(&["id", "name"]));
    app::APPLICATION.selected_fields(Some(&selection))?;
    let config = call.config();
    let receivers = call.world().read(|world, _, _| {
        let page = world.asset(page_key);
        match page.ruleset.receivers {
            Some(rule @ rules::HANDOVER_DISABLED) => return Err(Refusal::new(Reason::HandoverDisabled, rule)),
            Some(rule) => return Err(Refusal::new(Reason::NoRoles, rule)),
            None if page.primary.is_some_and(|primary| primary != call.app()) => {
                return Err(Refusal::new(Reason::ReceiverHidden, rules::RECEIVER_HIDDEN));
            }
            None => {}
        }
        let secondary = page.connected().map(|(app, _)| app).filter(|app| *app != config.lead_app());
        Ok(secondary.filter(|app| page.role(*app) == Some(Role::Secondary)).collect::<Vec<_>>())
    });
    let receivers = receivers.map_err(|refusal| call.failure(&refusal))?;
    call.record_read(rules::RECEIVERS_READ);
    let path = format!("{}/secondary_receivers", config.asset(page_key).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_RECEIVERS)? };
    answer(&listing.page(call, &receivers, |receiver| app::read(call, *receiver, Some(&selection)))?)
}
