//! A figure: ours, the bare one, their ratio, and what it should be.

use std::time::Duration;

use crate::calm::{self, Pair};

/// What a figure should be, and what is enough for now where that was said.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// No less than this; the second number is the easy half.
    AtLeast(f64, Option<f64>),
    /// No more than this; the second number is the easy half.
    AtMost(f64, Option<f64>),
    /// Only to explain another figure.
    None,
}

/// What the target speaks of.
#[derive(Debug, Clone, Copy)]
enum Judged {
    Ratio(f64),
    Ours(f64),
}

/// One line of the table.
#[derive(Debug)]
pub struct Figure {
    name: String,
    ours: String,
    bare: String,
    unit: Unit,
    judged: Judged,
    target: Target,
    /// The smallest and the largest ratio of a pair of rounds.
    spread: Option<(f64, f64)>,
    /// The share of other programs meanwhile.
    others: Option<f64>,
}

impl Figure {
    /// A ratio of two numbers that were measured in interleaved pairs: the median of the pairs' ratios.
    pub fn of_pairs(name: &str, unit: Unit, pairs: &[(f64, f64)], target: Target) -> Self {
        let ratios: Vec<f64> = pairs.iter().map(|(ours, bare)| ours / bare).collect();
        let ours: Vec<f64> = pairs.iter().map(|(ours, _)| *ours).collect();
        let bare: Vec<f64> = pairs.iter().map(|(_, bare)| *bare).collect();
        let spread =
            ratios.iter().fold((f64::INFINITY, 0.0f64), |(low, high), ratio| (low.min(*ratio), high.max(*ratio)));
        Self {
            name: name.to_owned(),
            ours: unit.show(median(&ours)),
            bare: unit.show(median(&bare)),
            unit,
            judged: Judged::Ratio(median(&ratios)),
            target,
            spread: Some(spread),
            others: None,
        }
    }

    /// The same of the calmer half of the pairs.
    pub fn of_calm_pairs(name: &str, unit: Unit, pairs: Vec<Pair>, target: Target) -> Self {
        let (pairs, others) = calm::calmer_half(pairs);
        Self { others: Some(others), ..Self::of_pairs(name, unit, &pairs, target) }
    }

    /// A number that stands for itself; the bare one is shown where there is one.
    pub fn alone(name: &str, unit: Unit, ours: f64, bare: Option<f64>, target: Target) -> Self {
        Self {
            name: name.to_owned(),
            ours: unit.show(ours),
            bare: bare.map_or_else(|| "-".to_owned(), |bare| unit.show(bare)),
            unit,
            judged: Judged::Ours(ours),
            target,
            spread: None,
            others: None,
        }
    }

    /// What stands over the table.
    pub fn headline() -> String {
        row("figure", "ours", "bare", "ratio", "target", "")
    }

    /// The figure as a line of the table.
    pub fn line(&self) -> String {
        let value = match self.judged {
            Judged::Ratio(value) | Judged::Ours(value) => value,
        };
        let shown = |target: f64| match self.judged {
            Judged::Ratio(_) => target.to_string(),
            Judged::Ours(_) => self.unit.show(target),
        };
        let (target, reached, half) = match self.target {
            Target::AtLeast(all, half) => {
                (format!(">= {}", shown(all)), value >= all, half.is_some_and(|half| value >= half))
            }
            Target::AtMost(all, half) => {
                (format!("<= {}", shown(all)), value <= all, half.is_some_and(|half| value <= half))
            }
            Target::None => ("-".to_owned(), false, false),
        };
        let verdict = match self.target {
            Target::None => "",
            _ if reached => "reached",
            _ if half => "short (easy half reached)",
            _ => "short",
        };
        let spread = self.spread.map_or_else(String::new, |(low, high)| format!("  [{low:.2} to {high:.2}]"));
        let ratio = match self.judged {
            Judged::Ratio(ratio) => format!("{ratio:.2}"),
            Judged::Ours(_) => "-".to_owned(),
        };
        let others = self.others.map_or_else(String::new, |share| format!("  others {:.0} %", share * 100.0));
        row(&self.name, &self.ours, &self.bare, &ratio, &target, &format!("{verdict}{spread}{others}"))
    }
}

fn row(name: &str, ours: &str, bare: &str, ratio: &str, target: &str, rest: &str) -> String {
    format!("{name:<54} {ours:>12} {bare:>12} {ratio:>6}  {target:<11} {rest}").trim_end().to_owned()
}

/// How a number is shown.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// A second.
    PerSecond,
    /// Seconds, shown in the largest unit that fits.
    Seconds,
    /// Mebibytes.
    Mebibytes,
    /// Bytes.
    Bytes,
    /// Instructions.
    Instructions,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::PerSecond => format!("{value:.0}/s"),
            Self::Seconds if value < 1e-3 => format!("{:.1} us", value * 1e6),
            Self::Seconds => format!("{:.2} ms", value * 1e3),
            Self::Mebibytes => format!("{value:.1} MiB"),
            Self::Bytes => format!("{value:.0} B"),
            Self::Instructions => format!("{value:.0}"),
        }
    }
}

/// The middle of some numbers.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The middle of some durations, in seconds.
pub fn median_seconds(durations: &[Duration]) -> f64 {
    median(&durations.iter().map(Duration::as_secs_f64).collect::<Vec<_>>())
}
