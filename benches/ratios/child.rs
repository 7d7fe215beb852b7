//! A server in a process of its own, which ends when it is dropped.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Measured;

/// What the name of a role begins with.
pub const ROLE_PREFIX: &str = "role:";

/// How long a server may take to stop after it was asked to.
const GRACE: Duration = Duration::from_secs(20);

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

/// `graphdouble`.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_graphdouble"))
}

/// `graphdouble serve`, with the world of the bakery.
pub fn graphdouble() -> Command {
    let mut command = program();
    let world = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bakery.yaml");
    command.arg("serve").arg("--world").arg(world).args(["--listen", "127.0.0.1:0"]);
    command
}

/// This program in the role of a server.
pub fn role(name: &str, rest: &[String]) -> Measured<Command> {
    let program = std::env::current_exe().map_err(|error| format!("this program cannot find itself: {error}"))?;
    let mut command = Command::new(program);
    command.arg(format!("{}{name}", ROLE_PREFIX)).args(rest);
    Ok(command)
}

impl Server {
    /// Starts a server and waits for the line that says where it listens.
    pub fn start(mut command: Command) -> Measured<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("a server does not start: {error}"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|error| format!("a server is silent: {error}"))?;
        }
        let address = line.trim().rsplit('/').next().and_then(|address| address.parse().ok());
        // A server that did not say where it listens is stopped all the same.
        let mut server = Self { child, address: address.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0))) };
        match address {
            Some(_) => Ok(server),
            None => Err(format!("a server did not say where it listens, but `{}` {}", line.trim(), server.stop()?)),
        }
    }

    /// Processor time that it has used so far, over all its threads.
    pub fn processor_time(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).into_iter().flatten().flatten();
        let nanoseconds = tasks.filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// Memory that is resident, in bytes.
    pub fn resident(&self) -> Measured<u64> {
        resident(&self.child.id().to_string())
    }

    /// Asks it to stop, and returns what it said on standard error.
    pub fn stop(&mut self) -> Measured<String> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        asked.map_err(|error| format!("a server cannot be stopped: {error}"))?;
        let deadline = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.end();
        let mut said = String::new();
        if let Some(mut err) = self.child.stderr.take() {
            err.read_to_string(&mut said).map_err(|error| format!("the output of a server cannot be read: {error}"))?;
        }
        Ok(said)
    }

    fn end(&mut self) {
        // Both fail only where it has ended already.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Memory of a process that is resident, in bytes.
pub fn resident(process: &str) -> Measured<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .map_err(|error| format!("/proc does not say how much memory is resident: {error}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kibibytes = line.trim().trim_end_matches("kB").trim().parse::<u64>();
    kibibytes.map(|kibibytes| kibibytes * 1024).map_err(|error| format!("/proc says `{line}`: {error}"))
}

/// The number that a process prints which plays this role with a count.
pub fn number(role_name: &str, what: &str, count: u32) -> Measured<f64> {
    let mut command = role(role_name, &[what.to_owned(), count.to_string()])?;
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{what}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let error = |_| format!("{what} with {count}: {}", String::from_utf8_lossy(&output.stderr));
    said.trim().parse().map_err(error)
}
