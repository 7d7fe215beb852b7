//! Opens a page in the browser of the machine. That it cannot be opened is no failure of what shows it.

use std::process::Stdio;

use tokio::process::Command;

use super::terminal::note;

/// The command of the system that opens an address.
const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Opens an address. Says in a line if that did not work.
pub fn open_browser(url: String) {
    tokio::spawn(async move {
        let quiet = || Stdio::null();
        let opened = Command::new(OPENER).arg(&url).stdin(quiet()).stdout(quiet()).stderr(quiet()).status().await;
        match opened {
            Ok(status) if status.success() => {}
            Ok(status) => note(&format!("--open: `{OPENER}` ended with {status}: open {url} yourself")),
            Err(error) => note(&format!("--open: cannot start `{OPENER}` ({error}): open {url} yourself")),
        }
    });
}
