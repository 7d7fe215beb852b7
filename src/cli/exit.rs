//! Exit codes.

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
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Usage => 1,
            Exit::Invalid => 2,
            Exit::CouldNotRun => 3,
            Exit::Failed => 4,
        })
    }
}
