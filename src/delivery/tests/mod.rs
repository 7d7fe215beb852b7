//! Tests of the delivery: a small world and a bot on a real socket. The bot runs on threads of its own and blocks, so a test controls
//! exactly what happens to a connection.

mod failures;
mod handshake;
mod reuse;
mod sending;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::domain::command::{Command, UserAction, UserMessage};
use crate::domain::model::access::PermissionSet;
use crate::domain::model::config::{
    AppConfig, AssetConfig, Config, ConnectionConfig, DeliveryConfig, InstagramApp, Limits,
};
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppId, AppKey, AssetKey, INBOX_APP_ID, LEAD_APP_ID, PersonKey, ThreadKey};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::page_details::PageDetails;
use crate::domain::model::people::People;
use crate::domain::model::person::{PersonConfig, PersonDetails};
use crate::domain::model::platform::Login;
use crate::domain::model::ruleset::Ruleset;
use crate::domain::model::scoped_id::ScopedId;
use crate::domain::model::time::Moment;
use crate::domain::model::webhook_config::WebhookConfig;
use crate::engine::clock::Mode;
use crate::engine::ledger_entry::{Actor, DeliveryResult, Record};
use crate::engine::{ActiveWorld, Engine, Quiescence};

use super::{DeliverySettings, WebhookSender};

const SECRET: &str = "support-secret";
const BUDGET: Duration = Duration::from_secs(10);
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[derive(Debug, Clone)]
struct ReceivedRequest {
    head: String,
    body: Vec<u8>,
    /// Counted from 1.
    connection: usize,
}

impl ReceivedRequest {
    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default()
    }

    fn has_text(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(&format!("\"text\":\"{text}\""))
    }
}

struct TestBot {
    url: String,
    requests: UnboundedReceiver<ReceivedRequest>,
    connections: Arc<AtomicUsize>,
}

impl TestBot {
    /// A bot that calls `answer` for each request, and hangs up if it returns false.
    fn new(answer: impl Fn(&ReceivedRequest, &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/webhook", listener.local_addr().expect("an address"));
        let (sender, requests) = unbounded_channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let (counter, answer) = (connections.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
                let (sender, answer) = (sender.clone(), answer.clone());
                std::thread::spawn(move || serve_connection(stream, number, &sender, &*answer));
            }
        });
        Self { url, requests, connections }
    }

    /// A bot that always answers with these bytes.
    fn answering(answer: &'static str) -> Self {
        Self::new(move |_, stream| stream.write_all(answer.as_bytes()).is_ok())
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn all_requests(&mut self) -> Vec<ReceivedRequest> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

fn serve_connection(
    mut stream: TcpStream,
    connection: usize,
    sender: &UnboundedSender<ReceivedRequest>,
    answer: &dyn Fn(&ReceivedRequest, &mut TcpStream) -> bool,
) {
    while let Some((head, body)) = read_request(&mut stream) {
        let request = ReceivedRequest { head, body, connection };
        if sender.send(request.clone()).is_err() || !answer(&request, &mut stream) {
            return;
        }
    }
}

fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let head = read_head(stream)?;
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap_or("0");
    let mut body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// People with the PSIDs 3001, 3002 and so on.
fn some_people(count: u32) -> People {
    let mut people = People::new(1, 0, ["bakery".into()]);
    for number in 0..count {
        let psids = vec![(AssetKey(0), ScopedId::Number(3001 + u64::from(number)))];
        let details = PersonDetails { psids, ..PersonDetails::default() };
        people.add(PersonConfig::new(&format!("person-{number}"), details)).expect("a new person");
    }
    people
}

/// A page with this many people and one app, whose webhooks go to `url`.
fn config(url: &str, people: u32) -> Config {
    let app = |name: &str, id, webhook| AppConfig {
        name: name.into(),
        id,
        secret: SECRET.into(),
        instagram: InstagramApp { id, secret: "".into() },
        webhook,
        verify_token: "open-sesame".into(),
        opaque_token: format!("{id}|opaque").into(),
        require_proof: false,
        published: true,
        permissions: PermissionSet::all(),
    };
    let webhook = WebhookConfig { url: Some(url.into()) };
    let connection = |app, fields| ConnectionConfig {
        connected: true,
        app: AppKey(app),
        token: format!("EAA{app}").into(),
        login: Login::Facebook,
        by: None,
        expires: None,
        fields,
        standby: true,
        take_control: true,
    };
    Config {
        declared: "".into(),
        users: [].into(),
        strict_permissions: false,
        allow_webhooks: [].into(),
        salt: 0,
        seed: 1,
        clock: Moment::from_millis(1_772_442_000_000),
        apps: [
            app("support", AppId(1001), Some(webhook)),
            app("inbox", INBOX_APP_ID, None),
            app("lead_ads", LEAD_APP_ID, None),
        ]
        .into(),
        assets: [AssetConfig {
            name: "bakery".into(),
            id: "2001".into(),
            account: None,
            ruleset: Ruleset::conversation_routing_2023(),
            with_default_app: Ruleset::conversation_routing_2023(),
            without_default_app: Ruleset::zero_config(),
            primary: None,
            knobs: Knobs::default(),
            default_app: Some(AppKey(0)),
            connections: vec![connection(0, [Field::Messages].into_iter().collect()), connection(1, FieldSet::EMPTY)],
            links: Vec::new(),
            social: None,
            profile: None,
            details: PageDetails::default(),
        }]
        .into(),
        ads: [].into(),
        people: some_people(people),
        limits: Limits::default(),
        delivery: DeliveryConfig::default(),
    }
}

/// A world whose app receives its webhooks at `url`.
fn world_with(url: &str, people: u32, settings: DeliverySettings) -> (Arc<ActiveWorld>, Arc<WebhookSender>) {
    let sender = WebhookSender::new(settings);
    let engine = Engine::new(Some(sender.clone()));
    let world = engine.add("test", Arc::new(config(url, people)), Mode::Frozen).expect("a new name");
    (world, sender)
}

fn world(url: &str) -> Arc<ActiveWorld> {
    world_with(url, 2, DeliverySettings::default()).0
}

/// A world whose sender uses each connection again at once.
fn reusing_world(url: &str) -> Arc<ActiveWorld> {
    world_with(url, 2, DeliverySettings { reuse_after: Duration::ZERO, ..DeliverySettings::default() }).0
}

fn with_timeout(timeout: Duration) -> DeliverySettings {
    DeliverySettings { timeout, ..DeliverySettings::default() }
}

fn thread(person: u32) -> ThreadKey {
    ThreadKey { asset: AssetKey(0), person: PersonKey(person) }
}

/// Returns the entry of the command.
fn send_text(world: &Arc<ActiveWorld>, person: u32, text: &str) -> u64 {
    let message = UserMessage { text: Some(text.into()), ..UserMessage::default() };
    let says = Command::Person(thread(person), UserAction::Says(message));
    world.execute(Actor::Script, says).expect("a person may speak").cause
}

async fn wait_until_quiet(world: &Arc<ActiveWorld>) {
    assert_eq!(world.settle(Duration::ZERO, BUDGET).await, Quiescence::Reached);
}

/// The results of all attempts, in the order of the ledger.
fn results(world: &Arc<ActiveWorld>) -> Vec<DeliveryResult> {
    world.read(|_, ledger, _| {
        let result = |record: &Record| match record {
            Record::DeliveryAttempt(attempt) => Some(attempt.result.clone()),
            _ => None,
        };
        ledger.all().filter_map(|entry| result(&entry.record)).collect()
    })
}

/// The result of the only attempt.
async fn only_result(world: &Arc<ActiveWorld>) -> DeliveryResult {
    wait_until_quiet(world).await;
    let mut results = results(world);
    assert_eq!(results.len(), 1);
    results.remove(0)
}

fn failed(text: &str) -> DeliveryResult {
    DeliveryResult::Failed(text.into())
}
