//! Delivery tests: a small world and a bot on a real socket. The bot runs on threads of its own and blocks, so that what it does to a
//! connection is exactly what a test says.

mod handshake;
mod order;
mod trouble;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::domain::command::{Command, UserAction, UserMessage};
use crate::domain::model::access::PermissionSet;
use crate::domain::model::config::{
    AppConfig, Config, ConnectionConfig, DeliveryConfig, Limits, PageConfig, People, PersonConfig, WebhookConfig,
};
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppId, AppKey, INBOX_APP_ID, LEAD_APP_ID, PageKey, PersonKey, ThreadKey};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::ruleset::Ruleset;
use crate::domain::model::time::Moment;
use crate::engine::clock::Mode;
use crate::engine::ledger::{DeliveryResult, Record, Source};
use crate::engine::{ActiveWorld, Engine, Quiescence};

use super::{DeliverySettings, WebhookSender};

const SECRET: &str = "support-secret";
const BUDGET: Duration = Duration::from_secs(10);
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A request as it came over the wire.
#[derive(Debug)]
struct Seen {
    head: String,
    body: Vec<u8>,
    /// Counted from 1.
    connection: usize,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default()
    }

    fn says(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(&format!("\"text\":\"{text}\""))
    }
}

struct Bot {
    url: String,
    seen: UnboundedReceiver<Seen>,
    connections: Arc<AtomicUsize>,
}

impl Bot {
    /// A bot that does `answer` with each request and hangs up where it says false.
    fn new(answer: impl Fn(&Seen, &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/webhook", listener.local_addr().expect("an address"));
        let (sender, seen) = unbounded_channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let (counter, answer) = (connections.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
                let (sender, answer) = (sender.clone(), answer.clone());
                std::thread::spawn(move || converse(stream, number, &sender, &*answer));
            }
        });
        Self { url, seen, connections }
    }

    /// A bot that always answers with these bytes.
    fn saying(answer: &'static str) -> Self {
        Self::new(move |_, stream| stream.write_all(answer.as_bytes()).is_ok())
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn all_seen(&mut self) -> Vec<Seen> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).collect()
    }
}

fn converse(
    mut stream: TcpStream,
    connection: usize,
    sender: &UnboundedSender<Seen>,
    answer: &dyn Fn(&Seen, &mut TcpStream) -> bool,
) {
    while let Some((head, body)) = read_request(&mut stream) {
        let seen = Seen { head, body, connection };
        let copy = Seen { head: seen.head.clone(), body: seen.body.clone(), connection };
        if sender.send(copy).is_err() || !answer(&seen, &mut stream) {
            return;
        }
    }
}

fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap_or("0");
    let mut body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// A bakery with as many people as it takes, and one app.
fn config(url: &str, people: u32) -> Config {
    let app = |name: &str, id, webhook| AppConfig {
        name: name.into(),
        id,
        secret: SECRET.into(),
        webhook,
        opaque_token: format!("{id}|opaque").into(),
        require_proof: false,
        published: true,
        permissions: PermissionSet::all(),
    };
    let webhook = WebhookConfig { url: url.into(), verify_token: "open-sesame".into() };
    let connection = |app, fields| ConnectionConfig {
        connected: true,
        app: AppKey(app),
        token: format!("EAA{app}").into(),
        by: None,
        expires: None,
        fields,
        standby: true,
        take_control: true,
    };
    let person = |number: u32| PersonConfig {
        name: format!("person-{number}").into(),
        first_name: "Alice".into(),
        last_name: "Liddell".into(),
        locale: "en_US".into(),
        timezone: 0,
        gender: None,
        psids: vec![format!("{}", 3001 + number).into()],
        roles: Box::default(),
    };
    Config {
        declared: "".into(),
        users: Vec::new(),
        strict_permissions: false,
        salt: 0,
        seed: 1,
        clock: Moment(1_772_442_000_000),
        apps: vec![
            app("support", AppId(1001), Some(webhook)),
            app("inbox", INBOX_APP_ID, None),
            app("lead_ads", LEAD_APP_ID, None),
        ],
        pages: vec![PageConfig {
            name: "bakery".into(),
            id: "2001".into(),
            ruleset: Ruleset::conversation_routing_2023(),
            with_default_app: Ruleset::conversation_routing_2023(),
            without_default_app: Ruleset::zero_config(),
            primary: None,
            knobs: Knobs::default(),
            default_app: Some(AppKey(0)),
            connections: vec![connection(0, [Field::Messages].into_iter().collect()), connection(1, FieldSet::EMPTY)],
            links: Vec::new(),
            social: None,
        }],
        ads: Vec::new(),
        people: People::new((0..people).map(person).collect()),
        limits: Limits::default(),
        delivery: DeliveryConfig::default(),
    }
}

/// A world whose app lives at `url`.
fn world_with(url: &str, people: u32, settings: DeliverySettings) -> (Arc<ActiveWorld>, Arc<WebhookSender>) {
    let courier = WebhookSender::new(settings);
    let engine = Engine::new(Some(courier.clone()));
    let world = engine.add("test", Arc::new(config(url, people)), Mode::Frozen).expect("a new name");
    (world, courier)
}

fn world(url: &str) -> Arc<ActiveWorld> {
    world_with(url, 2, DeliverySettings::default()).0
}

fn patient_for(timeout: Duration) -> DeliverySettings {
    DeliverySettings { timeout, ..DeliverySettings::default() }
}

fn says(world: &Arc<ActiveWorld>, person: u32, text: &str) {
    let thread = ThreadKey { page: PageKey(0), person: PersonKey(person) };
    let saying = UserMessage { text: Some(text.into()), ..UserMessage::default() };
    world.execute(Source::Script, Command::Person(thread, UserAction::Says(saying))).expect("a person may speak");
}

async fn quiet(world: &Arc<ActiveWorld>) {
    assert_eq!(world.settle(Duration::ZERO, BUDGET).await, Quiescence::Reached);
}

/// How each delivery went, in the order of the ledger.
fn results(world: &Arc<ActiveWorld>) -> Vec<DeliveryResult> {
    world.read(|_, ledger, _| {
        let result = |record: &Record| match record {
            Record::DeliveryAttempt(delivered) => Some(delivered.result.clone()),
            _ => None,
        };
        ledger.all().filter_map(|entry| result(&entry.record)).collect()
    })
}

/// How the only delivery went.
async fn outcome(world: &Arc<ActiveWorld>) -> DeliveryResult {
    quiet(world).await;
    let mut results = results(world);
    assert_eq!(results.len(), 1);
    results.remove(0)
}

fn failed(text: &str) -> DeliveryResult {
    DeliveryResult::Failed(text.into())
}
