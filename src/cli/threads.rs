//! Looks whether the system lets this process have the threads that a runtime needs. The runtime itself would panic.

use std::num::NonZero;
use std::sync::{Arc, Barrier};
use std::thread::{Builder, available_parallelism};

/// Threads beside those of the runtime: one that looks names up, one that reads standard input, and some that read what is large.
const SPARE: usize = 4;

/// Starts as many threads as a run may need, at the same time, and ends them.
pub fn check_threads() -> Result<(), String> {
    let count = available_parallelism().map_or(1, NonZero::get) + SPARE;
    let mut threads = Vec::new();
    let all_there = Arc::new(Barrier::new(count + 1));
    for _ in 0..count {
        let waits = all_there.clone();
        match Builder::new().spawn(move || waits.wait()) {
            Ok(thread) => threads.push(thread),
            // Those that were started wait for the others, and end with the process.
            Err(error) => {
                return Err(format!(
                    "the system gives this process no {count} threads ({error}): raise its limit of memory (ulimit -v) or of processes (ulimit -u)"
                ));
            }
        }
    }
    all_there.wait();
    for thread in threads {
        thread.join().map(drop).unwrap_or_default();
    }
    Ok(())
}
