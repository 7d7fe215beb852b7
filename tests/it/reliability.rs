//! Under load and failure: sick apps harm nobody but themselves, no event is lost or sent twice, a server that must stop finishes what
//! it has begun, and a long run needs no more memory than a short one. The figures are in docs/RELIABILITY.md.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command as Program, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use graphdouble::internals::delivery::{DeliverySettings, WebhookSender};
use graphdouble::internals::domain::command::{Command, UserAction, UserMessage};
use graphdouble::internals::domain::event::{DeliveryState, Event};
use graphdouble::internals::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger_entry::{Actor, DeliveryResult, Record};
use graphdouble::internals::engine::{ActiveWorld, Engine, Quiescence};
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::text::source;
use serde_json::{Value, json};

use crate::support::{Answer, Bot, Connection, Request, get, machine, post};

/// Longer than anything here takes; nothing is measured against it.
const GUARD: Duration = Duration::from_secs(300);

fn add(engine: &Engine, name: &str, declared: &Value) -> Arc<ActiveWorld> {
    let node = Node::parse(&source::SourceText::inline(name, &declared.to_string())).expect("JSON");
    let config = read_world::read(&node, &WorldOverrides::default()).expect("a world");
    engine.add(name, config, Mode::Frozen).expect("a new name")
}

fn people(count: usize) -> Value {
    (0..count).map(|number| (format!("p{number}"), json!({}))).collect::<serde_json::Map<_, _>>().into()
}

/// People write at once, from several threads, each as often as it says; every one in order.
async fn storm(world: &Arc<ActiveWorld>, people: u32, messages: u32) {
    const TASKS: u32 = 8;
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let world = world.clone();
            tokio::spawn(async move {
                for message in 0..messages {
                    for person in (task..people).step_by(TASKS as usize) {
                        let thread = ThreadKey { asset: AssetKey(0), person: PersonKey(person) };
                        let saying = UserMessage { text: Some(message.to_string().into()), ..UserMessage::default() };
                        let command = Command::Person(thread, UserAction::Says(saying));
                        world.execute(Actor::Script, command).expect("a person may write");
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
}

async fn quiet(world: &Arc<ActiveWorld>) {
    assert_eq!(world.settle(Duration::ZERO, GUARD).await, Quiescence::Reached);
}

/// What the bot received, by person: the texts in the order in which they came.
fn received(bot: &Bot, path: &str) -> BTreeMap<String, Vec<String>> {
    let mut shown = BTreeMap::<String, Vec<String>>::new();
    for seen in bot.seen_at(path) {
        let item = seen.item();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        shown.entry(text(&item["sender"]["id"])).or_default().push(text(&item["message"]["text"]));
    }
    shown
}

/// How each first attempt to an app went.
fn results(world: &ActiveWorld, app: &str) -> Vec<DeliveryResult> {
    let app = world.config().app_by_name(app).expect("an app");
    world.read(|_, ledger, _| {
        let first = |record: &Record| match record {
            Record::DeliveryAttempt(delivered) if delivered.request.app == app && delivered.attempt == 1 => {
                Some(delivered.result.clone())
            }
            _ => None,
        };
        ledger.all().filter_map(|entry| first(&entry.record)).collect()
    })
}

const SICK: [&str; 5] = ["hangs", "resets", "refuses", "cuts", "leaves"];

fn sick(path: &str) -> Answer {
    match path {
        "POST /hangs" => Answer::Silence,
        "POST /resets" => Answer::Reset,
        "POST /refuses" => Answer::status("500 Internal Server Error", "oh no"),
        "POST /talks" => Answer::status("200 OK", &"x".repeat(10_000_000)),
        "POST /cuts" => Answer::Cut("HTTP/1.1 200 OK\r\nContent-Le".to_owned()),
        "POST /leaves" => Answer::HangUp,
        _ => Answer::status("200 OK", "EVENT_RECEIVED"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_people_write_at_once_and_sick_apps_harm_nobody_but_themselves() {
    const PEOPLE: u32 = 10_000;
    const PATIENTS: u32 = 10;
    let _guard = machine::alone().await;
    let bot = Bot::answering(|seen| sick(seen.line())).await;
    let engine = Engine::new(Some(WebhookSender::new(DeliverySettings::default())));
    let webhook = |path: &str| json!({ "webhook": { "url": bot.url(path), "verify_token": "v" } });
    let good = add(
        &engine,
        "good",
        &json!({
            "limits": { "ledger": 200_000, "messages": 50_000 },
            "apps": { "bot": webhook("/well") },
            "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } },
            "people": people(PEOPLE as usize),
        }),
    );
    let apps: serde_json::Map<_, _> = SICK.iter().map(|app| ((*app).to_owned(), webhook(&format!("/{app}")))).collect();
    let connected: serde_json::Map<_, _> = SICK.iter().map(|app| ((*app).to_owned(), json!({}))).collect();
    let ward = add(
        &engine,
        "ward",
        &json!({
            "seed": 2, "delivery": { "timeout": "200ms" },
            "apps": apps, "pages": { "ward": { "routing": "zero_config", "apps": connected } },
            "people": people(PATIENTS as usize),
        }),
    );
    let talker = add(
        &engine,
        "talker",
        &json!({
            "seed": 3, "apps": { "bot": webhook("/talks") },
            "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } }, "people": people(PATIENTS as usize),
        }),
    );
    tokio::join!(storm(&good, PEOPLE, 2), storm(&ward, PATIENTS, 2), storm(&talker, PATIENTS, 2));
    quiet(&good).await;
    let heard = received(&bot, "/well");
    assert_eq!(heard.len(), PEOPLE as usize);
    for (person, texts) in heard {
        assert_eq!(texts, ["0", "1"], "{person}: each message once, and in order");
    }
    let well = results(&good, "bot");
    assert_eq!(well.len(), 2 * PEOPLE as usize);
    assert!(well.iter().all(DeliveryResult::is_success));
    quiet(&ward).await;
    for app in SICK {
        let results = results(&ward, app);
        assert_eq!(results.len(), 2 * PATIENTS as usize, "{app}: every webhook was tried");
        assert!(!results.iter().any(DeliveryResult::is_success), "{app}: {results:?}");
    }
    quiet(&talker).await;
    let answered = results(&talker, "bot");
    assert_eq!(answered, vec![DeliveryResult::Answered(200); 2 * PATIENTS as usize], "ten megabytes are an answer");
    let hour_later = ward.now() + graphdouble::internals::domain::model::time::Span::hours(1);
    while ward.advance_to(hour_later).is_none() {
        quiet(&ward).await;
    }
    let disabled = ward.read(|_, ledger, _| {
        let disabled = |record: &Record| {
            matches!(record, Record::Happened(Event::Delivery { news: DeliveryState::Disabled { .. }, .. }))
        };
        ledger.all().filter(|entry| disabled(&entry.record)).count()
    });
    assert_eq!(disabled, SICK.len(), "who failed for an hour is unsubscribed");
}

/// A server of its own, killed when it is dropped.
struct Served {
    child: Child,
    address: String,
    world: PathBuf,
}

impl Served {
    fn open(name: &str, world: &Value) -> Self {
        let path = std::env::temp_dir().join(format!("graphdouble-{name}-{}.yaml", std::process::id()));
        std::fs::write(&path, world.to_string()).expect("a world file");
        let mut program = Program::new(env!("CARGO_BIN_EXE_graphdouble"));
        program.args(["serve", "--frozen", "--listen", "127.0.0.1:0", "--world"]).arg(&path);
        let mut child = program.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut ready = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut ready).expect("a line when it is ready");
        let address = ready.trim().rsplit('/').next().unwrap_or_default().to_owned();
        Self { child, address, world: path }
    }

    fn stop(&self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process");
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal");
    }

    async fn connect(&self) -> Connection {
        Connection::open(&self.address).await
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().unwrap_or_default();
        std::fs::remove_file(&self.world).unwrap_or_default();
    }
}

/// Something that a bot waits for.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn open(&self) {
        *self.0.lock().expect("a gate") = true;
        self.1.notify_all();
    }

    fn wait(&self) {
        let open = self.0.lock().expect("a gate");
        drop(self.1.wait_while(open, |open| !*open).expect("a gate"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_must_stop_finishes_what_it_has_begun() {
    let gate = Arc::new(Gate::default());
    let held = gate.clone();
    let bot = Bot::answering(move |_| {
        tokio::task::block_in_place(|| held.wait());
        Answer::status("200 OK", "")
    });
    let bot = bot.await;
    let mut served = Served::open(
        "stops",
        &json!({
            "apps": { "bot": { "webhook": { "url": bot.url("/hook"), "verify_token": "v" } } },
            "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } }, "people": { "alice": {} },
        }),
    );
    let mut connection = served.connect().await;
    let step = post("/_control/worlds/default/steps").body("{ user: alice, says: Hi }");
    connection.send(&step.bytes(&served.address)).await;
    while bot.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    served.stop();
    // Once it refuses others it knows that it shall stop.
    while tokio::net::TcpStream::connect(&served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    gate.open();
    assert_eq!(connection.reply().await.status, 200, "the step that was under way is answered");
    let ended = tokio::task::block_in_place(|| served.child.wait()).expect("an end");
    assert_eq!(ended.code(), Some(0));
    assert_eq!(bot.seen().len(), 1, "the webhook was sent once");
}

/// What a connection reads before the server ends.
async fn answer_of(mut connection: Connection) -> (u16, String) {
    let reply = connection.reply().await;
    (reply.status, reply.text().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_wait_are_answered_when_the_server_stops() {
    let bot = Bot::answering(|_| Answer::status("200 OK", "")).await;
    let mut served = Served::open(
        "waits",
        &json!({
            "apps": { "bot": { "webhook": { "url": bot.url("/hook"), "verify_token": "v" } } },
            "pages": { "shop": { "default_app": "bot", "apps": { "bot": {} } } }, "people": { "alice": {} },
        }),
    );
    let mut waiting = Vec::new();
    for request in [
        get("/_control/worlds/default/ledger?after=0&kind=warning&wait=60s"),
        get("/_control/worlds/default/calls?wait=60s"),
        post("/_control/worlds/default/steps?session=a")
            .body("{ expect: [{ app: bot, gets: messages }], within: 60s }"),
    ] {
        let mut connection = served.connect().await;
        connection.send(&request.bytes(&served.address)).await;
        waiting.push(connection);
    }
    // Each of the others has been read when these are answered: they came later, on the same two threads.
    for _ in 0..20 {
        let health = served.connect().await.ask(&get("/_control/health").bytes(&served.address)).await;
        assert_eq!(health.status, 200);
    }
    served.stop();
    for connection in waiting {
        let (status, text) = answer_of(connection).await;
        assert!(status == 503 && text.contains("the server stops"), "{status} {text}");
    }
    let ended = tokio::task::block_in_place(|| served.child.wait()).expect("an end");
    assert_eq!(ended.code(), Some(0));
}

#[cfg(target_os = "linux")]
fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_long_run_needs_no_more_memory_than_a_short_one() {
    /// After three rounds everything that is bounded has reached its bound: the ledger, the messages, and the commands beyond the ledger.
    const ROUND: usize = 8_000;
    const SLACK_KIB: u64 = 2_048;
    let _guard = machine::alone().await;
    let served = Served::open(
        "lasts",
        &json!({
            "limits": { "ledger": 1000, "messages": 1000 }, "apps": { "bot": {} },
            "pages": { "shop": { "default_app": "bot", "apps": { "bot": { "token": "EAAbot" } } } },
            "people": { "alice": { "psids": { "shop": "3001" } } },
        }),
    );
    let mut connection = served.connect().await;
    let mut ask = async |request: Request| {
        let reply = connection.ask(&request.bytes(&served.address)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    };
    ask(post("/_control/worlds/default/steps").body("{ user: alice, says: Hi }")).await;
    let mut rounds = Vec::new();
    for _ in 0..5 {
        for _ in 0..ROUND {
            let hello = r#"{"recipient":{"id":"3001"},"message":{"text":"Hello"}}"#;
            ask(post("/v25.0/me/messages").bearer("EAAbot").json(hello)).await;
        }
        rounds.push(resident_kib(served.child.id()));
    }
    assert!(rounds[4] <= rounds[2] + SLACK_KIB, "resident KiB after each round: {rounds:?}");
}
