//! Cli room: files that a run leaves behind: which are asked for, what they are called, and what goes wrong with them.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;

use crate::runner::artifact_writer::ArtifactWriter;

use super::artifact_bundles::BundleWriter;
use super::artifact_golden::GoldenWriter;
use super::artifact_ledger::LedgerWriter;
use super::exit::Exit;
use super::terminal::{fail, print};

/// What a run leaves behind.
#[derive(Debug, Clone, Args)]
pub struct ArtifactArgs {
    /// Where the ledger of each scenario is written as JSON Lines: one file if it ends with .jsonl, else a folder with a file for each.
    #[arg(long, env = "GRAPHDOUBLE_LEDGER", value_name = "FILE|DIR")]
    ledger: Option<PathBuf>,
    /// Write what happened in each scenario to __transcripts__ beside its file; runs without this compare with what is written there.
    #[arg(long, env = "GRAPHDOUBLE_BLESS", value_parser = BoolishValueParser::new())]
    bless: bool,
    /// Where a scenario that fails leaves a bundle, with which `replay` runs it once more.
    #[arg(long, env = "GRAPHDOUBLE_BUNDLES", value_name = "DIR", default_value = "target/graphdouble")]
    bundles: PathBuf,
    /// Leave no bundles.
    #[arg(long, env = "GRAPHDOUBLE_NO_BUNDLE", value_parser = BoolishValueParser::new())]
    no_bundle: bool,
}

/// Those who keep something of a run.
#[derive(Debug)]
pub struct ArtifactWriters {
    ledger: Option<Arc<LedgerWriter>>,
    golden: Option<Arc<GoldenWriter>>,
    bundles: Option<Arc<BundleWriter>>,
}

impl ArtifactArgs {
    /// Before a run begins. What happens with real apps depends on them and on their timing, so transcripts are of puppets.
    ///
    /// # Errors
    /// Something is asked for that makes no sense.
    pub fn begin(&self, has_real_apps: bool, is_whole: bool) -> Result<ArtifactWriters, Exit> {
        if self.bless && has_real_apps {
            let message = "--bless writes what happens with puppets: play the real apps with --app NAME=puppet";
            return Err(fail(Exit::Usage, message));
        }
        let golden = (!has_real_apps).then(|| Arc::new(GoldenWriter::new(self.bless, is_whole)));
        let ledger = self.ledger.clone().map(LedgerWriter::new).map(Arc::new);
        let bundles = (!self.no_bundle).then(|| Arc::new(BundleWriter::new(self.bundles.clone())));
        Ok(ArtifactWriters { ledger, golden, bundles })
    }
}

impl ArtifactWriters {
    /// Who looks at each scenario, one after the other. A bundle is of what went wrong on the session, so it comes before transcripts are
    /// compared; the ledger's file says whether all went well.
    pub fn in_order(&self) -> Vec<Arc<dyn ArtifactWriter>> {
        let bundles = self.bundles.iter().map(|writer| writer.clone() as Arc<dyn ArtifactWriter>);
        let golden = self.golden.iter().map(|writer| writer.clone() as Arc<dyn ArtifactWriter>);
        let ledger = self.ledger.iter().map(|writer| writer.clone() as Arc<dyn ArtifactWriter>);
        bundles.chain(golden).chain(ledger).collect()
    }

    /// Writes what is left to write. A run that could not leave what it should is none.
    pub fn finish(self, exit: Exit) -> Exit {
        let ledger = self.ledger.map_or(Ok(()), |writer| writer.finish());
        let stale = ledger.and_then(|()| self.golden.map_or(Ok(Vec::new()), |writer| writer.finish()));
        match stale {
            Err(error) => fail(Exit::CouldNotRun, &error),
            Ok(stale) if stale.is_empty() => exit,
            Ok(stale) => {
                stale.iter().for_each(|line| print(&format!("stale: {line}")));
                print("`graphdouble run --bless` takes stale transcripts out");
                Exit::Failed
            }
        }
    }
}
