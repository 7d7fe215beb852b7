//! Cold start and memory at rest: `graphdouble serve` with the world of the bakery, beside the bare server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Measured;
use crate::child::{self, Server};
use crate::figures::{Figure, Target, Unit, median};

const ROUNDS: usize = 21;
const MIB: f64 = 1024.0 * 1024.0;
/// A server that is up and has answered once comes to rest.
const REST: Duration = Duration::from_millis(200);

/// Measures both.
pub fn measure() -> Measured<Vec<Figure>> {
    let mut starts = Vec::new();
    let mut answers = Vec::new();
    let mut memory = Vec::new();
    for round in 0..=ROUNDS {
        let ours = start(child::graphdouble())?;
        let bare = start(child::role("bare", &[])?)?;
        // The first pair brings both programs into memory.
        if round > 0 {
            starts.push((ours.ready, bare.ready));
            answers.push((ours.answered, bare.answered));
            memory.push((ours.resident, bare.resident));
        }
    }
    let resident = |of: fn(&(f64, f64)) -> f64| median(&memory.iter().map(of).collect::<Vec<_>>()) / MIB;
    let (ours, bare) = (resident(|pair| pair.0), resident(|pair| pair.1));
    Ok(vec![
        Figure::of_pairs("cold start, to the first answer", Unit::Seconds, &answers, Target::AtMost(2.0, None)),
        Figure::of_pairs("  to the ready line", Unit::Seconds, &starts, Target::None),
        Figure::alone("memory at rest", Unit::Mebibytes, ours, Some(bare), Target::AtMost(8.0, None)),
    ])
}

struct Started {
    ready: f64,
    answered: f64,
    resident: f64,
}

fn start(command: Command) -> Measured<Started> {
    let began = Instant::now();
    let server = Server::start(command)?;
    let ready = began.elapsed().as_secs_f64();
    let error = |error: std::io::Error| format!("no first answer: {error}");
    let mut stream = TcpStream::connect(server.address).map_err(error)?;
    let body = "{}";
    let request = format!(
        "POST /me/messages HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    );
    stream.write_all(request.as_bytes()).map_err(error)?;
    stream.read(&mut [0; 1024]).map_err(error)?;
    let answered = began.elapsed().as_secs_f64();
    std::thread::sleep(REST);
    Ok(Started { ready, answered, resident: server.resident()? as f64 })
}
