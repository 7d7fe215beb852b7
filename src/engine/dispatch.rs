//! The way of a webhook from its event to the outbox, and back with the result of each attempt. The domain decides when the next attempt
//! is due; the request waits here until then.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::command::{Command, DeliveryUpdate};
use crate::domain::event::{Channel, DeliveryState};
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::wire::PostOptions;

use super::ActiveWorld;
use super::active_world::WorldState;
use super::fault_effects::Delay;
use super::ledger_entry::{Actor, DeliveryAttempt, DeliveryResult, Record};
use super::outbox::{AttemptOutcome, Job};
use super::webhook::{Webhook, WebhookRequest};
use super::write_events::Effect;

/// Requests that wait to be sent, or are in flight after a failed attempt; by their first webhook.
#[derive(Debug, Default)]
pub(crate) struct PendingWebhooks(pub(crate) BTreeMap<WebhookId, PendingWebhook>);

/// A request that waits.
#[derive(Debug)]
pub(crate) struct PendingWebhook {
    pub(crate) request: WebhookRequest,
    /// The number of the newest attempt.
    pub(crate) attempts: u32,
    /// Why it is held back, if it has not been sent yet.
    pub(crate) held: Option<Delay>,
}

/// An attempt that is about to be made.
pub(crate) struct OutgoingAttempt {
    pub(crate) request: WebhookRequest,
    /// Counted from 1.
    pub(crate) attempt: u32,
    pub(crate) options: PostOptions,
    pub(crate) fault: Option<u32>,
    /// True if a caller asked for it. Its result then has no effect on other attempts.
    pub(crate) on_demand: bool,
}

impl OutgoingAttempt {
    /// An attempt as Meta makes it, without faults.
    pub(crate) fn plain(request: WebhookRequest, attempt: u32) -> Self {
        Self { request, attempt, options: PostOptions::default(), fault: None, on_demand: false }
    }
}

/// Why a webhook is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRedelivered {
    #[error("the ledger has no entry {0}, or has it no more")]
    NoEntry(u64),
    #[error(
        "entry {0} is not a webhook that goes to an app: look for entries of the kind `webhook` with `decision: deliver`"
    )]
    NotAWebhook(u64),
    #[error("its app has no webhook URL: a puppet takes no webhooks")]
    Puppet,
}

impl ActiveWorld {
    /// Performs the effects of a command. All its events are in the ledger by now.
    pub(crate) fn perform_effects(self: &Arc<Self>, state: &mut WorldState, effects: Vec<Effect>) {
        for follow in effects {
            match follow {
                Effect::Deliver(app, webhook) => self.batch(state, app, webhook),
                Effect::DeliveryState(news) => self.apply_delivery_news(state, &news),
            }
        }
        self.dispatch_batches(state);
    }

    /// Dispatches a webhook in a request of its own, or collects it with others of the same command if the world batches.
    fn batch(self: &Arc<Self>, state: &mut WorldState, app: AppKey, webhook: Webhook) {
        let most = self.config().delivery.batch;
        if most == 1 {
            return self.dispatch(state, WebhookRequest { app, first: webhook, more: Vec::new() }, 1);
        }
        let page = webhook.event.scope.page();
        let open = |request: &&mut WebhookRequest| {
            request.app == app && request.page() == page && 1 + request.more.len() < most
        };
        match state.batches.iter_mut().find(open) {
            Some(request) => request.more.push(webhook),
            None => state.batches.push(WebhookRequest { app, first: webhook, more: Vec::new() }),
        }
    }

    /// Dispatches what the command has collected.
    fn dispatch_batches(self: &Arc<Self>, state: &mut WorldState) {
        for request in std::mem::take(&mut state.batches) {
            self.dispatch(state, request, 1);
        }
    }

    /// Makes an attempt, unless a fault changes it.
    fn dispatch(self: &Arc<Self>, state: &mut WorldState, request: WebhookRequest, attempt: u32) {
        if !self.has_faults() && state.pending.0.is_empty() {
            return self.enqueue(state, OutgoingAttempt::plain(request, attempt));
        }
        self.dispatch_with_faults(state, request, attempt);
    }

    /// Gives a request to the outbox. A puppet takes its webhooks at once; that is only recorded if something else happened to them.
    pub(crate) fn enqueue(self: &Arc<Self>, state: &mut WorldState, outgoing: OutgoingAttempt) {
        let url = state.callback_url(self.config(), outgoing.request.app);
        let concerns = state.world.settings().deliveries.has_backlog(outgoing.request.page(), outgoing.request.app);
        match (&self.outbox, url) {
            (Some(outbox), Some(url)) => {
                let OutgoingAttempt { request, attempt, options, fault, on_demand } = outgoing;
                let delivery_key = (request.first.entry, attempt);
                self.in_flight.delivery_queued(delivery_key, &self.config().app(request.app).name, &url);
                let generation = state.generation;
                outbox.send(Job { world: self.clone(), generation, url, attempt, request, options, fault, on_demand });
            }
            _ if outgoing.fault.is_some() || outgoing.attempt > 1 || concerns => {
                self.complete(state, outgoing, None, DeliveryResult::Answered(200).into());
            }
            _ => {}
        }
    }

    /// Does what the domain has decided about a webhook that was not taken.
    fn apply_delivery_news(self: &Arc<Self>, state: &mut WorldState, news: &DeliveryState) {
        match news {
            DeliveryState::Sent { webhook } => {
                let Some(waiting) = state.pending.0.get_mut(webhook) else { return };
                waiting.attempts += 1;
                let (request, attempt, held) = (waiting.request.clone(), waiting.attempts, waiting.held.take());
                match held {
                    // It meets no other fault: the one that delayed it counts as the fault of this attempt.
                    Some(held) => self.enqueue_delayed(state, request, attempt, held),
                    None => self.dispatch(state, request, attempt),
                }
            }
            DeliveryState::GivenUp { webhooks } => {
                webhooks.iter().for_each(|webhook| drop(state.pending.0.remove(webhook)));
            }
            DeliveryState::Waits { .. }
            | DeliveryState::Recovered { .. }
            | DeliveryState::Alerted { .. }
            | DeliveryState::Disabled { .. } => {}
        }
    }

    /// An attempt begins. Returns `false` if the world has been reset since, and the webhook must not be sent.
    pub fn delivery_started(&self, job: &Job) -> bool {
        // This takes no lock: a worker is woken under the world's lock and would wait for it at once.
        let is_current = !self.is_stale(job.generation);
        if is_current {
            self.in_flight.delivery_started((job.request.first.entry, job.attempt));
            for webhook in job.request.items().filter(|webhook| webhook.channel == Channel::Messaging) {
                if let Some(thread) = webhook.event.scope.thread() {
                    self.answer_times().webhook_leaves(thread, job.request.app, &webhook.event.payload);
                }
            }
        }
        is_current
    }

    /// An attempt ended. Nothing is recorded if the world has been reset since.
    pub fn delivery_finished(self: &Arc<Self>, job: Job, outcome: AttemptOutcome) {
        let mut state = self.lock();
        if state.generation == job.generation {
            let Job { url, attempt, request, options, fault, on_demand, .. } = job;
            let delivery_key = (request.first.entry, attempt);
            self.complete(
                &mut state,
                OutgoingAttempt { request, attempt, options, fault, on_demand },
                Some(url),
                outcome,
            );
            self.in_flight.delivery_ended(delivery_key);
            self.set_alarm(&mut state);
        }
        self.unlock_and_notify(state);
    }

    /// Records an attempt that is over, and informs the domain if it has to act.
    pub(crate) fn complete(
        self: &Arc<Self>,
        state: &mut WorldState,
        outgoing: OutgoingAttempt,
        url: Option<Box<str>>,
        outcome: AttemptOutcome,
    ) {
        let OutgoingAttempt { request, attempt, options, fault, on_demand } = outgoing;
        let AttemptOutcome { result, said, took, warning } = outcome;
        let (app, page, webhook, now) = (request.app, request.page(), request.first.entry, state.clock.now());
        if let Some(text) = warning {
            state.ledger.write(now, Some(webhook), Record::Warning { app: Some(app), text });
        }
        let end = AttemptEnd::of(&result);
        // A webhook that was given up during this attempt is not tried again.
        let is_over = on_demand || (attempt > 1 && !state.pending.0.contains_key(&webhook));
        let again = (end == AttemptEnd::Failed && !is_over).then(|| request.clone());
        let delivered = DeliveryAttempt { request, options, url, attempt, fault, result, said, took };
        state.ledger.write(now, Some(webhook), Record::DeliveryAttempt(Box::new(delivered)));
        // The domain only has to know of a success if another webhook to the app has failed.
        let concerns = state.world.settings().deliveries.has_backlog(page, app);
        let act = match (end, again) {
            (_, Some(request)) => {
                // An attempt on demand may have got a higher number since.
                let attempts = attempt.max(self.in_flight.newest_attempt(webhook));
                state.pending.0.insert(webhook, PendingWebhook { request, attempts, held: None });
                DeliveryUpdate::Failed(webhook)
            }
            (AttemptEnd::Taken, None) if concerns && on_demand => DeliveryUpdate::AcceptedOnDemand,
            (AttemptEnd::Taken, None) if concerns => {
                state.pending.0.remove(&webhook);
                DeliveryUpdate::Accepted(webhook)
            }
            (AttemptEnd::Lost, None) if concerns => {
                state.pending.0.remove(&webhook);
                DeliveryUpdate::Lost(webhook)
            }
            _ => return,
        };
        self.apply_delivery_act(state, page, app, act);
    }

    /// Reports to the domain what happened to a webhook. The domain never refuses that.
    pub(crate) fn apply_delivery_act(
        self: &Arc<Self>,
        state: &mut WorldState,
        page: PageKey,
        app: AppKey,
        act: DeliveryUpdate,
    ) {
        let now = state.clock.now();
        drop(self.apply_and_record(state, now, Actor::Delivery, Arc::new(Command::Delivery(page, app, act))));
    }

    /// Sends a webhook again, by itself and as it was, and returns the number of the attempt. It meets no fault, and its result has no
    /// effect on other attempts.
    pub fn redeliver(self: &Arc<Self>, cursor: u64) -> Result<u32, NotRedelivered> {
        let mut state = self.lock();
        let entry = state.ledger.get(cursor).ok_or(NotRedelivered::NoEntry(cursor))?;
        let (app, first) = entry.webhook().ok_or(NotRedelivered::NotAWebhook(cursor))?;
        state.callback_url(self.config(), app).ok_or(NotRedelivered::Puppet)?;
        let attempt = 1 + state.attempts(cursor).max(self.in_flight.newest_attempt(cursor));
        let request = WebhookRequest { app, first, more: Vec::new() };
        if let Some(waiting) = state.pending.0.get_mut(&cursor) {
            waiting.attempts = attempt;
        }
        self.enqueue(&mut state, OutgoingAttempt { on_demand: true, ..OutgoingAttempt::plain(request, attempt) });
        self.unlock_and_notify(state);
        Ok(attempt)
    }
}

/// How an attempt ended, as far as it decides what happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AttemptEnd {
    Taken,
    Failed,
    Lost,
}

impl AttemptEnd {
    fn of(result: &DeliveryResult) -> Self {
        match result {
            DeliveryResult::Lost => Self::Lost,
            result if result.is_success() => Self::Taken,
            _ => Self::Failed,
        }
    }
}

impl WorldState {
    /// How often a webhook has been sent, by itself or with others, as far as the ledger goes back.
    fn attempts(&self, webhook: u64) -> u32 {
        let has = |request: &WebhookRequest| request.items().any(|one| one.entry == webhook);
        let recorded = self.ledger.after(webhook).into_iter().flatten().filter_map(|entry| match &entry.record {
            Record::DeliveryAttempt(delivered) if has(&delivered.request) => Some(delivered.attempt),
            _ => None,
        });
        let pending = self.pending.0.values().filter(|waiting| has(&waiting.request)).map(|waiting| waiting.attempts);
        recorded.chain(pending).max().unwrap_or(0)
    }
}
