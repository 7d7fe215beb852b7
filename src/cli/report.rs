//! `report`: works with the reports of runs.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::report::{ShardReport, merge};
use crate::text::bounded_file;

use super::exit::Exit;
use super::output_files::write_file;
use super::terminal::{fail, print};

/// The most bytes of a report.
const MAX_REPORT: u64 = 256 * 1024 * 1024;

/// Put reports of runs together
#[derive(Debug, Args)]
pub struct ReportCommand {
    #[command(subcommand)]
    command: ReportSubcommands,
}

#[derive(Debug, Subcommand)]
enum ReportSubcommands {
    /// Merge the reports of shards into one
    Merge(MergeArgs),
}

#[derive(Debug, Args)]
struct MergeArgs {
    /// The reports: all JUnit XML, or all JSON Lines.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The file to write; standard output if it is left out.
    #[arg(long, short, value_name = "FILE", env = "GRAPHDOUBLE_MERGED")]
    output: Option<PathBuf>,
}

impl ReportCommand {
    pub fn execute(&self) -> Exit {
        let ReportSubcommands::Merge(merge) = &self.command;
        merge.execute()
    }
}

impl MergeArgs {
    fn execute(&self) -> Exit {
        let reports = match self.files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>() {
            Ok(reports) => reports,
            Err(error) => return fail(Exit::CouldNotRun, &error),
        };
        let merged = match merge(&reports) {
            Ok(merged) => merged,
            Err(error) => return fail(Exit::Invalid, &error),
        };
        match &self.output {
            None => print(merged.trim_end()),
            Some(file) => {
                if let Err(error) = write_file(file, merged.as_bytes()) {
                    return fail(Exit::CouldNotRun, &error);
                }
            }
        }
        Exit::Ok
    }
}

fn read(file: &Path) -> Result<ShardReport, String> {
    let text = bounded_file::read_text(file, MAX_REPORT)?;
    Ok(ShardReport { name: file.display().to_string(), text })
}
