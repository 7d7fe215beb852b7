//! Edges room: `GET /{page}/secondary_receivers`, the apps beside the primary receiver.

use serde_json::json;

use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::settings::Role;

use super::super::answer::{Result, data};
use super::super::call::Call;
use super::super::fields::{NodeFields, select};

static FIELDS: NodeFields =
    NodeFields { node: "Application", known: &["id", "name", "link"], default: &["id", "name"] };

/// Lists the secondary receivers, to the primary one; to everybody where there is none.
pub fn read(call: &Call) -> Result {
    let page_key = call.page()?;
    call.warn_of_unknown_params(&["fields", "platform"]);
    let asked = FIELDS.asked(&call.params)?;
    let config = call.world().config();
    let receivers = call.world().read(|world, _, _| {
        let page = world.page(page_key);
        match page.regime.receivers {
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
    call.note_read(rules::RECEIVERS_READ);
    let described = receivers.into_iter().map(|app| {
        let app = config.app(app);
        select(&asked, |field| match field {
            "id" => Some(json!(app.id.to_string())),
            "name" => Some(json!(app.name)),
            "link" => Some(json!(format!("https://graphdouble.invalid/apps/{}", app.id))),
            _ => None,
        })
    });
    data(described.collect())
}
