//! Moments as Meta writes them in error texts: in California's time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::model::time::Moment;

/// The time zone of California, with its daylight saving time.
const CALIFORNIA: &str = "PST8PDT,M3.2.0,M11.1.0";

/// `Thursday, 09-Apr-15 15:00:00 PDT`.
pub fn pacific_time(moment: Moment) -> String {
    let zone = TimeZone::posix(CALIFORNIA).unwrap_or(TimeZone::UTC);
    let timestamp = i64::try_from(moment.millis()).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    timestamp.unwrap_or_default().to_zoned(zone).strftime("%A, %d-%b-%y %H:%M:%S %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_meta_writes_them() {
        assert_eq!(pacific_time(Moment::from_millis(1_428_616_800_000)), "Thursday, 09-Apr-15 15:00:00 PDT");
        assert_eq!(pacific_time(Moment::from_millis(1_772_442_000_000)), "Monday, 02-Mar-26 01:00:00 PST");
    }
}
