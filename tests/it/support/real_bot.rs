//! Bots in Node and in Python as processes of their own, started as a team starts its bot.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The languages of the bots in tests/bots, which all do the same.
pub const LANGUAGES: [&str; 2] = ["node", "python"];

/// A bot that greets whoever writes, `Hello from LANGUAGE: TEXT`, and takes webhooks at a port that it chooses itself.
pub struct RealBot {
    pub url: String,
    process: Child,
}

/// The command that starts the bot of a language.
pub fn command_of(language: &str) -> String {
    let (program, file) = if language == "node" { ("node", "greeter.js") } else { ("python3", "greeter.py") };
    format!("{program} {}/tests/bots/{file}", env!("CARGO_MANIFEST_DIR"))
}

impl RealBot {
    /// Starts a bot with an environment, as `GET …/apps/{app}` answers it at `env`, and waits until it listens.
    pub fn start(language: &str, environment: &Value) -> Self {
        let command = command_of(language);
        let (program, file) = command.split_once(' ').expect("a program and a file");
        let variables = environment.as_object().expect("variables").iter();
        let mut process = Command::new(program)
            .arg(file)
            .envs(variables.filter_map(|(name, value)| Some((name, value.as_str()?))))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command}: {error}"));
        let stdout = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let url = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        assert!(url.contains("://127.0.0.1:"), "{line}");
        Self { url, process }
    }
}

impl Drop for RealBot {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}
