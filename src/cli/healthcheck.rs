//! `healthcheck`: asks a server whether it is up. It uses plain sockets, because it runs every second in a container.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use clap::Args;

use super::exit::Exit;
use super::terminal::fail;

/// How long a server may take to answer.
const TIMEOUT: Duration = Duration::from_millis(1500);
/// The pause between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);
/// The most bytes of the answer that are read.
const ANSWER_BYTES: usize = 64;

/// Check that a server is up, for the HEALTHCHECK of a container
#[derive(Debug, Args)]
pub struct HealthcheckCommand {
    /// The address of the server.
    #[arg(long, env = "GRAPHDOUBLE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:4004")]
    listen: String,
    /// Keep trying for this long, for example 10s.
    #[arg(long, env = "GRAPHDOUBLE_WAIT", value_name = "TIME", value_parser = super::real_duration::parse_real_duration)]
    wait: Option<Duration>,
}

impl HealthcheckCommand {
    /// Exits with 0 if the server is up and with 1 if not, as Docker expects.
    pub fn execute(&self) -> Exit {
        let deadline = Instant::now() + self.wait.unwrap_or_default();
        let mut answer = self.ask();
        while answer.is_err() && Instant::now() < deadline {
            std::thread::park_timeout(RETRY_INTERVAL);
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
        let mut answer = [0; ANSWER_BYTES];
        let length = stream.read(&mut answer)?;
        if answer[..length].starts_with(b"HTTP/1.1 200") {
            return Ok(());
        }
        Err(std::io::Error::other(String::from_utf8_lossy(&answer[..length]).into_owned()))
    }
}

/// A server that listens on all addresses is asked on the loopback address.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
