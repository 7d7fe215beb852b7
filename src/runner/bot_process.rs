//! The bot under test as a process. It is started before the first scenario and stopped after the last. Its output is
//! shown when a scenario fails.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// How long a started bot may take until it listens.
const READY_WITHIN: Duration = Duration::from_secs(15);
/// How long a bot that runs already may take until it listens.
const RUNNING_WITHIN: Duration = Duration::from_secs(2);
/// The pause between two attempts to connect.
const READY_EVERY: Duration = Duration::from_millis(20);
/// How long the bot may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(2);
/// The most lines of output that are kept.
const MAX_LINES: usize = 200;

#[derive(Debug)]
pub struct BotProcess {
    child: Child,
    group: Option<Pid>,
    readers: tokio::task::JoinSet<()>,
    output: BotOutput,
}

/// The last lines that the bot printed.
#[derive(Debug, Clone, Default)]
pub struct BotOutput(Arc<Mutex<VecDeque<String>>>);

impl BotOutput {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Takes the lines out, oldest first.
    pub fn take(&self) -> String {
        let text = self.text();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
        text
    }

    /// The lines, oldest first.
    pub fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| format!("  {line}\n")).collect()
    }
}

impl BotProcess {
    /// Starts a command such as `node bot.js` without a shell, with these variables in addition to the inherited ones.
    pub fn start(command: &str, variables: &[(String, String)]) -> Result<Self, String> {
        let words = shlex::split(command).ok_or_else(|| format!("`{command}` has an unclosed quote"))?;
        let (program, arguments) = words.split_first().ok_or("the command is empty")?;
        let mut child = Command::new(program)
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // The bot gets a process group, so that its child processes end with it.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start `{program}`: {error}"))?;
        let output = BotOutput::default();
        let mut readers = tokio::task::JoinSet::new();
        if let Some(stdout) = child.stdout.take() {
            readers.spawn(read_lines(stdout, output.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.spawn(read_lines(stderr, output.clone()));
        }
        let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Ok(Self { child, group, readers, output })
    }

    pub fn output(&self) -> BotOutput {
        self.output.clone()
    }

    /// Waits until something listens at each URL. Fails if the bot ends before.
    pub async fn wait_until_ready(&mut self, urls: &[String]) -> Result<(), String> {
        for url in urls {
            tokio::select! {
                listening = wait_until_listening(url, READY_WITHIN) => listening.map_err(|error| format!("{error}\nthe bot printed:\n{}", self.output.text()))?,
                status = self.child.wait() => {
                    let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                    // The last lines are still in the pipe. A child process may keep the pipe open.
                    let last_lines = async { while self.readers.join_next().await.is_some() {} };
                    tokio::time::timeout(GRACE, last_lines).await.unwrap_or_default();
                    return Err(format!("the bot ended before it listened ({status})\nit printed:\n{}", self.output.text()));
                }
            }
        }
        Ok(())
    }

    /// Ends the bot and its child processes: with SIGTERM first, then with SIGKILL.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        let ended = tokio::time::timeout(GRACE, self.child.wait()).await;
        self.signal(Signal::KILL);
        if ended.is_err() {
            // An error means that the bot has ended by itself.
            self.child.kill().await.unwrap_or_default();
        }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // An error means that the group has ended.
            kill_process_group(group, signal).unwrap_or_default();
        }
    }
}

impl Drop for BotProcess {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

/// True if something listens at a URL.
pub async fn is_listening(url: &str) -> bool {
    match host_and_port(url) {
        Ok((host, port)) => TcpStream::connect((host.as_str(), port)).await.is_ok(),
        Err(_) => false,
    }
}

fn host_and_port(url: &str) -> Result<(String, u16), String> {
    let uri: hyper::Uri = url.parse().map_err(|error| format!("`{url}` is not a URL: {error}"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let default_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Ok((host, uri.port_u16().unwrap_or(default_port)))
}

async fn read_lines(stream: impl AsyncRead + Unpin, output: BotOutput) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        output.push(line);
    }
}

/// Waits a short time until something listens at the URL of a bot that should run already.
pub async fn wait_for_running_bot(url: &str) -> Result<(), String> {
    wait_until_listening(url, RUNNING_WITHIN)
        .await
        .map_err(|error| format!("{error}: start the bot first, or let --exec start it"))
}

async fn wait_until_listening(url: &str, within: Duration) -> Result<(), String> {
    let (host, port) = host_and_port(url)?;
    let mut ticks = tokio::time::interval(READY_EVERY);
    let connect = async {
        loop {
            ticks.tick().await;
            if TcpStream::connect((host.as_str(), port)).await.is_ok() {
                return;
            }
        }
    };
    let waited = tokio::time::timeout(within, connect).await;
    waited.map_err(|_| format!("nothing listens at {url} after {} s", within.as_secs()))
}
