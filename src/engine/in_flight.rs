//! The deliveries of one world that are in flight, and what each belongs to.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::domain::event::Scope;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};

use super::attempt::{AttemptKey, OutgoingAttempt, StartFlag};
use super::webhook::{Webhook, WebhookRequest};

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

/// What somebody waits for who waits for quiet of a step: what it caused, and what goes on in its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietScope {
    /// The entries of its commands.
    pub causes: Vec<u64>,
    /// The thread in which it acts, if it acts in one.
    pub thread: Option<ThreadKey>,
}

/// Every delivery that is in flight.
#[derive(Debug, Default)]
pub(super) struct DeliveriesInFlight {
    deliveries: BTreeMap<AttemptKey, Delivery>,
    /// How many belong to each thread, and to each command.
    by_thread: HashMap<ThreadKey, u32>,
    by_cause: HashMap<u64, u32>,
}

#[derive(Debug)]
struct Delivery {
    app: AppKey,
    url: Arc<str>,
    started: StartFlag,
    /// The command and the scope of its first webhook, and of the others.
    first: (u64, Scope),
    more: Box<[(u64, Scope)]>,
}

impl Delivery {
    fn belongs_to(&self, step: &QuietScope) -> bool {
        let is_of_step = |(cause, scope): &(u64, Scope)| {
            step.causes.contains(cause) || (step.thread.is_some() && scope.thread() == step.thread)
        };
        is_of_step(&self.first) || self.more.iter().any(is_of_step)
    }
}

fn origin(webhook: &Webhook) -> (u64, Scope) {
    (webhook.cause, webhook.event.scope)
}

impl DeliveriesInFlight {
    /// An attempt begins. The flag is set when the outbox begins with it.
    pub(super) fn begin(&mut self, outgoing: &OutgoingAttempt, url: Arc<str>) -> StartFlag {
        let WebhookRequest { app, first, more } = &outgoing.request;
        let started = StartFlag::default();
        let (first, more) = (origin(first), more.iter().map(origin).collect());
        let delivery = Delivery { app: *app, url, started: started.clone(), first, more };
        let before = self.deliveries.insert(outgoing.key(), delivery);
        debug_assert!(before.is_none(), "attempt {:?} is in flight twice", outgoing.key());
        for webhook in outgoing.request.items() {
            *self.by_cause.entry(webhook.cause).or_default() += 1;
            if let Some(thread) = webhook.event.scope.thread() {
                *self.by_thread.entry(thread).or_default() += 1;
            }
        }
        started
    }

    /// An attempt ended. Returns true if it was in flight.
    pub(super) fn end(&mut self, outgoing: &OutgoingAttempt) -> bool {
        let was_in_flight = self.deliveries.remove(&outgoing.key()).is_some();
        if was_in_flight {
            for webhook in outgoing.request.items() {
                count_down(self.by_cause.entry(webhook.cause));
                if let Some(thread) = webhook.event.scope.thread() {
                    count_down(self.by_thread.entry(thread));
                }
            }
        }
        was_in_flight
    }

    /// The number of the newest attempt to deliver a webhook that is in flight; 0 if there is none.
    pub(super) fn newest_attempt(&self, webhook: u64) -> u32 {
        self.deliveries.range((webhook, 0)..=(webhook, u32::MAX)).next_back().map_or(0, |((_, attempt), _)| *attempt)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.deliveries.is_empty()
    }

    pub(super) fn has_thread(&self, thread: ThreadKey) -> bool {
        self.by_thread.contains_key(&thread)
    }

    pub(super) fn has_cause(&self, cause: u64) -> bool {
        self.by_cause.contains_key(&cause)
    }

    /// True if nothing that belongs to the step is in flight, or nothing at all without a step.
    pub(super) fn is_quiet(&self, step: Option<&QuietScope>) -> bool {
        let Some(QuietScope { causes, thread }) = step else { return self.is_empty() };
        !causes.iter().any(|cause| self.has_cause(*cause)) && !thread.is_some_and(|thread| self.has_thread(thread))
    }

    /// Those of a step, or all of them, in the order of their webhooks.
    pub(super) fn list(&self, config: &Config, step: Option<&QuietScope>) -> Vec<InFlightDelivery> {
        let wanted = self.deliveries.iter().filter(|(_, delivery)| step.is_none_or(|step| delivery.belongs_to(step)));
        let shown = wanted.map(|((_, attempt), delivery)| InFlightDelivery {
            app: config.app(delivery.app).name.clone(),
            url: delivery.url.as_ref().into(),
            attempt: if delivery.started.is_set() { *attempt } else { 0 },
        });
        shown.collect()
    }
}

fn count_down<K>(count: Entry<'_, K, u32>) {
    if let Entry::Occupied(mut count) = count {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}
