//! Domain room: webhooks that apps did not take, and when each is sent again. Of webhooks that are taken nothing is kept. Only
//! `acts::delivery` writes here.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::{AppKey, PageKey};
use super::time::{Moment, Span};

/// When a webhook is sent again, counted from the first attempt. Afterwards every [`OFTEN`], and from [`HOUR`] on every [`SELDOM`].
const SOON: [Span; 4] = [Span(1_000), Span(5_000), Span(15_000), Span(60_000)];
const OFTEN: Span = Span::minutes(5);
const HOUR: Span = Span::hours(1);
const SELDOM: Span = Span::hours(1);
/// When nobody tries any more, unless the world says otherwise.
pub const GIVE_UP_AFTER: Span = Span::hours(36);
/// How long an app fails until its developers are told.
pub const ALERT_AFTER: Span = Span::minutes(15);
/// How long an app fails until it is unsubscribed from the page.
pub const DISABLE_AFTER: Span = Span::hours(1);
/// A webhook, by its entry in the ledger.
pub type WebhookId = u64;

/// When the next attempt is due, where `elapsed` has gone by since the first.
fn next_attempt(elapsed: Span) -> Span {
    let [.., last_of_soon] = SOON;
    match SOON.into_iter().find(|span| *span > elapsed) {
        Some(span) => span,
        None if elapsed < HOUR => beyond(elapsed, last_of_soon, OFTEN),
        None => beyond(elapsed, Span(0), SELDOM),
    }
}

/// The first of `start`, `start + step`, `start + 2 step` … that lies beyond `elapsed`.
fn beyond(elapsed: Span, start: Span, step: Span) -> Span {
    Span(start.0 + (elapsed.0.saturating_sub(start.0) / step.0 + 1) * step.0)
}

/// What falls due by itself, in the order in which it happens at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// The developers are told that the app fails.
    Alert,
    /// The app is unsubscribed.
    Disable,
    /// The webhook is sent.
    Attempt(WebhookId),
}

type Receiver = (PageKey, AppKey);

/// What is left undelivered, by page and app.
#[derive(Debug, Clone)]
pub struct Deliveries {
    /// Webhooks of one app on one page that wait at most. With one more the oldest is given up.
    limit: usize,
    /// How long a webhook is prepare.
    give_up_after: Span,
    backlogs: BTreeMap<Receiver, Backlog>,
    due: BTreeSet<(Moment, Receiver, Due)>,
}

/// Which subscription of an app on a page it is: the number of its connection, and how often the app had subscribed before.
pub type SubscriptionNumber = (u16, u16);

/// One app on one page.
#[derive(Debug, Clone, Default)]
struct Backlog {
    /// Under which subscription. What is left of another one is nobody's any more.
    of: SubscriptionNumber,
    /// Since when nothing that was sent was taken.
    failing_since: Option<Moment>,
    waiting: BTreeMap<WebhookId, WaitingWebhook>,
}

#[derive(Debug, Clone, Copy)]
struct WaitingWebhook {
    /// The moment of the first attempt, or none before it.
    first: Option<Moment>,
    /// When it is sent; none while an attempt is under way.
    next: Option<Moment>,
}

impl Deliveries {
    /// Nothing is undelivered yet; `limit` webhooks of an app on a page may be, each for so long.
    pub fn new(limit: usize, give_up_after: Span) -> Self {
        Self { limit: limit.max(1), give_up_after, backlogs: BTreeMap::new(), due: BTreeSet::new() }
    }

    /// Whether anything that was sent to the app was not taken, or still waits.
    pub fn concern(&self, page: PageKey, app: AppKey) -> bool {
        self.backlogs.contains_key(&(page, app))
    }

    /// Whether nothing is undelivered.
    pub fn is_empty(&self) -> bool {
        self.backlogs.is_empty()
    }

    /// Since when the app fails, if it does.
    pub fn failing_since(&self, page: PageKey, app: AppKey) -> Option<Moment> {
        self.backlogs.get(&(page, app))?.failing_since
    }

    /// Under which subscription something is left, if anything is.
    pub fn subscription(&self, to: Receiver) -> Option<SubscriptionNumber> {
        Some(self.backlogs.get(&to)?.of)
    }

    /// What is left from now on is left under this subscription.
    pub fn is_under(&mut self, to: Receiver, of: SubscriptionNumber) {
        if let Some(backlog) = self.backlogs.get_mut(&to) {
            backlog.of = of;
        }
    }

    /// The next thing that falls due.
    pub fn next_due(&self) -> Option<(Moment, PageKey, AppKey, Due)> {
        self.due.first().map(|(at, (page, app), due)| (*at, *page, *app, *due))
    }

    /// Holds a webhook back that was to be sent; returns one that had to go for it.
    pub fn hold(&mut self, to: Receiver, webhook: WebhookId, until: Moment) -> Option<WebhookId> {
        let first = self.backlogs.get(&to).and_then(|backlog| backlog.waiting.get(&webhook)?.first);
        self.wait(to, webhook, WaitingWebhook { first, next: Some(until) })
    }

    /// An attempt failed: when the next one is, and a webhook that had to go for it. Without a next one the webhook is given up.
    pub fn failed(&mut self, to: Receiver, webhook: WebhookId, now: Moment) -> (Option<Moment>, Option<WebhookId>) {
        let backlog = self.backlogs.entry(to).or_default();
        if backlog.failing_since.is_none() {
            backlog.failing_since = Some(now);
            self.due.insert((now + ALERT_AFTER, to, Due::Alert));
            self.due.insert((now + DISABLE_AFTER, to, Due::Disable));
        }
        let first = backlog.waiting.get(&webhook).and_then(|waiting| waiting.first).unwrap_or(now);
        let span = next_attempt(now - first);
        if span > self.give_up_after {
            self.forget(to, webhook);
            return (None, None);
        }
        let next = first + span;
        (Some(next), self.wait(to, webhook, WaitingWebhook { first: Some(first), next: Some(next) }))
    }

    fn wait(&mut self, to: Receiver, webhook: WebhookId, waiting: WaitingWebhook) -> Option<WebhookId> {
        // It may wait already, for another moment.
        self.attempted(to, webhook);
        let waits = &mut self.backlogs.entry(to).or_default().waiting;
        let oldest = waits.keys().next().copied();
        let gone = oldest.filter(|_| waits.len() >= self.limit && !waits.contains_key(&webhook));
        waits.insert(webhook, waiting);
        self.due.extend(waiting.next.map(|next| (next, to, Due::Attempt(webhook))));
        if let Some(gone) = gone {
            self.forget(to, gone);
        }
        gone
    }

    /// An attempt is made now; whether one was made before, where the webhook waits at all.
    pub fn attempted(&mut self, to: Receiver, webhook: WebhookId) -> Option<bool> {
        let waiting = self.backlogs.get_mut(&to)?.waiting.get_mut(&webhook)?;
        if let Some(next) = waiting.next.take() {
            self.due.remove(&(next, to, Due::Attempt(webhook)));
        }
        Some(waiting.first.is_some())
    }

    /// Nothing more becomes of a webhook. An app to which nothing is sent any more fails no longer.
    pub fn forget(&mut self, to: Receiver, webhook: WebhookId) {
        self.attempted(to, webhook);
        let Some(backlog) = self.backlogs.get_mut(&to) else { return };
        backlog.waiting.remove(&webhook);
        if backlog.waiting.is_empty() {
            self.recovered(to);
        }
        self.tidy(to);
    }

    /// The app took something: since when it had failed, if it had.
    pub fn recovered(&mut self, to: Receiver) -> Option<Moment> {
        let since = self.backlogs.get_mut(&to)?.failing_since.take()?;
        self.due.remove(&(since + ALERT_AFTER, to, Due::Alert));
        self.due.remove(&(since + DISABLE_AFTER, to, Due::Disable));
        self.tidy(to);
        Some(since)
    }

    /// The developers are told; since when the app fails.
    pub fn alerted(&mut self, to: Receiver) -> Option<Moment> {
        let since = self.backlogs.get(&to)?.failing_since?;
        self.due.remove(&(since + ALERT_AFTER, to, Due::Alert));
        Some(since)
    }

    /// Everything for the app is given up; what waited.
    pub fn end(&mut self, to: Receiver) -> Vec<WebhookId> {
        self.recovered(to);
        let waiting: Vec<WebhookId> =
            self.backlogs.get(&to).into_iter().flat_map(|backlog| backlog.waiting.keys().copied()).collect();
        waiting.iter().for_each(|webhook| self.forget(to, *webhook));
        waiting
    }

    fn tidy(&mut self, to: Receiver) {
        if self.backlogs.get(&to).is_some_and(|backlog| backlog.failing_since.is_none() && backlog.waiting.is_empty()) {
            self.backlogs.remove(&to);
        }
    }
}

impl Deliveries {
    /// Webhooks that wait to be sent, the app of each, and when it is.
    pub fn waiting(&self) -> impl Iterator<Item = (WebhookId, AppKey, Moment)> {
        self.due.iter().filter_map(|(at, (_, app), due)| match due {
            Due::Attempt(webhook) => Some((*webhook, *app, *at)),
            Due::Alert | Due::Disable => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TO: Receiver = (PageKey(0), AppKey(0));

    #[test]
    fn attempts_come_ever_more_rarely() {
        let next = |span: &Span| Some(next_attempt(*span));
        let spans: Vec<u64> = std::iter::successors(next(&Span(0)), next).map(|span| span.0 / 1000).take(100).collect();
        assert_eq!(spans[..7], [1, 5, 15, 60, 360, 660, 960]);
        assert_eq!(spans[13..17], [3060, 3360, 3660, 7200]);
        assert_eq!(next_attempt(Span(90_000)), Span(360_000), "an attempt that took long skips those it missed");
    }

    #[test]
    fn a_webhook_waits_fails_and_is_forgotten_without_a_trace() {
        let mut deliveries = Deliveries::new(3, GIVE_UP_AFTER);
        assert_eq!(deliveries.failed(TO, 7, Moment(10)), (Some(Moment(1_010)), None));
        assert_eq!(deliveries.next_due(), Some((Moment(1_010), TO.0, TO.1, Due::Attempt(7))));
        assert_eq!(deliveries.attempted(TO, 7), Some(true));
        assert_eq!(deliveries.failed(TO, 7, Moment(1_010)), (Some(Moment(5_010)), None));
        assert_eq!(deliveries.failing_since(TO.0, TO.1), Some(Moment(10)));
        assert_eq!(deliveries.recovered(TO), Some(Moment(10)));
        assert!(deliveries.concern(TO.0, TO.1), "it still waits");
        deliveries.forget(TO, 7);
        assert!(!deliveries.concern(TO.0, TO.1));
        assert_eq!(deliveries.next_due(), None);
    }

    #[test]
    fn after_36_hours_nobody_tries_any_more() {
        let mut deliveries = Deliveries::new(3, GIVE_UP_AFTER);
        let mut now = Moment(0);
        while let (Some(next), _) = deliveries.failed(TO, 7, now) {
            now = next;
            deliveries.attempted(TO, 7);
        }
        assert_eq!(now, Moment(0) + GIVE_UP_AFTER);
        assert!(!deliveries.concern(TO.0, TO.1), "to whom nothing is sent, nothing fails");
    }

    #[test]
    fn the_oldest_goes_when_too_many_wait() {
        let mut deliveries = Deliveries::new(3, GIVE_UP_AFTER);
        (0..3).for_each(|webhook| assert_eq!(deliveries.failed(TO, webhook, Moment(0)).1, None));
        assert_eq!(deliveries.failed(TO, 3, Moment(0)).1, Some(0));
        assert_eq!(deliveries.end(TO), [1, 2, 3]);
        assert_eq!(deliveries.next_due(), None);
    }
}
