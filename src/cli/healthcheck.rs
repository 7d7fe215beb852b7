//! Cli room: `healthcheck`: whether a server is up. Plain sockets with a time limit, for it runs every second in a container.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use clap::Args;

use super::exit::Exit;
use super::terminal::fail;

/// How long a server may take to answer.
const TIMEOUT: Duration = Duration::from_millis(1500);
/// Between two questions.
const AGAIN: Duration = Duration::from_millis(20);
const ANSWER: usize = 64;

/// Asks a server whether it is up.
#[derive(Debug, Args)]
pub struct HealthcheckCommand {
    /// Where it listens.
    #[arg(long, env = "GRAPHDOUBLE_LISTEN", default_value = "127.0.0.1:4004")]
    listen: String,
    /// Go on asking for so long until it is up.
    #[arg(long, env = "GRAPHDOUBLE_WAIT", value_parser = super::real_duration::parse_real_duration)]
    wait: Option<Duration>,
}

impl HealthcheckCommand {
    /// Asks. Docker knows 0 for healthy and 1 for unhealthy.
    pub fn execute(&self) -> Exit {
        let deadline = Instant::now() + self.wait.unwrap_or_default();
        let mut answer = self.ask();
        while answer.is_err() && Instant::now() < deadline {
            std::thread::park_timeout(AGAIN);
            answer = self.ask();
        }
        match answer {
            Ok(()) => Exit::Ok,
            Err(error) => fail(Exit::Usage, &format!("{} is not up: {error}", self.listen)),
        }
    }

    fn ask(&self) -> std::io::Result<()> {
        let mut addresses = self.listen.to_socket_addrs()?;
        let address = addresses.next().map(reachable).ok_or(std::io::ErrorKind::AddrNotAvailable)?;
        let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.write_all(b"GET /_control/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; ANSWER];
        let length = stream.read(&mut answer)?;
        if answer[..length].starts_with(b"HTTP/1.1 200") {
            return Ok(());
        }
        Err(std::io::Error::other(String::from_utf8_lossy(&answer[..length]).into_owned()))
    }
}

/// Whoever listens everywhere is asked on the loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
