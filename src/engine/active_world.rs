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
use crate::domain::{Outcome, Reply, World};

use super::alarm::Alarm;
use super::armed::{Armed, Faults, Fired, TooManyFaults};
use super::clock::{Clock, Mode};
use super::dispatch::PendingWebhooks;
use super::fault::{Fault, FaultPoint};
use super::in_flight::{GraphCall, InFlight, Quiescence};
use super::ledger::{Entry, Ledger, Record, Source};
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
    inner: Mutex<WorldState>,
    pub(crate) flight: InFlight,
    written: Notify,
    pub(crate) traces: AtomicU64,
    closed: AtomicBool,
    pub(crate) generation: AtomicU64,
    /// Whether a fault waits, so that a call of a world without faults need not ask under the lock.
    pub(crate) has_faults: AtomicBool,
    pub(crate) outbox: Option<Arc<dyn Outbox>>,
    /// What others do in a run that is played again.
    pub(crate) recording: OnceLock<Replay>,
}

/// What the lock of a world guards.
#[derive(Debug)]
pub(crate) struct WorldState {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) ledger: Ledger,
    pub(crate) faults: Faults,
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
    pub(crate) fn of(inner: WorldState) -> Self {
        Self { world: inner.world, ledger: inner.ledger }
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
    pub answer: Reply,
    /// The command's entry in the ledger.
    pub cause: u64,
}

/// A command that was refused.
#[derive(Debug)]
pub struct Refused {
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
            inner: Mutex::new(WorldState::new(&config, mode, (0, 0), 1)),
            config,
            mode,
            flight: InFlight::default(),
            written: Notify::new(),
            traces: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            has_faults: AtomicBool::new(false),
            outbox,
            recording: OnceLock::new(),
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
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of the lock after something was written: what the ledger drops is dropped outside of it, and whoever waits is woken.
    pub(crate) fn written_down(&self, mut inner: MutexGuard<'_, WorldState>) {
        let evicted = inner.ledger.take_evicted();
        drop(inner);
        drop(evicted);
        self.written.notify_waiters();
    }

    /// Obeys a command now, writes down all that came of it, and hands its webhooks to the outbox.
    pub fn execute(self: &Arc<Self>, by: Source, command: Command) -> Result<Executed, Refused> {
        self.catch_up(|input| input.is_command(&by, &command));
        self.execute_now(by, Arc::new(command))
    }

    pub(crate) fn execute_now(self: &Arc<Self>, by: Source, command: Arc<Command>) -> Result<Executed, Refused> {
        let mut guard = self.lock();
        let now = guard.clock.now();
        self.run_due(&mut guard, now);
        let result = self.apply_and_record(&mut guard, now, by, command);
        self.set_alarm(&mut guard);
        self.written_down(guard);
        result
    }

    /// Whatever happens by itself until `moment` happens, each at its own time.
    fn run_due(self: &Arc<Self>, inner: &mut WorldState, moment: Moment) {
        while let Some((at, command)) = inner.world.due(moment) {
            inner.clock.advance_to(at);
            if self.apply_and_record(inner, at, Source::Clock, Arc::new(command)).is_err() {
                return;
            }
        }
    }

    /// Where the clock runs by itself, so must what is due by itself.
    pub(crate) fn set_alarm(self: &Arc<Self>, inner: &mut WorldState) {
        if self.mode != Mode::Follow {
            return;
        }
        let next = inner.world.next_due();
        let set = inner.alarm.as_ref().map(|(moment, _)| *moment);
        let is_news = next.is_some() && (set.is_none() || next < set);
        let (Some(next), true) = (next, is_news) else { return };
        let Span(millis) = next - inner.clock.now();
        // The clock counts whole milliseconds; a moment later it has surely come.
        let alarm = Alarm::set(Arc::downgrade(self), Duration::from_millis(millis + 1));
        inner.alarm = Some((next, alarm));
    }

    /// The alarm rang.
    pub(crate) fn wake(self: &Arc<Self>) {
        let mut guard = self.lock();
        guard.alarm = None;
        let now = guard.clock.now();
        self.run_due(&mut guard, now);
        self.set_alarm(&mut guard);
        self.written_down(guard);
    }

    pub(crate) fn apply_and_record(
        self: &Arc<Self>,
        inner: &mut WorldState,
        now: Moment,
        by: Source,
        command: Arc<Command>,
    ) -> Result<Executed, Refused> {
        let outcome = inner.world.apply(now, &command);
        match outcome {
            Ok(Outcome { reply: answer, events }) => {
                let cause = inner.ledger.write(now, None, Record::Command { by, command });
                let mut follows = Vec::new();
                // In a world of puppets nobody need be sent anything, unless a fault or its consequences want it otherwise.
                let sends = self.outbox.is_some() || self.has_faults() || !inner.world.settings().deliveries.is_empty();
                for event in events {
                    write_events::write(&mut inner.ledger, now, cause, event, |follow| {
                        if sends || matches!(follow, Effect::News(_)) {
                            follows.push(follow);
                        }
                    });
                }
                self.follow_up(inner, follows);
                Ok(Executed { answer, cause })
            }
            Err(refusal) => {
                let record = Record::Refused { by, command, refusal: refusal.clone() };
                Err(Refused { refusal, cause: inner.ledger.write(now, None, record) })
            }
        }
    }

    /// Whether the world has been reset since this generation: what was begun before must not touch what came after.
    pub fn is_stale(&self, generation: u64) -> bool {
        self.generation() != generation
    }

    /// Reads world, ledger and clock together.
    pub fn read<R>(&self, read: impl FnOnce(&World, &Ledger, Moment) -> R) -> R {
        let inner = self.lock();
        read(&inner.world, &inner.ledger, inner.clock.now())
    }

    /// Takes the oldest entries out of the ledger, at most so many, in one go: nothing is lost between two takings, and nothing told
    /// twice.
    pub fn take_entries(&self, most: usize) -> Vec<Entry> {
        let mut inner = self.lock();
        let taken = inner.ledger.take(most);
        self.written_down(inner);
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
        let inner = self.lock();
        if inner.generation == generation {
            self.enter(inner, cause, record);
        }
    }

    pub(crate) fn write_now(&self, cause: Option<u64>, record: Record) -> u64 {
        self.enter(self.lock(), cause, record)
    }

    fn enter(&self, mut inner: MutexGuard<'_, WorldState>, cause: Option<u64>, record: Record) -> u64 {
        let now = inner.clock.now();
        let cursor = inner.ledger.write(now, cause, record);
        self.written_down(inner);
        cursor
    }

    /// Arms a fault, which the calls that come from now on may meet; its number.
    ///
    /// # Errors
    /// There are too many.
    pub fn arm(self: &Arc<Self>, fault: Fault) -> Result<u32, TooManyFaults> {
        self.catch_up(|_| false);
        let mut inner = self.lock();
        let number = inner.faults.arm(fault.clone())?;
        self.has_faults.store(true, Ordering::Release);
        let now = inner.clock.now();
        inner.ledger.write(now, None, Record::Armed { number, fault });
        self.written_down(inner);
        Ok(number)
    }

    /// Takes a fault away, or all of them; how many that were.
    pub fn disarm(self: &Arc<Self>, number: Option<u32>) -> usize {
        self.catch_up(|_| false);
        let mut inner = self.lock();
        let gone = inner.faults.disarm(number);
        self.has_faults.store(inner.faults.waits(), Ordering::Release);
        let now = inner.clock.now();
        for number in &gone {
            inner.ledger.write(now, None, Record::Disarmed { number: *number });
        }
        self.written_down(inner);
        gone.len()
    }

    /// Whether a fault waits for a call.
    pub fn has_faults(&self) -> bool {
        self.has_faults.load(Ordering::Acquire)
    }

    /// The fault that meets this call fires. A call that began before a reset meets none of the faults that were armed after it.
    pub fn trigger(&self, generation: u64, occasion: &FaultPoint) -> Option<Fired> {
        let mut inner = self.lock();
        if inner.generation != generation {
            return None;
        }
        self.trigger_now(&mut inner, occasion)
    }

    pub(crate) fn trigger_now(&self, inner: &mut WorldState, occasion: &FaultPoint) -> Option<Fired> {
        let fired = inner.faults.trigger(occasion);
        self.has_faults.store(inner.faults.waits(), Ordering::Release);
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
        let mut inner = self.lock();
        while let Some((at, command)) = inner.world.due(moment) {
            if at > inner.clock.now() && self.awaits_apps(&inner) {
                return self.turns_later(inner);
            }
            inner.clock.advance_to(at);
            if self.apply_and_record(&mut inner, at, Source::Clock, Arc::new(command)).is_err() {
                break;
            }
        }
        if moment > inner.clock.now() && self.awaits_apps(&inner) {
            return self.turns_later(inner);
        }
        inner.clock.advance_to(moment);
        let to = inner.clock.now();
        let cursor = inner.ledger.write(to, None, Record::ClockTurned { to });
        inner.alarm = None;
        self.set_alarm(&mut inner);
        self.written_down(inner);
        Some(cursor)
    }

    fn turns_later(self: &Arc<Self>, mut inner: MutexGuard<'_, WorldState>) -> Option<u64> {
        inner.alarm = None;
        self.set_alarm(&mut inner);
        self.written_down(inner);
        None
    }

    /// Whether a webhook is under way that must end first. In a run that is played again, nobody waits for what did not end then.
    fn awaits_apps(&self, inner: &WorldState) -> bool {
        let recorded = |recording: &Replay| recording.has_next(inner.ledger.next_cursor());
        self.flight.has_deliveries() && self.recording.get().is_none_or(recorded)
    }

    /// Starts over: threads, settings, clock and ledger are as declared. What was under way is forgotten.
    pub fn reset(&self) -> RetiredState {
        let mut inner = self.lock();
        let counts = (inner.generation + 1, inner.resets + 1);
        let fresh = WorldState::new(&self.config, self.mode, counts, inner.ledger.next_cursor());
        let remains = self.replace(&mut inner, fresh, 0);
        drop(inner);
        self.written.notify_waiters();
        remains
    }

    /// How often the world was reset, as its message ids count it: after a restore, as often as the world had been that was kept.
    pub fn resets(&self) -> u64 {
        self.lock().resets
    }

    /// The world was removed: whoever waits for it need not wait any longer.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.written.notify_waiters();
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
    pub fn begin_call(self: &Arc<Self>) -> GraphCall {
        GraphCall::begin(self.clone())
    }

    /// Waits until no delivery and no Graph call is under way and nothing has moved for `quiet`.
    pub async fn settle(self: &Arc<Self>, quiet: Duration, budget: Duration) -> Quiescence {
        if let Some(recording) = self.recording.get() {
            return self.settle_played(recording);
        }
        self.flight.settle(quiet, budget).await
    }

    /// Waits until `ready` finds what it looks for, or the time is up.
    pub async fn wait_for<R>(
        self: &Arc<Self>,
        within: Duration,
        mut ready: impl FnMut(&World, &Ledger, Moment) -> Option<R>,
    ) -> Option<R> {
        let deadline = tokio::time::Instant::now() + within;
        loop {
            let written = self.written.notified();
            tokio::pin!(written);
            written.as_mut().enable();
            if let Some(found) = self.read(&mut ready) {
                return Some(found);
            }
            if let Some(recording) = self.recording.get() {
                if !self.play_next(recording) {
                    return None;
                }
                continue;
            }
            tokio::time::timeout_at(deadline, written).await.ok()?;
        }
    }

    /// The trace id of the next Graph answer.
    pub fn next_trace(&self) -> Box<str> {
        let counter = self.traces.fetch_add(1, Ordering::Relaxed);
        IdStream::new(self.config.seed, IdKind::Trace, 0, counter).url_safe("A", 22)
    }

    /// How many Graph calls were answered so far.
    pub fn answers(&self) -> u64 {
        self.traces.load(Ordering::Relaxed)
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
            world: World::after_resets(config.clone(), resets),
            clock: Clock::new(mode, config.clock),
            ledger: Ledger::beginning_at(next_cursor, config.limits.ledger),
            faults: Faults::new(config.seed),
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
