//! The runtime of a command, and the signals that end it. A command that runs until a signal ends it hears them before it reads its
//! arguments.

use std::pin::Pin;

use tokio::runtime::{Builder, Runtime};

use super::exit::{Exit, StopSignal};
use super::stop::stop_signal;
use super::terminal::fail;
use super::threads::check_threads;

/// Commands that somebody else ends.
const LONG: [&str; 4] = ["serve", "run", "load", "inspect"];

/// Ends when the first of the signals arrives.
pub type Signals = Pin<Box<dyn Future<Output = StopSignal> + Send>>;

/// A runtime that hears signals.
pub struct Started {
    runtime: Runtime,
    signals: Signals,
}

impl Started {
    /// Starts if the command is one that a signal ends. What keeps it from starting is said when the command is to run.
    pub fn early() -> Option<Result<Self, String>> {
        let is_long = std::env::args_os().nth(1).is_some_and(|command| LONG.iter().any(|long| command == **long));
        is_long.then(Self::start)
    }

    fn start() -> Result<Self, String> {
        check_threads()?;
        let runtime = Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
        let signals = {
            let _inside = runtime.enter();
            stop_signal().map_err(|error| format!("cannot handle signals: {error}"))?
        };
        Ok(Self { runtime, signals: Box::pin(signals) })
    }

    /// Runs a command, which was started early or starts now.
    pub fn run<F: Future<Output = Exit>>(
        early: Option<Result<Self, String>>,
        command: impl FnOnce(Signals) -> F,
    ) -> Exit {
        match early.unwrap_or_else(Self::start) {
            Ok(Self { runtime, signals }) => runtime.block_on(command(signals)),
            Err(error) => fail(Exit::CouldNotRun, &error),
        }
    }
}
