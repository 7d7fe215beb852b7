//! Run room: the bot under test as a process. Started before the first scenario, waited for until it listens, ended with the run.
//! What it prints is kept and shown when a scenario fails.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// How long a bot may take to listen.
const READY_WITHIN: Duration = Duration::from_secs(15);
/// Between two looks whether it listens.
const READY_EVERY: Duration = Duration::from_millis(20);
/// Lines of its output that are kept.
const MAX_LINES: usize = 200;

/// A running bot.
#[derive(Debug)]
pub struct Bot {
    child: Child,
    output: Output,
}

/// The last lines that a bot printed.
#[derive(Debug, Clone, Default)]
pub struct Output(Arc<Mutex<VecDeque<String>>>);

impl Output {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The lines, oldest first.
    pub fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| format!("  {line}\n")).collect()
    }
}

impl Bot {
    /// Starts a command line such as `node bot.js`, without a shell, and with these variables beside its own.
    pub fn start(command: &str, variables: &[(String, String)]) -> Result<Self, String> {
        let words = shlex::split(command).ok_or_else(|| format!("`{command}` has a quote without its partner"))?;
        let (program, arguments) = words.split_first().ok_or("the command is empty")?;
        let mut child = Command::new(program)
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start `{program}`: {error}"))?;
        let output = Output::default();
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(read_lines(stdout, output.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(read_lines(stderr, output.clone()));
        }
        Ok(Self { child, output })
    }

    /// What it printed.
    pub fn output(&self) -> Output {
        self.output.clone()
    }

    /// Waits until something listens at each URL, or the bot has ended.
    pub async fn ready(&mut self, urls: &[String]) -> Result<(), String> {
        for url in urls {
            tokio::select! {
                listening = listens(url) => listening.map_err(|error| format!("{error}\nit printed:\n{}", self.output.text()))?,
                status = self.child.wait() => {
                    let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                    return Err(format!("it ended before it listened ({status})\nit printed:\n{}", self.output.text()));
                }
            }
        }
        Ok(())
    }

    /// Ends it.
    pub async fn stop(mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        self.child.kill().await.unwrap_or_default();
    }
}

async fn read_lines(stream: impl AsyncRead + Unpin, output: Output) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        output.push(line);
    }
}

/// Waits until something listens where a URL points.
pub async fn listens(url: &str) -> Result<(), String> {
    let uri: hyper::Uri = url.parse().map_err(|error| format!("`{url}` is no URL: {error}"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = uri.port_u16().unwrap_or(80);
    let mut ticks = tokio::time::interval(READY_EVERY);
    let knock = async {
        loop {
            ticks.tick().await;
            if TcpStream::connect((host.as_str(), port)).await.is_ok() {
                return;
            }
        }
    };
    let waited = tokio::time::timeout(READY_WITHIN, knock).await;
    waited.map_err(|_| format!("nothing listens at {url} after {} s", READY_WITHIN.as_secs()))
}
