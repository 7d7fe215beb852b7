//! Which webhooks still wait to be sent, for the report of how a scenario left its world.

use std::collections::BTreeMap;

use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::ActiveWorld;

/// The webhooks of an app that wait to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillWaiting {
    pub app: AppKey,
    pub webhooks: usize,
    /// When the first is sent.
    pub first: Moment,
    /// When the last is.
    pub last: Moment,
}

impl ActiveWorld {
    /// The webhooks that are delayed or will be sent again, by app, without those in flight.
    pub fn still_waiting(&self) -> Vec<StillWaiting> {
        let state = self.lock();
        let mut waiting: BTreeMap<AppKey, StillWaiting> = BTreeMap::new();
        for (webhook, app, next) in state.world.settings().deliveries.waiting() {
            // The domain only knows the first webhook of a batch.
            let webhooks = state.pending.0.get(&webhook).map_or(1, |waiting| waiting.request.items().count());
            let of_app = waiting.entry(app).or_insert(StillWaiting { app, webhooks: 0, first: next, last: next });
            of_app.webhooks += webhooks;
            of_app.first = of_app.first.min(next);
            of_app.last = of_app.last.max(next);
        }
        waiting.into_values().collect()
    }
}
