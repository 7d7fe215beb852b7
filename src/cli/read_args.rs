//! The flag that lets scenarios name worlds elsewhere.

use std::path::PathBuf;

use clap::Args;

/// Which files are read beside those below the current folder and the folders of the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct ReadArgs {
    /// Also read worlds below this folder, or this file. Without it only .yaml, .yml and .json files below the current
    /// folder and the folders of the command line are read, wherever links lead. Separate several paths with commas.
    #[arg(long = "allow-read", env = "GRAPHDOUBLE_ALLOW_READ", value_name = "PATH", value_delimiter = ',')]
    pub allow_read: Vec<PathBuf>,
}
