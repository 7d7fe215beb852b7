//! Runs with real bots, in Node and in Python, that the run starts itself: their start, their end, and what they say late.

mod end;
mod late_calls;
mod signals;
mod start;
mod suites;
mod watch;

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::support::files;

/// One page with a real bot and a desk. The bot's own port stands in the URL.
const WORLD: &str = "
world:
  apps: { bot: { id: 1001 }, desk: { id: 1002 } }
  pages: { shop: { id: 2001, default_app: bot, apps: { bot: { token: EAAbot }, desk: {} } } }
  people: { alice: {} }
scenarios:
";
const WEBHOOK: &str = "bot=http://127.0.0.1:${PORT}/webhook";

/// The same world as a file of its own.
fn world() -> String {
    WORLD.lines().filter(|line| line.starts_with("  ")).map(|line| format!("{}\n", &line[2..])).collect()
}

/// The commands that start the bots.
fn bots() -> [String; 2] {
    let file = |name: &str| format!("{}/tests/it/running_bots/{name}", env!("CARGO_MANIFEST_DIR"));
    [format!("python3 {}", file("bot.py")), format!("node {}", file("bot.js"))]
}

/// A folder of a test with scenarios, in which the binary runs.
struct Suite(PathBuf);

struct Ran {
    exit: i32,
    /// Standard output and standard error.
    text: String,
}

impl Suite {
    fn new(name: &str, scenarios: &[&str]) -> Self {
        let scenarios: String = scenarios.iter().map(|scenario| format!("  - {scenario}\n")).collect();
        Self::of_text(name, &format!("{WORLD}{scenarios}"))
    }

    fn of_text(name: &str, text: &str) -> Self {
        let folder = files::empty_folder("running_bots", name);
        std::fs::write(folder.join("s.yaml"), text).expect("a file");
        Self(folder)
    }

    fn run(&self, bot: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let fixed =
            ["run", "s.yaml", "--exec", bot, "--app", WEBHOOK, "--listen", "127.0.0.1:0", "--bundles", "bundles"];
        self.graphdouble(&[&fixed, arguments].concat(), variables)
    }

    fn graphdouble(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        self.program(&[&[env!("CARGO_BIN_EXE_graphdouble")], arguments].concat(), variables)
    }

    /// Runs any program with its arguments.
    fn program(&self, words: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(words[0]);
        let command = command.args(&words[1..]).current_dir(&self.0).env("NO_COLOR", "1").env_remove("GITHUB_ACTIONS");
        let Output { status, stdout, stderr } = command.envs(variables.iter().copied()).output().expect("the binary");
        let text = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
        Ran { exit: status.code().unwrap_or(-1), text }
    }

    /// The path of a bundle that a run has left.
    fn bundle(&self) -> String {
        let files = std::fs::read_dir(self.path("bundles")).expect("bundles");
        let paths = files.map(|file| file.expect("a file").path().display().to_string());
        paths.filter(|path| path.ends_with(".bundle.json")).min().expect("a bundle")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Ran {
    /// The mark before the name of a scenario: `ok` or `FAILED`.
    fn verdict(&self, scenario: &str) -> &str {
        let line = self.text.lines().find(|line| line.contains(&format!(" {scenario}  ")));
        line.map(|line| line.split_whitespace().next().unwrap_or_default()).unwrap_or("missing")
    }
}
