//! One live world behind one lock: every command, read and turn of the clock goes through here. A call takes the lock once, lets the machine
//! work, and performs its effects. Nothing awaits while the lock is held, and webhooks enter the outbox under it, in the order of their
//! entries.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::{Moment, Span};

use super::alarm::Alarm;
use super::answer_times::AnswerTimes;
use super::armed::{Armed, Fired, TooManyFaults};
use super::call_count::CallCount;
use super::clock::{Clock, Mode};
use super::dispatch::NotRedelivered;
use super::fault::{Fault, FaultPoint};
use super::ledger::Ledger;
use super::ledger_entry::{Actor, LedgerEntry, Record};
use super::machine::{Effects, Executed, NotExecuted};
use super::memory::{MemoryBudget, MemoryShare, WorldMemory};
use super::outbox::Outbox;
use super::pending::StillWaiting;
use super::quiescence::{Activity, began_with};
use super::replay_script::Replay;
use super::state::WorldState;
use super::topic::{Topic, topics_since};
use super::waiters::WaitList;
use super::write_signal::WriteSignal;

/// A live world.
#[derive(Debug)]
pub struct ActiveWorld {
    name: Box<str>,
    /// The config as it was declared. A reset goes back to it.
    declared: Arc<Config>,
    /// The config with all people and webhooks that are in the world now. Whoever needs only this does not take the lock.
    config: ArcSwap<Config>,
    mode: Mode,
    guarded: Mutex<Guarded>,
    pub(super) activity: Activity,
    /// Those who wait for entries of the ledger.
    pub(super) readers: WaitList<Topic>,
    pub(super) answered_calls: AtomicU64,
    /// The calls of both APIs.
    pub calls: CallCount,
    closed: AtomicBool,
    /// True once a later world may take over the name and the tokens.
    retired: AtomicBool,
    generation: AtomicU64,
    /// A copy of the state's access version. A call to a world in which nobody changes settings need not take the lock to know that.
    access_version: AtomicU64,
    /// True if a fault can still fire. A call to a world without faults need not take the lock to know that.
    has_faults: AtomicBool,
    outbox: Option<Arc<dyn Outbox>>,
    /// Gets every write.
    written: Arc<WriteSignal>,
    pub(super) budget: Arc<MemoryBudget>,
    /// The greatest number that ids of this world were made with.
    pub(super) epochs: AtomicU64,
    answer_times: Arc<AnswerTimes>,
    /// What real apps did, in a run that is replayed.
    pub(super) replay: OnceLock<Replay>,
}

/// What the lock of a world guards.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) state: WorldState,
    pub(super) clock: Clock,
    /// When the alarm rings, and the alarm, if a runtime is there to ring it.
    alarm: Option<(Moment, Option<Alarm>)>,
    memory: MemoryShare,
}

impl ActiveWorld {
    /// A fresh world.
    pub fn new(name: &str, config: Arc<Config>, mode: Mode, outbox: Option<Arc<dyn Outbox>>) -> Self {
        let state = WorldState::new(&config, outbox.is_some());
        Self {
            name: name.into(),
            guarded: Mutex::new(Guarded {
                state,
                clock: Clock::new(mode, config.clock),
                alarm: None,
                memory: MemoryShare::of(Arc::default()),
            }),
            config: ArcSwap::new(config.clone()),
            declared: config,
            mode,
            activity: Activity::default(),
            readers: WaitList::default(),
            answered_calls: AtomicU64::new(0),
            calls: CallCount::default(),
            closed: AtomicBool::new(false),
            retired: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            access_version: AtomicU64::new(WorldState::FIRST_ACCESS),
            has_faults: AtomicBool::new(false),
            outbox,
            written: Arc::default(),
            budget: Arc::default(),
            epochs: AtomicU64::new(0),
            answer_times: Arc::default(),
            replay: OnceLock::new(),
        }
    }

    /// The same world in a process: it says to `written` that something was written, and takes what it keeps from a budget.
    pub(super) fn noting(mut self, written: Arc<WriteSignal>, budget: Arc<MemoryBudget>) -> Self {
        let guarded = self.guarded.get_mut().unwrap_or_else(PoisonError::into_inner);
        guarded.memory = MemoryShare::of(budget.clone());
        guarded.memory.settle(&mut guarded.state, 0);
        Self { written, budget, ..self }
    }

    /// What the world keeps.
    pub fn memory(&self) -> WorldMemory {
        self.lock().state.memory()
    }

    /// The name that the control API uses.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The config, with all people and webhooks that are in the world now.
    pub fn config(&self) -> Arc<Config> {
        self.config.load_full()
    }

    /// The config as it was declared, without the people who were added and the webhooks that were attached since.
    pub fn declared_config(&self) -> &Arc<Config> {
        &self.declared
    }

    /// How long apps take to answer.
    pub fn answer_times(&self) -> &Arc<AnswerTimes> {
        &self.answer_times
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Guarded> {
        // A panic under the lock only ends the call that panicked: the domain works on copies, so the state is whole.
        self.guarded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Releases the lock after a write that began at the entry `begin`. Entries that the ledger drops are freed outside the lock, and those
    /// who wait for the new ones are woken.
    fn unlock_and_wake(&self, mut guarded: MutexGuard<'_, Guarded>, begin: u64) {
        let Guarded { state, memory, .. } = &mut *guarded;
        memory.settle(state, begin);
        let evicted = guarded.state.ledger.take_dropped();
        let topics = match self.readers.is_empty() {
            true => Vec::new(),
            false => topics_since(&guarded.state.ledger, begin),
        };
        drop(guarded);
        drop(evicted);
        if !topics.is_empty() {
            self.readers.wake(topics);
        }
        self.written.note();
    }

    /// Takes the lock, lets the machine work now, and performs its effects.
    pub(super) fn with_machine<R>(self: &Arc<Self>, work: impl FnOnce(&mut WorldState, Moment) -> (R, Effects)) -> R {
        let mut guarded = self.lock();
        let (now, begin) = (guarded.clock.now(), guarded.state.ledger.next_cursor());
        let (reply, effects) = work(&mut guarded.state, now);
        self.perform(&mut guarded, effects);
        self.unlock_and_wake(guarded, begin);
        reply
    }

    /// The same for what has no effect outside the state.
    pub(super) fn with_state<R>(&self, work: impl FnOnce(&mut WorldState, Moment) -> R) -> R {
        let mut guarded = self.lock();
        let (now, begin) = (guarded.clock.now(), guarded.state.ledger.next_cursor());
        let reply = work(&mut guarded.state, now);
        self.mirror(&guarded.state);
        self.unlock_and_wake(guarded, begin);
        reply
    }

    /// Performs the effects of the machine, under the lock.
    fn perform(self: &Arc<Self>, guarded: &mut Guarded, effects: Effects) {
        self.mirror(&guarded.state);
        if let Some(outbox) = &self.outbox
            && !effects.jobs.is_empty()
        {
            if !self.activity.waiters.is_empty() {
                self.activity.waiters.wake(effects.jobs.iter().flat_map(|job| began_with(&job.outgoing.request)));
            }
            effects.jobs.into_iter().for_each(|job| outbox.send(job, self.clone()));
        }
        self.set_alarm(guarded);
    }

    /// Copies what is read without the lock.
    fn mirror(&self, state: &WorldState) {
        self.access_version.store(state.access_version(), Ordering::Release);
        if !Arc::ptr_eq(&self.config.load(), state.world.config()) {
            self.config.store(state.world.config().clone());
        }
        let can_fire = state.faults.can_fire();
        if self.has_faults.load(Ordering::Relaxed) != can_fire {
            self.has_faults.store(can_fire, Ordering::Release);
        }
    }

    /// Sets the alarm for what is due next, if the clock follows the wall clock and the alarm rings too late.
    pub(super) fn set_alarm(self: &Arc<Self>, guarded: &mut Guarded) {
        if self.mode != Mode::Follow {
            return;
        }
        let next = guarded.state.world.next_due();
        let set = guarded.alarm.as_ref().map(|(moment, _)| *moment);
        let is_news = next.is_some() && (set.is_none() || next < set);
        let (Some(next), true) = (next, is_news) else { return };
        let Span(millis) = next - guarded.clock.now();
        let world = Arc::downgrade(self);
        // The clock counts whole milliseconds, so one more makes sure that the moment has come.
        let alarm = Alarm::set(Duration::from_millis(millis + 1), move || {
            if let Some(world) = world.upgrade() {
                world.on_alarm();
            }
        });
        guarded.alarm = Some((next, alarm));
    }

    /// The alarm rang: executes what is due.
    fn on_alarm(self: &Arc<Self>) {
        let mut guarded = self.lock();
        guarded.alarm = None;
        let (now, begin) = (guarded.clock.now(), guarded.state.ledger.next_cursor());
        let effects = guarded.state.run_due(now);
        self.perform(&mut guarded, effects);
        self.unlock_and_wake(guarded, begin);
    }

    /// Executes a command now, records everything that follows from it, and hands its webhooks to the outbox.
    pub fn execute(self: &Arc<Self>, by: Actor, command: Command) -> Result<Executed, NotExecuted> {
        self.catch_up(|input| input.is_command(&by, &command));
        self.execute_now(by, Arc::new(command))
    }

    /// The same for work that began in `generation`. `None`, and nothing is done, if the world has been reset or put back since.
    pub fn execute_of(
        self: &Arc<Self>,
        generation: u64,
        by: Actor,
        command: Command,
    ) -> Option<Result<Executed, NotExecuted>> {
        self.catch_up(|input| input.is_command(&by, &command));
        self.with_machine(|state, now| match state.generation == generation {
            true => {
                let (executed, effects) = self.execute_in(state, now, by, Arc::new(command));
                (Some(executed), effects)
            }
            false => (None, Effects::default()),
        })
    }

    pub(super) fn execute_now(self: &Arc<Self>, by: Actor, command: Arc<Command>) -> Result<Executed, NotExecuted> {
        self.with_machine(|state, now| self.execute_in(state, now, by, command))
    }

    /// Executes a command, under the lock. The moment of a message that an app sends is noted before anybody who waits for it is woken.
    fn execute_in(
        &self,
        state: &mut WorldState,
        now: Moment,
        by: Actor,
        command: Arc<Command>,
    ) -> (Result<Executed, NotExecuted>, Effects) {
        let sent = sent_by_app(&command);
        let (executed, effects) = state.execute(now, by, command);
        if let (Some((thread, app)), true) = (sent, executed.is_ok()) {
            self.answer_times.app_sent(thread, app);
        }
        (executed, effects)
    }

    /// Sends a webhook again, by itself and as it was, and returns the number of the attempt.
    pub fn redeliver(self: &Arc<Self>, cursor: u64) -> Result<u32, NotRedelivered> {
        self.with_machine(|state, now| state.redeliver(now, cursor))
    }

    /// Executes the command of a Graph call. If it is not refused, `answer` makes the answer, and the entry of the call. Both are written
    /// under one lock.
    pub fn execute_call<A>(
        self: &Arc<Self>,
        by: Actor,
        command: Command,
        answer: impl FnOnce(&Executed) -> (A, Record),
    ) -> Result<A, NotExecuted> {
        if self.replay.get().is_some() {
            let executed = self.execute(by, command)?;
            let (answer, record) = answer(&executed);
            self.write(Some(executed.cause), record);
            return Ok(answer);
        }
        self.with_machine(|state, now| {
            let (executed, effects) = self.execute_in(state, now, by, Arc::new(command));
            let answered = executed.map(|executed| {
                let (answer, record) = answer(&executed);
                state.write(now, Some(executed.cause), record);
                answer
            });
            (answered, effects)
        })
    }

    /// True if the world has been reset or put back since `generation`. Work from an older generation is dropped.
    pub fn is_stale(&self, generation: u64) -> bool {
        self.generation() != generation
    }

    /// Reads world, ledger and clock together.
    pub fn read<R>(&self, read: impl FnOnce(&World, &Ledger, Moment) -> R) -> R {
        let guarded = self.lock();
        read(&guarded.state.world, &guarded.state.ledger, guarded.clock.now())
    }

    /// Takes the oldest entries out of the ledger, at most this many. Each entry is taken exactly once, however many callers take.
    pub fn take_entries(&self, most: usize) -> Vec<LedgerEntry> {
        self.with_state(|state, _| state.ledger.take(most))
    }

    /// Writes an entry that no command causes.
    pub fn write(self: &Arc<Self>, cause: Option<u64>, record: Record) -> u64 {
        self.catch_up(|input| input.is_record(&record));
        self.write_now(cause, record)
    }

    /// Writes an entry of a call that began in `generation`; nothing, if the world has been reset or put back since.
    pub fn write_of(self: &Arc<Self>, generation: u64, cause: Option<u64>, record: Record) {
        self.catch_up(|input| input.is_record(&record));
        self.with_state(|state, now| {
            if state.generation == generation {
                state.write(now, cause, record);
            }
        });
    }

    pub(super) fn write_now(&self, cause: Option<u64>, record: Record) -> u64 {
        self.with_state(|state, now| state.write(now, cause, record))
    }

    /// Arms these faults, in this order, and returns their numbers. Fails if there is no room for all of them, and arms none then.
    pub fn arm_all(self: &Arc<Self>, faults: Vec<Fault>) -> Result<Vec<u32>, TooManyFaults> {
        self.catch_up(|_| false);
        self.with_state(|state, now| state.arm(now, faults))
    }

    /// Arms a fault for calls and webhooks from now on, and returns its number.
    pub fn arm(self: &Arc<Self>, fault: Fault) -> Result<u32, TooManyFaults> {
        let numbers = self.arm_all(vec![fault])?;
        numbers.first().copied().ok_or(TooManyFaults)
    }

    /// Disarms one fault or all of them, and returns how many there were.
    pub fn disarm(self: &Arc<Self>, number: Option<u32>) -> usize {
        self.catch_up(|_| false);
        self.with_state(|state, now| state.disarm(now, number))
    }

    /// True if a fault can still fire.
    pub fn has_faults(&self) -> bool {
        self.has_faults.load(Ordering::Acquire)
    }

    /// Fires the fault that matches this point, if any. A call from an older generation meets no fault.
    pub fn trigger(&self, generation: u64, point: &FaultPoint) -> Option<Fired> {
        self.with_state(|state, _| state.trigger(generation, point))
    }

    /// Every armed fault, spent ones included.
    pub fn faults(&self) -> Vec<Armed> {
        self.lock().state.faults.all().to_vec()
    }

    /// The webhooks that are delayed or will be sent again, by app, without those in flight.
    pub fn still_waiting(&self) -> Vec<StillWaiting> {
        self.lock().state.still_waiting()
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
        let mut guarded = self.lock();
        let (now, begin) = (guarded.clock.now(), guarded.state.ledger.next_cursor());
        // A replay only waits for what ended in the recorded run.
        let waits = |state: &WorldState| {
            let recorded = |replay: &Replay| replay.has_next(state.ledger.next_cursor());
            self.replay.get().is_none_or(recorded)
        };
        let (cursor, effects) = guarded.state.turn_clock(now, moment, waits);
        let reached = guarded.state.now;
        guarded.clock.advance_to(reached);
        guarded.alarm = None;
        self.perform(&mut guarded, effects);
        self.unlock_and_wake(guarded, begin);
        cursor
    }

    /// Replaces the state and begins a new generation.
    pub(super) fn replace(&self, guarded: &mut Guarded, fresh: WorldState, answers: u64) -> WorldState {
        let generation = guarded.state.generation + 1;
        let fresh = WorldState { generation, has_outbox: self.outbox.is_some(), ..fresh };
        let old = std::mem::replace(&mut guarded.state, fresh);
        let next = guarded.state.ledger.next_cursor();
        guarded.memory.settle(&mut guarded.state, next);
        guarded.alarm = None;
        self.answered_calls.store(answers, Ordering::Relaxed);
        self.answer_times.clear();
        self.mirror(&guarded.state);
        self.generation.store(generation, Ordering::Release);
        old
    }

    /// Wakes everyone who waits in this world, because nothing is as it was.
    pub(super) fn wake_everybody(&self) {
        self.readers.wake_all();
        self.activity.waiters.wake_all();
    }

    /// How often the world was reset, as its message ids count it. A restore brings the count of the snapshot back.
    pub fn resets(&self) -> u64 {
        self.lock().state.resets
    }

    /// The world was removed: wakes everyone who waits for it.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake_everybody();
    }

    /// True if the world was removed.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// True if webhooks are sent.
    pub(super) fn has_outbox(&self) -> bool {
        self.outbox.is_some()
    }

    /// A later world may take over the name and the tokens from now on.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }

    /// True if a later world may take over the name and the tokens.
    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    /// Counts resets and restores.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// As long as it stays the same, so do the world's tokens, permissions and connections, except for tokens that expire. It is never 0.
    pub fn access_version(&self) -> u64 {
        self.access_version.load(Ordering::Acquire)
    }

    /// The callback URL of an app: the one that it registered, or the one of its webhook. A puppet has none.
    pub fn callback_url(&self, app: AppKey) -> Option<Box<str>> {
        self.lock().state.callback_url(app).map(Into::into)
    }
}

/// Where an app sends a message with this command.
fn sent_by_app(command: &Command) -> Option<(ThreadKey, AppKey)> {
    match command {
        Command::Send(thread, app, _) => Some((*thread, *app)),
        _ => None,
    }
}
