//! Which files a run reads. A scenario names its world, and the scenario may come from somebody else: what a mistake draws of a file must not be
//! a secret of the machine.

use std::path::{Path, PathBuf};

/// How the names of files end that are read.
const ENDINGS: &[&str] = &["yaml", "yml", "json"];

/// The folders below which files with the names of worlds and scenarios are read, and files that are read whatever their names are. All paths
/// are those that the links lead to.
#[derive(Debug, Clone, Default)]
pub struct ReadableFiles {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl ReadableFiles {
    /// The current folder, the named paths or the folders that they are in, and what is allowed besides. A named path that is a link adds
    /// nothing: it leads wherever it says.
    pub fn of(named: &[PathBuf], allowed: &[PathBuf]) -> Self {
        let mut readable = Self::default();
        readable.add(Path::new("."));
        for path in named.iter().filter(|path| !path.is_symlink()) {
            readable.add(path);
            match path.parent() {
                Some(folder) if !path.is_dir() && !folder.as_os_str().is_empty() => readable.add(folder),
                _ => {}
            }
        }
        allowed.iter().for_each(|path| readable.add(path));
        readable
    }

    fn add(&mut self, path: &Path) {
        match path.canonicalize() {
            Ok(folder) if folder.is_dir() => self.folders.push(folder),
            Ok(file) => self.files.push(file),
            // Whoever reads it says why it cannot be read.
            Err(_) => {}
        }
    }

    /// Fails if this file is not to be read.
    pub fn check(&self, path: &Path) -> Result<(), String> {
        let Ok(target) = path.canonicalize() else { return Ok(()) };
        if self.files.contains(&target) {
            return Ok(());
        }
        let ending = target.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !ENDINGS.contains(&ending) {
            return Err(format!("{} is not read: its name does not end in .yaml, .yml or .json", path.display()));
        }
        match self.folders.iter().any(|folder| target.starts_with(folder)) {
            true => Ok(()),
            false => Err(format!(
                "{} is not read: it is neither below the current folder nor below one of the command line. `--allow-read FOLDER` allows it",
                path.display()
            )),
        }
    }
}
