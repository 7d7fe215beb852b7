//! Watches files: says when one of them changes, without asking the disk again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout_at};

use super::scenario_files::{is_not_of_project, is_yaml};

/// The most folders that are watched.
const MAX_FOLDERS: usize = 10_000;
/// An editor writes a file in several steps. They are over if nothing more happens for so long.
const QUIET: Duration = Duration::from_millis(30);
/// How long the steps of one change may go on.
const MAX_CHANGE: Duration = Duration::from_millis(500);

/// Watches the folders in which files may change. A file itself is not watched: many editors put a new one in its place.
pub struct FileWatcher {
    watcher: RecommendedWatcher,
    changed: UnboundedReceiver<PathBuf>,
    folders: BTreeMap<PathBuf, Interest>,
    /// Files and folders that the run itself writes.
    outputs: Vec<PathBuf>,
}

/// What matters in a folder.
#[derive(Debug, Default)]
struct Interest {
    everything: bool,
    yaml: bool,
    files: BTreeSet<OsString>,
}

impl FileWatcher {
    /// A watcher that does not care for these outputs.
    pub fn start(outputs: Vec<PathBuf>) -> Result<Self, String> {
        let (sender, changed) = unbounded_channel();
        let on_event = move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if !event.kind.is_access() {
                // Nobody waits for changes any more.
                event.paths.into_iter().for_each(|path| sender.send(path).unwrap_or_default());
            }
        };
        let watcher = notify::recommended_watcher(on_event).map_err(|error| error.to_string())?;
        let outputs = outputs.iter().map(|path| canonical(path)).collect();
        Ok(Self { watcher, changed, folders: BTreeMap::new(), outputs })
    }

    /// Watches these scenarios and folders of scenarios, these other files and folders, and these files. Folders that have
    /// come are added.
    pub fn watch(&mut self, scenarios: &[PathBuf], others: &[PathBuf], files: &[&Path]) -> Result<(), String> {
        let mut folders = BTreeMap::new();
        for path in scenarios {
            add(&mut folders, path, |interest| interest.yaml = true)?;
        }
        for path in others {
            add(&mut folders, path, |interest| interest.everything = true)?;
        }
        files.iter().for_each(|path| add_file(&mut folders, path));
        for gone in self.folders.keys().filter(|folder| !folders.contains_key(*folder)) {
            // It may not be there any more.
            self.watcher.unwatch(gone).unwrap_or_default();
        }
        for folder in folders.keys() {
            let watched = self.watcher.watch(folder, RecursiveMode::NonRecursive);
            watched.map_err(|error| format!("cannot watch {}: {error}", folder.display()))?;
        }
        self.folders = folders;
        Ok(())
    }

    /// Waits until something has changed, and the change is over. Returns the first path.
    pub async fn changed(&mut self) -> PathBuf {
        let first = loop {
            match self.changed.recv().await {
                Some(path) if self.matters(&path) => break path,
                Some(_) => {}
                // The watcher holds the other end.
                None => pending().await,
            }
        };
        let deadline = Instant::now() + MAX_CHANGE;
        while timeout_at(deadline.min(Instant::now() + QUIET), self.changed.recv()).await.is_ok() {}
        first
    }

    fn matters(&self, path: &Path) -> bool {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
        let Some(interest) = self.folders.get(folder) else { return false };
        if is_not_of_project(name) || self.outputs.iter().any(|output| path.starts_with(output)) {
            return false;
        }
        // A folder that is gone has left nothing but a name without an ending.
        let may_be_folder = || path.is_dir() || path.extension().is_none();
        interest.everything || interest.files.contains(name) || (interest.yaml && (is_yaml(path) || may_be_folder()))
    }
}

/// Adds a file, or a folder with all folders in it.
fn add(
    folders: &mut BTreeMap<PathBuf, Interest>,
    path: &Path,
    interest: impl Fn(&mut Interest) + Copy,
) -> Result<(), String> {
    if !path.is_dir() {
        if !path.exists() && !folder_of(path).is_dir() {
            return Err(format!("there is no file or folder {}", path.display()));
        }
        add_file(folders, path);
        return Ok(());
    }
    let mut left = vec![canonical(path)];
    while let Some(folder) = left.pop() {
        if folders.len() >= MAX_FOLDERS {
            return Err(format!("{} has more than {MAX_FOLDERS} folders", path.display()));
        }
        // A folder that cannot be read has no files to run.
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let inside = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        left.extend(inside.filter(|entry| !is_not_of_project(&entry.file_name())).map(|entry| entry.path()));
        interest(folders.entry(folder).or_default());
    }
    Ok(())
}

fn add_file(folders: &mut BTreeMap<PathBuf, Interest>, path: &Path) {
    let folder = canonical(folder_of(path));
    if let (true, Some(name)) = (folder.is_dir(), path.file_name()) {
        folders.entry(folder).or_default().files.insert(name.to_owned());
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The path by which the system names a file in its events.
fn canonical(path: &Path) -> PathBuf {
    let whole = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.canonicalize().unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(_), Some(name)) => folder_of(path).canonicalize().map_or_else(|_| whole(), |folder| folder.join(name)),
        _ => whole(),
    })
}
