//! The part of the machine that brings a webhook from its event to an attempt, and takes the result of each attempt. The domain decides
//! when the next attempt is due; the request waits here until then.

use std::sync::Arc;

use crate::domain::command::{Command, DeliveryUpdate};
use crate::domain::event::DeliveryState;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::time::Moment;

use super::attempt::{AttemptOutcome, Job, OutgoingAttempt};
use super::ledger_entry::{Actor, DeliveryAttempt, DeliveryResult, Record, WarningKind};
use super::machine::{Effects, Machine};
use super::pending::PendingWebhook;
use super::state::WorldState;
use super::webhook::{Webhook, WebhookRequest};
use super::write_events::Effect;

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

impl WorldState {
    /// An attempt of this world ended. Does nothing if the world has been reset since the job was made.
    pub fn end_attempt(&mut self, now: Moment, job: Job, outcome: AttemptOutcome) -> Effects {
        if job.generation != self.generation {
            return Effects::default();
        }
        let Job { url, outgoing, .. } = job;
        let was_in_flight = self.in_flight.end(&outgoing);
        debug_assert!(was_in_flight, "an attempt ended that was not in flight");
        self.input(now, |machine| machine.complete(outgoing, Some(url.as_ref().into()), outcome)).1
    }

    /// An attempt ended in the run that is replayed.
    pub(super) fn end_recorded_attempt(&mut self, now: Moment, attempt: DeliveryAttempt) -> Effects {
        let DeliveryAttempt { request, options, url, attempt, fault, result, said, took } = attempt;
        let outgoing = OutgoingAttempt { request, attempt, options, fault, on_demand: false };
        self.in_flight.end(&outgoing);
        let outcome = AttemptOutcome { result, said, took, warning: None };
        self.input(now, |machine| machine.complete(outgoing, url, outcome)).1
    }

    /// Sends a webhook again, by itself and as it was, and returns the number of the attempt. It meets no fault, and its result has no
    /// effect on other attempts.
    pub fn redeliver(&mut self, now: Moment, cursor: u64) -> (Result<u32, NotRedelivered>, Effects) {
        self.input(now, |machine| machine.redeliver(cursor))
    }
}

impl Machine<'_> {
    /// Does what a command has to do about webhooks. All its events are in the ledger by now.
    pub(super) fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Deliver(app, webhook) => self.batch(app, webhook),
                Effect::DeliveryState(news) => self.apply_delivery_news(&news),
            }
        }
        self.dispatch_batches();
    }

    /// Dispatches a webhook in a request of its own, or collects it with others of the same command if the world batches.
    fn batch(&mut self, app: AppKey, webhook: Webhook) {
        let most = self.state.config.delivery.batch;
        if most == 1 {
            return self.dispatch(WebhookRequest { app, first: webhook, more: Vec::new() }, 1);
        }
        let open = |request: &&mut WebhookRequest| request.app == app && 1 + request.more.len() < most;
        match self.batches.iter_mut().find(open) {
            Some(request) => request.more.push(webhook),
            None => self.batches.push(WebhookRequest { app, first: webhook, more: Vec::new() }),
        }
    }

    /// Dispatches what the command has collected.
    fn dispatch_batches(&mut self) {
        for request in std::mem::take(&mut self.batches) {
            self.dispatch(request, 1);
        }
    }

    /// Makes an attempt, unless a fault changes it.
    fn dispatch(&mut self, request: WebhookRequest, attempt: u32) {
        if !self.state.faults.can_fire() && self.state.pending.0.is_empty() {
            return self.enqueue(OutgoingAttempt::plain(request, attempt));
        }
        self.dispatch_with_faults(request, attempt);
    }

    /// Gives a request to the outbox. A puppet takes its webhooks at once; that is only recorded if something else happened to them. A real
    /// app whose URL comes later fails to take them.
    pub(super) fn enqueue(&mut self, outgoing: OutgoingAttempt) {
        let state = &mut *self.state;
        let app = outgoing.request.app;
        if state.is_real(app) {
            let Some(url) = state.callback_url(app).map(Arc::<str>::from) else {
                let failed = DeliveryResult::Failed(no_url_yet(&state.config.app(app).name));
                return self.complete(outgoing, None, failed.into());
            };
            let started = state.in_flight.begin(&outgoing, url.clone());
            self.effects.jobs.push(Job { generation: state.generation, url, outgoing, started });
            return;
        }
        let concerns = state.world.settings().deliveries.has_backlog(outgoing.request.page(), app);
        if outgoing.fault.is_some() || outgoing.attempt > 1 || concerns {
            self.complete(outgoing, None, DeliveryResult::Answered(200).into());
        }
    }

    /// Does what the domain has decided about a webhook that was not taken.
    fn apply_delivery_news(&mut self, news: &DeliveryState) {
        match news {
            DeliveryState::Sent { webhook } => {
                let Some(waiting) = self.state.pending.0.get_mut(webhook) else { return };
                waiting.attempts += 1;
                let (request, attempt, held) = (waiting.request.clone(), waiting.attempts, waiting.held.take());
                match held {
                    // It meets no other fault: the one that delayed it counts as the fault of this attempt.
                    Some(held) => self.enqueue_delayed(request, attempt, held),
                    None => self.dispatch(request, attempt),
                }
            }
            DeliveryState::GivenUp { webhooks } => {
                webhooks.iter().for_each(|webhook| drop(self.state.pending.0.remove(webhook)));
            }
            DeliveryState::Waits { .. }
            | DeliveryState::Recovered { .. }
            | DeliveryState::Alerted { .. }
            | DeliveryState::Disabled { .. } => {}
        }
    }

    /// Records an attempt that is over, and informs the domain if it has to act.
    pub(super) fn complete(&mut self, outgoing: OutgoingAttempt, url: Option<Box<str>>, outcome: AttemptOutcome) {
        let state = &mut *self.state;
        let OutgoingAttempt { request, attempt, options, fault, on_demand } = outgoing;
        let AttemptOutcome { result, said, took, warning } = outcome;
        let (app, page, webhook, now) = (request.app, request.page(), request.first.entry, state.now);
        if let Some(text) = warning {
            state.ledger.write(
                now,
                Some(webhook),
                Record::Warning { app: Some(app), kind: WarningKind::Problem, text },
            );
        }
        let end = AttemptEnd::of(&result);
        // A webhook that was given up during this attempt is not tried again.
        let is_over = on_demand || (attempt > 1 && !state.pending.0.contains_key(&webhook));
        let again = (end == AttemptEnd::Failed && !is_over).then(|| request.clone());
        let delivered = DeliveryAttempt { request, options, url, attempt, fault, result, said, took };
        state.ledger.write(now, Some(webhook), Record::DeliveryAttempt(Box::new(delivered)));
        // The domain only has to know of a success if another webhook to the app has failed.
        let concerns = state.world.settings().deliveries.has_backlog(page, app);
        let update = match (end, again) {
            (_, Some(request)) => {
                // An attempt on demand may have got a higher number since.
                let attempts = attempt.max(state.in_flight.newest_attempt(webhook));
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
        self.update_delivery(page, app, update);
    }

    /// Reports to the domain what happened to a webhook. The domain never refuses that.
    pub(super) fn update_delivery(&mut self, page: AssetKey, app: AppKey, update: DeliveryUpdate) {
        let executed =
            self.apply(self.state.now, Actor::Delivery, Arc::new(Command::Delivery(page, app, update))).is_ok();
        debug_assert!(executed, "an update of a delivery was refused");
    }

    fn redeliver(&mut self, cursor: u64) -> Result<u32, NotRedelivered> {
        let state = &mut *self.state;
        let entry = state.ledger.get(cursor).ok_or(NotRedelivered::NoEntry(cursor))?;
        let (app, first) = entry.webhook().ok_or(NotRedelivered::NotAWebhook(cursor))?;
        state.callback_url(app).ok_or(NotRedelivered::Puppet)?;
        let attempt = 1 + state.attempts(cursor).max(state.in_flight.newest_attempt(cursor));
        let request = WebhookRequest { app, first, more: Vec::new() };
        if let Some(waiting) = state.pending.0.get_mut(&cursor) {
            waiting.attempts = attempt;
        }
        self.enqueue(OutgoingAttempt { on_demand: true, ..OutgoingAttempt::plain(request, attempt) });
        Ok(attempt)
    }
}

/// Why a webhook fails whose app has `webhook: later`.
fn no_url_yet(app: &str) -> Box<str> {
    format!(
        "`{app}` has not said yet where it takes webhooks (`webhook: later`): `PUT …/apps/{app}/webhook` gives it a URL"
    )
    .into()
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
