//! One live world behind one lock: every command, read and turn of the clock goes through here. Nothing awaits while the lock is held, and
//! webhooks enter the outbox under it, in the order of their entries.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, IdKind, IdStream};
use crate::domain::model::time::{Moment, Span};
use crate::domain::refusal::Refusal;
use crate::domain::{Outcome, Reply, World};

use super::alarm::Alarm;
use super::answer_times::AnswerTimes;
use super::armed::ArmedFaults;
use super::clock::{Clock, Mode};
use super::dispatch::PendingWebhooks;
use super::in_flight::{InFlight, InFlightCall, Quiescence};
use super::ledger::Ledger;
use super::ledger_entry::{Actor, LedgerEntry, Record};
use super::outbox::Outbox;
use super::replay_script::Replay;
use super::webhook::WebhookRequest;
use super::write_events;
use super::write_events::Effect;

/// A live world.
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
    /// A copy of the state's access version. A call to a world in which nobody changes settings need not take the lock to know that.
    pub(super) access_version: AtomicU64,
    /// True if a fault can still fire. A call to a world without faults need not take the lock to know that.
    pub(crate) has_faults: AtomicBool,
    pub(crate) outbox: Option<Arc<dyn Outbox>>,
    answer_times: Arc<AnswerTimes>,
    /// What real apps did, in a run that is replayed.
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
    /// The webhooks of the current command, where the world sends several in one request.
    pub(crate) batches: Vec<WebhookRequest>,
    /// Counts resets and restores. Work from an older generation is dropped.
    pub(crate) generation: u64,
    /// How often the world was reset; message ids depend on it.
    pub(crate) resets: u64,
    /// When the alarm rings, and the alarm, if a runtime is there to ring it.
    pub(crate) alarm: Option<(Moment, Option<Alarm>)>,
}

/// What a reset throws away. Dropping it takes time if the world was large, so another thread does it.
#[derive(Debug)]
pub struct RetiredState {
    world: World,
    ledger: Ledger,
}

impl RetiredState {
    pub(crate) fn of(state: WorldState) -> Self {
        Self { world: state.world, ledger: state.ledger }
    }

    /// How many threads and entries it has.
    pub fn size(&self) -> usize {
        self.world.thread_count() + self.ledger.len()
    }
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
            access_version: AtomicU64::new(WorldState::FIRST_ACCESS),
            has_faults: AtomicBool::new(false),
            outbox,
            answer_times: Arc::default(),
            replay: OnceLock::new(),
        }
    }

    /// The name that the control API uses.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The world file, as it was read.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// How long apps take to answer.
    pub fn answer_times(&self) -> &Arc<AnswerTimes> {
        &self.answer_times
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, WorldState> {
        // A panic under the lock only ends the call that panicked: the domain works on copies, so the state is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Releases the lock after a write. Entries that the ledger drops are freed outside the lock, and waiters are woken.
    pub(crate) fn unlock_and_notify(&self, mut state: MutexGuard<'_, WorldState>) {
        let evicted = state.ledger.take_dropped();
        self.access_version.store(state.access_version(), Ordering::Release);
        drop(state);
        drop(evicted);
        self.ledger_changed.notify_waiters();
    }

    /// Executes a command now, records everything that follows from it, and hands its webhooks to the outbox.
    pub fn execute(self: &Arc<Self>, by: Actor, command: Command) -> Result<Executed, NotExecuted> {
        self.catch_up(|input| input.is_command(&by, &command));
        self.execute_now(by, Arc::new(command))
    }

    pub(crate) fn execute_now(self: &Arc<Self>, by: Actor, command: Arc<Command>) -> Result<Executed, NotExecuted> {
        let mut guard = self.lock();
        let now = guard.clock.now();
        self.run_due(&mut guard, now);
        let sent = match &*command {
            Command::Send(thread, app, _) => Some((*thread, *app)),
            _ => None,
        };
        let result = self.apply_and_record(&mut guard, now, by, command);
        if let (Some((thread, app)), Ok(_)) = (sent, &result) {
            // Who waits for the answer finds its moment, because it is woken after this.
            self.answer_times.app_sent(thread, app);
        }
        self.set_alarm(&mut guard);
        self.unlock_and_notify(guard);
        result
    }

    /// Executes everything that is due until `moment`, each at its own time.
    fn run_due(self: &Arc<Self>, state: &mut WorldState, moment: Moment) {
        while let Some((at, command)) = state.world.due(moment) {
            state.clock.advance_to(at);
            if self.apply_and_record(state, at, Actor::Clock, Arc::new(command)).is_err() {
                return;
            }
        }
    }

    /// Sets the alarm for what is due next, if the clock follows the wall clock and the alarm rings too late.
    pub(crate) fn set_alarm(self: &Arc<Self>, state: &mut WorldState) {
        if self.mode != Mode::Follow {
            return;
        }
        let next = state.world.next_due();
        let set = state.alarm.as_ref().map(|(moment, _)| *moment);
        let is_news = next.is_some() && (set.is_none() || next < set);
        let (Some(next), true) = (next, is_news) else { return };
        let Span(millis) = next - state.clock.now();
        // The clock counts whole milliseconds, so one more makes sure that the moment has come.
        let alarm = Alarm::set(Arc::downgrade(self), Duration::from_millis(millis + 1));
        state.alarm = Some((next, alarm));
    }

    /// The alarm rang: executes what is due.
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
            Ok(Outcome { reply: answer, events }) => {
                let cause = state.ledger.write(now, None, Record::Command { by, command });
                let mut effects = Vec::new();
                // Puppets take no webhooks, so nothing has to be sent unless a fault, or what it has led to, needs it.
                let sends = self.outbox.is_some() || self.has_faults() || !state.world.settings().deliveries.is_empty();
                for event in events {
                    write_events::write(&mut state.ledger, now, cause, event, |effect| {
                        if sends || matches!(effect, Effect::DeliveryState(_)) {
                            effects.push(effect);
                        }
                    });
                }
                self.perform_effects(state, effects);
                Ok(Executed { answer, cause })
            }
            Err(refusal) => {
                let record = Record::Refused { by, command, refusal: Box::new(refusal.clone()) };
                Err(NotExecuted { refusal, cause: state.ledger.write(now, None, record) })
            }
        }
    }

    /// Executes the command of a Graph call. If it is not refused, `answer` makes the answer, and the entry of the call.
    pub fn execute_call<A>(
        self: &Arc<Self>,
        by: Actor,
        command: Command,
        answer: impl FnOnce(&Executed) -> (A, Record),
    ) -> Result<A, NotExecuted> {
        let executed = self.execute(by, command)?;
        let (answer, record) = answer(&executed);
        self.write(Some(executed.cause), record);
        Ok(answer)
    }

    /// True if the world has been reset or put back since `generation`. Work from an older generation is dropped.
    pub fn is_stale(&self, generation: u64) -> bool {
        self.generation() != generation
    }

    /// Reads world, ledger and clock together.
    pub fn read<R>(&self, read: impl FnOnce(&World, &Ledger, Moment) -> R) -> R {
        let state = self.lock();
        read(&state.world, &state.ledger, state.clock.now())
    }

    /// Takes the oldest entries out of the ledger, at most this many. Each entry is taken exactly once, however many callers take.
    pub fn take_entries(&self, most: usize) -> Vec<LedgerEntry> {
        let mut state = self.lock();
        let taken = state.ledger.take(most);
        self.unlock_and_notify(state);
        taken
    }

    /// Writes an entry that no command causes.
    pub fn write(self: &Arc<Self>, cause: Option<u64>, record: Record) -> u64 {
        self.catch_up(|input| input.is_record(&record));
        self.write_now(cause, record)
    }

    /// Writes an entry of a call that began in `generation`; nothing, if the world has been reset or put back since.
    pub fn write_of(self: &Arc<Self>, generation: u64, cause: Option<u64>, record: Record) {
        self.catch_up(|input| input.is_record(&record));
        let state = self.lock();
        if state.generation == generation {
            self.write_entry(state, cause, record);
        }
    }

    pub(crate) fn write_now(&self, cause: Option<u64>, record: Record) -> u64 {
        self.write_entry(self.lock(), cause, record)
    }

    fn write_entry(&self, mut state: MutexGuard<'_, WorldState>, cause: Option<u64>, record: Record) -> u64 {
        let now = state.clock.now();
        let cursor = state.ledger.write(now, cause, record);
        self.unlock_and_notify(state);
        cursor
    }

    /// What the clock shows.
    pub fn now(&self) -> Moment {
        self.lock().clock.now()
    }

    /// How the clock runs.
    pub fn clock_mode(&self) -> Mode {
        self.mode
    }

    /// Turns the clock forward, from one due thing to the next, and returns the entry of the turn. Returns `None` if a webhook left on
    /// the way, at its own time: call it again once the world is quiet. This costs nothing per thread, because lapsed control is
    /// computed when it is read.
    pub fn advance_to(self: &Arc<Self>, moment: Moment) -> Option<u64> {
        self.catch_up(|_| false);
        let mut state = self.lock();
        while let Some((at, command)) = state.world.due(moment) {
            if at > state.clock.now() && self.awaits_apps(&state) {
                return self.postpone_turn(state);
            }
            state.clock.advance_to(at);
            if self.apply_and_record(&mut state, at, Actor::Clock, Arc::new(command)).is_err() {
                break;
            }
        }
        if moment > state.clock.now() && self.awaits_apps(&state) {
            return self.postpone_turn(state);
        }
        state.clock.advance_to(moment);
        let to = state.clock.now();
        let cursor = state.ledger.write(to, None, Record::ClockTurned { to });
        state.alarm = None;
        self.set_alarm(&mut state);
        self.unlock_and_notify(state);
        Some(cursor)
    }

    fn postpone_turn(self: &Arc<Self>, mut state: MutexGuard<'_, WorldState>) -> Option<u64> {
        state.alarm = None;
        self.set_alarm(&mut state);
        self.unlock_and_notify(state);
        None
    }

    /// True if a webhook is in flight that must end first. A replay only waits for what ended in the recorded run.
    fn awaits_apps(&self, state: &WorldState) -> bool {
        let recorded = |replay: &Replay| replay.has_next(state.ledger.next_cursor());
        self.in_flight.has_deliveries() && self.replay.get().is_none_or(recorded)
    }

    /// Starts over: threads, settings, clock and ledger are as declared. What is in flight is forgotten.
    pub fn reset(&self) -> RetiredState {
        let mut state = self.lock();
        let counts = (state.generation + 1, state.resets + 1);
        let fresh = WorldState::new(&self.config, self.mode, counts, state.ledger.next_cursor());
        let retired = self.replace(&mut state, fresh, 0);
        self.answer_times.clear();
        drop(state);
        self.ledger_changed.notify_waiters();
        retired
    }

    /// How often the world was reset, as its message ids count it. A restore brings the count of the snapshot back.
    pub fn resets(&self) -> u64 {
        self.lock().resets
    }

    /// The world was removed: wakes everyone who waits for it.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.in_flight.forget_deliveries();
        self.ledger_changed.notify_waiters();
    }

    /// True if the world was removed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Counts resets and restores.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// As long as it stays the same, so do the world's tokens, permissions and connections, except for tokens that expire. It is never 0.
    pub fn access_version(&self) -> u64 {
        self.access_version.load(Ordering::Acquire)
    }

    /// Counts a Graph call as in flight until the guard is dropped.
    pub fn begin_call(self: &Arc<Self>) -> InFlightCall {
        InFlightCall::begin(self.clone())
    }

    /// Waits until no delivery and no Graph call is in flight and nothing has begun or ended for `quiet`, at most for `budget`.
    pub async fn settle(self: &Arc<Self>, quiet: Duration, budget: Duration) -> Quiescence {
        if let Some(replay) = self.replay.get() {
            return self.settle_replay(replay);
        }
        self.in_flight.settle(quiet, budget).await
    }

    /// Waits until `ready` returns something, at most for `within`.
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

    /// How many Graph calls have been answered.
    pub fn answered_calls(&self) -> u64 {
        self.answered_calls.load(Ordering::Relaxed)
    }

    /// The callback URL of an app: the one that it registered, or the declared one. A puppet has none.
    pub fn callback_url(&self, app: AppKey) -> Option<Box<str>> {
        self.lock().callback_url(&self.config, app)
    }
}

impl WorldState {
    /// A fresh world in this generation, after this many resets.
    pub(crate) fn new(config: &Arc<Config>, mode: Mode, (generation, resets): (u64, u64), next_cursor: u64) -> Self {
        Self {
            world: World::after_resets(config.clone(), resets),
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

    const FIRST_ACCESS: u64 = 1;

    /// Changes with the settings, and with each reset. No world changes its settings so often that both could meet.
    pub(super) fn access_version(&self) -> u64 {
        Self::FIRST_ACCESS + (self.generation << 32) + self.world.settings_version()
    }

    pub(crate) fn callback_url(&self, config: &Config, app: AppKey) -> Option<Box<str>> {
        let declared = config.app(app).webhook.as_ref()?;
        Some(self.world.settings().app(app).callback_url.clone().unwrap_or_else(|| declared.url.clone()))
    }
}
