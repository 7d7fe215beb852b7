//! Engine room: what faults do to webhooks on their way. Only `post` enters.

use std::sync::Arc;

use crate::domain::command::DeliveryAct;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::domain::model::time::Span;

use super::ActiveWorld;
use super::active_world::WorldState;
use super::dispatch::{OutgoingAttempt, PendingWebhook};
use super::fault::{Detour, FakedFailure, FaultEffect, FaultPoint, FaultTarget, WebhookFault};
use super::ledger::DeliveryResult;
use super::outbox::WebhookRequest;

/// How long a webhook waits for others at most.
const MAX_HOLD: Span = Span(1_000);

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
        let behind = inner.held_behind(&request);
        let (page, app) = (request.page(), request.app);
        let leaving = OutgoingAttempt::plain(request, attempt);
        let leaves = match self.trouble(inner, &leaving.request) {
            None => {
                self.enqueue(inner, leaving);
                true
            }
            Some((fault, trouble)) => {
                self.apply_webhook_fault(inner, OutgoingAttempt { fault: Some(fault), ..leaving }, fault, trouble)
            }
        };
        if leaves {
            self.send_held_behind(inner, page, app, behind);
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
        let behind = if is_behind { Vec::new() } else { inner.held_behind(&request) };
        let (page, app) = (request.page(), request.app);
        self.enqueue(inner, OutgoingAttempt { fault: Some(held.fault), ..OutgoingAttempt::plain(request, attempt) });
        self.send_held_behind(inner, page, app, behind);
    }

    fn send_held_behind(self: &Arc<Self>, inner: &mut WorldState, page: PageKey, app: AppKey, behind: Vec<WebhookId>) {
        for webhook in behind {
            self.apply_delivery_act(inner, page, app, DeliveryAct::Attempt(webhook));
        }
    }

    fn trouble(&self, inner: &mut WorldState, request: &WebhookRequest) -> Option<(u32, WebhookFault)> {
        let scene = request.first.event.scene;
        let point = FaultPoint {
            what: FaultTarget::Webhook(request.first.field()),
            app: request.app,
            page: Some(scene.page()),
            person: scene.thread().map(|thread| thread.person),
        };
        let fired = self.trigger_now(inner, &point)?;
        match fired.effect {
            FaultEffect::Webhook(trouble) => Some((fired.number, trouble)),
            FaultEffect::Call(_) => None,
        }
    }

    /// Does what a fault wants; whether the webhook leaves for its app.
    fn apply_webhook_fault(
        self: &Arc<Self>,
        inner: &mut WorldState,
        leaving: OutgoingAttempt,
        fault: u32,
        trouble: WebhookFault,
    ) -> bool {
        match trouble {
            WebhookFault::Detour(Detour::Twice) => {
                let again =
                    OutgoingAttempt { request: leaving.request.clone(), attempt: leaving.attempt + 1, ..leaving };
                self.enqueue(inner, leaving);
                self.enqueue(inner, again);
                return true;
            }
            WebhookFault::Altered(options) => {
                self.enqueue(inner, OutgoingAttempt { options, ..leaving });
                return true;
            }
            WebhookFault::Detour(Detour::Lost) => self.end(inner, leaving, None, DeliveryResult::Lost.into()),
            WebhookFault::Detour(Detour::Behind) => self.hold(inner, leaving, fault, MAX_HOLD, Some(WaitsFor::TheNext)),
            WebhookFault::Late(span) => self.hold(inner, leaving, fault, span, None),
            WebhookFault::Batch(size) => self.hold(inner, leaving, fault, MAX_HOLD, Some(WaitsFor::Others(size))),
            WebhookFault::Fails(failing) => {
                let result = match failing {
                    FakedFailure::Status(status) => DeliveryResult::Answered(status),
                    FakedFailure::Timeout => DeliveryResult::Failed("timed out: no answer came".into()),
                };
                self.end(inner, leaving, None, result.into());
            }
        }
        false
    }

    fn hold(
        self: &Arc<Self>,
        inner: &mut WorldState,
        leaving: OutgoingAttempt,
        fault: u32,
        span: Span,
        waits_for: Option<WaitsFor>,
    ) {
        let OutgoingAttempt { request, attempt, .. } = leaving;
        let (page, app, webhook) = (request.page(), request.app, request.first.entry);
        let until = inner.clock.now() + span;
        let waiting = PendingWebhook { request, attempts: attempt - 1, held: Some(Delay { fault, waits_for }) };
        inner.pending.0.insert(webhook, waiting);
        self.apply_delivery_act(inner, page, app, DeliveryAct::Held { webhook, until });
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
            self.apply_delivery_act(inner, page, app, DeliveryAct::Attempt(webhook));
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
    fn held_behind(&self, request: &WebhookRequest) -> Vec<WebhookId> {
        let is_about = |waiting: &PendingWebhook| {
            request.items().any(|item| item.event.scene == waiting.request.first.event.scene)
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
