//! Engine room: what faults do to webhooks on their way. Only `post` enters.

use std::sync::Arc;

use crate::domain::command::DeliveryUpdate;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::domain::model::time::Span;

use super::ActiveWorld;
use super::active_world::WorldState;
use super::dispatch::{Leaving, PendingWebhook};
use super::fault::{Effect, Failing, FaultPoint, Happening, Route, WebhookTrouble};
use super::ledger::DeliveryResult;
use super::outbox::WebhookRequest;

/// How long a webhook waits for others at most.
const PATIENCE: Span = Span(1_000);

/// A webhook is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
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

impl ActiveWorld {
    /// Makes an attempt, as a fault will have it; and lets go of what waited for it, if it leaves.
    pub(crate) fn dispatch_with_faults(
        self: &Arc<Self>,
        inner: &mut WorldState,
        request: WebhookRequest,
        attempt: u32,
    ) {
        let Some(request) = self.join_batch(inner, request, attempt) else { return };
        let behind = inner.waiting_for(&request);
        let (page, app) = (request.page(), request.app);
        let leaving = Leaving::plain(request, attempt);
        let leaves = match self.trouble(inner, &leaving.request) {
            None => {
                self.enqueue(inner, leaving);
                true
            }
            Some((fault, trouble)) => {
                self.apply_fault_effect(inner, Leaving { fault: Some(fault), ..leaving }, fault, trouble)
            }
        };
        if leaves {
            self.let_go(inner, page, app, behind);
        }
    }

    /// What was held back leaves; and what waited for it, in turn.
    pub(crate) fn enqueue_delayed(
        self: &Arc<Self>,
        inner: &mut WorldState,
        request: WebhookRequest,
        attempt: u32,
        held: Delay,
    ) {
        let is_behind = held.waits_for == Some(WaitsFor::TheNext);
        let behind = if is_behind { Vec::new() } else { inner.waiting_for(&request) };
        let (page, app) = (request.page(), request.app);
        self.enqueue(inner, Leaving { fault: Some(held.fault), ..Leaving::plain(request, attempt) });
        self.let_go(inner, page, app, behind);
    }

    fn let_go(self: &Arc<Self>, inner: &mut WorldState, page: PageKey, app: AppKey, behind: Vec<WebhookId>) {
        for webhook in behind {
            self.tell_domain(inner, page, app, DeliveryUpdate::Attempt(webhook));
        }
    }

    fn trouble(&self, inner: &mut WorldState, request: &WebhookRequest) -> Option<(u32, WebhookTrouble)> {
        let scope = request.first.event.scope;
        let occasion = FaultPoint {
            what: Happening::Webhook(request.first.field()),
            app: request.app,
            page: Some(scope.page()),
            person: scope.thread().map(|thread| thread.person),
        };
        let fired = self.trigger_now(inner, &occasion)?;
        match fired.effect {
            Effect::Webhook(trouble) => Some((fired.number, trouble)),
            Effect::Call(_) => None,
        }
    }

    /// Does what a fault wants; whether the webhook leaves for its app.
    fn apply_fault_effect(
        self: &Arc<Self>,
        inner: &mut WorldState,
        leaving: Leaving,
        fault: u32,
        trouble: WebhookTrouble,
    ) -> bool {
        match trouble {
            WebhookTrouble::Goes(Route::Twice) => {
                let again = Leaving { request: leaving.request.clone(), attempt: leaving.attempt + 1, ..leaving };
                self.enqueue(inner, leaving);
                self.enqueue(inner, again);
                return true;
            }
            WebhookTrouble::Made(options) => {
                self.enqueue(inner, Leaving { options, ..leaving });
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
        inner: &mut WorldState,
        leaving: Leaving,
        fault: u32,
        span: Span,
        waits_for: Option<WaitsFor>,
    ) {
        let Leaving { request, attempt, .. } = leaving;
        let (page, app, webhook) = (request.page(), request.app, request.first.entry);
        let until = inner.clock.now() + span;
        let waiting = PendingWebhook { request, attempts: attempt - 1, held: Some(Delay { fault, waits_for }) };
        inner.pending.0.insert(webhook, waiting);
        self.tell_domain(inner, page, app, DeliveryUpdate::Delayed { webhook, until });
    }

    /// Puts a new webhook to those that wait for others, where some do; they enqueue when they are enough.
    fn join_batch(
        self: &Arc<Self>,
        inner: &mut WorldState,
        request: WebhookRequest,
        attempt: u32,
    ) -> Option<WebhookRequest> {
        let open = |waiting: &&mut PendingWebhook| {
            attempt == 1
                && waiting.request.app == request.app
                && waiting.request.page() == request.page()
                && waiting.room() > 0
        };
        let Some(waiting) = inner.pending.0.values_mut().find(open) else { return Some(request) };
        let (page, app, webhook) = (request.page(), request.app, waiting.request.first.entry);
        waiting.request.more.extend(std::iter::once(request.first).chain(request.more));
        if waiting.room() == 0 {
            self.tell_domain(inner, page, app, DeliveryUpdate::Attempt(webhook));
        }
        None
    }
}

impl PendingWebhook {
    /// How many more webhooks it waits for.
    fn room(&self) -> usize {
        match self.held.and_then(|held| held.waits_for) {
            Some(WaitsFor::Others(size)) => size.saturating_sub(1 + self.request.more.len()),
            _ => 0,
        }
    }
}

impl WorldState {
    /// Webhooks that enqueue when this one has left.
    fn waiting_for(&self, request: &WebhookRequest) -> Vec<WebhookId> {
        let is_about = |waiting: &PendingWebhook| {
            request.items().any(|item| item.event.scope == waiting.request.first.event.scope)
        };
        let waits = |waiting: &PendingWebhook| {
            waiting.held.is_some_and(|held| held.waits_for == Some(WaitsFor::TheNext))
                && waiting.request.app == request.app
                && is_about(waiting)
        };
        let waiting = self.pending.0.iter().filter(|(_, waiting)| waits(waiting));
        waiting.map(|(webhook, _)| *webhook).collect()
    }
}
