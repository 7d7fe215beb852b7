//! Events: a person's message that reaches the bot as a signed webhook, beside a bare pipe that does the same two hops; and the round
//! trip of a bot that answers with a send.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::Measured;
use crate::calm::{Pair, Watch};
use crate::child::{self, Server};
use crate::figures::{Figure, Target, Unit, median_seconds};
use crate::load::{self, Connection, Until};
use crate::sends::Round;

/// Connections of the load; each has a world, or a path, of its own.
pub const CONNECTIONS: usize = 8;
/// Connections that share one world; each has a person of its own.
pub const SHARED_CONNECTIONS: usize = 32;
/// Where the pipe takes events.
pub const EVENT: &str = "/event/";
/// Where the bot takes webhooks.
pub const HOOK: &str = "/hook/";
/// What follows [`HOOK`] where the sender of a message says which connection it belongs to.
const OF_SENDER: &str = "of-sender";
/// The PSID of the first person of the shared world; the others follow.
const FIRST_PSID: usize = 3001;

const ROUND: Duration = Duration::from_millis(300);
const ROUNDS: usize = 32;
/// Long enough for the clock by which other programs are watched.
const TRIP_ROUNDS: usize = 40;
const TRIPS: usize = 300;
const ALONE: usize = 1;
/// No webhook takes longer; without a bound a lost one would stop the run.
const LOST: Duration = Duration::from_secs(10);

/// The URL of the bot for one connection's world.
pub fn hook(bot: SocketAddr, place: usize) -> String {
    format!("http://{bot}{HOOK}{place}")
}

/// The bot's token in one connection's world.
pub fn token(place: usize) -> String {
    format!("EAAbot{place}")
}

/// A server, and where a connection posts an event to it.
pub struct EventServer {
    pub server: Server,
    /// Where to, by the place of the connection.
    path: fn(usize) -> String,
    /// Who writes, by the place of the connection.
    writer: fn(usize) -> String,
    connections: usize,
}

/// The servers that are compared: graphdouble with its control API, with a world for each connection and with one world for all;
/// graphdouble's engine and delivery alone; and the pipe, with few connections and with many.
pub struct EventServers {
    pub control: EventServer,
    pub shared: EventServer,
    pub engine: EventServer,
    pub pipe: EventServer,
    pub wide_pipe: EventServer,
}

fn step_path(place: usize) -> String {
    format!("/_control/worlds/w{place}/steps")
}

fn event_path(place: usize) -> String {
    format!("{EVENT}{place}")
}

fn shared_path(_: usize) -> String {
    "/_control/worlds/shared/steps".to_owned()
}

fn alice(_: usize) -> String {
    "alice".to_owned()
}

fn person(place: usize) -> String {
    format!("person{place}")
}

/// What a connection posts: a person writes.
fn event(writer: &str) -> Bytes {
    Bytes::from(json!({ "user": writer, "says": "Hello there!" }).to_string())
}

impl EventServer {
    /// graphdouble, with a world for each connection.
    pub async fn control(command: std::process::Command, bot: SocketAddr) -> Measured<Self> {
        let server = Server::start(command)?;
        let mut connection = Connection::open(server.address).await?;
        for place in 0..CONNECTIONS {
            let world = json!({
                "apps": { "bot": { "webhook": { "url": hook(bot, place) } } },
                "pages": { "shop": {
                    "default_app": "bot",
                    "apps": { "bot": { "token": token(place), "fields": ["messages", "messaging_postbacks"] } },
                } },
                "people": { "alice": { "psids": { "shop": "3001" } } },
            });
            let asked = json!({ "name": format!("w{place}"), "world": world }).to_string();
            connection.post("/_control/worlds", Bytes::from(asked)).await?;
        }
        Ok(Self { server, path: step_path, writer: alice, connections: CONNECTIONS })
    }

    /// graphdouble, with one world for all connections.
    pub async fn shared(command: std::process::Command, bot: SocketAddr) -> Measured<Self> {
        let server = Server::start(command)?;
        let people = (0..SHARED_CONNECTIONS)
            .map(|place| (person(place), json!({ "psids": { "shop": (FIRST_PSID + place).to_string() } })));
        let world = json!({
            "apps": { "bot": { "webhook": { "url": format!("http://{bot}{HOOK}{OF_SENDER}") } } },
            "pages": { "shop": {
                "default_app": "bot",
                "apps": { "bot": { "token": "EAAshared", "fields": ["messages", "messaging_postbacks"] } },
            } },
            "people": people.collect::<serde_json::Map<_, _>>(),
        });
        let asked = json!({ "name": "shared", "world": world }).to_string();
        Connection::open(server.address).await?.post("/_control/worlds", Bytes::from(asked)).await?;
        Ok(Self { server, path: shared_path, writer: person, connections: SHARED_CONNECTIONS })
    }

    /// A server of this program.
    pub fn role(command: std::process::Command, connections: usize) -> Measured<Self> {
        Ok(Self { server: Server::start(command)?, path: event_path, writer: alice, connections })
    }
}

/// Measures rates and the round trip.
pub fn measure() -> Measured<Vec<Figure>> {
    load::runtime()?.block_on(async {
        let bot = Bot::start().await?;
        let rest = [bot.address.to_string()];
        let servers = EventServers {
            control: EventServer::control(child::graphdouble(), bot.address).await?,
            shared: EventServer::shared(child::graphdouble(), bot.address).await?,
            engine: EventServer::role(child::role("engine", &rest)?, CONNECTIONS)?,
            pipe: EventServer::role(child::role("pipe", &rest)?, CONNECTIONS)?,
            wide_pipe: EventServer::role(child::role("pipe", &rest)?, SHARED_CONNECTIONS)?,
        };
        let mut figures = rates(&servers, &bot).await?;
        figures.push(round_trips(&servers, &bot).await?);
        Ok(figures)
    })
}

/// Rates and processor times of one server beside the pipe, pair by pair.
#[derive(Default)]
struct Compared {
    rates: Vec<Pair>,
    costs: Vec<Pair>,
}

impl Compared {
    fn add(&mut self, ours: &Round, bare: &Round) {
        let others = ours.others.max(bare.others);
        self.rates.push(Pair { values: (ours.rate, bare.rate), others });
        self.costs.push(Pair { values: (ours.cost, bare.cost), others });
    }

    fn figures(self, name: &str, target: Target) -> [Figure; 2] {
        let cost = "  the server's processor time an event";
        [
            Figure::of_calm_pairs(name, Unit::PerSecond, self.rates, target),
            Figure::of_calm_pairs(cost, Unit::Seconds, self.costs, Target::None),
        ]
    }
}

async fn rates(servers: &EventServers, bot: &Bot) -> Measured<Vec<Figure>> {
    let (mut control, mut shared, mut engine) = (Compared::default(), Compared::default(), Compared::default());
    for round in 0..=ROUNDS {
        let over_control = round_of(&servers.control, bot).await?;
        let over_pipe = round_of(&servers.pipe, bot).await?;
        let over_engine = round_of(&servers.engine, bot).await?;
        let over_shared = round_of(&servers.shared, bot).await?;
        let over_wide_pipe = round_of(&servers.wide_pipe, bot).await?;
        // The first round only warms up.
        if round > 0 {
            control.add(&over_control, &over_pipe);
            engine.add(&over_engine, &over_pipe);
            shared.add(&over_shared, &over_wide_pipe);
        }
    }
    let control = control.figures("events delivered, control API, 8 worlds", Target::AtLeast(0.85, None));
    let shared = shared.figures("events delivered, control API, one world, 32 people", Target::AtLeast(0.6, Some(0.4)));
    let engine = engine.figures("events delivered, engine and delivery alone", Target::AtLeast(0.85, None));
    Ok([control, shared, engine].into_iter().flatten().collect())
}

async fn round_of(target: &EventServer, bot: &Bot) -> Measured<Round> {
    Round::watch(&target.server, deliver(target, bot, Until::Over(ROUND))).await
}

/// Posts events over all connections. An event counts when the server has answered and the bot has its webhook.
pub async fn deliver(target: &EventServer, bot: &Bot, until: Until) -> Measured<(u64, Duration)> {
    let mut connections = Vec::new();
    for place in 0..target.connections {
        let event = event(&(target.writer)(place));
        connections.push((
            Connection::open(target.server.address).await?,
            (target.path)(place),
            event,
            bot.listen(place),
        ));
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (mut connection, path, event, mut heard) in connections {
        tasks.spawn(async move {
            let mut delivered = 0;
            loop {
                let over = match until {
                    Until::Over(duration) => began.elapsed() >= duration,
                    Until::Answers(count) => delivered >= count,
                };
                if over {
                    return Measured::Ok(delivered);
                }
                connection.post(&path, event.clone()).await?;
                let webhook = tokio::time::timeout(LOST, heard.recv()).await;
                webhook.map_err(|_| format!("{path}: the webhook never came"))?;
                delivered += 1;
            }
        });
    }
    let mut delivered = 0;
    while let Some(task) = tasks.join_next().await {
        delivered += task.map_err(|error| error.to_string())??;
    }
    Ok((delivered, began.elapsed()))
}

/// A person writes, the bot gets the webhook, the bot answers with a send, and the send is answered: one at a time.
async fn round_trips(servers: &EventServers, bot: &Bot) -> Measured<Figure> {
    let mut pairs = Vec::new();
    for round in 0..=TRIP_ROUNDS {
        let ours = trips(&servers.control, bot).await?;
        let bare = trips(&servers.pipe, bot).await?;
        if round > 0 {
            pairs.push(Pair { values: (ours.0, bare.0), others: ours.1.max(bare.1) });
        }
    }
    Ok(Figure::of_calm_pairs("a bot's round trip", Unit::Seconds, pairs, Target::AtMost(1.5, None)))
}

/// The median of some round trips, and the share of other programs meanwhile.
async fn trips(target: &EventServer, bot: &Bot) -> Measured<(f64, f64)> {
    let place = ALONE;
    let mut tests = Connection::open(target.server.address).await?;
    let mut sends = Connection::open(target.server.address).await?;
    let path = (target.path)(place);
    let answer = json!({ "recipient": { "id": "3001" }, "message": { "text": "Hello yourself!" } }).to_string();
    let answer = Bytes::from(answer);
    let send = format!("/v25.0/me/messages?access_token={}", token(place));
    let mut heard = bot.listen(place);
    let mut took = Vec::with_capacity(TRIPS);
    let watch = Watch::begin(&target.server);
    for _ in 0..TRIPS {
        let began = Instant::now();
        let (done, answered) = oneshot::channel();
        // The bot: it has taken the webhook, and now it sends.
        let bot = async {
            heard.recv().await;
            let sent = sends.post(&send, answer.clone()).await;
            done.send(began.elapsed()).unwrap_or_default();
            sent
        };
        let (posted, sent) = tokio::join!(tests.post(&path, event("alice")), bot);
        posted?;
        sent?;
        took.push(answered.await.map_err(|error| error.to_string())?);
    }
    Ok((median_seconds(&took), watch.others(&target.server)))
}

/// The bot: takes webhooks, answers 200 at once, and signals the listener of the path.
pub struct Bot {
    /// Where it listens.
    pub address: SocketAddr,
    ears: Arc<Vec<Ear>>,
}

#[derive(Default)]
struct Ear {
    listener: std::sync::Mutex<Option<mpsc::UnboundedSender<()>>>,
    heard: AtomicU64,
}

impl Bot {
    /// Starts; it ends with the runtime.
    pub async fn start() -> Measured<Self> {
        let listener = load::listen().await?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let ears: Arc<Vec<Ear>> = Arc::new((0..SHARED_CONNECTIONS).map(|_| Ear::default()).collect());
        let shared = ears.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap_or_default();
                let ears = shared.clone();
                let service = service_fn(move |request| {
                    let ears = ears.clone();
                    async move { Ok::<_, Infallible>(take(&ears, request).await) }
                });
                tokio::spawn(async move {
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.unwrap_or_default();
                });
            }
        });
        Ok(Self { address, ears })
    }

    fn listen(&self, place: usize) -> mpsc::UnboundedReceiver<()> {
        let (sender, receiver) = mpsc::unbounded_channel();
        if let Ok(mut listener) = self.ears[place].listener.lock() {
            *listener = Some(sender);
        }
        receiver
    }

    /// Webhooks that it has got so far.
    pub fn heard(&self) -> u64 {
        self.ears.iter().map(|ear| ear.heard.load(Ordering::Relaxed)).sum()
    }
}

async fn take(ears: &[Ear], request: Request<Incoming>) -> Response<Full<Bytes>> {
    let place = request.uri().path().strip_prefix(HOOK).map(str::to_owned).unwrap_or_default();
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    // A bot reads what it gets.
    let webhook = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    let sender = || webhook.pointer("/entry/0/messaging/0/sender/id")?.as_str()?.parse::<usize>().ok();
    let place = match place.as_str() {
        OF_SENDER => sender().and_then(|psid| psid.checked_sub(FIRST_PSID)),
        place => place.parse().ok(),
    };
    if let Some(ear) = place.and_then(|place| ears.get(place)).filter(|_| webhook.is_object()) {
        ear.heard.fetch_add(1, Ordering::Relaxed);
        if let Some(listener) = ear.listener.lock().ok().and_then(|listener| listener.clone()) {
            // Nobody listens between two rounds.
            listener.send(()).unwrap_or_default();
        }
    }
    Response::new(Full::new(Bytes::from_static(b"EVENT_RECEIVED")))
}
