//! What a team sees of its bot: the calls that it makes, the messages that nobody asked for, and how long a run looks. The bot is real.

mod calls;
mod serve;
mod shows;
mod unasked;

use std::fmt::Write;
use std::net::TcpListener;
use std::process::{Command, Output};

use crate::support::files;

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");
const BOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/seeing/bot.py");

/// How a bot is run.
#[derive(Clone, Copy, Default)]
struct Bot {
    /// How long it waits before each call, in milliseconds.
    delay: u32,
}

impl Bot {
    /// Runs these scenarios with the bot.
    fn run(self, name: &str, scenarios: &str, arguments: &[&str]) -> Output {
        // The port is free again as soon as the listener is gone.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let world = format!(
            "world:
  apps: {{ bot: {{ id: 1001, webhook: {{ url: 'http://127.0.0.1:{port}/' }} }}, desk: {{ id: 1002 }} }}
  pages: {{ shop: {{ default_app: bot, apps: {{ bot: {{ token: EAAbot }}, desk: {{}} }} }} }}
  people: {{ alice: {{}}, bob: {{}} }}
scenarios:
"
        );
        let mut text = world;
        for line in scenarios.lines() {
            writeln!(text, "  {line}").expect("text");
        }
        let file = files::file("seeing", name, &text);
        Command::new(BINARY)
            .args(["run", &file, "--no-bundle", "--listen", "127.0.0.1:0", "--exec", &format!("python3 {BOT}")])
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("NO_COLOR", "1")
            .env_remove("GITHUB_ACTIONS")
            .env("BOT_PORT", port.to_string())
            .env("BOT_DELAY_MS", self.delay.to_string())
            .output()
            .expect("the binary")
    }
}

fn all_output(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

#[track_caller]
fn passes(output: &Output) {
    assert!(output.status.success(), "{}", all_output(output));
}

/// The output of a run that fails.
#[track_caller]
fn fails(output: &Output) -> String {
    let text = all_output(output);
    assert_eq!(output.status.code(), Some(4), "{text}");
    text
}
