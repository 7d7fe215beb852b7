//! Red or green does not depend on the speed of a bot: the same scenarios get the same verdict from bots that answer at once, after 30 ms
//! and after 400 ms, over real HTTP, each time. `GRAPHDOUBLE_REPEATS=100` repeats them more often.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use graphdouble::internals::delivery::{DeliverySettings, WebhookSender};
use graphdouble::internals::engine::Engine;
use graphdouble::internals::language::files::{self, Scenario};
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::runner::{RunSettings, Timeouts, run};
use graphdouble::internals::server::{self, ServerSettings};
use graphdouble::internals::site::EngineSite;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::observe::{Bundles, Verdicts};
use crate::support;

/// How long the bot takes, in milliseconds.
const PACES: [u32; 3] = [0, 30, 400];
/// How often each scenario is played at each pace.
const REPEATS: usize = 5;
/// Scenarios that are played at the same time.
const AT_ONCE: usize = 24;

/// A bot in Python, until it is dropped.
struct PythonBot {
    process: Child,
    port: u16,
}

impl PythonBot {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/any_pace/bot.py");
        let mut process = Command::new("python3").arg(script).stdout(Stdio::piped()).spawn().expect("Python");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        Self { process, port: line.trim().parse().expect("a port") }
    }
}

impl Drop for PythonBot {
    fn drop(&mut self) {
        self.process.kill().expect("the bot ends");
        self.process.wait().expect("the bot has ended");
    }
}

/// Plays a scenario with a bot of this pace: its failure, if it fails.
async fn play(scenario: Scenario, bot: u16, pace: u32, within: Duration) -> Option<String> {
    let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let graph = listener.local_addr().expect("an address").port();
    let site = Arc::new(EngineSite::new(engine.clone(), Timeouts::default()));
    let server = tokio::spawn(server::serve(vec![listener], site, ServerSettings::default(), std::future::pending()));
    let url = format!("http://127.0.0.1:{bot}/{pace}/{graph}");
    let changes = WorldOverrides { apps: vec![("bot".to_owned(), Some(url))], ..WorldOverrides::default() };
    let mut verdicts = Verdicts::default();
    let bundles = Arc::new(Bundles::default());
    let timeouts = Timeouts { within, ..Timeouts::default() };
    let settings = RunSettings { changes, timeouts, artifact_writers: vec![bundles.clone()], ..RunSettings::default() };
    run(vec![scenario], Some(engine), &settings, &mut verdicts).await;
    server.abort();
    bundles.replay_all(&verdicts).await;
    verdicts.failures.pop().expect("a verdict").1
}

/// The verdicts on all scenarios of a file: name, and the first line of the failure, each once.
async fn verdicts(file: &str, within: Duration) -> BTreeSet<(String, Option<String>)> {
    let _guard = support::machine::in_time().await;
    let repeats = std::env::var("GRAPHDOUBLE_REPEATS").ok().and_then(|text| text.parse().ok()).unwrap_or(REPEATS);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/any_pace").join(file);
    let scenarios = files::read(&path).expect("a valid file");
    let bot = PythonBot::start();
    let (mut plays, places) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for (scenario, pace) in scenarios.iter().flat_map(|scenario| PACES.map(|pace| (scenario, pace))) {
        for _ in 0..repeats {
            let (scenario, port, places) = (scenario.clone(), bot.port, places.clone());
            plays.spawn(async move {
                let _place = places.acquire().await.expect("a place");
                let name = scenario.name.clone();
                let failure = play(scenario, port, pace, within).await;
                (name, failure.map(|failure| failure.lines().next().unwrap_or_default().to_owned()))
            });
        }
    }
    plays.join_all().await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_right_passes_at_every_pace() {
    // A machine that is busy may be slow.
    let verdicts = verdicts("must_pass.yaml", Duration::from_secs(20)).await;
    let failed: Vec<_> = verdicts.into_iter().filter(|(_, failure)| failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_fails_at_every_pace_and_says_the_same() {
    // The slowest bot needs 400 ms, and on a busy machine much more.
    let verdicts: Vec<_> = verdicts("must_fail.yaml", Duration::from_secs(3)).await.into_iter().collect();
    assert!(verdicts.iter().all(|(_, failure)| failure.is_some()), "{verdicts:#?}");
    let names: BTreeSet<&str> = verdicts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), verdicts.len(), "a scenario fails in two ways: {verdicts:#?}");
}
