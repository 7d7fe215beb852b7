//! Engine room: how what a command brought about is written down. One way for the world at work and for a history that is replayed,
//! so that both give the same ledger.

use crate::domain::event::{Decision, DeliveryState, Event};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::ledger::{Ledger, Record};
use super::outbox::Webhook;

/// What is to be done about an event, once everything that the command brought about is written down.
#[derive(Debug)]
pub(crate) enum Effect {
    /// An app is told.
    Told(AppKey, Webhook),
    /// Something became of a webhook.
    News(DeliveryState),
}

/// Writes an event, and after a webhook event what each app is told of it.
pub(crate) fn write(ledger: &mut Ledger, now: Moment, cause: u64, event: Event, mut follow: impl FnMut(Effect)) {
    let webhook_event = match &event {
        Event::WebhookEvent(webhook_event) => Some(webhook_event.clone()),
        Event::Delivery { news, .. } => {
            follow(Effect::News(news.clone()));
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
            follow(Effect::Told(decision.app, Webhook { entry, event: webhook_event.clone(), channel, view }));
        }
    }
}
