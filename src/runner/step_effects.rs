//! What a step brought about: the entries that it wrote, what follows from them, and what apps did in its thread since.

use crate::domain::command::{Command, DeliveryUpdate};
use crate::domain::model::config::Config;
use crate::domain::model::ids::ThreadKey;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record};
use crate::journal::thread_of::thread_of;

use super::observations::Observed;

/// How far the effects of a step reach.
#[derive(Debug, Clone)]
pub struct StepTrace {
    /// The newest entry when the step began.
    pub since: u64,
    pub place: StepPlace,
    /// The entries that the step itself wrote.
    pub causes: Vec<u64>,
}

/// Where a step acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepPlace {
    Thread(ThreadKey),
    /// Somewhere else, as on a page.
    Elsewhere,
    /// Everywhere: it turns the clock, or no step has begun.
    World,
}

/// Which entries count that no step wrote: what apps do, and what the world does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unprompted {
    None,
    InThread(ThreadKey),
    All,
}

impl StepTrace {
    /// The scope of a caller who has not acted yet.
    pub(crate) fn since(cursor: u64) -> Self {
        Self { since: cursor, place: StepPlace::World, causes: Vec::new() }
    }

    /// What counts for expectations: a step without a thread is followed by whatever happens in the world.
    pub(crate) fn followed_by(&self) -> Unprompted {
        match self.place {
            StepPlace::Thread(thread) => Unprompted::InThread(thread),
            StepPlace::Elsewhere | StepPlace::World => Unprompted::All,
        }
    }

    /// What counts for the answer to the step.
    pub(crate) fn answered_with(&self) -> Unprompted {
        match self.place {
            StepPlace::Thread(thread) => Unprompted::InThread(thread),
            StepPlace::Elsewhere => Unprompted::None,
            StepPlace::World => Unprompted::All,
        }
    }

    /// The effects of the step among the entries of the ledger, oldest first.
    pub(crate) fn effects<'o, 'l: 'o>(
        &'o self,
        config: &'o Config,
        ledger: &'l Ledger,
        observed: &'o Observed,
        unprompted: Unprompted,
    ) -> impl Iterator<Item = &'l LedgerEntry> + 'o {
        let after = self.since.max(ledger.oldest_cursor() - 1);
        let mut effects = StepEffects { scope: self, config, observed, unprompted, accepted: Vec::new() };
        ledger.after(after).into_iter().flatten().filter(move |entry| effects.accept(entry))
    }
}

/// Goes through the entries since the step began, in order.
struct StepEffects<'s> {
    scope: &'s StepTrace,
    config: &'s Config,
    observed: &'s Observed,
    unprompted: Unprompted,
    /// Cursors of the effects so far, in order.
    accepted: Vec<u64>,
}

impl StepEffects<'_> {
    /// True if an entry is an effect of the step.
    fn accept(&mut self, entry: &LedgerEntry) -> bool {
        let is_effect = match entry.cause == entry.cursor {
            true => self.accepts_cause(entry),
            // What follows from something older belongs to an older step.
            false => self.has(entry.cause) || (entry.cause <= self.scope.since && self.unprompted == Unprompted::All),
        };
        if is_effect {
            self.accepted.push(entry.cursor);
        }
        is_effect
    }

    fn has(&self, cursor: u64) -> bool {
        self.accepted.binary_search(&cursor).is_ok()
    }

    /// True if an entry that nothing caused belongs to the step.
    fn accepts_cause(&self, entry: &LedgerEntry) -> bool {
        if self.scope.causes.contains(&entry.cursor) {
            return true;
        }
        if self.observed.made_by_steps.contains(&entry.cursor) {
            return false;
        }
        match &entry.record {
            Record::Command { by: Actor::Script, .. } | Record::Refused { by: Actor::Script, .. } => false,
            Record::Command { command, .. } if webhook_of(command).is_some_and(|webhook| self.has(webhook)) => true,
            record => match self.unprompted {
                Unprompted::None => false,
                Unprompted::All => true,
                Unprompted::InThread(thread) => self.is_in_thread(record, thread),
            },
        }
    }

    fn is_in_thread(&self, record: &Record, thread: ThreadKey) -> bool {
        if let Record::GraphCall(answered) = record {
            let Actor::Graph { call, .. } = &answered.by else { return false };
            let psid = self.config.psid(thread);
            let is_about = call.split(['/', '?']).any(|part| psid == *part);
            // Only what is not a read has a recipient.
            return is_about || (!call.starts_with("GET ") && thread_of(self.config, record) == Some(thread));
        }
        thread_of(self.config, record) == Some(thread)
    }
}

/// The webhook that a command of the world is about.
fn webhook_of(command: &Command) -> Option<u64> {
    match command {
        Command::Delivery(_, _, news) => match news {
            DeliveryUpdate::Delayed { webhook, .. }
            | DeliveryUpdate::Failed(webhook)
            | DeliveryUpdate::Accepted(webhook)
            | DeliveryUpdate::Lost(webhook)
            | DeliveryUpdate::Attempt(webhook) => Some(*webhook),
            DeliveryUpdate::AcceptedOnDemand | DeliveryUpdate::Alert | DeliveryUpdate::Disable => None,
        },
        _ => None,
    }
}
