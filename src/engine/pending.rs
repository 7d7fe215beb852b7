//! Engine room: which webhooks still wait to be sent, for whoever reports how a world was left.

use std::collections::BTreeMap;

use crate::domain::model::ids::AppKey;
use crate::domain::model::time::Moment;

use super::ActiveWorld;

/// Webhooks of an app that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillWaiting {
    /// The app.
    pub app: AppKey,
    /// How many.
    pub webhooks: usize,
    /// When the first of them is sent.
    pub first: Moment,
    /// When the last is.
    pub last: Moment,
}

impl ActiveWorld {
    /// Webhooks that were held back, or not taken and are sent again; by app. Those that are under way are not among them.
    pub fn still_waiting(&self) -> Vec<StillWaiting> {
        let inner = self.lock();
        let mut waiting: BTreeMap<AppKey, StillWaiting> = BTreeMap::new();
        for (webhook, app, next) in inner.world.settings().deliveries.waiting() {
            // Of those in one POST the domain knows the first.
            let webhooks = inner.pending.0.get(&webhook).map_or(1, |waiting| waiting.request.items().count());
            let of_app = waiting.entry(app).or_insert(StillWaiting { app, webhooks: 0, first: next, last: next });
            of_app.webhooks += webhooks;
            of_app.first = of_app.first.min(next);
            of_app.last = of_app.last.max(next);
        }
        waiting.into_values().collect()
    }
}
