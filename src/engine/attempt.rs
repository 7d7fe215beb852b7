//! An attempt to send webhooks: what goes out, the job that the outbox gets, and how it went.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::domain::event::Scope;
use crate::wire::PostOptions;

use super::ledger_entry::DeliveryResult;
use super::webhook::WebhookRequest;

/// An attempt to send a request.
#[derive(Debug, Clone)]
pub struct OutgoingAttempt {
    pub request: WebhookRequest,
    /// Counted from 1.
    pub attempt: u32,
    pub options: PostOptions,
    /// The number of the fault that it met, if it met one.
    pub fault: Option<u32>,
    /// True if a caller asked for it. Its result then has no effect on other attempts.
    pub on_demand: bool,
}

impl OutgoingAttempt {
    /// An attempt as Meta makes it, without faults.
    pub(super) fn plain(request: WebhookRequest, attempt: u32) -> Self {
        Self { request, attempt, options: PostOptions::default(), fault: None, on_demand: false }
    }

    /// The first webhook and the number of the attempt. No two attempts in flight have the same.
    pub(super) fn key(&self) -> AttemptKey {
        (self.request.first.entry, self.attempt)
    }
}

/// The cursor of an attempt's first webhook, and the number of the attempt.
pub(crate) type AttemptKey = (u64, u32);

/// An attempt that the outbox is to make.
#[derive(Debug)]
pub struct Job {
    /// The generation of the world when the job was made.
    pub generation: u64,
    /// Where it goes.
    pub url: Arc<str>,
    /// What goes there.
    pub outgoing: OutgoingAttempt,
    /// Set when the attempt begins.
    pub started: StartFlag,
}

impl Job {
    /// The thread or page of the first webhook. Jobs of the same scope are sent in order.
    pub fn scope(&self) -> Scope {
        self.outgoing.request.first.event.scope
    }
}

/// Whether an attempt has begun. Until then it waits for the attempts before it.
#[derive(Debug, Clone, Default)]
pub struct StartFlag(Arc<AtomicBool>);

impl StartFlag {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How an attempt went.
#[derive(Debug, Clone)]
pub struct AttemptOutcome {
    /// The app's answer, or why there is none.
    pub result: DeliveryResult,
    /// The beginning of the body of the app's answer.
    pub said: Box<[u8]>,
    /// Real time that it took.
    pub took: Duration,
    /// Something that the app's developer should know although it went well.
    pub warning: Option<Box<str>>,
}

impl From<DeliveryResult> for AttemptOutcome {
    /// The outcome of an attempt for which nothing was really sent.
    fn from(result: DeliveryResult) -> Self {
        Self { result, said: Box::default(), took: Duration::ZERO, warning: None }
    }
}
