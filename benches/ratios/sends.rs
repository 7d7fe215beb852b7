//! Sends: `POST /v25.0/me/messages` beside a bare server that parses and answers the same JSON. Rules and ledger are on.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::Measured;
use crate::calm::{Pair, Watch};
use crate::child::{self, Server};
use crate::figures::{Figure, Target, Unit};
use crate::load::{self, Connection, Post, Until};

/// Connections, each with one request under way, and the target that is set for so many.
const LOADS: [(usize, &str, &str, Target); 2] = [
    (8, "sends, 8 connections", "  the server's processor time a send", Target::None),
    (32, "sends, 32 connections", "  the server's processor time a send", Target::AtLeast(0.75, Some(0.6))),
];
const ROUND: Duration = Duration::from_millis(300);
const ROUNDS: usize = 40;

/// Measures the rate, and the server's processor time a send.
pub fn measure() -> Measured<Vec<Figure>> {
    let ours = Server::start(child::graphdouble())?;
    let bare = Server::start(child::role("bare", &[])?)?;
    let runtime = load::runtime()?;
    runtime.block_on(open_windows(&ours))?;
    let mut figures = Vec::new();
    for (connections, rate, cost, target) in LOADS {
        let posts = posts(connections);
        let (rates, costs) = pairs(&runtime, (&ours, &bare), &posts)?;
        figures.push(Figure::of_calm_pairs(rate, Unit::PerSecond, rates, target));
        figures.push(Figure::of_calm_pairs(cost, Unit::Seconds, costs, Target::None));
    }
    Ok(figures)
}

/// Rates and costs of both servers, in turn.
fn pairs(runtime: &Runtime, (ours, bare): (&Server, &Server), posts: &[Post]) -> Measured<(Vec<Pair>, Vec<Pair>)> {
    let mut rates = Vec::new();
    let mut costs = Vec::new();
    for round in 0..=ROUNDS {
        let first = runtime.block_on(round_of(ours, posts))?;
        let second = runtime.block_on(round_of(bare, posts))?;
        // The first pair only warms up.
        if round > 0 {
            let others = first.others.max(second.others);
            rates.push(Pair { values: (first.rate, second.rate), others });
            costs.push(Pair { values: (first.cost, second.cost), others });
        }
    }
    Ok((rates, costs))
}

/// What a round with one server says.
pub struct Round {
    /// Answers a second.
    pub rate: f64,
    /// The server's processor time an answer, in seconds.
    pub cost: f64,
    /// The share of other programs meanwhile.
    pub others: f64,
}

impl Round {
    /// Watches a load: how many answers came, in which time.
    pub async fn watch(server: &Server, load: impl Future<Output = Measured<(u64, Duration)>>) -> Measured<Self> {
        let before = server.processor_time();
        let watch = Watch::begin(server);
        let (answers, took) = load.await?;
        let others = watch.others(server);
        let used = server.processor_time().saturating_sub(before);
        Ok(Self { rate: answers as f64 / took.as_secs_f64(), cost: used.as_secs_f64() / answers as f64, others })
    }
}

async fn round_of(server: &Server, posts: &[Post]) -> Measured<Round> {
    Round::watch(server, load::run(server.address, posts, Until::Over(ROUND))).await
}

/// What the connections post: sends to the people of the bakery.
pub fn posts(connections: usize) -> Vec<Post> {
    let post = |place: usize| {
        let psid = if place.is_multiple_of(2) { "3001" } else { "3002" };
        let body =
            json!({ "recipient": { "id": psid }, "messaging_type": "RESPONSE", "message": { "text": "Hello there!" } });
        Post { path: "/v25.0/me/messages?access_token=EAAsupport".to_owned(), body: Bytes::from(body.to_string()) }
    };
    (0..connections).map(post).collect()
}

/// Both people write, so that the bakery may answer.
pub async fn open_windows(server: &Server) -> Measured<()> {
    let mut connection = Connection::open(server.address).await?;
    for person in ["alice", "bob"] {
        let step = json!({ "user": person, "says": "Hi" }).to_string();
        connection.post("/_control/worlds/default/steps", Bytes::from(step)).await?;
    }
    Ok(())
}
