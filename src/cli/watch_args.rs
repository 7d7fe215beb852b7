//! The flag `--watch`: run again when files change.

use std::convert::Infallible;
use std::path::PathBuf;

use clap::Args;

/// What is watched beside scenarios and worlds.
#[derive(Debug, Clone, Args)]
pub struct WatchArgs {
    /// Run again when a scenario or a world changes, until Ctrl-C or until standard input ends. --watch=PATH also watches
    /// that file or folder, such as the source of the bot that --exec starts. Separate several paths with commas.
    #[arg(
        long,
        value_name = "PATH",
        env = "GRAPHDOUBLE_WATCH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_delimiter = ',',
        value_parser = parse_path
    )]
    watch: Option<Vec<PathBuf>>,
}

/// A path, or nothing where the flag has no value.
fn parse_path(text: &str) -> Result<PathBuf, Infallible> {
    Ok(PathBuf::from(text))
}

impl WatchArgs {
    /// True if the run watches.
    pub fn is_on(&self) -> bool {
        self.watch.is_some()
    }

    /// The paths that the flag names.
    pub fn paths(&self) -> Vec<PathBuf> {
        let paths = self.watch.iter().flatten().filter(|path| !path.as_os_str().is_empty());
        paths.cloned().collect()
    }
}
