//! Flags whose value is a length of real time.

use std::time::Duration;

use crate::domain::model::time::Span;
use crate::text::units::{DURATION_HELP, parse_duration};

/// A length of real time, as people write it.
pub fn parse_real_duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map(|Span(millis)| Duration::from_millis(millis)).ok_or_else(|| DURATION_HELP.to_owned())
}
