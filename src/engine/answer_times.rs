//! How long apps take from a webhook to their answer, in real time: percentiles for each app, and the moments of a thread that somebody
//! watches. The machine knows nothing of this, because replays have no real time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::domain::event::WebhookPayload;
use crate::domain::model::ids::{AppKey, ThreadKey};

/// Longer answers count as this long.
const LONGEST: Duration = Duration::from_secs(600);
/// Significant digits of a time in a histogram.
const DIGITS: u8 = 3;
/// Threads of a world that wait for an answer. Beyond that, those of the newest webhooks are not measured.
const MAX_WAITING: usize = 100_000;

/// The answers in one world.
#[derive(Debug, Default)]
pub struct AnswerTimes {
    measured: Mutex<Measured>,
    /// Threads that wait or are watched. While there are none, a send looks no further.
    threads: AtomicUsize,
}

#[derive(Debug, Default)]
struct Measured {
    /// By thread: the app that got a webhook which no app has answered yet, and when it left.
    waiting: BTreeMap<ThreadKey, (AppKey, Instant)>,
    watched: BTreeMap<ThreadKey, WatchedMoments>,
    apps: BTreeMap<AppKey, Histogram<u32>>,
}

/// Moments of a thread since its watch began.
#[derive(Debug, Clone, Default)]
pub struct WatchedMoments {
    /// When the first webhook left.
    pub webhook: Option<Instant>,
    /// When apps sent the first and the last message.
    pub first_answer: Option<Instant>,
    pub last_answer: Option<Instant>,
}

/// A watch on a thread, until it is dropped.
#[derive(Debug)]
pub struct Watch {
    times: Arc<AnswerTimes>,
    thread: ThreadKey,
}

/// How long one app took to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnswerPercentiles {
    /// Answered webhooks.
    pub answered: u64,
    /// Threads in which a webhook waits for its answer.
    pub waiting: u64,
    pub p50: Duration,
    pub p90: Duration,
    pub p99: Duration,
    pub max: Duration,
}

impl AnswerTimes {
    /// Watches a thread. Returns `None` if somebody watches it already.
    pub fn watch(self: &Arc<Self>, thread: ThreadKey) -> Option<Watch> {
        let mut measured = self.lock();
        if measured.watched.contains_key(&thread) {
            return None;
        }
        measured.watched.insert(thread, WatchedMoments::default());
        self.count(&measured);
        Some(Watch { times: self.clone(), thread })
    }

    /// A webhook about what a person did leaves for the app that may answer.
    pub(super) fn webhook_leaves(&self, thread: ThreadKey, app: AppKey, payload: &WebhookPayload) {
        if !is_of_person(payload) {
            return;
        }
        let now = Instant::now();
        let mut measured = self.lock();
        if let Some(watched) = measured.watched.get_mut(&thread) {
            watched.webhook.get_or_insert(now);
        }
        // A webhook that comes before the answer to an older one is answered together with it.
        let has_room = measured.waiting.len() < MAX_WAITING;
        if wants_answer(payload) && has_room {
            measured.waiting.entry(thread).or_insert((app, now));
        }
        self.count(&measured);
    }

    /// An app has not taken a webhook about a thread, so its answer is awaited no longer.
    pub(super) fn webhook_not_taken(&self, thread: ThreadKey, app: AppKey) {
        let mut measured = self.lock();
        if measured.waiting.get(&thread).is_some_and(|(waiting, _)| *waiting == app) {
            measured.waiting.remove(&thread);
        }
        self.count(&measured);
    }

    /// An app has sent a message into a thread.
    pub(super) fn app_sent(&self, thread: ThreadKey, app: AppKey) {
        if self.threads.load(Ordering::Relaxed) == 0 {
            return;
        }
        let now = Instant::now();
        let mut measured = self.lock();
        if let Some(watched) = measured.watched.get_mut(&thread) {
            watched.first_answer.get_or_insert(now);
            watched.last_answer = Some(now);
        }
        if let Some((_, since)) = measured.waiting.remove(&thread) {
            measured.record(app, now - since);
        }
        self.count(&measured);
    }

    /// The times of each app that has answered, or from which an answer is awaited.
    pub fn percentiles(&self) -> BTreeMap<AppKey, AnswerPercentiles> {
        let measured = self.lock();
        let mut all: BTreeMap<AppKey, AnswerPercentiles> = BTreeMap::new();
        for (app, times) in &measured.apps {
            let at = |quantile| Duration::from_micros(times.value_at_quantile(quantile));
            let (p50, p90, p99, max) = (at(0.5), at(0.9), at(0.99), Duration::from_micros(times.max()));
            all.insert(*app, AnswerPercentiles { answered: times.len(), waiting: 0, p50, p90, p99, max });
        }
        for (app, _) in measured.waiting.values() {
            all.entry(*app).or_default().waiting += 1;
        }
        all
    }

    /// Forgets all times. A watch goes on.
    pub fn clear(&self) {
        let mut measured = self.lock();
        measured.waiting.clear();
        measured.apps.clear();
        self.count(&measured);
    }

    fn count(&self, measured: &Measured) {
        self.threads.store(measured.waiting.len() + measured.watched.len(), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Measured> {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Measured {
    fn record(&mut self, app: AppKey, took: Duration) {
        let longest = LONGEST.as_micros() as u64;
        let micros = u64::try_from(took.as_micros()).unwrap_or(longest).clamp(1, longest);
        let fresh = || Histogram::new_with_bounds(1, longest, DIGITS).ok();
        if let Some(times) = self.apps.get_mut(&app) {
            times.saturating_record(micros);
        } else if let Some(mut times) = fresh() {
            times.saturating_record(micros);
            self.apps.insert(app, times);
        }
    }
}

impl Watch {
    /// Begins now: what came before belongs to somebody else.
    pub fn begin(&self) {
        self.times.lock().watched.insert(self.thread, WatchedMoments::default());
    }

    /// The moments so far.
    pub fn moments(&self) -> WatchedMoments {
        self.times.lock().watched.get(&self.thread).cloned().unwrap_or_default()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut measured = self.times.lock();
        measured.watched.remove(&self.thread);
        self.times.count(&measured);
    }
}

/// True if a webhook is about something that the person did.
fn is_of_person(payload: &WebhookPayload) -> bool {
    !matches!(
        payload,
        WebhookPayload::Echo(_)
            | WebhookPayload::EchoInOwnField(_)
            | WebhookPayload::Delivered { .. }
            | WebhookPayload::Passed { .. }
            | WebhookPayload::Taken { .. }
            | WebhookPayload::Requested { .. }
            | WebhookPayload::MetadataPassed { .. }
            | WebhookPayload::RoleChanged { .. }
    )
}

/// True if a bot would answer it: not what a person reads or reacts to, and not the shadow of a message.
fn wants_answer(payload: &WebhookPayload) -> bool {
    !payload.is_shadow() && !matches!(payload, WebhookPayload::Read { .. } | WebhookPayload::Reacted { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{AssetKey, PersonKey};
    use crate::domain::model::time::Moment;

    const BOT: AppKey = AppKey(0);

    fn thread(person: u32) -> ThreadKey {
        ThreadKey { asset: AssetKey(0), person: PersonKey(person) }
    }

    fn tap() -> WebhookPayload {
        WebhookPayload::Postback { mid: None, title: "Go".into(), payload: "GO".into(), referral: None }
    }

    #[test]
    fn an_answer_counts_once_however_many_messages_it_has() {
        let times = AnswerTimes::default();
        for person in 0..3 {
            times.webhook_leaves(thread(person), BOT, &tap());
        }
        times.webhook_leaves(thread(9), BOT, &WebhookPayload::Read { watermark: Moment::from_millis(1), mid: None });
        for person in [0, 0, 1, 9] {
            times.app_sent(thread(person), BOT);
        }
        let of_bot = times.percentiles()[&BOT];
        assert_eq!((of_bot.answered, of_bot.waiting), (2, 1));
        assert!(of_bot.p50 <= of_bot.p90 && of_bot.p90 <= of_bot.p99 && of_bot.p99 <= of_bot.max);
        times.clear();
        assert!(times.percentiles().is_empty() && times.threads.load(Ordering::Relaxed) == 0);
    }

    #[test]
    fn an_app_that_takes_no_webhook_is_not_waited_for() {
        let times = AnswerTimes::default();
        times.webhook_leaves(thread(1), BOT, &tap());
        times.webhook_not_taken(thread(1), BOT);
        times.app_sent(thread(1), BOT);
        assert!(times.percentiles().is_empty() && times.threads.load(Ordering::Relaxed) == 0);
    }

    #[test]
    fn a_thread_has_one_watch_which_sees_what_happens_in_it() {
        let times = Arc::new(AnswerTimes::default());
        let watch = times.watch(thread(1)).expect("the first");
        assert!(times.watch(thread(1)).is_none() && times.watch(thread(2)).is_some());
        times.webhook_leaves(thread(2), BOT, &tap());
        assert!(watch.moments().webhook.is_none());
        times.webhook_leaves(thread(1), BOT, &tap());
        times.app_sent(thread(1), BOT);
        let moments = watch.moments();
        assert!(moments.webhook <= moments.first_answer && moments.first_answer.is_some());
        drop(watch);
        assert!(times.watch(thread(1)).is_some());
    }
}
