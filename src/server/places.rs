//! The places for connections. Every connection is let in. If there are too many, the oldest one that rests ends for it; if none rests, the
//! oldest request that waits for its turn is refused. So nobody is locked out by connections that say nothing, and the health check always
//! gets through.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::service::Need;

/// Connections beyond those whose requests are served at the same time. Their requests wait, or are health checks.
pub(super) const SPARE_CONNECTIONS: usize = 64;
/// Connections that give way at once when the system has no room for another.
const ROOM_AT_ONCE: usize = 16;

/// Streams and long polls have one of so many parts of all places, so other calls always get through.
const WATCH_SHARE: usize = 2;

/// All places of a server.
#[derive(Debug)]
pub(super) struct Places {
    /// Requests that are served at the same time, and as many connections.
    max_requests: usize,
    turns: Arc<Semaphore>,
    /// The share of the calls that wait for something to happen, such as streams.
    watches: Arc<Semaphore>,
    max_watches: usize,
    /// Requests that found no place.
    waited: AtomicU64,
    /// Counts what happens, and so says what is older.
    moments: AtomicU64,
    taken: Mutex<TakenPlaces>,
}

#[derive(Debug, Default)]
struct TakenPlaces {
    /// By the moment in which the connection came.
    seats: BTreeMap<u64, Arc<Seat>>,
    /// Connections that were asked to give way, and refused requests.
    given_way: u64,
}

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It has no request, or only a part of a head, since this moment.
    Rests(u64),
    /// Its request waits for its turn since this moment.
    Waits(u64),
    /// Its request is read or answered.
    Served,
}

/// The place of one connection, as others see it.
#[derive(Debug)]
struct Seat(Mutex<SeatState>);

#[derive(Debug)]
struct SeatState {
    phase: Phase,
    /// True while bytes of an answer wait for the client to read.
    is_stalled: bool,
    /// True if the connection is to end as soon as it rests and no bytes wait.
    is_to_end: bool,
    /// True if it is to end although bytes of an answer wait.
    is_to_break: bool,
    /// The task of the connection.
    task: Option<Waker>,
}

/// The place of one connection. It is free again after the drop.
#[derive(Debug)]
pub(super) struct ConnectionPlace {
    number: u64,
    seat: Arc<Seat>,
    places: Arc<Places>,
}

/// The turn of a request. The connection rests again after the drop.
#[derive(Debug)]
pub(super) struct ServingPermit {
    place: Arc<ConnectionPlace>,
    _permits: Permits,
}

/// What a request holds while it is served: its share and its place.
type Permits = [Option<OwnedSemaphorePermit>; 2];

/// A request is refused, because too many wait.
#[derive(Debug, thiserror::Error)]
#[error("too many requests wait for their turn")]
pub(super) struct TooManyWait;

impl Places {
    pub(super) fn new(max_requests: usize) -> Arc<Self> {
        let turns = Arc::new(Semaphore::new(max_requests));
        let max_watches = max_requests.div_ceil(WATCH_SHARE);
        let watches = Arc::new(Semaphore::new(max_watches));
        let (moments, waited) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { max_requests, turns, watches, max_watches, waited, moments, taken: Mutex::default() })
    }

    /// Gives a place to a new connection. If all are taken, another connection is asked to give way.
    pub(super) fn enter(self: &Arc<Self>) -> Arc<ConnectionPlace> {
        let mut taken = self.lock();
        if taken.seats.len() >= self.max_requests.saturating_add(SPARE_CONNECTIONS) {
            self.make_room(&mut taken);
        }
        let number = self.next_moment();
        let state = SeatState {
            phase: Phase::Rests(number),
            is_stalled: false,
            is_to_end: false,
            is_to_break: false,
            task: None,
        };
        let seat = Arc::new(Seat(Mutex::new(state)));
        taken.seats.insert(number, seat.clone());
        Arc::new(ConnectionPlace { number, seat, places: self.clone() })
    }

    /// The system has no room for another connection, so some are asked to give way.
    pub(super) fn make_room_for_system(&self) {
        let mut taken = self.lock();
        for _ in 0..ROOM_AT_ONCE {
            self.make_room(&mut taken);
        }
    }

    fn make_room(&self, taken: &mut TakenPlaces) {
        let Some(oldest) = taken.oldest() else { return };
        let Some(seat) = taken.seats.remove(&oldest) else { return };
        let phase = seat.ask_to_end();
        taken.given_way += 1;
        // One line for the first, the tenth, the hundredth, and so on.
        if is_power_of_ten(taken.given_way) {
            let what = match phase {
                Phase::Waits(_) => "the oldest request that waits is refused",
                _ => "the oldest connection that rests is closed",
            };
            tracing::warn!(
                "{} connections are open, so {what} for a new one (number {}): --connections allows more than {}",
                taken.seats.len() + 1,
                taken.given_way,
                self.max_requests
            );
        }
    }

    fn try_permits(&self, turn: Need) -> Option<Permits> {
        let share = match turn {
            Need::Call => None,
            Need::Watch => Some(self.watches.clone().try_acquire_owned().ok()?),
        };
        Some([share, Some(self.turns.clone().try_acquire_owned().ok()?)])
    }

    /// A call that waits for its share holds no place.
    async fn permits(&self, turn: Need) -> Permits {
        // The semaphores are never closed.
        let share = match turn {
            Need::Call => None,
            Need::Watch => self.watches.clone().acquire_owned().await.ok(),
        };
        [share, self.turns.clone().acquire_owned().await.ok()]
    }

    /// Says what has taken the places: for the first request that finds none, the tenth, the hundredth, and so on.
    fn warn_of_wait(&self, turn: Need) {
        let waited = self.waited.fetch_add(1, Ordering::Relaxed) + 1;
        if !is_power_of_ten(waited) {
            return;
        }
        let watches = self.max_watches - self.watches.available_permits().min(self.max_watches);
        let calls = self.max_requests.saturating_sub(self.turns.available_permits()).saturating_sub(watches);
        let what = match turn {
            Need::Call => "a request",
            Need::Watch => "a stream or a waiting call",
        };
        tracing::warn!(
            "{what} waits for its turn (number {waited}): of the {} places, streams and waiting calls have {watches} and may have {}, \
             other calls have {calls}; --connections gives more",
            self.max_requests,
            self.max_watches
        );
    }

    fn next_moment(&self) -> u64 {
        self.moments.fetch_add(1, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, TakenPlaces> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TakenPlaces {
    /// The number of the connection that gives way: the one that rests for the longest time; if none rests, that of the request that waits for
    /// the longest time; if none waits, the one whose client has not read the end of its answer.
    fn oldest(&self) -> Option<u64> {
        let candidates = self.seats.iter().filter_map(|(number, seat)| {
            let state = seat.lock();
            match state.phase {
                Phase::Rests(since) if state.is_stalled => Some(((2, since), *number)),
                Phase::Rests(since) => Some(((0, since), *number)),
                Phase::Waits(since) => Some(((1, since), *number)),
                Phase::Served => None,
            }
        });
        candidates.min().map(|(_, number)| number)
    }
}

fn is_power_of_ten(count: u64) -> bool {
    count > 0 && 10_u64.checked_pow(count.ilog10()) == Some(count)
}

impl Seat {
    fn lock(&self) -> MutexGuard<'_, SeatState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what the connection does.
    fn ask_to_end(&self) -> Phase {
        let mut state = self.lock();
        state.is_to_end = true;
        state.is_to_break = state.is_stalled;
        if let Some(task) = state.task.take() {
            task.wake();
        }
        state.phase
    }
}

impl ConnectionPlace {
    /// Ready when the connection is to end: it was asked to give way, and it rests. For the task of the connection.
    pub(super) fn poll_is_to_end(&self, context: &Context<'_>) -> Poll<()> {
        self.poll_asked(context, |state| {
            matches!(state.phase, Phase::Rests(_)) && (!state.is_stalled || state.is_to_break)
        })
    }

    /// Ready when the connection was asked to give way and `may_end` holds.
    fn poll_asked(&self, context: &Context<'_>, may_end: impl Fn(&SeatState) -> bool) -> Poll<()> {
        let mut state = self.seat.lock();
        if state.is_to_end && may_end(&state) {
            return Poll::Ready(());
        }
        if !state.task.as_ref().is_some_and(|task| task.will_wake(context.waker())) {
            state.task = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// True while the connection has no whole head of a request.
    pub(super) fn rests(&self) -> bool {
        matches!(self.seat.lock().phase, Phase::Rests(_))
    }

    /// Waits for the turn of a request.
    pub(super) async fn take_turn(self: &Arc<Self>, turn: Need) -> Result<ServingPermit, TooManyWait> {
        if let Some(permits) = self.places.try_permits(turn) {
            return Ok(self.begin(permits));
        }
        self.places.warn_of_wait(turn);
        self.set_phase(Phase::Waits);
        tokio::select! {
            permits = self.places.permits(turn) => return Ok(self.begin(permits)),
            () = poll_fn(|context| self.poll_asked(context, |_| true)) => {}
        }
        self.set_phase(Phase::Rests);
        Err(TooManyWait)
    }

    /// Begins a request that needs no turn.
    pub(super) fn skip_turn(self: &Arc<Self>) -> ServingPermit {
        self.begin([None, None])
    }

    fn begin(self: &Arc<Self>, permits: Permits) -> ServingPermit {
        self.seat.lock().phase = Phase::Served;
        ServingPermit { place: self.clone(), _permits: permits }
    }

    /// Bytes of an answer wait for the client to read, or no longer do.
    pub(super) fn set_stalled(&self, is_stalled: bool) {
        self.seat.lock().is_stalled = is_stalled;
    }

    fn set_phase(&self, phase: impl FnOnce(u64) -> Phase) {
        self.seat.lock().phase = phase(self.places.next_moment());
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.places.lock().seats.remove(&self.number);
    }
}

impl Drop for ServingPermit {
    fn drop(&mut self) {
        self.place.set_phase(Phase::Rests);
    }
}
