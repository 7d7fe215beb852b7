//! Engine room: the way of a webhook: from the event that tells it to the outbox, and back with what came of each attempt. When the
//! next attempt is due the domain decides; what is sent then is parked here. Only `Hosted` enters.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::command::{Command, DeliveryAct};
use crate::domain::event::DeliveryNews;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::wire::Manner;

use super::Hosted;
use super::active_world::Inner;
use super::fault_effects::Held;
use super::ledger::{Delivered, DeliveryResult, Record, Source};
use super::outbox::{Item, Job, Outcome, Parcel};
use super::write_events::Follow;

/// What waits to be sent, or is under way after an attempt that failed.
#[derive(Debug, Default)]
pub(crate) struct Parked(pub(crate) BTreeMap<WebhookId, Shelf>);

/// A parcel that is parked.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) parcel: Parcel,
    /// Attempts so far.
    pub(crate) attempts: u32,
    /// Why it is held back, where it was not sent yet.
    pub(crate) held: Option<Held>,
}

/// An attempt that is about to be made.
pub(crate) struct Leaving {
    pub(crate) parcel: Parcel,
    /// Counted from 1.
    pub(crate) attempt: u32,
    pub(crate) manner: Manner,
    pub(crate) fault: Option<u32>,
    /// Whether somebody asked for it: then nothing but the attempt itself comes of it.
    pub(crate) on_demand: bool,
}

impl Leaving {
    /// An attempt as Meta makes it.
    pub(crate) fn plain(parcel: Parcel, attempt: u32) -> Self {
        Self { parcel, attempt, manner: Manner::default(), fault: None, on_demand: false }
    }
}

/// Why a webhook is not sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRedelivered {
    /// The ledger has no such entry (any more).
    #[error("the ledger has no entry {0}, or has it no more")]
    NoEntry(u64),
    /// It is no webhook, or one that was withheld.
    #[error("entry {0} is no webhook that an app was told: look for entries of the kind `webhook` with `told: true`")]
    NotTold(u64),
    /// Nobody is there to take it.
    #[error("its app has no webhook URL: a puppet takes no webhooks")]
    Puppet,
}

impl Hosted {
    /// Does what is to be done about the events of a command, all of which are written down.
    pub(crate) fn follow_up(self: &Arc<Self>, inner: &mut Inner, follows: Vec<Follow>) {
        for follow in follows {
            match follow {
                Follow::Told(app, item) => self.pack(inner, app, item),
                Follow::News(news) => self.follow(inner, &news),
            }
        }
        self.send_packed(inner);
    }

    /// Puts a webhook into a parcel of its own, or to others of the same act where the world wants that.
    fn pack(self: &Arc<Self>, inner: &mut Inner, app: AppKey, item: Item) {
        let most = self.config().delivery.batch;
        if most == 1 {
            return self.hand_over(inner, Parcel { app, first: item, more: Vec::new() }, 1);
        }
        let page = item.notice.scene.page();
        let open = |parcel: &&mut Parcel| parcel.app == app && parcel.page() == page && 1 + parcel.more.len() < most;
        match inner.packed.iter_mut().find(open) {
            Some(parcel) => parcel.more.push(item),
            None => inner.packed.push(Parcel { app, first: item, more: Vec::new() }),
        }
    }

    /// The act is over: what was packed leaves.
    fn send_packed(self: &Arc<Self>, inner: &mut Inner) {
        for parcel in std::mem::take(&mut inner.packed) {
            self.hand_over(inner, parcel, 1);
        }
    }

    /// An attempt is made, unless a fault has something else in mind.
    fn hand_over(self: &Arc<Self>, inner: &mut Inner, parcel: Parcel, attempt: u32) {
        if !self.has_faults() && inner.parked.0.is_empty() {
            return self.leave(inner, Leaving::plain(parcel, attempt));
        }
        self.hand_over_with_faults(inner, parcel, attempt);
    }

    /// Gives a parcel to the outbox. For a puppet it is enough to say so, where anything else happens to its webhooks.
    pub(crate) fn leave(self: &Arc<Self>, inner: &mut Inner, leaving: Leaving) {
        let url = inner.callback_url(self.config(), leaving.parcel.app);
        let concerns = inner.world.settings().deliveries.concern(leaving.parcel.page(), leaving.parcel.app);
        match (&self.outbox, url) {
            (Some(outbox), Some(url)) => {
                let Leaving { parcel, attempt, manner, fault, on_demand } = leaving;
                let flight = (parcel.first.entry, attempt);
                self.flight.delivery_waits(flight, &self.config().app(parcel.app).name, &url);
                let generation = inner.generation;
                outbox.send(Job { world: self.clone(), generation, url, attempt, parcel, manner, fault, on_demand });
            }
            _ if leaving.fault.is_some() || leaving.attempt > 1 || concerns => {
                self.end(inner, leaving, None, DeliveryResult::Answered(200).into());
            }
            _ => {}
        }
    }

    /// What the domain has decided about a webhook that was not taken.
    fn follow(self: &Arc<Self>, inner: &mut Inner, news: &DeliveryNews) {
        match news {
            DeliveryNews::Sent { webhook } => {
                let Some(shelf) = inner.parked.0.get_mut(webhook) else { return };
                shelf.attempts += 1;
                let (parcel, attempt, held) = (shelf.parcel.clone(), shelf.attempts, shelf.held.take());
                match held {
                    // What held it back has had its way with it.
                    Some(held) => self.leave_after_all(inner, parcel, attempt, held),
                    None => self.hand_over(inner, parcel, attempt),
                }
            }
            DeliveryNews::GivenUp { webhooks } => {
                webhooks.iter().for_each(|webhook| drop(inner.parked.0.remove(webhook)));
            }
            DeliveryNews::Waits { .. }
            | DeliveryNews::Recovered { .. }
            | DeliveryNews::Alerted { .. }
            | DeliveryNews::Disabled { .. } => {}
        }
    }

    /// An attempt begins; `false` if the world was reset meanwhile, and nobody is to be told of what happened before.
    pub fn delivery_tries(&self, job: &Job) -> bool {
        // Without the lock, on which a worker that was woken under it would wait at once; entries are never numbered twice.
        let counts = !self.is_of_yesterday(job.generation);
        if counts {
            self.flight.delivery_tries((job.parcel.first.entry, job.attempt));
        }
        counts
    }

    /// An attempt ended. Of a world that was reset meanwhile nothing is written down.
    pub fn delivered(self: &Arc<Self>, job: Job, outcome: Outcome) {
        let mut inner = self.lock();
        if inner.generation == job.generation {
            let Job { url, attempt, parcel, manner, fault, on_demand, .. } = job;
            let flight = (parcel.first.entry, attempt);
            self.end(&mut inner, Leaving { parcel, attempt, manner, fault, on_demand }, Some(url), outcome);
            self.flight.delivery_ended(flight);
            self.set_alarm(&mut inner);
        }
        self.written_down(inner);
    }

    /// An attempt is over: what came of it is written down, and the domain hears of what it need know.
    pub(crate) fn end(self: &Arc<Self>, inner: &mut Inner, leaving: Leaving, url: Option<Box<str>>, outcome: Outcome) {
        let Leaving { parcel, attempt, manner, fault, on_demand } = leaving;
        let Outcome { result, said, took, warning } = outcome;
        let (app, page, webhook, now) = (parcel.app, parcel.page(), parcel.first.entry, inner.clock.now());
        if let Some(text) = warning {
            inner.ledger.write(now, Some(webhook), Record::Warning { app: Some(app), text });
        }
        let end = End::of(&result);
        // What was given up while this attempt was under way does not begin anew under another subscription.
        let is_over = on_demand || (attempt > 1 && !inner.parked.0.contains_key(&webhook));
        let again = (end == End::Failed && !is_over).then(|| parcel.clone());
        let delivered = Delivered { parcel, manner, url, attempt, fault, result, said, took };
        inner.ledger.write(now, Some(webhook), Record::Delivered(Box::new(delivered)));
        // Of what is taken at once the domain need not know, unless something else to the app was not.
        let concerns = inner.world.settings().deliveries.concern(page, app);
        let act = match (end, again) {
            (_, Some(parcel)) => {
                // One on demand may have been numbered meanwhile.
                let attempts = attempt.max(self.flight.newest_attempt(webhook));
                inner.parked.0.insert(webhook, Shelf { parcel, attempts, held: None });
                DeliveryAct::Failed(webhook)
            }
            (End::Taken, None) if concerns && on_demand => DeliveryAct::Heard,
            (End::Taken, None) if concerns => {
                inner.parked.0.remove(&webhook);
                DeliveryAct::Taken(webhook)
            }
            (End::Lost, None) if concerns => {
                inner.parked.0.remove(&webhook);
                DeliveryAct::Lost(webhook)
            }
            _ => return,
        };
        self.tell_domain(inner, page, app, act);
    }

    /// What becomes of a webhook is never refused.
    pub(crate) fn tell_domain(self: &Arc<Self>, inner: &mut Inner, page: PageKey, app: AppKey, act: DeliveryAct) {
        let now = inner.clock.now();
        drop(self.carry_out(inner, now, Source::Delivery, Arc::new(Command::Delivery(page, app, act))));
    }

    /// Sends a webhook once more, by itself and as it was; its attempt's number. It meets no fault, and whether it is taken or not it
    /// stands in for no other attempt.
    ///
    /// # Errors
    /// There is nothing to send, or nobody to take it.
    pub fn redeliver(self: &Arc<Self>, entry: u64) -> Result<u32, NotRedelivered> {
        let mut inner = self.lock();
        let told = inner.ledger.get(entry).ok_or(NotRedelivered::NoEntry(entry))?;
        let (app, first) = Item::of(told).ok_or(NotRedelivered::NotTold(entry))?;
        inner.callback_url(self.config(), app).ok_or(NotRedelivered::Puppet)?;
        let attempt = 1 + inner.attempts(entry).max(self.flight.newest_attempt(entry));
        let parcel = Parcel { app, first, more: Vec::new() };
        if let Some(shelf) = inner.parked.0.get_mut(&entry) {
            shelf.attempts = attempt;
        }
        self.leave(&mut inner, Leaving { on_demand: true, ..Leaving::plain(parcel, attempt) });
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

impl Inner {
    /// How often a webhook was sent so far, by itself or with others, as far as the ledger remembers.
    fn attempts(&self, webhook: u64) -> u32 {
        let has = |parcel: &Parcel| parcel.items().any(|item| item.entry == webhook);
        let recorded = self.ledger.after(webhook).into_iter().flatten().filter_map(|entry| match &entry.record {
            Record::Delivered(delivered) if has(&delivered.parcel) => Some(delivered.attempt),
            _ => None,
        });
        let parked = self.parked.0.values().filter(|shelf| has(&shelf.parcel)).map(|shelf| shelf.attempts);
        recorded.chain(parked).max().unwrap_or(0)
    }
}
