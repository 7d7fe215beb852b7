//! Parses flags whose value is a length of real time, such as `2s`.

use std::time::Duration;

use crate::domain::model::time::Span;
use crate::text::units::{DURATION_HELP, parse_duration};

pub fn parse_real_duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map(|Span(millis)| Duration::from_millis(millis)).ok_or_else(|| DURATION_HELP.to_owned())
}
