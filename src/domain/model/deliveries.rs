//! Webhooks that apps did not accept, and the time of the next attempt for each. Nothing is kept about accepted
//! webhooks. Only `handlers::delivery` writes here.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::{AppKey, AssetKey};
use super::time::{Moment, Span};

/// The times of the first attempts after a failure, counted from the first attempt. Then one follows every [`OFTEN`],
/// and from [`HOUR`] on every [`SELDOM`].
const SOON: [Span; 4] = [Span(1_000), Span(5_000), Span(15_000), Span(60_000)];
const OFTEN: Span = Span::minutes(5);
const HOUR: Span = Span::hours(1);
const SELDOM: Span = Span::hours(1);
/// How long attempts go on, unless the world says otherwise.
pub const GIVE_UP_AFTER: Span = Span::hours(36);
/// How long an app fails before its developers get an alert.
pub const ALERT_AFTER: Span = Span::minutes(15);
/// How long an app fails before it is unsubscribed from the page.
pub const DISABLE_AFTER: Span = Span::hours(1);
/// A webhook, by its number in the ledger.
pub type WebhookId = u64;

/// The time of the next attempt, counted from the first one, if `elapsed` has passed since then.
fn next_attempt(elapsed: Span) -> Span {
    let [.., last_of_soon] = SOON;
    match SOON.into_iter().find(|span| *span > elapsed) {
        Some(span) => span,
        None if elapsed < HOUR => beyond(elapsed, last_of_soon, OFTEN),
        None => beyond(elapsed, Span(0), SELDOM),
    }
}

/// The first of `start`, `start + step`, `start + 2 step` … that is later than `elapsed`.
fn beyond(elapsed: Span, start: Span, step: Span) -> Span {
    Span(start.0 + (elapsed.0.saturating_sub(start.0) / step.0 + 1) * step.0)
}

/// Something that is due at a moment. Of several at one moment, the smallest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// The developers get an alert.
    Alert,
    /// The app is unsubscribed.
    Disable,
    /// The webhook is sent again.
    Attempt(WebhookId),
}

type Receiver = (AssetKey, AppKey);

/// The undelivered webhooks, by page and app.
#[derive(Debug, Clone)]
pub struct Deliveries {
    /// The maximum number of waiting webhooks of one app on one page. Beyond it the oldest is given up.
    limit: usize,
    /// How long a webhook is sent again.
    give_up_after: Span,
    backlogs: BTreeMap<Receiver, Backlog>,
    due: BTreeSet<(Moment, Receiver, Due)>,
}

/// The number of the app's connection to the page, and the number of earlier subscriptions within that connection.
pub type SubscriptionNumber = (u16, u16);

/// What one app on one page has not accepted.
#[derive(Debug, Clone, Default)]
struct Backlog {
    /// The subscription under which the webhooks failed. They are dropped if the app has another one now.
    subscription: SubscriptionNumber,
    /// Since when every attempt has failed.
    failing_since: Option<Moment>,
    waiting: BTreeMap<WebhookId, WaitingWebhook>,
}

#[derive(Debug, Clone, Copy)]
struct WaitingWebhook {
    /// The time of the first attempt; `None` before it.
    first: Option<Moment>,
    /// The time of the next attempt; `None` during an attempt.
    next: Option<Moment>,
}

impl Deliveries {
    pub fn new(limit: usize, give_up_after: Span) -> Self {
        Self { limit: limit.max(1), give_up_after, backlogs: BTreeMap::new(), due: BTreeSet::new() }
    }

    /// True if an attempt for the app failed, or a webhook waits.
    pub fn has_backlog(&self, page: AssetKey, app: AppKey) -> bool {
        self.backlogs.contains_key(&(page, app))
    }

    pub fn is_empty(&self) -> bool {
        self.backlogs.is_empty()
    }

    pub fn failing_since(&self, page: AssetKey, app: AppKey) -> Option<Moment> {
        self.backlogs.get(&(page, app))?.failing_since
    }

    /// The subscription of the backlog, if there is a backlog.
    pub fn subscription(&self, to: Receiver) -> Option<SubscriptionNumber> {
        Some(self.backlogs.get(&to)?.subscription)
    }

    /// Assigns the backlog to this subscription.
    pub fn assign_subscription(&mut self, to: Receiver, subscription: SubscriptionNumber) {
        if let Some(backlog) = self.backlogs.get_mut(&to) {
            backlog.subscription = subscription;
        }
    }

    pub fn next_due(&self) -> Option<(Moment, AssetKey, AppKey, Due)> {
        self.due.first().map(|(at, (page, app), due)| (*at, *page, *app, *due))
    }

    /// Delays a webhook. Returns the webhook that was given up to make room.
    pub fn delay(&mut self, to: Receiver, webhook: WebhookId, until: Moment) -> Option<WebhookId> {
        let first = self.backlogs.get(&to).and_then(|backlog| backlog.waiting.get(&webhook)?.first);
        self.schedule(to, webhook, WaitingWebhook { first, next: Some(until) })
    }

    /// Records a failed attempt. Returns the time of the next attempt, and the webhook that was given up to make
    /// room. Without a next attempt, this webhook is given up.
    pub fn record_failure(
        &mut self,
        to: Receiver,
        webhook: WebhookId,
        now: Moment,
    ) -> (Option<Moment>, Option<WebhookId>) {
        let backlog = self.backlogs.entry(to).or_default();
        if backlog.failing_since.is_none() {
            backlog.failing_since = Some(now);
            self.due.insert((now + ALERT_AFTER, to, Due::Alert));
            self.due.insert((now + DISABLE_AFTER, to, Due::Disable));
        }
        let first = backlog.waiting.get(&webhook).and_then(|waiting| waiting.first).unwrap_or(now);
        let span = next_attempt(now - first);
        if span > self.give_up_after {
            self.remove(to, webhook);
            return (None, None);
        }
        let next = first + span;
        (Some(next), self.schedule(to, webhook, WaitingWebhook { first: Some(first), next: Some(next) }))
    }

    fn schedule(&mut self, to: Receiver, webhook: WebhookId, waiting: WaitingWebhook) -> Option<WebhookId> {
        // The webhook may already wait for another moment.
        self.begin_attempt(to, webhook);
        let waiting_webhooks = &mut self.backlogs.entry(to).or_default().waiting;
        let oldest = waiting_webhooks.keys().next().copied();
        let evicted =
            oldest.filter(|_| waiting_webhooks.len() >= self.limit && !waiting_webhooks.contains_key(&webhook));
        waiting_webhooks.insert(webhook, waiting);
        self.due.extend(waiting.next.map(|next| (next, to, Due::Attempt(webhook))));
        if let Some(evicted) = evicted {
            self.remove(to, evicted);
        }
        evicted
    }

    /// Records that an attempt begins. Returns true if there was an earlier one; `None` if the webhook does not wait.
    pub fn begin_attempt(&mut self, to: Receiver, webhook: WebhookId) -> Option<bool> {
        let waiting = self.backlogs.get_mut(&to)?.waiting.get_mut(&webhook)?;
        if let Some(next) = waiting.next.take() {
            self.due.remove(&(next, to, Due::Attempt(webhook)));
        }
        Some(waiting.first.is_some())
    }

    /// Drops a webhook. An app without waiting webhooks is no longer failing.
    pub fn remove(&mut self, to: Receiver, webhook: WebhookId) {
        self.begin_attempt(to, webhook);
        let Some(backlog) = self.backlogs.get_mut(&to) else { return };
        backlog.waiting.remove(&webhook);
        if backlog.waiting.is_empty() {
            self.record_success(to);
        }
        self.remove_if_empty(to);
    }

    /// Records that the app accepted a webhook. Returns since when it had failed.
    pub fn record_success(&mut self, to: Receiver) -> Option<Moment> {
        let since = self.backlogs.get_mut(&to)?.failing_since.take()?;
        self.due.remove(&(since + ALERT_AFTER, to, Due::Alert));
        self.due.remove(&(since + DISABLE_AFTER, to, Due::Disable));
        self.remove_if_empty(to);
        Some(since)
    }

    /// Records that the developers got their alert. Returns since when the app has failed.
    pub fn record_alert(&mut self, to: Receiver) -> Option<Moment> {
        let since = self.backlogs.get(&to)?.failing_since?;
        self.due.remove(&(since + ALERT_AFTER, to, Due::Alert));
        Some(since)
    }

    /// Drops everything for the app. Returns the webhooks that waited.
    pub fn give_up_all(&mut self, to: Receiver) -> Vec<WebhookId> {
        self.record_success(to);
        let waiting: Vec<WebhookId> =
            self.backlogs.get(&to).into_iter().flat_map(|backlog| backlog.waiting.keys().copied()).collect();
        waiting.iter().for_each(|webhook| self.remove(to, *webhook));
        waiting
    }

    fn remove_if_empty(&mut self, to: Receiver) {
        if self.backlogs.get(&to).is_some_and(|backlog| backlog.failing_since.is_none() && backlog.waiting.is_empty()) {
            self.backlogs.remove(&to);
        }
    }
}

impl Deliveries {
    /// Everything that is due, in the order of time.
    pub fn all_due(&self) -> impl Iterator<Item = (Moment, AssetKey, AppKey, Due)> {
        self.due.iter().map(|(at, (page, app), due)| (*at, *page, *app, *due))
    }

    /// The waiting webhooks, the app of each, and the time of its next attempt.
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

    const TO: Receiver = (AssetKey(0), AppKey(0));

    #[test]
    fn attempts_become_rarer() {
        let next = |span: &Span| Some(next_attempt(*span));
        let spans: Vec<u64> = std::iter::successors(next(&Span(0)), next).map(|span| span.0 / 1000).take(100).collect();
        assert_eq!(spans[..7], [1, 5, 15, 60, 360, 660, 960]);
        assert_eq!(spans[13..17], [3060, 3360, 3660, 7200]);
        assert_eq!(next_attempt(Span(90_000)), Span(360_000), "an attempt that took long skips those it missed");
    }

    #[test]
    fn a_removed_webhook_leaves_no_trace() {
        let mut deliveries = Deliveries::new(3, GIVE_UP_AFTER);
        assert_eq!(deliveries.record_failure(TO, 7, Moment::from_millis(10)), (Some(Moment::from_millis(1_010)), None));
        assert_eq!(deliveries.next_due(), Some((Moment::from_millis(1_010), TO.0, TO.1, Due::Attempt(7))));
        assert_eq!(deliveries.begin_attempt(TO, 7), Some(true));
        assert_eq!(
            deliveries.record_failure(TO, 7, Moment::from_millis(1_010)),
            (Some(Moment::from_millis(5_010)), None)
        );
        assert_eq!(deliveries.failing_since(TO.0, TO.1), Some(Moment::from_millis(10)));
        assert_eq!(deliveries.record_success(TO), Some(Moment::from_millis(10)));
        assert!(deliveries.has_backlog(TO.0, TO.1), "it still waits");
        deliveries.remove(TO, 7);
        assert!(!deliveries.has_backlog(TO.0, TO.1));
        assert_eq!(deliveries.next_due(), None);
    }

    #[test]
    fn attempts_end_after_36_hours() {
        let mut deliveries = Deliveries::new(3, GIVE_UP_AFTER);
        let mut now = Moment::from_millis(0);
        while let (Some(next), _) = deliveries.record_failure(TO, 7, now) {
            now = next;
            deliveries.begin_attempt(TO, 7);
        }
        assert_eq!(now, Moment::from_millis(0) + GIVE_UP_AFTER);
        assert!(!deliveries.has_backlog(TO.0, TO.1), "an app without waiting webhooks is not failing");
    }

    #[test]
    fn the_oldest_is_given_up_when_too_many_wait() {
        let mut deliveries = Deliveries::new(3, GIVE_UP_AFTER);
        (0..3).for_each(|webhook| assert_eq!(deliveries.record_failure(TO, webhook, Moment::from_millis(0)).1, None));
        assert_eq!(deliveries.record_failure(TO, 3, Moment::from_millis(0)).1, Some(0));
        assert_eq!(deliveries.give_up_all(TO), [1, 2, 3]);
        assert_eq!(deliveries.next_due(), None);
    }
}
