//! Engine room: what faults do to webhooks on their way. Only `post` enters.

use std::sync::Arc;

use crate::domain::command::DeliveryAct;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::domain::model::time::Span;

use super::Hosted;
use super::active_world::Inner;
use super::dispatch::{Leaving, Shelf};
use super::fault::{Effect, Failing, Happening, Occasion, Route, WebhookTrouble};
use super::ledger::DeliveryResult;
use super::outbox::Parcel;

/// How long a webhook waits for others at most.
const PATIENCE: Span = Span(1_000);

/// A webhook is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// By this fault.
    pub fault: u32,
    /// What it waits for, beside its time.
    pub waits_for: Option<WaitsFor>,
}

/// What a webhook waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// The next one to its app about its thread.
    TheNext,
    /// So many to its app, itself among them.
    Others(usize),
}

impl Hosted {
    /// Makes an attempt, as a fault will have it; and lets go of what waited for it, if it leaves.
    pub(crate) fn hand_over_with_faults(self: &Arc<Self>, inner: &mut Inner, parcel: Parcel, attempt: u32) {
        let Some(parcel) = self.join_batch(inner, parcel, attempt) else { return };
        let behind = inner.waiting_for(&parcel);
        let (page, app) = (parcel.page(), parcel.app);
        let leaving = Leaving::plain(parcel, attempt);
        let leaves = match self.trouble(inner, &leaving.parcel) {
            None => {
                self.leave(inner, leaving);
                true
            }
            Some((fault, trouble)) => self.interfere(inner, Leaving { fault: Some(fault), ..leaving }, fault, trouble),
        };
        if leaves {
            self.let_go(inner, page, app, behind);
        }
    }

    /// What was held back leaves; and what waited for it, in turn.
    pub(crate) fn leave_after_all(self: &Arc<Self>, inner: &mut Inner, parcel: Parcel, attempt: u32, held: Held) {
        let is_behind = held.waits_for == Some(WaitsFor::TheNext);
        let behind = if is_behind { Vec::new() } else { inner.waiting_for(&parcel) };
        let (page, app) = (parcel.page(), parcel.app);
        self.leave(inner, Leaving { fault: Some(held.fault), ..Leaving::plain(parcel, attempt) });
        self.let_go(inner, page, app, behind);
    }

    fn let_go(self: &Arc<Self>, inner: &mut Inner, page: PageKey, app: AppKey, behind: Vec<WebhookId>) {
        for webhook in behind {
            self.tell_domain(inner, page, app, DeliveryAct::Attempt(webhook));
        }
    }

    fn trouble(&self, inner: &mut Inner, parcel: &Parcel) -> Option<(u32, WebhookTrouble)> {
        let scene = parcel.first.notice.scene;
        let occasion = Occasion {
            what: Happening::Webhook(parcel.first.field()),
            app: parcel.app,
            page: Some(scene.page()),
            person: scene.thread().map(|thread| thread.person),
        };
        let fired = self.strike_now(inner, &occasion)?;
        match fired.effect {
            Effect::Webhook(trouble) => Some((fired.number, trouble)),
            Effect::Call(_) => None,
        }
    }

    /// Does what a fault wants; whether the webhook leaves for its app.
    fn interfere(self: &Arc<Self>, inner: &mut Inner, leaving: Leaving, fault: u32, trouble: WebhookTrouble) -> bool {
        match trouble {
            WebhookTrouble::Goes(Route::Twice) => {
                let again = Leaving { parcel: leaving.parcel.clone(), attempt: leaving.attempt + 1, ..leaving };
                self.leave(inner, leaving);
                self.leave(inner, again);
                return true;
            }
            WebhookTrouble::Made(manner) => {
                self.leave(inner, Leaving { manner, ..leaving });
                return true;
            }
            WebhookTrouble::Goes(Route::Lost) => self.end(inner, leaving, None, DeliveryResult::Lost.into()),
            WebhookTrouble::Goes(Route::Behind) => self.hold(inner, leaving, fault, PATIENCE, Some(WaitsFor::TheNext)),
            WebhookTrouble::Late(span) => self.hold(inner, leaving, fault, span, None),
            WebhookTrouble::Batch(size) => self.hold(inner, leaving, fault, PATIENCE, Some(WaitsFor::Others(size))),
            WebhookTrouble::Fails(failing) => {
                let result = match failing {
                    Failing::Status(status) => DeliveryResult::Answered(status),
                    Failing::Timeout => DeliveryResult::Failed("timed out: no answer came".into()),
                };
                self.end(inner, leaving, None, result.into());
            }
        }
        false
    }

    fn hold(
        self: &Arc<Self>,
        inner: &mut Inner,
        leaving: Leaving,
        fault: u32,
        span: Span,
        waits_for: Option<WaitsFor>,
    ) {
        let Leaving { parcel, attempt, .. } = leaving;
        let (page, app, webhook) = (parcel.page(), parcel.app, parcel.first.entry);
        let until = inner.clock.now() + span;
        let shelf = Shelf { parcel, attempts: attempt - 1, held: Some(Held { fault, waits_for }) };
        inner.parked.0.insert(webhook, shelf);
        self.tell_domain(inner, page, app, DeliveryAct::Held { webhook, until });
    }

    /// Puts a new webhook to those that wait for others, where some do; they leave when they are enough.
    fn join_batch(self: &Arc<Self>, inner: &mut Inner, parcel: Parcel, attempt: u32) -> Option<Parcel> {
        let open = |shelf: &&mut Shelf| {
            attempt == 1 && shelf.parcel.app == parcel.app && shelf.parcel.page() == parcel.page() && shelf.room() > 0
        };
        let Some(shelf) = inner.parked.0.values_mut().find(open) else { return Some(parcel) };
        let (page, app, webhook) = (parcel.page(), parcel.app, shelf.parcel.first.entry);
        shelf.parcel.more.extend(std::iter::once(parcel.first).chain(parcel.more));
        if shelf.room() == 0 {
            self.tell_domain(inner, page, app, DeliveryAct::Attempt(webhook));
        }
        None
    }
}

impl Shelf {
    /// How many more webhooks it waits for.
    fn room(&self) -> usize {
        match self.held.and_then(|held| held.waits_for) {
            Some(WaitsFor::Others(size)) => size.saturating_sub(1 + self.parcel.more.len()),
            _ => 0,
        }
    }
}

impl Inner {
    /// Webhooks that leave when this one has left.
    fn waiting_for(&self, parcel: &Parcel) -> Vec<WebhookId> {
        let is_about = |shelf: &Shelf| parcel.items().any(|item| item.notice.scene == shelf.parcel.first.notice.scene);
        let waits = |shelf: &Shelf| {
            shelf.held.is_some_and(|held| held.waits_for == Some(WaitsFor::TheNext))
                && shelf.parcel.app == parcel.app
                && is_about(shelf)
        };
        let waiting = self.parked.0.iter().filter(|(_, shelf)| waits(shelf));
        waiting.map(|(webhook, _)| *webhook).collect()
    }
}
