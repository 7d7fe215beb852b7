//! What a load came to: how long the bot took to answer, what went wrong how often, and both as lines for people.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::Value;

/// Longer times count as this long.
const LONGEST_MICROS: u64 = 600_000_000;
const DIGITS: u8 = 3;
/// Different errors of calls that are listed.
const MAX_ERRORS: usize = 10;

/// What a load has come to so far.
#[derive(Debug)]
pub struct LoadResult {
    pub started: u64,
    pub ended: u64,
    /// Times at which somebody should have written, but everybody was still waiting for an answer.
    pub skipped: u64,
    /// How many exchanges came to each outcome.
    outcomes: BTreeMap<String, u64>,
    /// Calls that did not come to an exchange, by what was wrong.
    errors: BTreeMap<String, u64>,
    first: Histogram<u64>,
    webhook: Histogram<u64>,
    queue: Histogram<u64>,
}

impl LoadResult {
    pub fn new() -> Option<Self> {
        let histogram = || Histogram::new_with_bounds(1, LONGEST_MICROS, DIGITS).ok();
        Some(Self {
            started: 0,
            ended: 0,
            skipped: 0,
            outcomes: BTreeMap::new(),
            errors: BTreeMap::new(),
            first: histogram()?,
            webhook: histogram()?,
            queue: histogram()?,
        })
    }

    /// Counts the report of an exchange.
    pub fn add_report(&mut self, report: &Value) {
        self.ended += 1;
        let outcome = report["outcome"].as_str().unwrap_or("unknown");
        let cause = match outcome {
            "withheld" => report["rule"].as_str(),
            "refused" => report["refused"][0]["message"].as_str(),
            "not_taken" => report["webhook"]["failure"].as_str(),
            _ => None,
        };
        let status = report["webhook"]["status"].as_u64().filter(|_| outcome == "not_taken");
        let name = match (cause, status) {
            (_, Some(status)) => format!("{outcome}: status {status}"),
            (Some(cause), None) => format!("{outcome}: {cause}"),
            (None, None) => outcome.to_owned(),
        };
        count(&mut self.outcomes, name);
        let times = [("first", &mut self.first), ("webhook", &mut self.webhook), ("queue", &mut self.queue)];
        for (part, histogram) in times {
            if let Some(millis) = report["ms"][part].as_f64() {
                histogram.saturating_record(((millis * 1000.0) as u64).max(1));
            }
        }
    }

    /// Counts a call that did not come to an exchange.
    pub fn add_error(&mut self, error: &str) {
        self.ended += 1;
        let first_line = error.lines().next().unwrap_or_default();
        count(&mut self.errors, first_line.to_owned());
    }

    /// True if every exchange was answered.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty() && !self.outcomes.is_empty() && self.outcomes.keys().all(|outcome| outcome == "answered")
    }

    pub fn answered(&self) -> u64 {
        self.outcomes.get("answered").copied().unwrap_or(0)
    }

    /// One line about how it goes.
    pub fn progress(&self, elapsed: Duration) -> String {
        let (seconds, under_way) = (elapsed.as_secs(), self.started - self.ended);
        let wrong = self.ended - self.answered();
        let p50 = format_micros(self.first.value_at_quantile(0.5));
        let p99 = format_micros(self.first.value_at_quantile(0.99));
        format!(
            "{seconds:>4}s  {} written, {} answered, {under_way} under way, {wrong} not answered; p50 {p50}, p99 {p99}",
            self.started,
            self.answered()
        )
    }

    /// The whole result, for people.
    pub fn table(&self, elapsed: Duration) -> String {
        let rate = self.ended as f64 / elapsed.as_secs_f64().max(0.001);
        let mut lines = vec![
            format!("{} exchanges in {:.1} s, {rate:.1} a second", self.ended, elapsed.as_secs_f64()),
            format!("{:<28}{:>10}{:>10}{:>10}{:>10}", "", "p50", "p90", "p99", "max"),
            row("first answer", &self.first),
            row("webhook taken", &self.webhook),
            row("wait for a place (ours)", &self.queue),
            String::new(),
        ];
        lines.extend(self.outcomes.iter().map(|(outcome, times)| format!("{times:>8}  {outcome}")));
        lines.extend(self.errors.iter().take(MAX_ERRORS).map(|(error, times)| format!("{times:>8}  error: {error}")));
        if self.skipped > 0 {
            let skipped = self.skipped;
            lines.push(format!(
                "{skipped:>8}  not written, because everybody waited for an answer: more people would help"
            ));
        }
        lines.join("\n")
    }
}

fn count(counts: &mut BTreeMap<String, u64>, name: String) {
    *counts.entry(name).or_default() += 1;
}

fn row(name: &str, times: &Histogram<u64>) -> String {
    if times.is_empty() {
        return format!("{name:<28}{:>10}{:>10}{:>10}{:>10}", "-", "-", "-", "-");
    }
    let at = |quantile| format_micros(times.value_at_quantile(quantile));
    format!("{name:<28}{:>10}{:>10}{:>10}{:>10}", at(0.5), at(0.9), at(0.99), format_micros(times.max()))
}

fn format_micros(micros: u64) -> String {
    match micros {
        0 => "-".to_owned(),
        micros if micros < 10_000_000 => format!("{:.1} ms", micros as f64 / 1000.0),
        micros => format!("{:.1} s", micros as f64 / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_has_the_times_of_the_bot_and_what_went_wrong() {
        let mut result = LoadResult::new().expect("bounds that fit");
        for millis in 1..=100 {
            let ms = json!({ "queue": 0.1, "webhook": 2.0, "first": millis, "last": millis });
            result.add_report(&json!({ "outcome": "answered", "ms": ms }));
        }
        result.add_report(&json!({ "outcome": "not_taken", "webhook": { "status": 500 }, "ms": {} }));
        result.add_report(&json!({ "outcome": "withheld", "rule": "webhook.withheld.not_subscribed", "ms": {} }));
        result.add_error("cannot connect");
        result.skipped = 2;
        assert!(!result.is_good());
        let table = result.table(Duration::from_secs(10));
        let lines: Vec<String> =
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            [
                "103 exchanges in 10.0 s, 10.3 a second",
                "p50 p90 p99 max",
                "first answer 50.0 ms 90.0 ms 99.0 ms 100.0 ms",
                "webhook taken 2.0 ms 2.0 ms 2.0 ms 2.0 ms",
                "wait for a place (ours) 0.1 ms 0.1 ms 0.1 ms 0.1 ms",
                "",
                "100 answered",
                "1 not_taken: status 500",
                "1 withheld: webhook.withheld.not_subscribed",
                "1 error: cannot connect",
                "2 not written, because everybody waited for an answer: more people would help",
            ]
        );
    }
}
