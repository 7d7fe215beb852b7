//! Exit codes, and the signals that have one.

use std::process::ExitCode;

/// How a subcommand ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok,
    /// The command line is wrong.
    Usage,
    /// A file is invalid.
    Invalid,
    /// The command could not run: a port is taken, a file cannot be read, a bot does not start.
    CouldNotRun,
    /// An expectation failed, a denied lint found something, or a denied difference was found.
    Failed,
    /// A signal stopped the command before it was over.
    Stopped(StopSignal),
}

/// The exit code of a process that a signal ends, as shells have it, is this plus the number of the signal.
const SIGNALS_FROM: u8 = 128;

/// A signal that ends a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopSignal {
    /// SIGHUP: the terminal was closed.
    Hangup,
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGQUIT: Ctrl-\.
    Quit,
    /// SIGTERM.
    Terminate,
}

impl StopSignal {
    /// The number of the signal, which is the same on every system.
    pub fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Usage => 1,
            Exit::Invalid => 2,
            Exit::CouldNotRun => 3,
            Exit::Failed => 4,
            Exit::Stopped(signal) => SIGNALS_FROM + signal.number(),
        })
    }
}
