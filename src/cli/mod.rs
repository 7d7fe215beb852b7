//! The command line: one file for each subcommand, and one for each group of flags that several of them share
//! (`*_args.rs`).
//!
//! Only `main.rs` uses this room. To add a subcommand, add a file with its flags and its `execute`, a variant of
//! `Subcommands` and an arm in `main`.

mod app_args;
mod artifact_args;
mod artifact_bundles;
mod artifact_golden;
mod artifact_ledger;
mod bot_copies;
mod bot_environment;
mod bundle_file;
mod check;
mod compare;
mod control_client;
mod delivery_args;
mod demo_world;
mod errors;
mod exit;
mod explain;
mod explain_server;
mod fault_args;
mod file_watcher;
mod golden_file;
mod healthcheck;
mod html_report;
mod inspect;
mod inspect_hold;
mod lint_level_args;
mod lints;
mod listen_args;
mod load;
mod load_result;
mod memory_args;
mod open_browser;
mod output_files;
mod read_args;
mod ready_line;
mod real_duration;
mod replay;
mod report;
mod report_args;
mod rules;
mod run;
mod run_watch;
mod scenario_files;
mod schema;
mod serve;
mod serve_lines;
mod serve_log;
mod started;
mod stop;
mod suite_args;
mod table_format;
mod terminal;
mod threads;
#[cfg(feature = "tls")]
mod tls_args;
mod watch_args;

use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{ColorChoice, Command, CommandFactory, FromArgMatches, Parser, Subcommand};

use self::exit::Exit;
use self::started::Started;
use self::stop::until_stopped;
use self::terminal::colors_on;

/// A local stand-in for Meta's Graph API, for testing Messenger bots.
///
/// A world file declares apps, pages and people. `graphdouble serve` answers Graph API calls in that world and sends
/// webhooks to your bot. A scenario file lists steps and expectations, and `graphdouble run` runs them against your bot.
/// An app without a webhook URL is a puppet: graphdouble plays it, so that a scenario can also run without a bot.
#[derive(Debug, Parser)]
#[command(name = "graphdouble", version)]
#[command(after_help = "\
Exit codes:
  0  everything passed
  1  the command line is wrong
  2  a file is invalid
  3  the command could not run
  4  an expectation failed, a denied lint found something, or a denied difference was found
  130, 143, 129, 131  SIGINT, SIGTERM, SIGHUP or SIGQUIT stopped the command before it was over")]
struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    Serve(Box<serve::ServeCommand>),
    Run(Box<run::RunCommand>),
    Load(Box<load::LoadCommand>),
    Replay(replay::ReplayCommand),
    Inspect(Box<inspect::InspectCommand>),
    Report(report::ReportCommand),
    Compare(compare::CompareCommand),
    Check(check::CheckCommand),
    Explain(explain::ExplainCommand),
    Schema(schema::SchemaCommand),
    Rules(rules::RulesCommand),
    Lints(lints::LintsCommand),
    Errors(errors::ErrorsCommand),
    Healthcheck(healthcheck::HealthcheckCommand),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let early = Started::early();
    let arguments = match parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let failed = error.use_stderr();
            // If printing fails, there is no other place to report it.
            error.print().unwrap_or_default();
            return if failed { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(colors_on(&std::io::stderr()))
        .without_time()
        .with_target(false)
        .with_max_level(tracing::Level::WARN)
        .init();
    let exit = match arguments.command {
        Subcommands::Serve(serve) => Started::run(early, |signals| serve.execute(signals)),
        Subcommands::Run(run) => Started::run(early, |signals| run.execute(signals)),
        Subcommands::Load(load) => Started::run(early, |signals| load.execute(signals)),
        Subcommands::Replay(replay) => Started::run(early, |signals| until_stopped(signals, replay.execute())),
        Subcommands::Inspect(inspect) => Started::run(early, |signals| inspect.execute(signals)),
        Subcommands::Report(report) => report.execute(),
        Subcommands::Compare(compare) => Started::run(early, |signals| until_stopped(signals, compare.execute())),
        Subcommands::Check(check) => check.execute(),
        Subcommands::Explain(explain) => Started::run(early, |signals| until_stopped(signals, explain.execute())),
        Subcommands::Schema(schema) => schema.execute(),
        Subcommands::Rules(rules) => rules.execute(),
        Subcommands::Lints(lints) => lints.execute(),
        Subcommands::Errors(errors) => errors.execute(),
        Subcommands::Healthcheck(healthcheck) => healthcheck.execute(),
    };
    terminal::exit_after_printing(exit).into()
}

/// Reads the command line and its environment.
fn parse() -> Result<Arguments, clap::Error> {
    // What is printed for people goes to both, and has colours only if both are terminals.
    let colors = colors_on(&std::io::stdout()) && colors_on(&std::io::stderr());
    let color = if colors { ColorChoice::Always } else { ColorChoice::Never };
    let mut command = without_empty_variables(Arguments::command().color(color));
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// A variable that is there and empty, as compose files leave it, is as good as none.
fn without_empty_variables(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let variable = arg.get_env().and_then(std::env::var_os);
        if variable.is_some_and(|value| value.is_empty()) { arg.env(Resettable::Reset) } else { arg }
    });
    command.mut_subcommands(without_empty_variables)
}
