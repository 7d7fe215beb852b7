//! Moments and spans of virtual time. Nothing here reads a clock.

use std::num::NonZeroU64;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A point in virtual time: milliseconds since 1970-01-01T00:00:00Z. It is stored as one more than that, so that an `Option<Moment>` takes no
/// more room than a `Moment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct Moment(NonZeroU64);

impl Moment {
    /// A moment so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(millis))
    }

    /// The milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> u64 {
        self.0.get() - 1
    }
}

impl Default for Moment {
    fn default() -> Self {
        Self::from_millis(0)
    }
}

impl From<u64> for Moment {
    fn from(millis: u64) -> Self {
        Self::from_millis(millis)
    }
}

impl From<Moment> for u64 {
    fn from(moment: Moment) -> u64 {
        moment.millis()
    }
}

/// A length of virtual time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span(pub u64);

impl Span {
    pub const fn minutes(count: u64) -> Self {
        Self(count.saturating_mul(60 * 1000))
    }

    pub const fn hours(count: u64) -> Self {
        Self(count.saturating_mul(60 * 60 * 1000))
    }

    /// `count` days of 24 hours.
    pub const fn days(count: u64) -> Self {
        Self::hours(count.saturating_mul(24))
    }
}

impl Add<Span> for Moment {
    type Output = Moment;

    fn add(self, span: Span) -> Moment {
        Moment(self.0.saturating_add(span.0))
    }
}

impl Sub<Moment> for Moment {
    type Output = Span;

    fn sub(self, earlier: Moment) -> Span {
        Span(self.0.get().saturating_sub(earlier.0.get()))
    }
}
