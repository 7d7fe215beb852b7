//! The part of the machine that makes webhooks go wrong on their way. Only `dispatch` uses it.

use crate::domain::command::DeliveryUpdate;
use crate::domain::model::deliveries::WebhookId;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::time::Span;

use super::attempt::OutgoingAttempt;
use super::fault::{Detour, FakedFailure, FaultEffect, FaultPoint, FaultTarget, WebhookFault};
use super::ledger_entry::DeliveryResult;
use super::machine::Machine;
use super::pending::{Delay, PendingWebhook, WaitsFor};
use super::webhook::WebhookRequest;

/// The longest that a webhook waits for others.
const MAX_DELAY: Span = Span(1_000);

impl Machine<'_> {
    /// Makes an attempt as a fault changes it. If it leaves, the webhooks behind it leave, too.
    pub(super) fn dispatch_with_faults(&mut self, request: WebhookRequest, attempt: u32) {
        let Some(request) = self.join_batch(request, attempt) else { return };
        let behind = self.state.pending.waiting_behind(&request);
        let (page, app) = (request.page(), request.app);
        let outgoing = OutgoingAttempt::plain(request, attempt);
        let leaves = match self.fire_webhook_fault(&outgoing.request) {
            None => {
                self.enqueue(outgoing);
                true
            }
            Some((fault, effect)) => {
                self.apply_webhook_fault(OutgoingAttempt { fault: Some(fault), ..outgoing }, fault, effect)
            }
        };
        if leaves {
            self.send_now(page, app, behind);
        }
    }

    /// Sends a webhook whose delay is over, and those that waited behind it.
    pub(super) fn enqueue_delayed(&mut self, request: WebhookRequest, attempt: u32, held: Delay) {
        let is_behind = held.waits_for == Some(WaitsFor::TheNext);
        let behind = if is_behind { Vec::new() } else { self.state.pending.waiting_behind(&request) };
        let (page, app) = (request.page(), request.app);
        self.enqueue(OutgoingAttempt { fault: Some(held.fault), ..OutgoingAttempt::plain(request, attempt) });
        self.send_now(page, app, behind);
    }

    fn send_now(&mut self, page: AssetKey, app: AppKey, behind: Vec<WebhookId>) {
        for webhook in behind {
            self.update_delivery(page, app, DeliveryUpdate::Attempt(webhook));
        }
    }

    fn fire_webhook_fault(&mut self, request: &WebhookRequest) -> Option<(u32, WebhookFault)> {
        let scope = request.first.event.scope;
        let point = FaultPoint {
            what: FaultTarget::Webhook(request.first.field()),
            app: request.app,
            page: Some(scope.asset()),
            person: scope.thread().map(|thread| thread.person),
        };
        let fired = self.state.faults.trigger(&point)?;
        match fired.effect {
            FaultEffect::Webhook(effect) => Some((fired.number, effect)),
            FaultEffect::Call(_) => None,
        }
    }

    /// Does to an attempt what the fault says. Returns true if the webhook leaves for its app.
    fn apply_webhook_fault(&mut self, outgoing: OutgoingAttempt, fault: u32, effect: WebhookFault) -> bool {
        match effect {
            WebhookFault::Detour(Detour::Twice) => {
                let again =
                    OutgoingAttempt { request: outgoing.request.clone(), attempt: outgoing.attempt + 1, ..outgoing };
                self.enqueue(outgoing);
                self.enqueue(again);
                return true;
            }
            WebhookFault::Altered(options) => {
                self.enqueue(OutgoingAttempt { options, ..outgoing });
                return true;
            }
            WebhookFault::Detour(Detour::Lost) => self.complete(outgoing, None, DeliveryResult::Lost.into()),
            WebhookFault::Detour(Detour::Behind) => self.delay(outgoing, fault, MAX_DELAY, Some(WaitsFor::TheNext)),
            WebhookFault::Late(span) => self.delay(outgoing, fault, span, None),
            WebhookFault::Batch(size) => self.delay(outgoing, fault, MAX_DELAY, Some(WaitsFor::Others(size))),
            WebhookFault::Fails(failing) => {
                let result = match failing {
                    FakedFailure::Status(status) => DeliveryResult::Answered(status),
                    FakedFailure::Timeout => DeliveryResult::Failed("timed out: no answer came".into()),
                };
                self.complete(outgoing, None, result.into());
            }
        }
        false
    }

    fn delay(&mut self, outgoing: OutgoingAttempt, fault: u32, span: Span, waits_for: Option<WaitsFor>) {
        let OutgoingAttempt { request, attempt, .. } = outgoing;
        let (page, app, webhook) = (request.page(), request.app, request.first.entry);
        let until = self.state.now + span;
        let waiting = PendingWebhook { request, attempts: attempt - 1, held: Some(Delay { fault, waits_for }) };
        self.state.pending.0.insert(webhook, waiting);
        self.update_delivery(page, app, DeliveryUpdate::Delayed { webhook, until });
    }

    /// Adds a new webhook to a batch that waits for more, if there is one, whatever page it is of; a full batch is sent. Returns the
    /// request if there is none.
    fn join_batch(&mut self, request: WebhookRequest, attempt: u32) -> Option<WebhookRequest> {
        let open =
            |waiting: &&mut PendingWebhook| attempt == 1 && waiting.request.app == request.app && waiting.room() > 0;
        let Some(waiting) = self.state.pending.0.values_mut().find(open) else { return Some(request) };
        let (page, app, webhook) = (waiting.request.page(), request.app, waiting.request.first.entry);
        waiting.request.more.extend(std::iter::once(request.first).chain(request.more));
        if waiting.room() == 0 {
            self.update_delivery(page, app, DeliveryUpdate::Attempt(webhook));
        }
        None
    }
}
