//! Engine room: how what a command brought about is written down. One way for the world at work and for a history that is replayed,
//! so that both give the same ledger.

use crate::domain::event::{DeliveryNews, Event, Verdict};
use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::ledger::{Ledger, Record};
use super::outbox::Item;

/// What is to be done about an event, once everything that the command brought about is written down.
#[derive(Debug)]
pub(crate) enum Follow {
    /// An app is told.
    Told(AppKey, Item),
    /// Something became of a webhook.
    News(DeliveryNews),
}

/// Writes an event, and after a notice what each app is told of it.
pub(crate) fn write(ledger: &mut Ledger, now: Moment, cause: u64, event: Event, mut follow: impl FnMut(Follow)) {
    let notice = match &event {
        Event::Notice(notice) => Some(notice.clone()),
        Event::Delivery { news, .. } => {
            follow(Follow::News(news.clone()));
            None
        }
        _ => None,
    };
    ledger.write(now, Some(cause), Record::Happened(event));
    let Some(notice) = notice else { return };
    for (telling, place) in notice.tellings.iter().zip(0u16..) {
        let record = Record::Webhook { notice: notice.clone(), telling: place };
        let entry = ledger.write(now, Some(cause), record);
        if let Verdict::Told(channel, view) = telling.verdict {
            follow(Follow::Told(telling.app, Item { entry, notice: notice.clone(), channel, view }));
        }
    }
}
