//! Cli room: files that a run leaves behind: which are asked for, what they are called, and what goes wrong with them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use clap::builder::BoolishValueParser;
use sha2::{Digest, Sha256};

use crate::language::files::Scenario;
use crate::runner::artifact_writer::ArtifactWriter;

use super::artifact_bundles::BundleWriter;
use super::artifact_golden::GoldenWriter;
use super::artifact_ledger::LedgerWriter;
use super::{Exit, fail, print};

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
    pub fn into_list(&self) -> Vec<Arc<dyn ArtifactWriter>> {
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

/// Characters of a file's name, before its extension.
const MAX_NAME: usize = 120;

/// Names for files of scenarios: each scenario has its own, and the same in every run.
#[derive(Debug, Default)]
pub struct FileNames(Mutex<BTreeSet<String>>);

impl FileNames {
    /// The name of a scenario's file, without an extension.
    pub fn of(&self, scenario: &Scenario) -> String {
        let file = Path::new(&scenario.file).with_extension("");
        // Where a project lies on a machine is no part of a name.
        let file = if file.is_absolute() { file.file_name().map(PathBuf::from).unwrap_or_default() } else { file };
        let words = told_apart(&format!("{} {}", file.display(), scenario.name));
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = |name: &String| !taken.contains(name);
        let numbered = (2u64..).map(|number| format!("{words}-{number}"));
        let name = std::iter::once(words.clone()).chain(numbered).find(free).unwrap_or_default();
        taken.insert(name.clone());
        name
    }
}

/// A slug that only this text has: where some of it is lost, a part of its checksum stands in for that.
fn told_apart(text: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || " /.-_".contains(c);
    match text.chars().all(is_kept) && text.len() <= MAX_NAME {
        true => slug(text),
        false => format!("{}-{}", slug(text), &hex::encode(Sha256::digest(text))[..8]),
    }
}

/// Letters and digits, with a dash for whatever stands between them.
fn slug(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(MAX_NAME).collect()
}

/// Writes a file, and the folders that it lies in.
///
/// # Errors
/// What could not be written, and why.
pub fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    std::fs::write(path, content).map_err(wrong)
}

/// What went wrong with files while a run went on: the first is told at the end.
#[derive(Debug, Default)]
pub struct FirstWriteError(Mutex<Option<String>>);

impl FirstWriteError {
    /// Notes how the writing of a file went.
    pub fn note(&self, written: Result<(), String>) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *first = first.take().or(written.err());
    }

    /// The first that went wrong.
    ///
    /// # Errors
    /// Something went wrong.
    pub fn first(&self) -> Result<(), String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_has_letters_digits_and_dashes() {
        assert_eq!(slug("../a b/c.yaml: it [routing: x@2023-09]"), "a-b-c-yaml-it-routing-x-2023-09");
        assert_eq!(slug(&"long ".repeat(99)).len(), super::MAX_NAME);
    }
}
