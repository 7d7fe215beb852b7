//! How many messages the apps of an Instagram account send in a while. Meta documents bounds, and a knob enforces them.

use super::time::{Moment, Span};

const SECOND: Span = Span(1000);

/// What is counted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateKind {
    /// Text and whatever is neither audio nor video.
    Text,
    /// Audio and video.
    AudioOrVideo,
    /// Private replies to comments.
    PrivateReply,
    /// Private replies to comments on a broadcast.
    LivePrivateReply,
}

impl RateKind {
    /// The bound, and the span of time for which it holds.
    const fn bound(self) -> (u32, Span) {
        match self {
            Self::Text | Self::LivePrivateReply => (100, SECOND),
            Self::AudioOrVideo => (10, SECOND),
            Self::PrivateReply => (750, Span::hours(1)),
        }
    }
}

/// A span of time that begins with a message.
#[derive(Debug, Clone, Copy, Default)]
struct Period {
    began: Option<Moment>,
    count: u32,
}

/// The messages of an account, by what is counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct SendRates {
    periods: [Period; 4],
}

impl SendRates {
    /// True if the account has sent so many that the next one is refused.
    pub fn is_exceeded(&self, kind: RateKind, now: Moment) -> bool {
        let (most, span) = kind.bound();
        let period = self.periods[kind as usize];
        period.began.is_some_and(|began| now < began + span) && period.count >= most
    }

    /// Counts a message.
    pub fn count(&mut self, kind: RateKind, now: Moment) {
        let (_, span) = kind.bound();
        let period = &mut self.periods[kind as usize];
        if period.began.is_none_or(|began| now >= began + span) {
            *period = Period { began: Some(now), count: 0 };
        }
        period.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_bound_of_its_own() {
        let mut rates = SendRates::default();
        let at = |millis| Moment::from_millis(millis);
        for _ in 0..10 {
            assert!(!rates.is_exceeded(RateKind::AudioOrVideo, at(500)));
            rates.count(RateKind::AudioOrVideo, at(500));
        }
        assert!(rates.is_exceeded(RateKind::AudioOrVideo, at(1499)));
        assert!(!rates.is_exceeded(RateKind::Text, at(1499)));
        assert!(!rates.is_exceeded(RateKind::AudioOrVideo, at(1500)));
    }
}
