//! Engine room: the way of a webhook: from the event that tells it to the outbox, and back with what came of each attempt. When the
//! next attempt is due the domain decides; what is sent then is pending here. Only `ActiveWorld` enters.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::command::{Command, DeliveryUpdate};
use crate::domain::event::DeliveryState;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::wire::PostOptions;

use super::ActiveWorld;
use super::active_world::WorldState;
use super::fault_effects::Delay;
use super::ledger::{DeliveryAttempt, DeliveryResult, Record, Source};
use super::outbox::{Job, Outcome, Webhook, WebhookRequest};
use super::write_events::Effect;

/// What waits to be sent, or is under way after an attempt that failed.
#[derive(Debug, Default)]
pub(crate) struct PendingWebhooks(pub(crate) BTreeMap<WebhookId, PendingWebhook>);

/// A request that is pending.
#[derive(Debug)]
pub(crate) struct PendingWebhook {
    pub(crate) request: WebhookRequest,
    /// Attempts so far.
    pub(crate) attempts: u32,
    /// Why it is held back, where it was not sent yet.
    pub(crate) held: Option<Delay>,
}

/// An attempt that is about to be made.
pub(crate) struct Leaving {
    pub(crate) request: WebhookRequest,
    /// Counted from 1.
    pub(crate) attempt: u32,
    pub(crate) options: PostOptions,
    pub(crate) fault: Option<u32>,
    /// Whether somebody asked for it: then nothing but the attempt itself comes of it.
    pub(crate) on_demand: bool,
}

impl Leaving {
    /// An attempt as Meta makes it.
    pub(crate) fn plain(request: WebhookRequest, attempt: u32) -> Self {
        Self { request, attempt, options: PostOptions::default(), fault: None, on_demand: false }
    }
}

/// Why a webhook is not sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRedelivered {
    /// The ledger has no such entry (any more).
    #[error("the ledger has no entry {0}, or has it no more")]
    NoEntry(u64),
    /// It is no webhook, or one that was withheld.
    #[error(
        "entry {0} is not a webhook that goes to an app: look for entries of the kind `webhook` with `decision: deliver`"
    )]
    NotTold(u64),
    /// Nobody is there to take it.
    #[error("its app has no webhook URL: a puppet takes no webhooks")]
    Puppet,
}

impl ActiveWorld {
    /// Does what is to be done about the events of a command, all of which are written down.
    pub(crate) fn follow_up(self: &Arc<Self>, inner: &mut WorldState, follows: Vec<Effect>) {
        for follow in follows {
            match follow {
                Effect::Told(app, item) => self.batch(inner, app, item),
                Effect::News(news) => self.follow(inner, &news),
            }
        }
        self.dispatch_batches(inner);
    }

    /// Puts a webhook into a request of its own, or to others of the same act where the world wants that.
    fn batch(self: &Arc<Self>, inner: &mut WorldState, app: AppKey, item: Webhook) {
        let most = self.config().delivery.batch;
        if most == 1 {
            return self.dispatch(inner, WebhookRequest { app, first: item, more: Vec::new() }, 1);
        }
        let page = item.event.scope.page();
        let open = |request: &&mut WebhookRequest| {
            request.app == app && request.page() == page && 1 + request.more.len() < most
        };
        match inner.batches.iter_mut().find(open) {
            Some(request) => request.more.push(item),
            None => inner.batches.push(WebhookRequest { app, first: item, more: Vec::new() }),
        }
    }

    /// The act is over: what was batches leaves.
    fn dispatch_batches(self: &Arc<Self>, inner: &mut WorldState) {
        for request in std::mem::take(&mut inner.batches) {
            self.dispatch(inner, request, 1);
        }
    }

    /// An attempt is made, unless a fault has something else in mind.
    fn dispatch(self: &Arc<Self>, inner: &mut WorldState, request: WebhookRequest, attempt: u32) {
        if !self.has_faults() && inner.pending.0.is_empty() {
            return self.enqueue(inner, Leaving::plain(request, attempt));
        }
        self.dispatch_with_faults(inner, request, attempt);
    }

    /// Gives a request to the outbox. For a puppet it is enough to say so, where anything else happens to its webhooks.
    pub(crate) fn enqueue(self: &Arc<Self>, inner: &mut WorldState, leaving: Leaving) {
        let url = inner.callback_url(self.config(), leaving.request.app);
        let concerns = inner.world.settings().deliveries.has_backlog(leaving.request.page(), leaving.request.app);
        match (&self.outbox, url) {
            (Some(outbox), Some(url)) => {
                let Leaving { request, attempt, options, fault, on_demand } = leaving;
                let flight = (request.first.entry, attempt);
                self.flight.delivery_waits(flight, &self.config().app(request.app).name, &url);
                let generation = inner.generation;
                outbox.send(Job { world: self.clone(), generation, url, attempt, request, options, fault, on_demand });
            }
            _ if leaving.fault.is_some() || leaving.attempt > 1 || concerns => {
                self.end(inner, leaving, None, DeliveryResult::Answered(200).into());
            }
            _ => {}
        }
    }

    /// What the domain has decided about a webhook that was not taken.
    fn follow(self: &Arc<Self>, inner: &mut WorldState, news: &DeliveryState) {
        match news {
            DeliveryState::Sent { webhook } => {
                let Some(waiting) = inner.pending.0.get_mut(webhook) else { return };
                waiting.attempts += 1;
                let (request, attempt, held) = (waiting.request.clone(), waiting.attempts, waiting.held.take());
                match held {
                    // What held it back has had its way with it.
                    Some(held) => self.enqueue_delayed(inner, request, attempt, held),
                    None => self.dispatch(inner, request, attempt),
                }
            }
            DeliveryState::GivenUp { webhooks } => {
                webhooks.iter().for_each(|webhook| drop(inner.pending.0.remove(webhook)));
            }
            DeliveryState::Waits { .. }
            | DeliveryState::Recovered { .. }
            | DeliveryState::Alerted { .. }
            | DeliveryState::Disabled { .. } => {}
        }
    }

    /// An attempt begins; `false` if the world was reset meanwhile, and nobody is to be told of what happened before.
    pub fn delivery_tries(&self, job: &Job) -> bool {
        // Without the lock, on which a worker that was woken under it would wait at once; entries are never numbered twice.
        let counts = !self.is_stale(job.generation);
        if counts {
            self.flight.delivery_tries((job.request.first.entry, job.attempt));
        }
        counts
    }

    /// An attempt ended. Of a world that was reset meanwhile nothing is written down.
    pub fn delivered(self: &Arc<Self>, job: Job, outcome: Outcome) {
        let mut inner = self.lock();
        if inner.generation == job.generation {
            let Job { url, attempt, request, options, fault, on_demand, .. } = job;
            let flight = (request.first.entry, attempt);
            self.end(&mut inner, Leaving { request, attempt, options, fault, on_demand }, Some(url), outcome);
            self.flight.delivery_ended(flight);
            self.set_alarm(&mut inner);
        }
        self.written_down(inner);
    }

    /// An attempt is over: what came of it is written down, and the domain hears of what it need know.
    pub(crate) fn end(
        self: &Arc<Self>,
        inner: &mut WorldState,
        leaving: Leaving,
        url: Option<Box<str>>,
        outcome: Outcome,
    ) {
        let Leaving { request, attempt, options, fault, on_demand } = leaving;
        let Outcome { result, said, took, warning } = outcome;
        let (app, page, webhook, now) = (request.app, request.page(), request.first.entry, inner.clock.now());
        if let Some(text) = warning {
            inner.ledger.write(now, Some(webhook), Record::Warning { app: Some(app), text });
        }
        let end = End::of(&result);
        // What was given up while this attempt was under way does not begin anew under another subscription.
        let is_over = on_demand || (attempt > 1 && !inner.pending.0.contains_key(&webhook));
        let again = (end == End::Failed && !is_over).then(|| request.clone());
        let delivered = DeliveryAttempt { request, options, url, attempt, fault, result, said, took };
        inner.ledger.write(now, Some(webhook), Record::DeliveryAttempt(Box::new(delivered)));
        // Of what is taken at once the domain need not know, unless something else to the app was not.
        let concerns = inner.world.settings().deliveries.has_backlog(page, app);
        let act = match (end, again) {
            (_, Some(request)) => {
                // One on demand may have been numbered meanwhile.
                let attempts = attempt.max(self.flight.newest_attempt(webhook));
                inner.pending.0.insert(webhook, PendingWebhook { request, attempts, held: None });
                DeliveryUpdate::Failed(webhook)
            }
            (End::Taken, None) if concerns && on_demand => DeliveryUpdate::AcceptedOnDemand,
            (End::Taken, None) if concerns => {
                inner.pending.0.remove(&webhook);
                DeliveryUpdate::Accepted(webhook)
            }
            (End::Lost, None) if concerns => {
                inner.pending.0.remove(&webhook);
                DeliveryUpdate::Lost(webhook)
            }
            _ => return,
        };
        self.tell_domain(inner, page, app, act);
    }

    /// What becomes of a webhook is never refused.
    pub(crate) fn tell_domain(
        self: &Arc<Self>,
        inner: &mut WorldState,
        page: PageKey,
        app: AppKey,
        act: DeliveryUpdate,
    ) {
        let now = inner.clock.now();
        drop(self.apply_and_record(inner, now, Source::Delivery, Arc::new(Command::Delivery(page, app, act))));
    }

    /// Sends a webhook once more, by itself and as it was; its attempt's number. It meets no fault, and whether it is taken or not it
    /// stands in for no other attempt.
    ///
    /// # Errors
    /// There is nothing to send, or nobody to take it.
    pub fn redeliver(self: &Arc<Self>, entry: u64) -> Result<u32, NotRedelivered> {
        let mut inner = self.lock();
        let told = inner.ledger.get(entry).ok_or(NotRedelivered::NoEntry(entry))?;
        let (app, first) = Webhook::of(told).ok_or(NotRedelivered::NotTold(entry))?;
        inner.callback_url(self.config(), app).ok_or(NotRedelivered::Puppet)?;
        let attempt = 1 + inner.attempts(entry).max(self.flight.newest_attempt(entry));
        let request = WebhookRequest { app, first, more: Vec::new() };
        if let Some(waiting) = inner.pending.0.get_mut(&entry) {
            waiting.attempts = attempt;
        }
        self.enqueue(&mut inner, Leaving { on_demand: true, ..Leaving::plain(request, attempt) });
        self.written_down(inner);
        Ok(attempt)
    }
}

/// How an attempt ended, as far as it matters for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Taken,
    Failed,
    Lost,
}

impl End {
    fn of(result: &DeliveryResult) -> Self {
        match result {
            DeliveryResult::Lost => Self::Lost,
            result if result.is_success() => Self::Taken,
            _ => Self::Failed,
        }
    }
}

impl WorldState {
    /// How often a webhook was sent so far, by itself or with others, as far as the ledger remembers.
    fn attempts(&self, webhook: u64) -> u32 {
        let has = |request: &WebhookRequest| request.items().any(|item| item.entry == webhook);
        let recorded = self.ledger.after(webhook).into_iter().flatten().filter_map(|entry| match &entry.record {
            Record::DeliveryAttempt(delivered) if has(&delivered.request) => Some(delivered.attempt),
            _ => None,
        });
        let pending = self.pending.0.values().filter(|waiting| has(&waiting.request)).map(|waiting| waiting.attempts);
        recorded.chain(pending).max().unwrap_or(0)
    }
}
