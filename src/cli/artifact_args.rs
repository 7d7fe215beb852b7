//! Flags for the files that a run writes beside its reports: ledgers, transcripts and bundles.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;

use crate::runner::artifact_writer::ArtifactWriter;

use super::artifact_bundles::{BUNDLE_END, BundleWriter};
use super::artifact_golden::GoldenWriter;
use super::artifact_ledger::{LEDGER_END, LedgerWriter, is_one_file};
use super::exit::Exit;
use super::output_files::CommandOutput;
use super::terminal::{fail, print};

/// Files that a run writes.
#[derive(Debug, Clone, Args)]
pub struct ArtifactArgs {
    /// Write the ledger of each scenario as JSON Lines. A path that ends with .jsonl is one file for all scenarios; any
    /// other path is a folder with one file per scenario.
    ///
    /// The ledger lists everything that happened: Graph calls, webhooks and the rules behind them.
    #[arg(long, env = "GRAPHDOUBLE_LEDGER", value_name = "FILE|DIR")]
    ledger: Option<PathBuf>,
    /// Save a transcript of each scenario in a folder __transcripts__ beside its file. Later runs without --bless
    /// compare with it and fail if anything differs.
    #[arg(long, env = "GRAPHDOUBLE_BLESS", value_parser = BoolishValueParser::new())]
    bless: bool,
    /// The folder in which a failed scenario leaves a bundle. `graphdouble replay BUNDLE` runs that scenario again
    /// without the bot. A folder that is not there is made, with a .gitignore of its own.
    #[arg(long, env = "GRAPHDOUBLE_BUNDLES", value_name = "DIR", default_value = "graphdouble-bundles")]
    bundles: PathBuf,
    /// Write no bundles.
    #[arg(long, env = "GRAPHDOUBLE_NO_BUNDLE", value_parser = BoolishValueParser::new())]
    no_bundle: bool,
}

/// The writers that the flags ask for.
#[derive(Debug)]
pub struct ArtifactWriters {
    ledger: Option<Arc<LedgerWriter>>,
    golden: Option<Arc<GoldenWriter>>,
    bundles: Option<Arc<BundleWriter>>,
}

impl ArtifactArgs {
    /// The file that is written whatever happens. The names of all others begin or end in their own way.
    pub fn file(&self) -> Option<&Path> {
        self.ledger.as_deref()
    }

    /// What the flags name, of which no other output may be a part.
    pub fn named(&self) -> impl Iterator<Item = CommandOutput> {
        let ledger = self.ledger.as_deref().map(|path| match is_one_file(path) {
            true => CommandOutput::file("--ledger", path),
            false => CommandOutput::folder("--ledger", path, LEDGER_END),
        });
        let bundles = (!self.no_bundle).then(|| CommandOutput::folder("--bundles", &*self.bundles, BUNDLE_END));
        ledger.into_iter().chain(bundles)
    }

    /// Files and folders that the writers write.
    pub fn outputs(&self) -> impl Iterator<Item = &Path> {
        self.ledger.as_deref().into_iter().chain([self.bundles.as_path()])
    }

    /// Creates the writers before a run begins. Transcripts are compared only if all apps are puppets, since a real app
    /// has its own timing.
    pub fn create_writers(&self, has_real_apps: bool, is_whole: bool) -> Result<ArtifactWriters, Exit> {
        if self.bless && has_real_apps {
            let message = "--bless works with puppets only: turn each real app into a puppet with --app NAME=puppet";
            return Err(fail(Exit::Usage, message));
        }
        let golden = (!has_real_apps).then(|| Arc::new(GoldenWriter::new(self.bless, is_whole)));
        let ledger = self.ledger.clone().map(LedgerWriter::new).map(Arc::new);
        let bundles = (!self.no_bundle).then(|| Arc::new(BundleWriter::new(self.bundles.clone())));
        Ok(ArtifactWriters { ledger, golden, bundles })
    }
}

impl ArtifactWriters {
    /// The writers in the order in which they see each scenario. Bundles come before transcripts, because a bundle
    /// holds the failure of the scenario itself. Ledgers come last, because they record whether the scenario passed.
    pub fn in_order(&self) -> Vec<Arc<dyn ArtifactWriter>> {
        let bundles = self.bundles.iter().map(|writer| writer.clone() as Arc<dyn ArtifactWriter>);
        let golden = self.golden.iter().map(|writer| writer.clone() as Arc<dyn ArtifactWriter>);
        let ledger = self.ledger.iter().map(|writer| writer.clone() as Arc<dyn ArtifactWriter>);
        bundles.chain(golden).chain(ledger).collect()
    }

    /// Writes the remaining files. The run fails if a file cannot be written. `is_whole` is false if scenarios were left out.
    pub fn finish(self, exit: Exit, is_whole: bool) -> Exit {
        let ledger = self.ledger.map_or(Ok(()), |writer| writer.finish());
        let stale = ledger.and_then(|()| self.golden.map_or(Ok(Vec::new()), |writer| writer.finish(is_whole)));
        match stale {
            Err(error) => fail(Exit::CouldNotRun, &error),
            Ok(stale) if stale.is_empty() => exit,
            Ok(stale) => {
                stale.iter().for_each(|line| print(&format!("stale: {line}")));
                print("`graphdouble run --bless` removes stale transcripts");
                Exit::Failed
            }
        }
    }
}
