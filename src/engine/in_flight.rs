//! The deliveries of one world that are in flight.

use std::collections::BTreeMap;

use super::attempt::{AttemptKey, StartFlag};

/// A delivery that is in flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFlightDelivery {
    /// The app's name.
    pub app: Box<str>,
    /// Where it goes.
    pub url: Box<str>,
    /// Counted from 1; 0 while it waits for the deliveries before it.
    pub attempt: u32,
}

/// Every delivery that is in flight.
#[derive(Debug, Default)]
pub(crate) struct DeliveriesInFlight(BTreeMap<AttemptKey, Delivery>);

#[derive(Debug)]
struct Delivery {
    app: Box<str>,
    url: Box<str>,
    started: StartFlag,
}

impl DeliveriesInFlight {
    pub(super) fn begin(&mut self, attempt: AttemptKey, app: &str, url: &str) -> StartFlag {
        let started = StartFlag::default();
        let delivery = Delivery { app: app.into(), url: url.into(), started: started.clone() };
        let before = self.0.insert(attempt, delivery);
        debug_assert!(before.is_none(), "attempt {attempt:?} is in flight twice");
        started
    }

    /// Returns true if it was in flight.
    pub(super) fn end(&mut self, attempt: AttemptKey) -> bool {
        self.0.remove(&attempt).is_some()
    }

    /// The number of the newest attempt to deliver a webhook that is in flight; 0 if there is none.
    pub(super) fn newest_attempt(&self, webhook: u64) -> u32 {
        self.0.range((webhook, 0)..=(webhook, u32::MAX)).next_back().map_or(0, |((_, attempt), _)| *attempt)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of their webhooks.
    pub(crate) fn all(&self) -> Vec<InFlightDelivery> {
        let shown = self.0.iter().map(|((_, attempt), delivery)| {
            let attempt = if delivery.started.is_set() { *attempt } else { 0 };
            InFlightDelivery { app: delivery.app.clone(), url: delivery.url.clone(), attempt }
        });
        shown.collect()
    }
}
