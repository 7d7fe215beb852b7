//! Instructions in user space, counted by callgrind: each server runs twice, with few and with many requests, and the difference is
//! divided by the requests between. So start and stop are not counted.

use std::process::Command;

use crate::Measured;
use crate::child::{self, Server};
use crate::events::{self, Bot, EventServer};
use crate::figures::{Figure, Target, Unit};
use crate::load::{self, Until};
use crate::sends;

/// The folder for callgrind's profiles, where they are wanted.
const PROFILES: &str = "RATIOS_PROFILES";
const CONNECTIONS: usize = 4;
/// Few requests and many, of each connection. The few sends fill ledger and transcript, so that what is counted is the steady state,
/// in which each entry pushes out another.
const SENDS: (u64, u64) = (2600, 3200);
const EVENTS: (u64, u64) = (50, 400);
const SHARED_EVENTS: (u64, u64) = (20, 100);

/// Counts for sends and for events.
pub fn measure() -> Measured<Vec<Figure>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Err("valgrind is missing (Debian: apt-get install valgrind)".to_owned());
    }
    let sends = (a_send(child::graphdouble())?, a_send(child::role("bare", &[])?)?);
    let pipe = an_event(Kind::Pipe)?;
    let control = (an_event(Kind::Control)?, pipe);
    let shared = (an_event(Kind::Shared)?, pipe);
    let engine = (an_event(Kind::Engine)?, pipe);
    let figure = |name, pair, target| Figure::of_pairs(name, Unit::Instructions, &[pair], target);
    Ok(vec![
        figure("instructions a send", sends, Target::AtMost(1.6, None)),
        figure("  instructions an event over the control API", control, Target::None),
        figure("  instructions an event, one world, 32 people", shared, Target::None),
        figure("  instructions an event, engine and delivery alone", engine, Target::None),
    ])
}

/// The same command under callgrind, which writes its profile to the given place.
fn under_callgrind(command: &Command) -> Command {
    let mut counted = Command::new("valgrind");
    let what = command.get_args().next().unwrap_or_default().to_string_lossy().replace(':', "-");
    let file = std::env::var(PROFILES).map_or("/dev/null".to_owned(), |folder| format!("{folder}/{what}.%p.callgrind"));
    counted.arg("--tool=callgrind").arg(format!("--callgrind-out-file={file}"));
    counted.arg(command.get_program()).args(command.get_args());
    counted
}

/// What callgrind says at the end: `Collected : 123456`.
fn collected(mut server: Server) -> Measured<f64> {
    let said = server.stop()?;
    let line = said.lines().find_map(|line| line.split("Collected :").nth(1));
    let number = line.and_then(|line| line.trim().parse::<f64>().ok());
    number.ok_or_else(|| format!("callgrind did not say what it collected: {said}"))
}

/// What one request costs, from a count of a server's instructions after so many requests of each connection.
fn of_one(count: impl Fn(u64) -> Measured<f64>, (few, many): (u64, u64), connections: usize) -> Measured<f64> {
    Ok((count(many)? - count(few)?) / ((many - few) * connections as u64) as f64)
}

fn a_send(command: Command) -> Measured<f64> {
    let count = |answers| {
        let server = Server::start(under_callgrind(&command))?;
        load::runtime()?.block_on(async {
            if command.get_args().any(|argument| argument == "serve") {
                sends::open_windows(&server).await?;
            }
            load::run(server.address, &sends::posts(CONNECTIONS), Until::Answers(answers)).await
        })?;
        collected(server)
    };
    of_one(count, SENDS, CONNECTIONS)
}

#[derive(Clone, Copy)]
enum Kind {
    Control,
    Shared,
    Engine,
    Pipe,
}

fn an_event(kind: Kind) -> Measured<f64> {
    let (range, connections) = match kind {
        Kind::Shared => (SHARED_EVENTS, events::SHARED_CONNECTIONS),
        Kind::Control | Kind::Engine | Kind::Pipe => (EVENTS, events::CONNECTIONS),
    };
    let count = |answers| {
        let runtime = load::runtime()?;
        let target = runtime.block_on(async {
            let bot = Bot::start().await?;
            let rest = [bot.address.to_string()];
            let target = match kind {
                Kind::Control => EventServer::control(under_callgrind(&child::graphdouble()), bot.address).await?,
                Kind::Shared => EventServer::shared(under_callgrind(&child::graphdouble()), bot.address).await?,
                Kind::Engine => EventServer::role(under_callgrind(&child::role("engine", &rest)?), connections)?,
                Kind::Pipe => EventServer::role(under_callgrind(&child::role("pipe", &rest)?), connections)?,
            };
            events::deliver(&target, &bot, Until::Answers(answers)).await?;
            match bot.heard() == answers * connections as u64 {
                true => Ok(target),
                false => Err(format!("the bot heard {} webhooks", bot.heard())),
            }
        })?;
        collected(target.server)
    };
    of_one(count, range, connections)
}
