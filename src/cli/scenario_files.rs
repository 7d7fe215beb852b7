//! Cli room: which files a list of paths means, and which scenarios are in them.

use std::path::{Path, PathBuf};

use crate::language::files;
use crate::language::files::Scenario;
use crate::text::diagnostic::Diagnostic;

use super::exit::Exit;
use super::terminal::{fail, fail_invalid};

/// Files in one folder tree.
const MAX_FILES: usize = 10_000;

/// The YAML files of paths, in the order of the paths, folders sorted by name.
pub fn collect(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => walk(path, &mut files)?,
            false if !path.exists() => return Err(format!("cannot read {}: it is not there", path.display())),
            false => files.push(path.clone()),
        }
    }
    if files.is_empty() {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(format!("there are no .yaml files in {}", paths.join(", ")));
    }
    Ok(files)
}

/// The scenarios of paths, of which `filter` may name a part. What is wrong is said before this returns.
pub fn read_scenarios(paths: &[PathBuf], filter: Option<&str>) -> Result<Vec<Scenario>, Exit> {
    let paths = collect(paths).map_err(|error| fail(Exit::CouldNotRun, &error))?;
    let mut scenarios = Vec::new();
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    for path in &paths {
        match files::read(path) {
            Ok(read) => scenarios.extend(read),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(fail_invalid(&mistakes));
    }
    if let Some(filter) = filter {
        scenarios.retain(|scenario| scenario.name.contains(filter) || scenario.file.contains(filter));
    }
    match scenarios.is_empty() {
        true => Err(fail(Exit::Usage, "no scenario is left to run")),
        false => Ok(scenarios),
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
        if path.file_name().is_some_and(|name| is_foreign(&name.to_string_lossy())) {
            continue;
        }
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if path.is_dir() && !path.is_symlink() {
            walk(&path, files)?;
        } else if is_yaml {
            files.push(path);
        }
    }
    Ok(())
}

/// What stands in a project beside its own files: settings of tools, and other people's packages.
fn is_foreign(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}
