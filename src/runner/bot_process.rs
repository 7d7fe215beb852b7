//! Run room: the bot under test as a process. Started before the first scenario, waited for until it listens, ended with the run.
//! What it prints is kept and shown when a scenario fails.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// StepKind long a bot may take to listen.
const READY_WITHIN: Duration = Duration::from_secs(15);
/// StepKind long a bot that is said to run already may take to listen.
const THERE_WITHIN: Duration = Duration::from_secs(2);
/// Between two looks whether it listens.
const READY_EVERY: Duration = Duration::from_millis(20);
/// StepKind long it may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(2);
/// Lines of its output that are kept.
const MAX_LINES: usize = 200;

/// A running bot.
#[derive(Debug)]
pub struct BotProcess {
    child: Child,
    group: Option<Pid>,
    readers: tokio::task::JoinSet<()>,
    output: BotOutput,
}

/// The last lines that a bot printed.
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

    /// The lines, oldest first, taken out.
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
            // A group of its own, so that whatever it starts ends with it.
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

    /// What it printed.
    pub fn output(&self) -> BotOutput {
        self.output.clone()
    }

    /// Waits until something listens at each URL, or the bot has ended.
    pub async fn ready(&mut self, urls: &[String]) -> Result<(), String> {
        for url in urls {
            tokio::select! {
                listening = listens(url, READY_WITHIN) => listening.map_err(|error| format!("{error}\nit printed:\n{}", self.output.text()))?,
                status = self.child.wait() => {
                    let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                    // Its last words are still in the pipe; a child of its own may hold the pipe open.
                    let last_words = async { while self.readers.join_next().await.is_some() {} };
                    tokio::time::timeout(GRACE, last_words).await.unwrap_or_default();
                    return Err(format!("it ended before it listened ({status})\nit printed:\n{}", self.output.text()));
                }
            }
        }
        Ok(())
    }

    /// Ends it and all that it started: first asked, then made to.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        let ended = tokio::time::timeout(GRACE, self.child.wait()).await;
        self.signal(Signal::KILL);
        if ended.is_err() {
            // It may end by itself meanwhile; either way it is gone afterwards.
            self.child.kill().await.unwrap_or_default();
        }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // Of a group that has ended already nobody is left to tell.
            kill_process_group(group, signal).unwrap_or_default();
        }
    }
}

impl Drop for BotProcess {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

/// Whether something listens where a URL points.
pub async fn is_taken(url: &str) -> bool {
    match place(url) {
        Ok((host, port)) => TcpStream::connect((host.as_str(), port)).await.is_ok(),
        Err(_) => false,
    }
}

fn place(url: &str) -> Result<(String, u16), String> {
    let uri: hyper::Uri = url.parse().map_err(|error| format!("`{url}` is no URL: {error}"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    Ok((host, uri.port_u16().unwrap_or(80)))
}

async fn read_lines(stream: impl AsyncRead + Unpin, output: BotOutput) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        output.push(line);
    }
}

/// Waits until something listens where a URL points: not for long, for it should be there already.
pub async fn is_there(url: &str) -> Result<(), String> {
    listens(url, THERE_WITHIN).await.map_err(|error| format!("{error}: start the bot first, or let --exec start it"))
}

async fn listens(url: &str, within: Duration) -> Result<(), String> {
    let (host, port) = place(url)?;
    let mut ticks = tokio::time::interval(READY_EVERY);
    let knock = async {
        loop {
            ticks.tick().await;
            if TcpStream::connect((host.as_str(), port)).await.is_ok() {
                return;
            }
        }
    };
    let waited = tokio::time::timeout(within, knock).await;
    waited.map_err(|_| format!("nothing listens at {url} after {} s", within.as_secs()))
}
