//! When a world, or a step in it, is quiet: the Graph calls in flight, who waits for quiet, and what was in flight if it did not come.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, ThreadKey};

use super::in_flight::{DeliveriesInFlight, InFlightDelivery, QuietScope};
use super::waiters::WaitList;
use super::webhook::WebhookRequest;

/// How a wait for quiet ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quiescence {
    /// Nothing is in flight.
    Reached,
    /// The time was up while these deliveries and this many Graph calls were in flight.
    Exhausted {
        /// The deliveries.
        deliveries: Vec<InFlightDelivery>,
        /// How many Graph calls.
        calls: u64,
    },
}

/// Whose call a Graph call is. Until its thread is known it may be anybody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallScope {
    Everybody,
    Page(AssetKey),
    Thread(ThreadKey),
}

/// What somebody who waits for quiet hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum QuietTopic {
    /// Nothing of this is in flight any more.
    Idle(Part),
    /// Something of this has begun, so a quiet period is over.
    Began(Part),
}

/// A part of what is in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Whole,
    Cause(u64),
    Thread(ThreadKey),
    /// Calls of a page whose thread is not known.
    Page(AssetKey),
    /// Calls that may be anybody's.
    Everybody,
}

/// The Graph calls in flight, and who waits for quiet.
#[derive(Debug, Default)]
pub(super) struct Activity {
    calls: Mutex<Calls>,
    pub(super) waiters: WaitList<QuietTopic>,
}

#[derive(Debug, Default)]
struct Calls {
    all: u64,
    everybody: u64,
    by_page: HashMap<AssetKey, u64>,
    by_thread: HashMap<ThreadKey, u64>,
}

impl CallScope {
    fn part(self) -> Part {
        match self {
            Self::Everybody => Part::Everybody,
            Self::Page(page) => Part::Page(page),
            Self::Thread(thread) => Part::Thread(thread),
        }
    }
}

impl Calls {
    fn begin(&mut self, scope: CallScope) {
        self.all += 1;
        match scope {
            CallScope::Everybody => self.everybody += 1,
            CallScope::Page(page) => *self.by_page.entry(page).or_default() += 1,
            CallScope::Thread(thread) => *self.by_thread.entry(thread).or_default() += 1,
        }
    }

    /// Returns true if it was the last call of its scope.
    fn end(&mut self, scope: CallScope) -> bool {
        self.all -= 1;
        match scope {
            CallScope::Everybody => {
                self.everybody -= 1;
                self.everybody == 0
            }
            // There are few pages, so their counts stay.
            CallScope::Page(page) => self.by_page.get_mut(&page).is_none_or(|count| {
                *count -= 1;
                *count == 0
            }),
            CallScope::Thread(thread) => {
                let left = self.by_thread.get_mut(&thread).map_or(0, |count| {
                    *count -= 1;
                    *count
                });
                if left == 0 {
                    self.by_thread.remove(&thread);
                }
                left == 0
            }
        }
    }

    /// How many calls belong to a step or may belong to it; all of them without a step.
    fn count(&self, step: Option<&QuietScope>) -> u64 {
        let Some(QuietScope { thread, .. }) = step else { return self.all };
        let of_thread = thread.and_then(|thread| self.by_thread.get(&thread)).copied().unwrap_or(0);
        let of_page = thread.and_then(|thread| self.by_page.get(&thread.asset)).copied().unwrap_or(0);
        self.everybody + of_page + of_thread
    }
}

impl Activity {
    pub(super) fn call_began(&self, scope: CallScope) {
        self.calls().begin(scope);
        self.waiters.wake([QuietTopic::Began(Part::Whole), QuietTopic::Began(scope.part())]);
    }

    pub(super) fn call_ended(&self, scope: CallScope) {
        let mut calls = self.calls();
        let was_last = calls.end(scope);
        let is_idle = calls.all == 0;
        drop(calls);
        let part = was_last.then_some(QuietTopic::Idle(scope.part()));
        let whole = is_idle.then_some(QuietTopic::Idle(Part::Whole));
        self.waiters.wake(part.into_iter().chain(whole));
    }

    /// The thread of a call is known from now on.
    pub(super) fn call_moved(&self, from: CallScope, thread: ThreadKey) {
        let to = CallScope::Thread(thread);
        let mut calls = self.calls();
        let was_last = calls.end(from);
        calls.begin(to);
        drop(calls);
        let idle = was_last.then_some(QuietTopic::Idle(from.part()));
        self.waiters.wake(idle.into_iter().chain([QuietTopic::Began(to.part())]));
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if nothing of the step is in flight, or nothing at all without a step.
    pub(super) fn is_quiet(&self, deliveries: &DeliveriesInFlight, step: Option<&QuietScope>) -> bool {
        deliveries.is_quiet(step) && self.calls().count(step) == 0
    }

    /// What is in flight, if anything is: of a step, or everything.
    pub(super) fn busy(
        &self,
        config: &Config,
        deliveries: &DeliveriesInFlight,
        step: Option<&QuietScope>,
    ) -> Option<Quiescence> {
        let calls = self.calls().count(step);
        let is_busy = calls > 0 || !deliveries.is_quiet(step);
        is_busy.then(|| Quiescence::Exhausted { deliveries: deliveries.list(config, step), calls })
    }
}

/// What a wait for quiet hangs on. With a quiet period it also has to know what begins.
pub(super) fn quiet_topics(step: Option<&QuietScope>, has_period: bool) -> Vec<QuietTopic> {
    let Some(QuietScope { causes, thread }) = step else {
        let began = has_period.then_some(QuietTopic::Began(Part::Whole));
        return [QuietTopic::Idle(Part::Whole)].into_iter().chain(began).collect();
    };
    let own = causes.iter().copied().map(Part::Cause).chain(thread.map(Part::Thread));
    let others = [Some(Part::Everybody), thread.map(|thread| Part::Page(thread.asset))].into_iter().flatten();
    let began = own.clone().filter(|_| has_period).map(QuietTopic::Began);
    own.chain(others).map(QuietTopic::Idle).chain(began).collect()
}

/// What begins with a request.
pub(super) fn began_with(request: &WebhookRequest) -> impl Iterator<Item = QuietTopic> {
    parts_of(request).chain([Part::Whole]).map(QuietTopic::Began)
}

/// The causes and threads of a request.
pub(super) fn parts_of(request: &WebhookRequest) -> impl Iterator<Item = Part> {
    request.items().flat_map(|webhook| {
        let thread = webhook.event.scope.thread().map(Part::Thread);
        [Some(Part::Cause(webhook.cause)), thread].into_iter().flatten()
    })
}

/// Those of these parts of which no delivery is in flight any more. Somebody who waits looks at the calls, too.
pub(super) fn idle_of(deliveries: &DeliveriesInFlight, parts: Vec<Part>) -> Vec<QuietTopic> {
    let is_idle = |part: &Part| match part {
        Part::Whole => deliveries.is_empty(),
        Part::Cause(cause) => !deliveries.has_cause(*cause),
        Part::Thread(thread) => !deliveries.has_thread(*thread),
        Part::Page(_) | Part::Everybody => true,
    };
    parts.into_iter().filter(is_idle).map(QuietTopic::Idle).collect()
}
