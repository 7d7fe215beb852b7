//! Cli room: what becomes of what lints find: `--deny` and `--allow`.

use clap::Args;

use crate::lint::{Levels, NAMES};
use crate::text::suggest::did_you_mean;

use super::exit::Exit;
use super::terminal::fail;

/// The word for all of them.
const ALL: &str = "all";

/// What becomes of what lints find.
#[derive(Debug, Args)]
pub struct LintLevelArgs {
    /// LintLevelArgs whose findings fail a scenario, or `all`; `graphdouble lints` prints them. May be given several times, or several with
    /// commas.
    #[arg(long, value_name = "LINT", env = "GRAPHDOUBLE_DENY", value_delimiter = ',', value_parser = lint_or_all)]
    deny: Vec<String>,
    /// LintLevelArgs of which nothing is told, even if all are denied.
    #[arg(long, value_name = "LINT", env = "GRAPHDOUBLE_ALLOW", value_delimiter = ',', value_parser = lint_or_all)]
    allow: Vec<String>,
}

impl LintLevelArgs {
    /// Whether the two lists make sense together.
    ///
    /// # Errors
    /// A lint stands in both; it is said on standard error already.
    pub fn check(&self) -> Result<(), Exit> {
        match self.deny.iter().find(|name| self.allow.contains(name)) {
            Some(both) => Err(fail(Exit::Usage, &format!("`{both}` cannot be denied and allowed at once"))),
            None => Ok(()),
        }
    }

    /// What becomes of the findings of each.
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
        false => {
            Err(format!("there is no lint `{text}`{} (`graphdouble lints` prints them all)", did_you_mean(text, NAMES)))
        }
    }
}
