//! Engine room: a world at work. The unit of locking: every command, read and turn of the clock goes through here, and nothing
//! awaits while the lock is held.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::domain::model::time::{Moment, Span};
use crate::domain::refusal::Refusal;
use crate::domain::{Answer, Outcome, World};

use super::alarm::Alarm;
use super::armed::{Armed, ArmedFaults, Fired, TooManyFaults};
use super::clock::{Clock, Mode};
use super::dispatch::PendingWebhooks;
use super::fault::{Fault, FaultPoint};
use super::in_flight::{InFlight, InFlightCall, Quiescence};
use super::ledger::{Actor, Ledger, LedgerEntry, Record};
use super::outbox::{Outbox, WebhookRequest};
use super::replay_script::Replay;
use super::write_events;
use super::write_events::Effect;

/// A world at work.
#[derive(Debug)]
pub struct ActiveWorld {
    name: Box<str>,
    config: Arc<Config>,
    mode: Mode,
    state: Mutex<WorldState>,
    pub(crate) in_flight: InFlight,
    ledger_changed: Notify,
    pub(crate) answered_calls: AtomicU64,
    closed: AtomicBool,
    pub(crate) generation: AtomicU64,
    /// Whether a fault waits, so that a call of a world without faults need not ask under the lock.
    pub(crate) has_faults: AtomicBool,
    pub(crate) outbox: Option<Arc<dyn Outbox>>,
    /// What others do in a run that is played again.
    pub(crate) replay: OnceLock<Replay>,
}

/// What the lock of a world guards.
#[derive(Debug)]
pub(crate) struct WorldState {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) ledger: Ledger,
    pub(crate) faults: ArmedFaults,
    pub(crate) pending: PendingWebhooks,
    /// What one act tells, where several webhooks may leave together.
    pub(crate) batches: Vec<WebhookRequest>,
    /// Counts what took the place of what was before, so that whoever comes from before can tell.
    pub(crate) generation: u64,
    /// How often the world was reset: its message ids count that.
    pub(crate) resets: u64,
    /// When the world will be woken.
    pub(crate) alarm: Option<(Moment, Option<Alarm>)>,
}

/// What is thrown away at a reset. Dropping it takes as long as the world was large, so that is done elsewhere.
#[derive(Debug)]
pub struct RetiredState {
    world: World,
    ledger: Ledger,
}

impl RetiredState {
    pub(crate) fn of(state: WorldState) -> Self {
        Self { world: state.world, ledger: state.ledger }
    }

    /// Threads and entries, together.
    pub fn size(&self) -> usize {
        self.world.thread_count() + self.ledger.len()
    }
}

/// A command that was executed.
#[derive(Debug)]
pub struct Executed {
    /// What the caller gets to know.
    pub answer: Answer,
    /// The command's entry in the ledger.
    pub cause: u64,
}

/// A command that was refused.
#[derive(Debug)]
pub struct NotExecuted {
    /// Why.
    pub refusal: Refusal,
    /// The command's entry in the ledger.
    pub cause: u64,
}

impl ActiveWorld {
    /// A fresh world.
    pub fn new(name: &str, config: Arc<Config>, mode: Mode, outbox: Option<Arc<dyn Outbox>>) -> Self {
        Self {
            name: name.into(),
            state: Mutex::new(WorldState::new(&config, mode, (0, 0), 1)),
            config,
            mode,
            in_flight: InFlight::default(),
            ledger_changed: Notify::new(),
            answered_calls: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            has_faults: AtomicBool::new(false),
            outbox,
            replay: OnceLock::new(),
        }
    }

    /// The name under which the control API knows it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it was declared with.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, WorldState> {
        // A panic under the lock costs the call that panicked; the domain works on copies, so what is left is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of the lock after something was written: what the ledger drops is dropped outside of it, and whoever waits is woken.
    pub(crate) fn unlock_and_notify(&self, mut state: MutexGuard<'_, WorldState>) {
        let evicted = state.ledger.take_dropped();
        drop(state);
        drop(evicted);
        self.ledger_changed.notify_waiters();
    }

    /// Obeys a command now, writes down all that came of it, and hands its webhooks to the outbox.
    pub fn execute(self: &Arc<Self>, by: Actor, command: Command) -> Result<Executed, NotExecuted> {
        self.catch_up(|input| input.is_command(&by, &command));
        self.execute_now(by, Arc::new(command))
    }

    pub(crate) fn execute_now(self: &Arc<Self>, by: Actor, command: Arc<Command>) -> Result<Executed, NotExecuted> {
        let mut guard = self.lock();
        let now = guard.clock.now();
        self.run_due(&mut guard, now);
        let result = self.apply_and_record(&mut guard, now, by, command);
        self.set_alarm(&mut guard);
        self.unlock_and_notify(guard);
        result
    }

    /// Whatever happens by itself until `moment` happens, each at its own time.
    fn run_due(self: &Arc<Self>, state: &mut WorldState, moment: Moment) {
        while let Some((at, command)) = state.world.due(moment) {
            state.clock.advance_to(at);
            if self.apply_and_record(state, at, Actor::Clock, Arc::new(command)).is_err() {
                return;
            }
        }
    }

    /// Where the clock runs by itself, so must what is due by itself.
    pub(crate) fn set_alarm(self: &Arc<Self>, state: &mut WorldState) {
        if self.mode != Mode::Follow {
            return;
        }
        let next = state.world.next_due();
        let set = state.alarm.as_ref().map(|(moment, _)| *moment);
        let is_news = next.is_some() && (set.is_none() || next < set);
        let (Some(next), true) = (next, is_news) else { return };
        let Span(millis) = next - state.clock.now();
        // The clock counts whole milliseconds; a moment later it has surely come.
        let alarm = Alarm::set(Arc::downgrade(self), Duration::from_millis(millis + 1));
        state.alarm = Some((next, alarm));
    }

    /// The alarm rang.
    pub(crate) fn on_alarm(self: &Arc<Self>) {
        let mut guard = self.lock();
        guard.alarm = None;
        let now = guard.clock.now();
        self.run_due(&mut guard, now);
        self.set_alarm(&mut guard);
        self.unlock_and_notify(guard);
    }

    pub(crate) fn apply_and_record(
        self: &Arc<Self>,
        state: &mut WorldState,
        now: Moment,
        by: Actor,
        command: Arc<Command>,
    ) -> Result<Executed, NotExecuted> {
        let outcome = state.world.apply(now, &command);
        match outcome {
            Ok(Outcome { answer, events }) => {
                let cause = state.ledger.write(now, None, Record::Command { by, command });
                let mut effects = Vec::new();
                // In a world of puppets nobody need be sent anything, unless a fault or its consequences want it otherwise.
                let sends = self.outbox.is_some() || self.has_faults() || !state.world.settings().deliveries.is_empty();
                for event in events {
                    write_events::write(&mut state.ledger, now, cause, event, |effect| {
                        if sends || matches!(effect, Effect::DeliveryNews(_)) {
                            effects.push(effect);
                        }
                    });
                }
                self.perform_effects(state, effects);
                Ok(Executed { answer, cause })
            }
            Err(refusal) => {
                let record = Record::Refused { by, command, refusal: refusal.clone() };
                Err(NotExecuted { refusal, cause: state.ledger.write(now, None, record) })
            }
        }
    }

    /// Whether the world has been reset since this generation: what was begun before must not touch what came after.
    pub fn is_stale(&self, generation: u64) -> bool {
        self.generation() != generation
    }

    /// Reads world, ledger and clock together.
    pub fn read<R>(&self, read: impl FnOnce(&World, &Ledger, Moment) -> R) -> R {
        let state = self.lock();
        read(&state.world, &state.ledger, state.clock.now())
    }

    /// Takes the oldest entries out of the ledger, at most so many, in one go: nothing is lost between two takings, and nothing told
    /// twice.
    pub fn take_entries(&self, most: usize) -> Vec<LedgerEntry> {
        let mut state = self.lock();
        let taken = state.ledger.take(most);
        self.unlock_and_notify(state);
        taken
    }

    /// Writes an entry that no command brought about.
    pub fn write(self: &Arc<Self>, cause: Option<u64>, record: Record) -> u64 {
        self.catch_up(|input| input.is_record(&record));
        self.write_now(cause, record)
    }

    /// Writes an entry of a call that began in this generation. Of one that began before a reset, or before the world was put back,
    /// nothing is written down.
    pub fn write_of(self: &Arc<Self>, generation: u64, cause: Option<u64>, record: Record) {
        self.catch_up(|input| input.is_record(&record));
        let state = self.lock();
        if state.generation == generation {
            self.enter(state, cause, record);
        }
    }

    pub(crate) fn write_now(&self, cause: Option<u64>, record: Record) -> u64 {
        self.enter(self.lock(), cause, record)
    }

    fn enter(&self, mut state: MutexGuard<'_, WorldState>, cause: Option<u64>, record: Record) -> u64 {
        let now = state.clock.now();
        let cursor = state.ledger.write(now, cause, record);
        self.unlock_and_notify(state);
        cursor
    }

    /// Arms a fault, which the calls that come from now on may meet; its number.
    ///
    /// # Errors
    /// There are too many.
    pub fn arm(self: &Arc<Self>, fault: Fault) -> Result<u32, TooManyFaults> {
        self.catch_up(|_| false);
        let mut state = self.lock();
        let number = state.faults.arm(fault.clone())?;
        self.has_faults.store(true, Ordering::Release);
        let now = state.clock.now();
        state.ledger.write(now, None, Record::Armed { number, fault });
        self.unlock_and_notify(state);
        Ok(number)
    }

    /// Takes a fault away, or all of them; how many that were.
    pub fn disarm(self: &Arc<Self>, number: Option<u32>) -> usize {
        self.catch_up(|_| false);
        let mut state = self.lock();
        let gone = state.faults.disarm(number);
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        let now = state.clock.now();
        for number in &gone {
            state.ledger.write(now, None, Record::Disarmed { number: *number });
        }
        self.unlock_and_notify(state);
        gone.len()
    }

    /// Whether a fault waits for a call.
    pub fn has_faults(&self) -> bool {
        self.has_faults.load(Ordering::Acquire)
    }

    /// The fault that meets this call fires. A call that began before a reset meets none of the faults that were armed after it.
    pub fn trigger(&self, generation: u64, point: &FaultPoint) -> Option<Fired> {
        let mut state = self.lock();
        if state.generation != generation {
            return None;
        }
        self.trigger_now(&mut state, point)
    }

    pub(crate) fn trigger_now(&self, state: &mut WorldState, point: &FaultPoint) -> Option<Fired> {
        let fired = state.faults.trigger(point);
        self.has_faults.store(state.faults.can_fire(), Ordering::Release);
        fired
    }

    /// Every fault that was armed since the world began.
    pub fn faults(&self) -> Vec<Armed> {
        self.lock().faults.all().to_vec()
    }

    /// What the clock shows.
    pub fn now(&self) -> Moment {
        self.lock().clock.now()
    }

    /// How the clock runs.
    pub fn clock_mode(&self) -> Mode {
        self.mode
    }

    /// Schedule the clock forward, from one thing that happens by itself to the next. Control that lapses meanwhile is computed when
    /// somebody looks, so this costs nothing per thread. Returns the entry of the turn; none where a webhook left on the way, at its
    /// own time: once that is quiet, ask again.
    pub fn advance_to(self: &Arc<Self>, moment: Moment) -> Option<u64> {
        self.catch_up(|_| false);
        let mut state = self.lock();
        while let Some((at, command)) = state.world.due(moment) {
            if at > state.clock.now() && self.awaits_apps(&state) {
                return self.turns_later(state);
            }
            state.clock.advance_to(at);
            if self.apply_and_record(&mut state, at, Actor::Clock, Arc::new(command)).is_err() {
                break;
            }
        }
        if moment > state.clock.now() && self.awaits_apps(&state) {
            return self.turns_later(state);
        }
        state.clock.advance_to(moment);
        let to = state.clock.now();
        let cursor = state.ledger.write(to, None, Record::ClockTurned { to });
        state.alarm = None;
        self.set_alarm(&mut state);
        self.unlock_and_notify(state);
        Some(cursor)
    }

    fn turns_later(self: &Arc<Self>, mut state: MutexGuard<'_, WorldState>) -> Option<u64> {
        state.alarm = None;
        self.set_alarm(&mut state);
        self.unlock_and_notify(state);
        None
    }

    /// Whether a webhook is under way that must end first. In a run that is played again, nobody waits for what did not end then.
    fn awaits_apps(&self, state: &WorldState) -> bool {
        let recorded = |replay: &Replay| replay.has_next(state.ledger.next_cursor());
        self.in_flight.has_deliveries() && self.replay.get().is_none_or(recorded)
    }

    /// Starts over: threads, settings, clock and ledger are as declared. What was under way is forgotten.
    pub fn reset(&self) -> RetiredState {
        let mut state = self.lock();
        let counts = (state.generation + 1, state.resets + 1);
        let fresh = WorldState::new(&self.config, self.mode, counts, state.ledger.next_cursor());
        let retired = self.replace(&mut state, fresh, 0);
        drop(state);
        self.ledger_changed.notify_waiters();
        retired
    }

    /// How often the world was reset, as its message ids count it: after a restore, as often as the world had been that was kept.
    pub fn resets(&self) -> u64 {
        self.lock().resets
    }

    /// The world was removed: whoever waits for it need not wait any longer.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.ledger_changed.notify_waiters();
    }

    /// Whether the world was removed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// How often something else took the place of what was: by a reset, or by a restore.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Marks a Graph call as under way.
    pub fn begin_call(self: &Arc<Self>) -> InFlightCall {
        InFlightCall::begin(self.clone())
    }

    /// Waits until no delivery and no Graph call is under way and nothing has moved for `quiet`.
    pub async fn settle(self: &Arc<Self>, quiet: Duration, budget: Duration) -> Quiescence {
        if let Some(replay) = self.replay.get() {
            return self.settle_replay(replay);
        }
        self.in_flight.settle(quiet, budget).await
    }

    /// Waits until `ready` finds what it looks for, or the time is up.
    pub async fn wait_for<R>(
        self: &Arc<Self>,
        within: Duration,
        mut ready: impl FnMut(&World, &Ledger, Moment) -> Option<R>,
    ) -> Option<R> {
        let deadline = tokio::time::Instant::now() + within;
        loop {
            let written = self.ledger_changed.notified();
            tokio::pin!(written);
            written.as_mut().enable();
            if let Some(found) = self.read(&mut ready) {
                return Some(found);
            }
            if let Some(replay) = self.replay.get() {
                if !self.replay_next(replay) {
                    return None;
                }
                continue;
            }
            tokio::time::timeout_at(deadline, written).await.ok()?;
        }
    }

    /// The trace id of the next Graph answer.
    pub fn next_trace(&self) -> Box<str> {
        let counter = self.answered_calls.fetch_add(1, Ordering::Relaxed);
        IdStream::new(self.config.seed, IdKind::Trace, 0, counter).url_safe("A", 22)
    }

    /// How many Graph calls were answered so far.
    pub fn answered_calls(&self) -> u64 {
        self.answered_calls.load(Ordering::Relaxed)
    }

    /// The callback URL of an app: the one that it registered itself, or the declared one. A puppet has none.
    pub fn callback_url(&self, app: AppKey) -> Option<Box<str>> {
        self.lock().callback_url(&self.config, app)
    }
}

impl WorldState {
    /// A fresh world, after so many generations and resets.
    pub(crate) fn new(config: &Arc<Config>, mode: Mode, (generation, resets): (u64, u64), next_cursor: u64) -> Self {
        Self {
            world: World::anew(config.clone(), resets),
            clock: Clock::new(mode, config.clock),
            ledger: Ledger::beginning_at(next_cursor, config.limits.ledger),
            faults: ArmedFaults::new(config.seed),
            pending: PendingWebhooks::default(),
            batches: Vec::new(),
            generation,
            resets,
            alarm: None,
        }
    }

    pub(crate) fn callback_url(&self, config: &Config, app: AppKey) -> Option<Box<str>> {
        let declared = config.app(app).webhook.as_ref()?;
        Some(self.world.settings().app(app).callback_url.clone().unwrap_or_else(|| declared.url.clone()))
    }
}
