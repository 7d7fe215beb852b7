//! Engine room: how what a command brought about is written down. One way for the world at work and for a history that is replayed,
//! so that both give the same ledger.

use std::sync::Arc;

use crate::domain::event::{Event, Notice, Telling};
use crate::domain::time::Moment;

use super::ledger::{Ledger, Record};

/// Writes an event, and after a notice what each app is told of it: `tell` gets the entry of each telling.
pub(super) fn write(
    ledger: &mut Ledger,
    now: Moment,
    cause: u64,
    event: Event,
    mut tell: impl FnMut(u64, &Arc<Notice>, &Telling),
) {
    let notice = match &event {
        Event::Notice(notice) => Some(notice.clone()),
        _ => None,
    };
    ledger.write(now, Some(cause), Record::Happened(event));
    let Some(notice) = notice else { return };
    for (telling, place) in notice.tellings.iter().zip(0u16..) {
        let record = Record::Webhook { notice: notice.clone(), telling: place };
        let entry = ledger.write(now, Some(cause), record);
        tell(entry, &notice, telling);
    }
}
