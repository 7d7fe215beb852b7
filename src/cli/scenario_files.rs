//! Finds the YAML files below paths, and reads the scenarios in them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::language::files;
use crate::language::files::{FileContent, Scenario};
use crate::language::readable_files::ReadableFiles;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourceText;

use super::exit::Exit;
use super::read_args::ReadArgs;
use super::terminal::{fail, fail_invalid, note};

/// The most files in one folder tree.
const MAX_FILES: usize = 10_000;

/// The YAML files below paths, in the order of the paths. The files of a folder are sorted by name.
pub fn find_yaml_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => walk(path, &mut files)?,
            false if !path.exists() => {
                return Err(format!("cannot read {}: there is no such file or folder", path.display()));
            }
            false => files.push(path.clone()),
        }
    }
    if files.is_empty() {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(format!("there are no .yaml files in {}", paths.join(", ")));
    }
    Ok(files)
}

/// Why there is nothing to run. It has been printed.
#[derive(Debug)]
pub struct NotRead {
    pub exit: Exit,
    /// The files to mend, as far as they are known.
    pub sources: Vec<Arc<SourceText>>,
}

impl From<Exit> for NotRead {
    fn from(exit: Exit) -> Self {
        Self { exit, sources: Vec::new() }
    }
}

impl From<NotRead> for Exit {
    fn from(not_read: NotRead) -> Self {
        not_read.exit
    }
}

/// The files of scenarios and of their worlds, each once.
pub fn sources_of(scenarios: &[Scenario]) -> Vec<Arc<SourceText>> {
    let places = scenarios.iter().flat_map(|scenario| [&scenario.place, &scenario.world.place]);
    once(places.map(|place| place.source.clone()))
}

fn once(sources: impl Iterator<Item = Arc<SourceText>>) -> Vec<Arc<SourceText>> {
    let mut known = BTreeSet::new();
    sources.filter(|source| known.insert(Arc::as_ptr(source))).collect()
}

/// Reads all scenarios below paths whose file or name contains `filter`. Prints all mistakes if there are any.
pub fn read_scenarios(paths: &[PathBuf], reading: &ReadArgs, filter: Option<&str>) -> Result<Vec<Scenario>, NotRead> {
    let readable = ReadableFiles::of(paths, &reading.allow_read);
    let is_named = |path: &PathBuf| paths.contains(path);
    let found = find_yaml_files(paths).map_err(|error| fail(Exit::CouldNotRun, &error))?;
    let mut scenarios = Vec::new();
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    for path in &found {
        // Whoever names a world wants it to be run. Beside scenarios in a folder it is where it belongs.
        let content = match is_named(path) {
            true => files::check_file(path, None, &readable).map(FileContent::Scenarios),
            false => files::read_any(path, &readable),
        };
        match content {
            Ok(FileContent::Scenarios(read)) => scenarios.extend(read),
            Ok(FileContent::World) => note(&format!("{} is a world and has no scenarios", path.display())),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        let sources = once(mistakes.iter().map(|mistake| mistake.place.source.clone()));
        return Err(NotRead { exit: fail_invalid(&mistakes), sources });
    }
    if let Some(filter) = filter {
        scenarios.retain(|scenario| scenario.name.contains(filter) || scenario.file.contains(filter));
    }
    match (scenarios.is_empty(), filter) {
        (false, _) => Ok(scenarios),
        (true, None) => Err(fail(Exit::Usage, "there is no scenario to run").into()),
        (true, Some(filter)) => {
            let message = format!("there is no scenario to run: no file or name contains `{filter}`, as --filter says");
            Err(fail(Exit::Usage, &message).into())
        }
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let error = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        entries.push(entry.map_err(error)?.path());
    }
    entries.sort();
    for path in entries {
        if files.len() > MAX_FILES {
            return Err(format!("{} has more than {MAX_FILES} files", folder.display()));
        }
        if path.file_name().is_some_and(is_not_of_project) {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            walk(&path, files)?;
        } else if is_yaml(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// True for folders of tools and for installed packages.
pub fn is_not_of_project(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || matches!(&*name, "node_modules" | "__pycache__")
}

/// True if the name of a file ends as those of scenarios and worlds do.
pub fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
