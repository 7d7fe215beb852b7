//! What the outbox does with a world: it begins and ends attempts to deliver a webhook.

use std::sync::Arc;

use crate::domain::event::Channel;
use crate::domain::model::config::Config;

use super::active_world::ActiveWorld;
use super::attempt::{AttemptOutcome, Job};
use super::outbox::JobWorld;
use super::quiescence::{Part, idle_of, parts_of};

impl JobWorld for ActiveWorld {
    fn config(&self) -> &Config {
        self.declared_config()
    }

    fn delivery_started(&self, job: &Job) -> bool {
        // This takes no lock: workers begin while others hold it.
        job.started.set();
        let is_current = !self.is_stale(job.generation);
        let webhooks =
            job.outgoing.request.items().filter(|webhook| is_current && webhook.channel == Channel::Messaging);
        for webhook in webhooks {
            if let Some(thread) = webhook.event.scope.thread() {
                self.answer_times().webhook_leaves(thread, job.outgoing.request.app, &webhook.event.payload);
            }
        }
        is_current
    }

    fn delivery_finished(self: Arc<Self>, job: Job, outcome: AttemptOutcome) {
        if !outcome.result.is_success() {
            let threads = job.outgoing.request.items().filter_map(|webhook| webhook.event.scope.thread());
            threads.for_each(|thread| self.answer_times().webhook_not_taken(thread, job.outgoing.request.app));
        }
        let waiters = &self.activity.waiters;
        let idle = self.with_machine(|state, now| {
            // Somebody who begins to wait later looks at the state first, and for that needs the lock.
            let parts = match waiters.is_empty() {
                true => Vec::new(),
                false => parts_of(&job.outgoing.request).chain([Part::Whole]).collect(),
            };
            let effects = state.end_attempt(now, job, outcome);
            (idle_of(&state.in_flight, parts), effects)
        });
        if !idle.is_empty() {
            waiters.wake(idle);
        }
    }
}
