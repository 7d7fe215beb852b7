//! Cli: the command line, one file per subcommand. Only `main` enters.

pub mod artifact_args;
pub mod artifact_bundles;
pub mod artifact_golden;
pub mod artifact_ledger;
mod check;
mod compare;
mod errors;
mod explain;
pub mod fault_args;
mod golden_file;
mod healthcheck;
pub mod lint_level_args;
mod lints;
mod replay;
pub mod report_args;
mod rules;
mod run;
pub mod scenario_files;
mod schema;
mod serve;
pub mod table_format;
#[cfg(feature = "tls")]
pub mod tls_args;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::domain::model::time::Span;
use crate::text::units::{DURATION_HELP, parse_duration};

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Ok,
    /// The command line makes no sense.
    Usage,
    /// A file is invalid.
    Invalid,
    /// It could not be run: a port is taken, a bot does not start.
    CouldNotRun,
    /// An expectation failed, a lint found what is denied, or something differs that must not.
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

#[derive(Debug, Parser)]
#[command(name = "graphdouble", version, about = "A local stand-in for Meta's Graph API, for testing Messenger bots")]
#[command(
    after_help = "Exit codes: 0 all passed, 1 usage, 2 a file is invalid, 3 could not run, 4 an expectation failed, a \
                  lint found what is denied, or something differs that must not."
)]
struct Arguments {
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Serve the Graph API and the control API.
    Serve(serve::ServeCommand),
    /// Run scenarios, with puppets or with a real bot.
    Run(Box<run::RunCommand>),
    /// Run a scenario that failed once more, out of the bundle that it left; no bot is needed.
    Replay(replay::ReplayCommand),
    /// Compare what scenarios come to under different routings: the rehearsal of a migration.
    Compare(compare::CompareCommand),
    /// Check world and scenario files without running them.
    Check(check::CheckCommand),
    /// Tell the story of a thread: who owns it and why, who was told what, and what each app may do now.
    Explain(explain::ExplainCommand),
    /// Print a JSON Schema, for editors.
    Schema(schema::SchemaCommand),
    /// Print the table of rules.
    Rules(rules::RulesCommand),
    /// Print the table of lints: what an app can do wrong though nothing fails.
    Lints(lints::LintsCommand),
    /// Print the catalogue of errors; a `fault` step answers any of them.
    Errors(errors::ErrorsCommand),
    /// Ask a server whether it is up; for the container's HEALTHCHECK.
    Healthcheck(healthcheck::HealthcheckCommand),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let failed = error.use_stderr();
            // Nothing can be said where nothing can be printed.
            error.print().unwrap_or_default();
            return if failed { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    match arguments.command {
        CliCommand::Serve(serve) => with_runtime(serve.execute()),
        CliCommand::Run(run) => with_runtime(run.execute()),
        CliCommand::Replay(replay) => with_runtime(replay.execute()),
        CliCommand::Compare(compare) => with_runtime(compare.execute()),
        CliCommand::Check(check) => check.execute(),
        CliCommand::Explain(explain) => with_runtime(explain.execute()),
        CliCommand::Schema(schema) => schema.execute(),
        CliCommand::Rules(rules) => rules.execute(),
        CliCommand::Lints(lints) => lints.execute(),
        CliCommand::Errors(errors) => errors.execute(),
        CliCommand::Healthcheck(healthcheck) => healthcheck.execute(),
    }
    .into()
}

fn with_runtime(task: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(task),
        Err(error) => fail(Exit::CouldNotRun, &format!("cannot start: {error}")),
    }
}

/// Says on standard error what is wrong.
fn fail(exit: Exit, message: &str) -> Exit {
    writeln!(std::io::stderr(), "graphdouble: {message}").unwrap_or_default();
    exit
}

/// Prints to standard output; a reader who went away is no mistake.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// Whether standard output takes colours.
fn colors() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A length of real time, as people write it.
fn parse_real_duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map(|Span(millis)| Duration::from_millis(millis)).ok_or_else(|| DURATION_HELP.to_owned())
}
