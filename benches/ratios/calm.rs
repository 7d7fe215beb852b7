//! What other programs do meanwhile. They take from the load, the bare server and ours alike, and so bring every ratio nearer to one:
//! of the pairs of rounds only the calmer half counts, and the table says how calm that was.

use std::fs;
use std::time::{Duration, Instant};

use crate::child::Server;

/// Linux counts the time of its processors in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A stretch of time that is watched.
pub struct Watch {
    began: Instant,
    busy: Duration,
    ours: Duration,
}

impl Watch {
    /// Begins to watch a round with this server.
    pub fn begin(server: &Server) -> Self {
        Self { began: Instant::now(), busy: busy(), ours: own() + server.processor_time() }
    }

    /// The share of all processors that went to other programs since.
    pub fn others(&self, server: &Server) -> f64 {
        let ours = (own() + server.processor_time()).saturating_sub(self.ours);
        let others = busy().saturating_sub(self.busy).saturating_sub(ours);
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        others.as_secs_f64() / (self.began.elapsed().as_secs_f64() * processors as f64)
    }
}

/// What is left of a pair of rounds.
pub struct Pair {
    /// What was measured: ours and the bare one's.
    pub values: (f64, f64),
    /// The share of other programs in the busier of the two rounds.
    pub others: f64,
}

/// The calmer half of the pairs, and the largest share of other programs in it.
pub fn calmer_half(mut pairs: Vec<Pair>) -> (Vec<(f64, f64)>, f64) {
    pairs.sort_by(|a, b| a.others.total_cmp(&b.others));
    pairs.truncate(pairs.len().div_ceil(2));
    let share = pairs.last().map_or(0.0, |pair| pair.others);
    (pairs.into_iter().map(|pair| pair.values).collect(), share)
}

/// What all processors have worked so far.
fn busy() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let fields: Vec<u32> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1)
        .filter_map(|field| field.parse().ok())
        .collect();
    // user, nice, system, idle, iowait, irq, softirq, steal
    TICK * [0, 1, 2, 5, 6, 7].into_iter().filter_map(|place| fields.get(place)).sum()
}

/// What this process has worked so far: the load and the bot.
fn own() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    TICK * after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum()
}
