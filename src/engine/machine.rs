//! The machine: takes an input and the time, changes the state of a world, and returns a reply and what is to be done outside. It knows no
//! lock, no clock and no runtime, so the same inputs always have the same effects. `dispatch`, `fault_effects` and `arming` are parts of it.

use std::sync::Arc;

use crate::domain::command::Command;
use crate::domain::model::time::Moment;
use crate::domain::refusal::Refusal;
use crate::domain::{Outcome, Reply};

use super::attempt::Job;
use super::ledger_entry::{Actor, Record};
use super::state::WorldState;
use super::webhook::WebhookRequest;
use super::write_events::{self, Effect};

/// What an input brings about outside the state.
#[derive(Debug, Default)]
pub struct Effects {
    /// Attempts to make, in the order of their ledger entries.
    pub jobs: Vec<Job>,
}

/// A command that was executed.
#[derive(Debug)]
pub struct Executed {
    /// What the domain answers.
    pub answer: Reply,
    /// The command's entry in the ledger.
    pub cause: u64,
}

/// A command that was refused.
#[derive(Debug)]
pub struct NotExecuted {
    /// Why it was refused.
    pub refusal: Refusal,
    /// The command's entry in the ledger.
    pub cause: u64,
}

/// One input at work.
#[derive(Debug)]
pub(super) struct Machine<'s> {
    pub(super) state: &'s mut WorldState,
    pub(super) effects: Effects,
    /// The webhooks of the current command, where the world sends several in one request.
    pub(super) batches: Vec<WebhookRequest>,
}

impl WorldState {
    /// Executes what is due, and then a command. Everything that follows from it is in the ledger.
    pub fn execute(
        &mut self,
        now: Moment,
        by: Actor,
        command: Arc<Command>,
    ) -> (Result<Executed, NotExecuted>, Effects) {
        self.input(now, |machine| {
            machine.run_due(now);
            machine.apply(now, by, command)
        })
    }

    /// Executes what is due.
    pub fn run_due(&mut self, now: Moment) -> Effects {
        self.input(now, |machine| machine.run_due(now)).1
    }

    /// Turns the clock forward, from one due thing to the next, and returns the entry of the turn. Returns `None` if a delivery that
    /// `waits` is true for left on the way, at its own time: turn it again once that has ended. This costs nothing per thread, because
    /// lapsed control is computed when it is read.
    pub fn turn_clock(&mut self, now: Moment, to: Moment, waits: impl Fn(&Self) -> bool) -> (Option<u64>, Effects) {
        self.input(now, |machine| machine.turn_clock(to, |state| !state.in_flight.is_empty() && waits(state)))
    }

    /// Writes an entry that no command causes, and returns its cursor.
    pub fn write(&mut self, now: Moment, cause: Option<u64>, record: Record) -> u64 {
        self.ledger.write(now, cause, record)
    }

    /// Lets the machine work on one input.
    pub(super) fn input<R>(&mut self, now: Moment, work: impl FnOnce(&mut Machine<'_>) -> R) -> (R, Effects) {
        self.now = self.now.max(now);
        let mut machine = Machine { state: self, effects: Effects::default(), batches: Vec::new() };
        let reply = work(&mut machine);
        let Machine { state, effects, batches } = machine;
        debug_assert!(batches.is_empty(), "a batch was not sent");
        state.check(&effects);
        (reply, effects)
    }

    /// What holds after every input.
    fn check(&self, effects: &Effects) {
        if !cfg!(debug_assertions) {
            return;
        }
        let (next, backlogs) = (self.ledger.next_cursor(), &self.world.settings().deliveries);
        for job in &effects.jobs {
            let mut webhooks = job.outgoing.request.items();
            assert!(webhooks.all(|webhook| webhook.entry < next), "a webhook leaves before it is in the ledger");
            assert_eq!(job.generation, self.generation, "a job of another generation");
        }
        assert!(self.pending.0.is_empty() || !backlogs.is_empty(), "the domain does not know what waits here");
    }

    /// Applies a command, and writes it and everything that it brings about. Live worlds and replayed histories do it here. Returns what
    /// has to be done about webhooks.
    pub(super) fn apply_and_write(
        &mut self,
        now: Moment,
        by: Actor,
        command: Arc<Command>,
    ) -> Result<(Executed, Vec<Effect>), NotExecuted> {
        match self.world.apply(now, &command) {
            Ok(Outcome { reply: answer, events }) => {
                let cause = self.ledger.write(now, None, Record::Command { by, command });
                let may_send = self.may_send();
                let mut effects = Vec::new();
                for event in events {
                    write_events::write(&mut self.ledger, now, cause, event, |effect| {
                        if may_send || matches!(effect, Effect::DeliveryState(_)) {
                            effects.push(effect);
                        }
                    });
                }
                Ok((Executed { answer, cause }, effects))
            }
            Err(refusal) => {
                let record = Record::Refused { by, command, refusal: Box::new(refusal.clone()) };
                Err(NotExecuted { refusal, cause: self.ledger.write(now, None, record) })
            }
        }
    }
}

impl Machine<'_> {
    /// Applies a command, and does what follows from it.
    pub(super) fn apply(&mut self, now: Moment, by: Actor, command: Arc<Command>) -> Result<Executed, NotExecuted> {
        let (executed, effects) = self.state.apply_and_write(now, by, command)?;
        self.perform(effects);
        Ok(executed)
    }

    /// Executes everything that is due until `moment`, each at its own time.
    fn run_due(&mut self, moment: Moment) {
        while let Some((at, command)) = self.state.world.due(moment) {
            if !self.run_at(at, command) {
                return;
            }
        }
    }

    /// Executes what is due. The domain never refuses that; if it did, the same would be due for ever.
    fn run_at(&mut self, at: Moment, command: Command) -> bool {
        self.state.now = self.state.now.max(at);
        let executed = self.apply(at, Actor::Clock, Arc::new(command)).is_ok();
        debug_assert!(executed, "what is due was refused");
        executed
    }

    fn turn_clock(&mut self, to: Moment, waits: impl Fn(&WorldState) -> bool) -> Option<u64> {
        while let Some((at, command)) = self.state.world.due(to) {
            if at > self.state.now && waits(self.state) {
                return None;
            }
            if !self.run_at(at, command) {
                break;
            }
        }
        if to > self.state.now && waits(self.state) {
            return None;
        }
        self.state.now = self.state.now.max(to);
        let to = self.state.now;
        Some(self.state.ledger.write(to, None, Record::ClockTurned { to }))
    }
}
