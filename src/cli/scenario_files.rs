//! Finds the YAML files below paths, and reads the scenarios in them.

use std::path::{Path, PathBuf};

use crate::language::files;
use crate::language::files::{FileContent, Scenario};
use crate::text::diagnostic::Diagnostic;

use super::exit::Exit;
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

/// Reads all scenarios below paths whose file or name contains `filter`. Prints all mistakes if there are any.
pub fn read_scenarios(paths: &[PathBuf], filter: Option<&str>) -> Result<Vec<Scenario>, Exit> {
    let is_named = |path: &PathBuf| paths.contains(path);
    let found = find_yaml_files(paths).map_err(|error| fail(Exit::CouldNotRun, &error))?;
    let mut scenarios = Vec::new();
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    for path in &found {
        // Whoever names a world wants it to be run. Beside scenarios in a folder it is where it belongs.
        let content =
            if is_named(path) { files::read(path).map(FileContent::Scenarios) } else { files::read_any(path) };
        match content {
            Ok(FileContent::Scenarios(read)) => scenarios.extend(read),
            Ok(FileContent::World) => note(&format!("{} is a world and has no scenarios", path.display())),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(fail_invalid(&mistakes));
    }
    if let Some(filter) = filter {
        scenarios.retain(|scenario| scenario.name.contains(filter) || scenario.file.contains(filter));
    }
    match (scenarios.is_empty(), filter) {
        (false, _) => Ok(scenarios),
        (true, None) => Err(fail(Exit::Usage, "there is no scenario to run")),
        (true, Some(filter)) => {
            let message = format!("there is no scenario to run: no file or name contains `{filter}`, as --filter says");
            Err(fail(Exit::Usage, &message))
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
        if path.file_name().is_some_and(|name| is_not_of_project(&name.to_string_lossy())) {
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

/// True for folders of tools and for installed packages.
fn is_not_of_project(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}
