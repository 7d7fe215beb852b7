//! `check`: finds all mistakes in world and scenario files without running them.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::language::account_notes::account_notes;
use crate::language::readable_files::ReadableFiles;
use crate::language::silent_fields::silent_fields;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::language::{Node, files};
use crate::text::diagnostic::Diagnostic;

use super::exit::Exit;
use super::read_args::ReadArgs;
use super::scenario_files::find_yaml_files;
use super::terminal::{fail, fail_invalid, note, print};

/// Check world and scenario files without running them
#[derive(Debug, Args)]
pub struct CheckCommand {
    /// World files, scenario files, and folders that hold them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// An app that a run makes real with its own --app. A step of a real app need not say whose thread it means.
    #[arg(long = "app", value_name = "NAME")]
    apps: Vec<String>,
    #[command(flatten)]
    reading: ReadArgs,
}

impl CheckCommand {
    pub fn execute(&self) -> Exit {
        let files = match find_yaml_files(&self.paths) {
            Ok(files) => files,
            Err(error) => return fail(Exit::CouldNotRun, &error),
        };
        let readable = ReadableFiles::of(&self.paths, &self.reading.allow_read);
        let mut mistakes = Vec::new();
        for file in &files {
            match check(file, &self.apps, &readable) {
                Ok(found) => mistakes.extend(found),
                Err(error) => return fail(Exit::CouldNotRun, &error),
            }
        }
        if mistakes.is_empty() {
            print(&match files.len() {
                1 => "1 file is valid".to_owned(),
                count => format!("{count} files are valid"),
            });
            return Exit::Ok;
        }
        fail_invalid(&mistakes)
    }
}

/// A file with the key `scenarios` or `world` is a scenario file. Any other file is a world.
fn check(path: &Path, apps: &[String], readable: &ReadableFiles) -> Result<Vec<Diagnostic>, String> {
    let source = files::read_source(path, readable)?;
    let node = match Node::parse(&source) {
        Ok(node) => node,
        Err(mistake) => return Ok(vec![mistake]),
    };
    silent_fields(&node).iter().chain(&account_notes(&node)).for_each(|found| note(&found.one_line()));
    let is_scenario_file = node.get("scenarios").is_some() || node.get("world").is_some();
    Ok(match is_scenario_file {
        true => files::check_file(path, Some(apps), readable).err().unwrap_or_default(),
        false => read_world::read(&node, &WorldOverrides::default()).err().unwrap_or_default(),
    })
}
