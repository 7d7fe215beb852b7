//! How the events of a command get into the ledger. Live worlds and replayed histories use it, so both give the same ledger.

use crate::domain::event::{Decision, DeliveryState, Event};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::ledger::Ledger;
use super::ledger_entry::Record;
use super::webhook::Webhook;

/// What has to be done once all events of a command are in the ledger.
#[derive(Debug)]
pub(crate) enum Effect {
    /// A webhook goes to an app.
    Deliver(AppKey, Webhook),
    /// The domain decided about a webhook that was not taken.
    DeliveryState(DeliveryState),
}

/// Writes an event; after a webhook event, also an entry for each app that gets it or does not.
pub(crate) fn write(ledger: &mut Ledger, now: Moment, cause: u64, event: Event, mut effect: impl FnMut(Effect)) {
    let webhook_event = match &event {
        Event::WebhookEvent(webhook_event) => Some(webhook_event.clone()),
        Event::Delivery { news, .. } => {
            effect(Effect::DeliveryState(news.clone()));
            None
        }
        _ => None,
    };
    ledger.write(now, Some(cause), Record::Happened(event));
    let Some(webhook_event) = webhook_event else { return };
    for (decision, place) in webhook_event.decisions.iter().zip(0u16..) {
        let record = Record::Webhook { webhook_event: webhook_event.clone(), decision: place };
        let entry = ledger.write(now, Some(cause), record);
        if let Decision::Deliver(channel, view) = decision.decision {
            effect(Effect::Deliver(
                decision.app,
                Webhook { entry, cause, event: webhook_event.clone(), channel, view },
            ));
        }
    }
}
