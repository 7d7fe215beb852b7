//! Files that tests write: each module has a folder of its own, so that tests that run at the same time do not overwrite each other's.

use std::path::{Path, PathBuf};

/// The folder of a module.
pub fn folder(module: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(module);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// An empty folder inside the folder of a module.
pub fn empty_folder(module: &str, name: &str) -> PathBuf {
    let folder = folder(module).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes a file into the folder of a module; its path.
pub fn file(module: &str, name: &str, text: &str) -> String {
    let path = folder(module).join(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

/// Text without the path of the module's folder, which differs between machines.
pub fn without_folder(module: &str, text: &str) -> String {
    text.replace(&format!("{}/", folder(module).display()), "")
}

/// Every file below `scenarios/`, sorted.
pub fn bundled_scenarios() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut found);
    found.sort();
    found
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}
