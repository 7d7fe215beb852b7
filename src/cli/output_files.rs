//! Files that a run writes: their names, how they are written, and the first error.

use std::collections::BTreeSet;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::language::files::Scenario;

/// The most characters of a file name before its extension.
const MAX_NAME: usize = 120;

/// Gives each scenario a file name of its own, the same in every run.
#[derive(Debug, Default)]
pub struct FileNames(Mutex<BTreeSet<String>>);

impl FileNames {
    /// The file name of a scenario, without an extension.
    pub fn of(&self, scenario: &Scenario) -> String {
        let file = Path::new(&scenario.file).with_extension("");
        // The folder of the project on this machine is not part of the name.
        let file = if file.is_absolute() { file.file_name().map(PathBuf::from).unwrap_or_default() } else { file };
        let words = unique_slug(&format!("{} {}", file.display(), scenario.name));
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = |name: &String| !taken.contains(name);
        let numbered = (2u64..).map(|number| format!("{words}-{number}"));
        let name = std::iter::once(words.clone()).chain(numbered).find(free).unwrap_or_default();
        taken.insert(name.clone());
        name
    }
}

/// A slug that is unique to this text. If the slug drops characters, a part of the text's checksum is appended.
fn unique_slug(text: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || " /.-_".contains(c);
    match text.chars().all(is_kept) && text.len() <= MAX_NAME {
        true => slug(text),
        false => format!("{}-{}", slug(text), &hex::encode(Sha256::digest(text))[..8]),
    }
}

/// The letters and digits of a text. Other characters become dashes.
fn slug(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(MAX_NAME).collect()
}

/// Writes a file and creates its folders.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| cannot_write(path, &error))?;
    }
    write_in_folder(path, content)
}

/// Writes a file into a folder that is there.
pub fn write_in_folder(path: &Path, content: &[u8]) -> Result<(), String> {
    replace(path, content).map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

/// Writes beside the file and then renames, so that a full disk leaves no half of a file in the place of a whole one. What is no regular
/// file, such as a terminal, is written to as it is.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let target = match std::fs::canonicalize(path) {
        Ok(target) if target.is_file() => target,
        Ok(other) => return std::fs::write(other, content),
        Err(_) => path.to_owned(),
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = std::fs::write(&beside, content).and_then(|()| std::fs::rename(&beside, &target));
    if written.is_err() {
        std::fs::remove_file(&beside).unwrap_or_default();
    }
    written
}

/// Fails if a file that is to be written is one of those that are read, by whatever name, or if nobody can write to it without waiting for
/// a reader.
pub fn check_not_read<'p>(written: impl IntoIterator<Item = &'p Path>, read: &BTreeSet<&Path>) -> Result<(), String> {
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
    let read: BTreeSet<(u64, u64)> = read.iter().filter_map(|path| identity(path)).collect();
    for path in written {
        if identity(path).is_some_and(|file| read.contains(&file)) {
            let name = path.display();
            return Err(format!("{name} is read by this run, and would be written over: name another file"));
        }
        if std::fs::metadata(path).is_ok_and(|file| file.file_type().is_fifo()) {
            return Err(format!("{} is a pipe, which may never be read: name a file", path.display()));
        }
    }
    Ok(())
}

/// Something that a command writes.
#[derive(Debug, Clone)]
pub struct CommandOutput {
    /// The flag that names it, as an error shows it.
    flag: String,
    path: PathBuf,
    /// How the files end that are written into the path. `None` if the path itself is a file.
    ending: Option<&'static str>,
}

impl CommandOutput {
    pub fn file(flag: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self { flag: flag.into(), path: path.into(), ending: None }
    }

    pub fn folder(flag: impl Into<String>, path: impl Into<PathBuf>, ending: &'static str) -> Self {
        Self { flag: flag.into(), path: path.into(), ending: Some(ending) }
    }

    /// True if both would write the same file. What is no regular file may be written to by several.
    fn meets(&self, other: &CommandOutput) -> bool {
        let is_file = |path: &Path| !path.exists() || path.is_file();
        let holds = |folder: &Path, ending: &str, file: &Path| {
            file.to_string_lossy().ends_with(ending)
                && file.parent().is_some_and(|parent| true_path(parent) == true_path(folder))
        };
        let is_same = || true_path(&self.path) == true_path(&other.path);
        match (self.ending, other.ending) {
            (None, None) => is_file(&self.path) && is_same(),
            (None, Some(ending)) => is_same() || holds(&other.path, ending, &self.path),
            (Some(ending), None) => is_same() || holds(&self.path, ending, &other.path),
            (Some(_), Some(_)) => false,
        }
    }
}

/// The path without links and detours. A file that is not there yet has a folder that is.
fn true_path(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let in_folder = || folder.canonicalize().ok().zip(path.file_name()).map(|(folder, name)| folder.join(name));
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// Fails if two outputs of a command would be written to the same file, by whatever name.
pub fn check_written_once(outputs: &[CommandOutput]) -> Result<(), String> {
    for (place, output) in outputs.iter().enumerate() {
        if let Some(other) = outputs[..place].iter().find(|other| other.meets(output)) {
            let file = if output.ending.is_none() { &output.path } else { &other.path };
            let (file, flag, other) = (file.display(), &output.flag, &other.flag);
            return Err(format!("{file} would be written twice, by {other} and by {flag}: name another file for one"));
        }
    }
    Ok(())
}

/// Makes a folder that version control ignores.
pub fn ignore_folder(folder: &Path) -> Result<(), String> {
    write_file(&folder.join(".gitignore"), b"*\n")
}

/// The first error while writing files during a run. It is reported at the end.
#[derive(Debug, Default)]
pub struct FirstWriteError(Mutex<Option<String>>);

impl FirstWriteError {
    pub fn note(&self, written: Result<(), String>) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *first = first.take().or(written.err());
    }

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
