//! The bot under test as a process. It is started before the first scenario and stopped after the last. Its output is
//! shown when a scenario fails. A bot that ends by itself ends the run.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpgid};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a started bot may take until it listens.
pub const READY_WITHIN: Duration = Duration::from_secs(15);
/// How long a bot that listens may take to answer a request that is not meant for it. Some bots never do.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// How long a bot that runs already may take until it listens.
const RUNNING_WITHIN: Duration = Duration::from_secs(2);
/// How many requests a started bot answers before its silence counts. On a busy machine a short silence only says that it had no turn.
const TURNS: usize = 3;
/// How long a bot may take for all of them.
const TURNS_WITHIN: Duration = Duration::from_secs(5);
/// The pause between two attempts to connect.
const READY_EVERY: Duration = Duration::from_millis(20);
/// How long the bot and its child processes may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(2);
/// The most lines of output that are kept.
const MAX_LINES: usize = 200;

/// A bot under test that the run has started.
#[derive(Debug)]
pub struct BotProcess {
    group: Option<Pid>,
    output: BotOutput,
    /// How it ended, once it has.
    ended: watch::Receiver<Option<String>>,
    watcher: JoinHandle<()>,
}

/// The last lines that the bot printed.
#[derive(Debug, Clone, Default)]
pub struct BotOutput {
    lines: Arc<Mutex<VecDeque<String>>>,
    /// Gets each line when it comes.
    echo: Option<fn(&str)>,
}

impl BotOutput {
    /// An output that is also passed on, line by line.
    pub fn echoing(echo: fn(&str)) -> Self {
        Self { lines: Arc::default(), echo: Some(echo) }
    }

    fn push(&self, line: String) {
        if let Some(echo) = self.echo {
            echo(&line);
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Takes the lines out, oldest first.
    pub fn take(&self) -> String {
        let text = self.text();
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clear();
        text
    }

    /// The lines, oldest first.
    pub fn text(&self) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| format!("  {line}\n")).collect()
    }
}

impl BotProcess {
    /// Starts a command such as `node bot.js` without a shell, with these variables in addition to the inherited ones.
    pub fn start(command: &str, variables: &[(String, String)], output: BotOutput) -> Result<Self, String> {
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
        let mut readers = tokio::task::JoinSet::new();
        if let Some(stdout) = child.stdout.take() {
            readers.spawn(read_lines(stdout, output.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.spawn(read_lines(stderr, output.clone()));
        }
        let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let (sender, ended) = watch::channel(None);
        let watcher = tokio::spawn(async move {
            let status = child.wait().await.map_or_else(|error| error.to_string(), |status| status.to_string());
            // The last lines are still in the pipe. A child process may keep the pipe open.
            let last_lines = async { while readers.join_next().await.is_some() {} };
            tokio::time::timeout(GRACE, last_lines).await.unwrap_or_default();
            sender.send_replace(Some(status));
            // Child processes that it has left behind may still print.
            while readers.join_next().await.is_some() {}
        });
        Ok(Self { group, output, ended, watcher })
    }

    pub fn output(&self) -> BotOutput {
        self.output.clone()
    }

    /// Waits until the bot ends by itself, and says how it did.
    pub async fn ended(&self) -> String {
        format!("the bot ended in the middle of the run ({})", self.status().await)
    }

    /// Waits for the exit status.
    pub async fn status(&self) -> String {
        let mut ended = self.ended.clone();
        let status = ended.wait_for(Option::is_some).await.ok().and_then(|status| status.clone());
        match status {
            Some(status) => status,
            // The watcher only goes away together with the bot.
            None => std::future::pending().await,
        }
    }

    /// Waits until an HTTP server answers at each URL. Fails if the bot ends before.
    pub async fn wait_until_ready(&self, urls: &[String], within: Duration) -> Result<(), String> {
        for url in urls {
            tokio::select! {
                answered = wait_until_answering(url, within) => {
                    answered.map_err(|error| format!("{error}\nthe bot printed:\n{}", self.output.text()))?;
                }
                status = self.status() => {
                    let printed = self.output.text();
                    return Err(format!("the bot ended before it listened ({status})\nit printed:\n{printed}"));
                }
            }
        }
        Ok(())
    }

    /// Waits until the servers at these URLs have answered requests that are not meant for them, one after the other. A bot that does so had
    /// its turn, and could have called if it wanted to. Servers that do not answer are not waited for long.
    pub async fn had_its_turn(&self, urls: &[String]) {
        let requests = async {
            for url in urls.iter().filter(|url| !url.starts_with("https:")) {
                let Ok((host, port)) = host_and_port(url) else { continue };
                for _ in 0..TURNS {
                    // A server that ends the connection has answered, too.
                    asks(&host, port).await.unwrap_or_default();
                }
            }
        };
        tokio::time::timeout(TURNS_WITHIN, requests).await.unwrap_or_default();
    }

    /// Ends the bot and its child processes: with SIGTERM first, and with SIGKILL what is still there after the grace.
    pub async fn stop(self) {
        self.signal(Signal::TERM);
        let all_ended = async {
            self.status().await;
            // A shell or npm may end before the bot that it has started.
            self.group_end().await;
        };
        tokio::time::timeout(GRACE, all_ended).await.unwrap_or_default();
        self.signal(Signal::KILL);
    }

    /// Waits until no process of the group is left.
    async fn group_end(&self) {
        let Some(group) = self.group else { return };
        let mut ticks = tokio::time::interval(READY_EVERY);
        loop {
            ticks.tick().await;
            // Process 1 of a container is given the children of those that have ended, and they are there until it waits for them. Without
            // such a child there is an error.
            while let Ok(Some(_)) = waitpgid(group, WaitOptions::NOHANG) {}
            if test_kill_process_group(group).is_err() {
                return;
            }
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
        self.watcher.abort();
    }
}

/// True if something listens at a URL. What does not accept in time does not.
pub async fn is_listening(url: &str) -> bool {
    match host_and_port(url) {
        Ok((host, port)) => {
            let connected = tokio::time::timeout(RUNNING_WITHIN, TcpStream::connect((host.as_str(), port))).await;
            connected.is_ok_and(|connected| connected.is_ok())
        }
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
    let connect = async || TcpStream::connect((host.as_str(), port)).await.is_ok();
    wait_until(connect, within).await.map_err(|_| format!("nothing listens at {url} after {} s", within.as_secs()))
}

/// Waits until an HTTP server answers. A bot that sets things up before it serves may listen long before.
async fn wait_until_answering(url: &str, within: Duration) -> Result<(), String> {
    wait_until_listening(url, within).await?;
    let (host, port) = host_and_port(url)?;
    if !url.starts_with("https:") {
        // A bot that listens may still be setting up what it needs, and answers when that is done. One that never answers this is ready, too.
        tokio::time::timeout(ANSWERS_WITHIN, asks(&host, port)).await.map(drop).unwrap_or_default();
    }
    Ok(())
}

/// Asks for what the server can do, which changes nothing in it. Any answer will do, and so will the end of the connection.
async fn asks(host: &str, port: u16) -> std::io::Result<()> {
    let mut stream = TcpStream::connect((host, port)).await?;
    let request =
        format!("OPTIONS / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    // Read to its end: a bot whose answer is cut off may complain.
    let mut answer = [0; 1024];
    while stream.read(&mut answer).await? > 0 {}
    Ok(())
}

/// Tries again and again until it works.
async fn wait_until(works: impl AsyncFn() -> bool, within: Duration) -> Result<(), tokio::time::error::Elapsed> {
    let mut ticks = tokio::time::interval(READY_EVERY);
    let attempts = async {
        loop {
            ticks.tick().await;
            if works().await {
                return;
            }
        }
    };
    tokio::time::timeout(within, attempts).await
}
