//! `run --watch`: runs, waits until a file changes, and runs again.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::text::source::SourceText;

use super::exit::Exit;
use super::file_watcher::FileWatcher;
use super::stop::{SignalStop, stdin_end};
use super::terminal::{fail, print_raw};

/// Clears a terminal and what was scrolled out of it.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J\u{1b}[3J";

/// A command that can run again.
pub trait WatchedRun {
    /// Reads the files and runs once.
    async fn run_once(&self, stop: &SignalStop) -> RanOnce;
    /// The files and folders with scenarios.
    fn scenarios(&self) -> &[PathBuf];
    /// What else is watched.
    fn others(&self) -> Vec<PathBuf>;
    /// What a run writes. Nobody is to take it for a change.
    fn outputs(&self) -> Vec<PathBuf>;
    /// Prints a line for people.
    fn print_note(&self, text: &str);
}

/// How one run went, and the files that it has read.
pub struct RanOnce {
    pub exit: Exit,
    pub sources: Vec<Arc<SourceText>>,
}

/// Runs again and again. Files are watched before they are read, so that no change is missed. The exit is that of the last run; a signal
/// that comes between two runs does not change it.
pub async fn watch(run: &impl WatchedRun, stop: &SignalStop) -> Exit {
    let could_not = |error: String| fail(Exit::CouldNotRun, &format!("--watch: {error}"));
    let mut watcher = match FileWatcher::start(run.outputs()) {
        Ok(watcher) => watcher,
        Err(error) => return could_not(error),
    };
    // A terminal is not read: in the background that would stop the process.
    let stdin_ended = async {
        match std::io::stdin().is_terminal() {
            true => std::future::pending().await,
            false => stdin_end().await,
        }
    };
    tokio::pin!(stdin_ended);
    let mut sources: Vec<Arc<SourceText>> = Vec::new();
    for round in 1u64.. {
        let watched = watcher.watch(run.scenarios(), &run.others(), &paths_of(&sources));
        if let Err(error) = watched {
            return could_not(error);
        }
        if std::io::stdout().is_terminal() {
            print_raw(CLEAR);
        }
        let ran = run.run_once(stop).await;
        if stop.switch.is_stopped() {
            return ran.exit;
        }
        // Later a change of a file may lead to this, such as a world that has lost an app, and another may mend it.
        if ran.exit == Exit::Usage && round == 1 {
            return Exit::Usage;
        }
        // What was read for the first time was not watched while it was read.
        let is_new = |source: &&Arc<SourceText>| !sources.iter().any(|known| known.path == source.path);
        let new: Vec<Arc<SourceText>> = ran.sources.iter().filter(is_new).cloned().collect();
        sources.extend(new.iter().cloned());
        if let Err(error) = watcher.watch(run.scenarios(), &run.others(), &paths_of(&sources)) {
            return could_not(error);
        }
        if new.iter().any(|source| has_changed(source)) {
            continue;
        }
        run.print_note("\nwatching: the next change starts a run; Ctrl-C ends");
        let changed = tokio::select! {
            changed = watcher.changed() => changed,
            () = stop.switch.stopped() => return ran.exit,
            () = &mut stdin_ended => return ran.exit,
        };
        run.print_note(&format!("changed: {}", changed.display()));
    }
    Exit::Ok
}

fn paths_of(sources: &[Arc<SourceText>]) -> Vec<&Path> {
    sources.iter().filter_map(|source| source.path.as_deref()).collect()
}

/// True if a file is no longer as it was read.
fn has_changed(source: &SourceText) -> bool {
    let Some(path) = &source.path else { return false };
    std::fs::read_to_string(path).map_or(true, |text| text != source.text)
}
