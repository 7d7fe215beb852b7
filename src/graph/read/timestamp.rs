//! Moments as the Graph API writes them in JSON.

use jiff::Timestamp;

use crate::domain::model::time::Moment;

/// `2021-07-23T09:28:50+0000`.
pub fn graph_time(moment: Moment) -> String {
    let timestamp = i64::try_from(moment.millis()).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    timestamp.unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_meta_writes_them() {
        assert_eq!(graph_time(Moment::from_millis(1_627_032_530_999)), "2021-07-23T09:28:50+0000");
    }
}
