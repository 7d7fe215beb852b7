//! What faults do to webhooks on their way. Only `dispatch` uses it.

use std::sync::Arc;

use crate::domain::command::DeliveryUpdate;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, PageKey};
use crate::domain::model::time::Span;

use super::ActiveWorld;
use super::active_world::WorldState;
use super::dispatch::{OutgoingAttempt, PendingWebhook};
use super::fault::{Detour, FakedFailure, FaultEffect, FaultPoint, FaultTarget, WebhookFault};
use super::ledger_entry::DeliveryResult;
use super::webhook::WebhookRequest;

/// The longest that a webhook waits for others.
const MAX_DELAY: Span = Span(1_000);

/// Why a webhook is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// The number of the fault.
    pub fault: u32,
    /// What releases it before its time.
    pub waits_for: Option<WaitsFor>,
}

/// What a webhook waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// The next webhook to its app about its thread.
    TheNext,
    /// This many webhooks to its app, itself included.
    Others(usize),
}

impl ActiveWorld {
    /// Makes an attempt as a fault changes it. If it leaves, the webhooks behind it leave, too.
    pub(crate) fn dispatch_with_faults(
        self: &Arc<Self>,
        state: &mut WorldState,
        request: WebhookRequest,
        attempt: u32,
    ) {
        let Some(request) = self.join_batch(state, request, attempt) else { return };
        let behind = state.waiting_behind(&request);
        let (page, app) = (request.page(), request.app);
        let outgoing = OutgoingAttempt::plain(request, attempt);
        let leaves = match self.fire_webhook_fault(state, &outgoing.request) {
            None => {
                self.enqueue(state, outgoing);
                true
            }
            Some((fault, effect)) => {
                self.apply_webhook_fault(state, OutgoingAttempt { fault: Some(fault), ..outgoing }, fault, effect)
            }
        };
        if leaves {
            self.send_now(state, page, app, behind);
        }
    }

    /// Sends a webhook whose delay is over, and those that waited behind it.
    pub(crate) fn enqueue_delayed(
        self: &Arc<Self>,
        state: &mut WorldState,
        request: WebhookRequest,
        attempt: u32,
        held: Delay,
    ) {
        let is_behind = held.waits_for == Some(WaitsFor::TheNext);
        let behind = if is_behind { Vec::new() } else { state.waiting_behind(&request) };
        let (page, app) = (request.page(), request.app);
        self.enqueue(state, OutgoingAttempt { fault: Some(held.fault), ..OutgoingAttempt::plain(request, attempt) });
        self.send_now(state, page, app, behind);
    }

    fn send_now(self: &Arc<Self>, state: &mut WorldState, page: PageKey, app: AppKey, behind: Vec<WebhookId>) {
        for webhook in behind {
            self.apply_delivery_act(state, page, app, DeliveryUpdate::Attempt(webhook));
        }
    }

    fn fire_webhook_fault(&self, state: &mut WorldState, request: &WebhookRequest) -> Option<(u32, WebhookFault)> {
        let scope = request.first.event.scope;
        let point = FaultPoint {
            what: FaultTarget::Webhook(request.first.field()),
            app: request.app,
            page: Some(scope.page()),
            person: scope.thread().map(|thread| thread.person),
        };
        let fired = self.trigger_now(state, &point)?;
        match fired.effect {
            FaultEffect::Webhook(effect) => Some((fired.number, effect)),
            FaultEffect::Call(_) => None,
        }
    }

    /// Does to an attempt what the fault says. Returns true if the webhook leaves for its app.
    fn apply_webhook_fault(
        self: &Arc<Self>,
        state: &mut WorldState,
        outgoing: OutgoingAttempt,
        fault: u32,
        effect: WebhookFault,
    ) -> bool {
        match effect {
            WebhookFault::Detour(Detour::Twice) => {
                let again =
                    OutgoingAttempt { request: outgoing.request.clone(), attempt: outgoing.attempt + 1, ..outgoing };
                self.enqueue(state, outgoing);
                self.enqueue(state, again);
                return true;
            }
            WebhookFault::Altered(options) => {
                self.enqueue(state, OutgoingAttempt { options, ..outgoing });
                return true;
            }
            WebhookFault::Detour(Detour::Lost) => self.complete(state, outgoing, None, DeliveryResult::Lost.into()),
            WebhookFault::Detour(Detour::Behind) => {
                self.delay(state, outgoing, fault, MAX_DELAY, Some(WaitsFor::TheNext))
            }
            WebhookFault::Late(span) => self.delay(state, outgoing, fault, span, None),
            WebhookFault::Batch(size) => self.delay(state, outgoing, fault, MAX_DELAY, Some(WaitsFor::Others(size))),
            WebhookFault::Fails(failing) => {
                let result = match failing {
                    FakedFailure::Status(status) => DeliveryResult::Answered(status),
                    FakedFailure::Timeout => DeliveryResult::Failed("timed out: no answer came".into()),
                };
                self.complete(state, outgoing, None, result.into());
            }
        }
        false
    }

    fn delay(
        self: &Arc<Self>,
        state: &mut WorldState,
        outgoing: OutgoingAttempt,
        fault: u32,
        span: Span,
        waits_for: Option<WaitsFor>,
    ) {
        let OutgoingAttempt { request, attempt, .. } = outgoing;
        let (page, app, webhook) = (request.page(), request.app, request.first.entry);
        let until = state.clock.now() + span;
        let waiting = PendingWebhook { request, attempts: attempt - 1, held: Some(Delay { fault, waits_for }) };
        state.pending.0.insert(webhook, waiting);
        self.apply_delivery_act(state, page, app, DeliveryUpdate::Delayed { webhook, until });
    }

    /// Adds a new webhook to a batch that waits for more, if there is one; a full batch is sent. Returns the request if there is none.
    fn join_batch(
        self: &Arc<Self>,
        state: &mut WorldState,
        request: WebhookRequest,
        attempt: u32,
    ) -> Option<WebhookRequest> {
        let open = |waiting: &&mut PendingWebhook| {
            attempt == 1
                && waiting.request.app == request.app
                && waiting.request.page() == request.page()
                && waiting.room() > 0
        };
        let Some(waiting) = state.pending.0.values_mut().find(open) else { return Some(request) };
        let (page, app, webhook) = (request.page(), request.app, waiting.request.first.entry);
        waiting.request.more.extend(std::iter::once(request.first).chain(request.more));
        if waiting.room() == 0 {
            self.apply_delivery_act(state, page, app, DeliveryUpdate::Attempt(webhook));
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
    /// The webhooks that are sent after this one has left.
    fn waiting_behind(&self, request: &WebhookRequest) -> Vec<WebhookId> {
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
