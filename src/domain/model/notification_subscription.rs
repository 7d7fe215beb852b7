//! Opt-ins to notification messages about a topic, and when the page may send the next one.

use super::time::{Moment, Span};

/// The topic of a request without a title.
pub const USUAL_TOPIC: &str = "Updates and promotions";
/// 2038-01-01: tokens without a frequency expire then.
pub const EXPIRES: Moment = Moment::from_millis(2_145_916_800_000);
/// 2025-09-01: since then the minimum time between two messages is longer.
const SLOWER_SINCE: Moment = Moment::from_millis(1_756_684_800_000);
/// How long after the first message to a new subscriber more messages may follow.
const FOLLOW_UP: Span = Span::minutes(2);
/// The maximum number of messages within that time.
const MAX_FOLLOWING: u8 = 3;
/// The maximum length of the messages that follow the first.
pub const MAX_FOLLOW_UP: usize = 250;

/// The opt-in of one person to notification messages about one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationSubscription {
    /// The title of the request.
    pub topic: Box<str>,
    /// The payload of the request.
    pub payload: Box<str>,
    /// The time zone that the page gave.
    pub timezone: Box<str>,
    /// True if the page wants the person to be asked again before the opt-in ends.
    pub asks_again: bool,
    /// True if the person has opted in more than once.
    pub renewed: bool,
    /// True if the person has stopped the messages.
    pub stopped: bool,
    /// When the person opted in, or changed the opt-in.
    pub updated: Moment,
    pub sent: LastSent,
}

/// The last messages to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastSent {
    /// No message since the person opted in.
    Nothing,
    /// The time of the first message since then, and the number of messages since then.
    First(Moment, u8),
    /// The time of a later message.
    Later(Moment),
}

/// Whether a message may be sent to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// It may be sent.
    Free,
    /// It may be sent as a follow-up of the first.
    FollowUp,
    /// It must wait.
    TooSoon,
}

impl NotificationSubscription {
    /// Whether a message may be sent now.
    pub fn slot(&self, now: Moment) -> Slot {
        match self.sent {
            LastSent::First(at, count) if now < at + FOLLOW_UP && count < MAX_FOLLOWING => Slot::FollowUp,
            LastSent::First(..) | LastSent::Later(_) if now < self.next() => Slot::TooSoon,
            LastSent::Nothing | LastSent::First(..) | LastSent::Later(_) => Slot::Free,
        }
    }

    /// The earliest time for a message that is no follow-up.
    pub fn next(&self) -> Moment {
        match self.sent {
            LastSent::Nothing => self.updated,
            LastSent::First(at, _) | LastSent::Later(at) => at + pause(at),
        }
    }

    /// The state after one more message.
    pub fn with_one_more(&self, now: Moment) -> LastSent {
        match (self.sent, self.slot(now)) {
            (LastSent::Nothing, _) => LastSent::First(now, 1),
            (LastSent::First(at, count), Slot::FollowUp) => LastSent::First(at, count + 1),
            _ => LastSent::Later(now),
        }
    }
}

/// The minimum time between two messages.
fn pause(at: Moment) -> Span {
    if at < SLOWER_SINCE { Span::hours(24) } else { Span::hours(48) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(sent: LastSent) -> NotificationSubscription {
        let (topic, payload) = (USUAL_TOPIC.into(), "P".into());
        let (asks_again, renewed, stopped, updated) = (true, false, false, Moment::from_millis(0));
        NotificationSubscription { topic, payload, timezone: "UTC".into(), asks_again, renewed, stopped, updated, sent }
    }

    #[test]
    fn three_messages_follow_each_other_and_then_there_is_a_pause() {
        let start = SLOWER_SINCE;
        let (soon, late) = (start + Span::minutes(1), start + Span::minutes(2));
        assert_eq!(subscription(LastSent::Nothing).slot(start), Slot::Free);
        assert_eq!(subscription(LastSent::Nothing).with_one_more(start), LastSent::First(start, 1));
        assert_eq!(subscription(LastSent::First(start, 1)).slot(soon), Slot::FollowUp);
        assert_eq!(subscription(LastSent::First(start, 2)).with_one_more(soon), LastSent::First(start, 3));
        let next = start + Span::hours(48);
        assert_eq!(subscription(LastSent::First(start, 3)).slot(soon), Slot::TooSoon);
        assert_eq!(subscription(LastSent::First(start, 1)).slot(late), Slot::TooSoon);
        assert_eq!(subscription(LastSent::First(start, 1)).slot(next), Slot::Free);
        assert_eq!(subscription(LastSent::First(start, 1)).with_one_more(next), LastSent::Later(next));
        assert_eq!(subscription(LastSent::Later(start)).slot(soon), Slot::TooSoon);
    }

    #[test]
    fn the_pause_was_shorter_before_september_of_2025() {
        let before = Moment::from_millis(SLOWER_SINCE.millis() - 1);
        assert_eq!(subscription(LastSent::Later(before)).next(), before + Span::hours(24));
        assert_eq!(subscription(LastSent::Later(SLOWER_SINCE)).next(), SLOWER_SINCE + Span::hours(48));
    }
}
