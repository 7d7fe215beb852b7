//! Moments, lengths of time and percentages as people write them. A length of time always has its unit.

use jiff::Timestamp;

use crate::domain::model::time::{Moment, Span};

/// The help for a wrong length of time.
pub const DURATION_HELP: &str = "a length of time is a number with its unit: 300ms, 2s, 90m, 24h, 7d, or 1h30m";
/// The help for a wrong percentage.
pub const PERCENT_HELP: &str = "a percentage is a whole number from 1% to 100%";
/// The help for a wrong moment.
pub const MOMENT_HELP: &str = "a moment is written like 2026-03-02T09:00:00Z";

/// The help where a length of time or a moment may stand.
pub const UNTIL_HELP: &str =
    "a length of time has its unit, like 60d or 90m; a moment is written like 2026-03-02T09:00:00Z";

/// 9999-12-31T23:59:59.999Z, the last moment that can be written.
pub const LAST_MOMENT: Moment = Moment::from_millis(253_402_300_799_999);

/// A length of time such as `24h`, `1h30m` or `300ms`; days have 24 hours.
pub fn parse_duration(text: &str) -> Option<Span> {
    let mut rest = text.trim();
    let mut total = 0u64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let amount: u64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let unit_end = after.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(after.len());
        total = total.checked_add(amount.checked_mul(unit(&after[..unit_end])?)?)?;
        rest = &after[unit_end..];
    }
    Some(Span(total))
}

fn unit(text: &str) -> Option<u64> {
    Some(match text {
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return None,
    })
}

/// A percentage such as `10%`.
pub fn parse_percent(text: &str) -> Option<u8> {
    let percent = text.trim().strip_suffix('%')?.parse().ok()?;
    (1..=100).contains(&percent).then_some(percent)
}

/// A length of time in words, largest unit first.
pub fn format_duration(span: Span) -> String {
    let mut left = span.0;
    let mut text = String::new();
    for (name, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        let amount = left / size;
        left %= size;
        if amount > 0 {
            text.push_str(&format!("{amount}{name}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// A moment such as `2026-03-02T09:00:00Z`.
pub fn parse_moment(text: &str) -> Option<Moment> {
    let timestamp: Timestamp = text.trim().parse().ok()?;
    u64::try_from(timestamp.as_millisecond()).ok().map(Moment::from_millis)
}

/// A length of time from `start`, or a moment.
pub fn parse_until(text: &str, start: Moment) -> Option<Moment> {
    parse_duration(text).map(|span| start + span).or_else(|| parse_moment(text))
}

/// A moment as people write it.
pub fn format_moment(moment: Moment) -> String {
    let timestamp = i64::try_from(moment.millis()).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    timestamp.map_or_else(|| format!("{}ms", moment.millis()), |timestamp| timestamp.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        for (text, millis) in
            [("300ms", 300), ("2s", 2000), ("24h", 86_400_000), ("1h30m", 5_400_000), ("7d", 604_800_000)]
        {
            assert_eq!(parse_duration(text), Some(Span(millis)), "{text}");
            assert_eq!(parse_duration(&format_duration(Span(millis))), Some(Span(millis)));
        }
        for text in ["", "24", "h", "24 hours", "-1h", "1.5h", "24x", "99999999999999999999h", "18446744073709551615d"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn percentages_are_whole_and_more_than_none() {
        for (text, percent) in [("1%", Some(1)), ("100%", Some(100)), ("0%", None), ("101%", None), ("10", None)] {
            assert_eq!(parse_percent(text), percent, "{text}");
        }
    }

    #[test]
    fn moments_are_read_and_written() {
        let moment = parse_moment("2026-03-02T09:00:00Z");
        assert_eq!(moment, Some(Moment::from_millis(1_772_442_000_000)));
        assert_eq!(moment.map(format_moment).as_deref(), Some("2026-03-02T09:00:00Z"));
        assert_eq!(parse_moment("tomorrow"), None);
        assert_eq!(parse_moment("1969-01-01T00:00:00Z"), None);
    }
}
