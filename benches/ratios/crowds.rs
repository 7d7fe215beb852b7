//! Many people at once: people who write at the same moment to a bot that needs its time, exchanges with such a bot, and how many scenarios
//! without a bot run in a second.

use std::convert::Infallible;
use std::fmt::Write;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Measured;
use crate::child::{self, Server};
use crate::figures::{Figure, Target, Unit, median};
use crate::load::{self, Connection};

/// What the slow bot needs before it answers a webhook.
const THINKS: Duration = Duration::from_millis(200);
const AT_ONCE: usize = 20;
const EXCHANGES: usize = 1000;
/// The token of the slow bot.
const TOKEN: &str = "EAAslow";
const ROUNDS: usize = 5;
const SCENARIOS: usize = 2000;
const STEPS: usize = 10;

/// Measures both.
pub fn measure() -> Measured<Vec<Figure>> {
    let at_once = load::runtime()?.block_on(at_once())?;
    let exchanges = load::runtime()?.block_on(exchanges())?;
    let name = format!("{AT_ONCE} people write at once to a bot that needs 200 ms");
    let with_answers = format!("{EXCHANGES} exchanges at once with such a bot");
    let scenarios = format!("scenarios of {STEPS} steps, no bot, with start and report");
    Ok(vec![
        Figure::alone(&name, Unit::Seconds, at_once, None, Target::AtMost(0.25, None)),
        Figure::alone(&with_answers, Unit::Seconds, exchanges, None, Target::AtMost(1.2, None)),
        Figure::alone(&scenarios, Unit::PerSecond, scenarios_a_second()?, None, Target::AtLeast(5000.0, None)),
    ])
}

/// From the first step that is posted to the last answer: the middle of some rounds.
async fn at_once() -> Measured<f64> {
    let bot = slow_bot(None).await?;
    let server = Server::start(child::graphdouble())?;
    let people = (0..AT_ONCE).map(|place| (format!("person{place}"), json!({})));
    let world = json!({
        "apps": { "bot": { "webhook": { "url": format!("http://{bot}/") } } },
        "pages": { "shop": { "default_app": "bot", "apps": { "bot": { "token": TOKEN, "fields": ["messages"] } } } },
        "people": people.collect::<serde_json::Map<_, _>>(),
    });
    let mut connection = Connection::open(server.address).await?;
    let asked = json!({ "name": "slow", "world": world }).to_string();
    connection.post("/_control/worlds", Bytes::from(asked)).await?;
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let mut connections = Vec::new();
        for _ in 0..AT_ONCE {
            connections.push(Connection::open(server.address).await?);
        }
        let began = Instant::now();
        let mut tasks = JoinSet::new();
        for (place, mut connection) in connections.into_iter().enumerate() {
            let step = json!({ "user": format!("person{place}"), "says": "Hi" }).to_string();
            tasks.spawn(async move { connection.post("/_control/worlds/slow/steps", Bytes::from(step)).await });
        }
        while let Some(task) = tasks.join_next().await {
            task.map_err(|error| error.to_string())??;
        }
        took.push(began.elapsed().as_secs_f64());
    }
    Ok(median(&took))
}

/// From the first exchange that is posted to the last answer. Nobody may be left without an answer.
async fn exchanges() -> Measured<f64> {
    let mut command = child::program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--connections", "4096", "--world"]);
    command.arg(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bakery.yaml"));
    let server = Server::start(command)?;
    let bot = slow_bot(Some(server.address)).await?;
    let world = json!({
        "apps": { "bot": { "webhook": { "url": format!("http://{bot}/") } } },
        "pages": { "shop": { "default_app": "bot", "apps": { "bot": { "token": TOKEN, "fields": ["messages"] } } } },
        "people": { "crowd": { "count": EXCHANGES } },
        "delivery": { "at_once": EXCHANGES },
    });
    let asked = json!({ "name": "crowd", "world": world }).to_string();
    Connection::open(server.address).await?.post("/_control/worlds", Bytes::from(asked)).await?;
    let mut connections = Vec::new();
    for _ in 0..EXCHANGES {
        connections.push(Connection::open(server.address).await?);
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (place, mut connection) in connections.into_iter().enumerate() {
        let exchange = json!({ "user": format!("crowd.{}", place + 1), "says": "Hi", "until": { "answers": 1 } });
        let exchange = Bytes::from(exchange.to_string());
        tasks.spawn(async move { connection.post("/_control/worlds/crowd/exchanges", exchange).await });
    }
    while let Some(task) = tasks.join_next().await {
        let answer = task.map_err(|error| error.to_string())??;
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        if answer["outcome"] != "answered" {
            return Err(format!("an exchange was not answered: {answer}"));
        }
    }
    Ok(began.elapsed().as_secs_f64())
}

/// A bot that answers every webhook after a while; if it knows the server, also with a message. It ends with the runtime.
async fn slow_bot(server: Option<SocketAddr>) -> Measured<SocketAddr> {
    let listener = load::listen().await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(move |request| async move { Ok::<_, Infallible>(think(server, request).await) });
            tokio::spawn(async move {
                http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.unwrap_or_default();
            });
        }
    });
    Ok(address)
}

async fn think(server: Option<SocketAddr>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    tokio::time::sleep(THINKS).await;
    let webhook: Value = serde_json::from_slice(&body).unwrap_or_default();
    if let (Some(server), Some(sender)) = (server, webhook.pointer("/entry/0/messaging/0/sender")) {
        let send = json!({ "recipient": sender, "message": { "text": "Hello" } }).to_string();
        if let Ok(mut connection) = Connection::open(server).await {
            // A send that fails leaves its exchange without an answer, which is reported there.
            let path = format!("/v25.0/me/messages?access_token={TOKEN}");
            connection.post(&path, Bytes::from(send)).await.map(drop).unwrap_or_default();
        }
    }
    Response::new(Full::new(Bytes::from_static(b"EVENT_RECEIVED")))
}

/// `graphdouble run` with many scenarios of a world in which every app is a puppet.
fn scenarios_a_second() -> Measured<f64> {
    let folder = std::env::temp_dir().join(format!("graphdouble-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let ran = run_in(&folder);
    // The folder of a bench that was stopped is left to the system.
    std::fs::remove_dir_all(&folder).unwrap_or_default();
    ran
}

fn run_in(folder: &std::path::Path) -> Measured<f64> {
    let world = "apps: { bot: {} }\npages: { shop: { default_app: bot, apps: { bot: {} } } }\npeople: { alice: {} }\n";
    let mut scenarios = String::from("world: world.yaml\nscenarios:\n");
    for number in 0..SCENARIOS {
        writeln!(scenarios, "  - name: number {number}\n    steps:").map_err(|error| error.to_string())?;
        for _ in 0..STEPS / 2 {
            scenarios.push_str("      - { user: alice, says: Hi }\n      - { app: bot, sends: Hello }\n");
        }
    }
    let file = folder.join("many.yaml");
    std::fs::write(folder.join("world.yaml"), world).map_err(|error| error.to_string())?;
    std::fs::write(&file, scenarios).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let ran =
        child::program().arg("run").arg(&file).stdout(Stdio::null()).output().map_err(|error| error.to_string())?;
    let took = began.elapsed().as_secs_f64();
    match ran.status.success() {
        true => Ok(SCENARIOS as f64 / took),
        false => Err(format!("the run failed: {}", String::from_utf8_lossy(&ran.stderr))),
    }
}
