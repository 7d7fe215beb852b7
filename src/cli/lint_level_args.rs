//! The flags `--deny` and `--allow`, which set what the findings of a lint mean for a run.

use clap::Args;

use crate::lint::{Levels, NAMES};
use crate::text::suggest::did_you_mean;

use super::exit::Exit;
use super::terminal::fail;

/// The word for all lints.
const ALL: &str = "all";

/// Which lints fail a scenario, and which are silent.
#[derive(Debug, Args)]
pub struct LintLevelArgs {
    /// Fail a scenario if this lint finds something. `all` means every lint except late_call, which depends on how fast the bot is. Separate several lints with commas.
    ///
    /// `graphdouble lints` prints all lints. Without this option a finding is only a warning.
    #[arg(long, value_name = "LINT", env = "GRAPHDOUBLE_DENY", value_delimiter = ',', value_parser = lint_or_all)]
    deny: Vec<String>,
    /// Report nothing for this lint, even with `--deny all`. Separate several lints with commas.
    #[arg(long, value_name = "LINT", env = "GRAPHDOUBLE_ALLOW", value_delimiter = ',', value_parser = lint_or_all)]
    allow: Vec<String>,
}

impl LintLevelArgs {
    /// Fails if a lint is in both lists.
    pub fn check(&self) -> Result<(), Exit> {
        match self.deny.iter().find(|name| self.allow.contains(name)) {
            Some(both) => Err(fail(Exit::Usage, &format!("`{both}` cannot be both denied and allowed"))),
            None => Ok(()),
        }
    }

    pub fn levels(&self) -> Levels {
        Levels {
            denied: self.deny.iter().filter(|name| *name != ALL).cloned().collect(),
            all_denied: self.deny.iter().any(|name| name == ALL),
            allowed: self.allow.iter().filter(|name| *name != ALL).cloned().collect(),
            all_allowed: self.allow.iter().any(|name| name == ALL),
        }
    }
}

fn lint_or_all(text: &str) -> Result<String, String> {
    match text == ALL || NAMES.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "there is no lint `{text}`{} (`graphdouble lints` prints all lints)",
            did_you_mean(text, NAMES)
        )),
    }
}
