//! `replay`: runs a failed scenario again from its bundle.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

use crate::archive::Bundle;
use crate::runner;
use crate::text::printable::{for_log, without_commands};
use crate::text::unified_diff::unified_diff;

use super::bundle_file::read_bundle;
use super::exit::Exit;
use super::terminal::{fail, print, use_colors};

/// Run a failed scenario again from its bundle, without the bot
///
/// The bundle holds everything that the bot did. The command exits with 0 if the scenario fails in the same way again.
#[derive(Debug, Args)]
pub struct ReplayCommand {
    /// The bundle file. `graphdouble run` prints its path below the failure.
    bundle: PathBuf,
    /// Print everything that happened in the scenario.
    #[arg(long, short, env = "GRAPHDOUBLE_VERBOSE", value_parser = BoolishValueParser::new())]
    verbose: bool,
}

impl ReplayCommand {
    pub async fn execute(self) -> Exit {
        let bundle = match read_bundle(&self.bundle) {
            Ok(bundle) => bundle,
            Err(exit) => return exit,
        };
        let (scenario, first) = match bundle.open() {
            Ok(opened) => opened,
            Err(broken) => return fail(Exit::Invalid, &format!("{}: {broken}", self.bundle.display())),
        };
        print(&for_log(&format!("{}: {}", bundle.file, bundle.scenario)));
        let (report, _) = runner::replay(&scenario, first).await;
        if self.verbose {
            print(&for_log(report.transcript.trim_end()));
        }
        if let Some(failure) = &report.failure {
            print(&without_commands(&format!("\n{}\n", failure.render(use_colors()))));
        }
        if let Some(output) = bundle.output.as_ref().filter(|output| !output.is_empty()) {
            print(&for_log(&format!("the bot printed in the first run:\n{output}")));
        }
        self.compare(&bundle, &Bundle::transcript_of(&report))
    }

    fn compare(&self, bundle: &Bundle, again: &str) -> Exit {
        let once = bundle.transcript();
        if once == again {
            print(&format!("same: {} entries, and the same failure", bundle.entries()));
            return Exit::Ok;
        }
        let diff = unified_diff(&once, again, &self.bundle.display().to_string(), "this replay");
        print(&for_log(&format!("{diff}differs")));
        Exit::Failed
    }
}
