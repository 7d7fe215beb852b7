//! What a run leaves behind: ledgers, golden transcripts, bundles.

mod bundles;
mod golden;
#[cfg(feature = "inspector")]
mod inspect;
mod ledger;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::files;

const WORLD: &str = "
world:
  apps: { support: { id: 1001 }, sales: { id: 1002 } }
  pages: { bakery: { id: 2001, default_app: support, apps: { support: {}, sales: {} } } }
  people: { alice: { psids: { bakery: 3001 } } }
scenarios:
";

/// An empty folder of one test's own, in which the binary runs.
struct WorkFolder(PathBuf);

impl WorkFolder {
    fn new(name: &str) -> Self {
        Self(files::empty_folder("artifacts", name))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Writes a scenario file with these scenarios.
    fn scenarios(&self, name: &str, scenarios: &[&str]) {
        let scenarios: String = scenarios.iter().map(|scenario| format!("  - {scenario}\n")).collect();
        self.write(name, &format!("{WORLD}{scenarios}"));
    }

    /// Runs the binary; its exit code, and what it printed.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = command(&self.0, arguments);
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
    }

    /// Files below a folder, sorted.
    fn files(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
        names.sort();
        names
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_graphdouble");
    Command::new(binary).args(arguments).current_dir(folder).env("NO_COLOR", "1").output().expect("the binary")
}
