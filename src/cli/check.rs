//! Cli room: `check`: all mistakes of world and scenario files, without running them.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::language::{Node, files};
use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::source::SourceText;

use super::files::collect;
use super::{Exit, colors, complain, print};

/// Checks world and scenario files.
#[derive(Debug, Args)]
pub struct Check {
    /// Files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

impl Check {
    /// Checks.
    pub fn execute(&self) -> Exit {
        let files = match collect(&self.paths) {
            Ok(files) => files,
            Err(error) => return complain(Exit::CouldNotRun, &error),
        };
        let mut mistakes = Vec::new();
        for file in &files {
            match check(file) {
                Ok(found) => mistakes.extend(found),
                Err(error) => return complain(Exit::CouldNotRun, &error),
            }
        }
        if mistakes.is_empty() {
            print(&format!("{} files are well", files.len()));
            return Exit::Ok;
        }
        print(&render_all(&mistakes, colors()));
        Exit::Invalid
    }
}

/// A file with `scenarios` or `world` is a scenario file; any other is a world.
fn check(path: &Path) -> Result<Vec<Diagnostic>, String> {
    let source = SourceText::read(path)?;
    let node = match Node::parse(&source) {
        Ok(node) => node,
        Err(mistake) => return Ok(vec![mistake]),
    };
    let is_scenario_file = node.get("scenarios").is_some() || node.get("world").is_some();
    Ok(match is_scenario_file {
        true => files::read(path).err().unwrap_or_default(),
        false => read_world::read(&node, &WorldOverrides::default()).err().unwrap_or_default(),
    })
}
