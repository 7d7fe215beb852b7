//! `load`: many people write to a bot, and a table says how long it took to answer and what went wrong.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use hyper::Method;
use serde_json::{Value, json};

use crate::delivery::WebhookSender;
use crate::domain::model::config::Config;
use crate::engine::Engine;
use crate::engine::clock::{Mode, wall_now};
use crate::language::Node;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::Timeouts;
use crate::text::source::SourceText;

use super::app_args::{check_app_names, parse_app};
use super::control_client::{ControlClient, encoded};
use super::delivery_args::DeliveryArgs;
use super::exit::Exit;
use super::listen_args::ListenArgs;
use super::load_result::LoadResult;
use super::serve::DEFAULT_WORLD;
use super::started::Signals;
use super::terminal::{check_printed, fail, fail_invalid, print};

/// The most people of a load.
const MAX_PEOPLE: u64 = 100_000;
/// How long a person who was not answered waits before the next message, so that a bot that is not there is not asked without end.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);
/// How often the line about the progress is printed.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);

/// Let many people write to a bot, and see how long it takes to answer
///
/// Each person writes, waits for the answer of the bot, and may write again after that. With --world the server runs in this process, and
/// --app says where the bot is. With --url a running server does it. Ctrl-C ends the load early.
#[derive(Debug, Args)]
pub struct LoadCommand {
    /// The world of this file, in a server that this command runs.
    #[arg(long, value_name = "FILE", required_unless_present = "url")]
    world: Option<PathBuf>,
    /// Set the webhook URL of an app, by its name in the world. Separate several apps with commas.
    #[arg(long = "app", value_name = "NAME=URL", env = "GRAPHDOUBLE_APP", value_delimiter = ',', value_parser = parse_app, conflicts_with = "url")]
    apps: Vec<(String, Option<String>)>,
    #[command(flatten)]
    listening: ListenArgs,
    #[command(flatten)]
    delivery: DeliveryArgs,
    /// A running server, for example http://127.0.0.1:4004.
    #[arg(long, value_name = "URL", conflicts_with = "world")]
    url: Option<String>,
    /// The name of the world on that server.
    #[arg(long = "in", value_name = "NAME", default_value = DEFAULT_WORLD)]
    name: String,
    /// How many people write.
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=MAX_PEOPLE))]
    people: u64,
    /// How many messages they write in all, for example 200/s. Without it everybody writes as soon as the bot has answered.
    #[arg(long, value_name = "COUNT/s", value_parser = parse_rate)]
    rate: Option<f64>,
    /// How long they go on to write.
    #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = super::real_duration::parse_real_duration)]
    lasts: Duration,
    /// What they write. Given several times, they write one after another.
    #[arg(long, value_name = "TEXT", default_value = "Hi")]
    says: Vec<String>,
    /// The page or Instagram account to which they write, in a world of several.
    #[arg(long, visible_alias = "on", value_name = "NAME")]
    page: Option<String>,
    /// How long each of them waits for an answer.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = super::real_duration::parse_real_duration)]
    within: Duration,
    /// End with exit code 4 unless everybody was answered.
    #[arg(long)]
    strict: bool,
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let number =
        text.strip_suffix("/s").unwrap_or(text).parse().ok().filter(|rate: &f64| *rate >= 0.01 && *rate <= 1e6);
    number.ok_or_else(|| "write a number of messages a second from 0.01 to 1000000, such as 200/s".to_owned())
}

impl LoadCommand {
    pub async fn execute(self, signals: Signals) -> Exit {
        let Some(url) = &self.url else { return self.serve_and_run(signals).await };
        self.run(url, signals).await
    }

    async fn serve_and_run(&self, signals: Signals) -> Exit {
        let settings = match self.delivery.settings() {
            Ok(settings) => settings,
            Err(exit) => return exit,
        };
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(settings))));
        if let Err(exit) = self.add_world(&engine) {
            return exit;
        }
        let mut listening = self.listening.clone();
        // Everybody has a connection, and the bot needs some, too.
        listening.connections = listening.connections.max(2 * self.people + 100);
        let bound = match listening.bind(engine, Timeouts::default()).await {
            Ok(bound) => bound,
            Err(exit) => return exit,
        };
        let Some(address) = bound.addresses.first() else { return Exit::CouldNotRun };
        let url = format!("http://{address}");
        print(&format!("graphdouble listens on {url}"));
        if let Err(exit) = check_printed() {
            return exit;
        }
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(bound.serve(async move {
            stopped.await.unwrap_or_default();
        }));
        let exit = self.run(&url, signals).await;
        drop(stop);
        server.abort();
        exit
    }

    fn add_world(&self, engine: &Engine) -> Result<(), Exit> {
        let path = self.world.clone().unwrap_or_default();
        let source = SourceText::read(&path).map_err(|error| fail(Exit::CouldNotRun, &error))?;
        let node = Node::parse(&source).map_err(|mistake| fail_invalid(&[mistake]))?;
        let changes =
            WorldOverrides { default_clock: Some(wall_now()), apps: self.apps.clone(), ..WorldOverrides::default() };
        let config = read_world::read(&node, &changes).map_err(|mistakes| fail_invalid(&mistakes))?;
        self.check_apps(&config).map_err(|error| fail(Exit::Usage, &error))?;
        let added = engine.add(&self.name, config, Mode::Follow);
        added.map(drop).map_err(|error| fail(Exit::CouldNotRun, &error.to_string()))
    }

    /// Fails if `--app` names no app, or nobody could answer.
    fn check_apps(&self, config: &Config) -> Result<(), String> {
        check_app_names(&self.apps, config)?;
        match config.apps.iter().any(|app| app.webhook.is_some()) {
            true => Ok(()),
            false => {
                Err("no app of the world has a webhook URL, so nobody can answer: give one by --app NAME=URL"
                    .to_owned())
            }
        }
    }

    async fn run(&self, url: &str, stop: Signals) -> Exit {
        let client = match ControlClient::new(url) {
            Ok(client) => Arc::new(client),
            Err(error) => return fail(Exit::Usage, &error),
        };
        let people = match self.new_people(&client).await {
            Ok(people) => people,
            Err(error) => return fail(Exit::CouldNotRun, &error),
        };
        let Some(result) = LoadResult::new() else { return Exit::CouldNotRun };
        let load = Load { client, people: Mutex::new(people.into()), result: Mutex::new(result) };
        let load = Arc::new(load);
        let began = Instant::now();
        tokio::select! {
            () = self.write(&load) => {}
            () = report_progress(&load, began) => {}
            _ = stop => {}
        }
        let result = load.result();
        print(&result.table(began.elapsed()));
        if self.strict && !result.is_good() { Exit::Failed } else { Exit::Ok }
    }

    /// Makes a crowd of people who are new to the bot.
    async fn new_people(&self, client: &ControlClient) -> Result<Vec<String>, String> {
        let path = format!("/_control/worlds/{}/people", encoded(&self.name));
        let (status, crowd) = client.call(Method::POST, &path, &json!({ "crowd": { "count": self.people } })).await?;
        let Some(name) = crowd["name"].as_str().filter(|_| status == 201) else {
            let error = crowd["error"]["message"].as_str().unwrap_or("the server made no people");
            return Err(error.to_owned());
        };
        Ok((1..=self.people).map(|number| format!("{name}.{number}")).collect())
    }

    /// Lets people write until the time is up, and waits for the last answers.
    async fn write(&self, load: &Arc<Load>) {
        let began = Instant::now();
        let mut exchanges = tokio::task::JoinSet::new();
        let mut written = 0_u64;
        while began.elapsed() < self.lasts {
            match load.take_person() {
                Some(person) => {
                    let text = &self.says[written as usize % self.says.len()];
                    exchanges.spawn(load.clone().exchange(person, self.path(), self.body(text)));
                }
                None if self.rate.is_some() => load.result().skipped += 1,
                // Everybody waits. The next one writes when an answer comes.
                None => drop(exchanges.join_next().await),
            }
            written += 1;
            if let Some(rate) = self.rate {
                let next = began + self.lasts.min(Duration::from_secs_f64(written as f64 / rate));
                tokio::time::sleep_until(next.into()).await;
            }
            while exchanges.try_join_next().is_some() {}
        }
        while exchanges.join_next().await.is_some() {}
    }

    fn path(&self) -> String {
        format!("/_control/worlds/{}/exchanges", encoded(&self.name))
    }

    fn body(&self, text: &str) -> Value {
        let mut body = json!({ "says": text, "within": format!("{}ms", self.within.as_millis()) });
        if let Some(page) = &self.page {
            body["page"] = json!(page);
        }
        body
    }
}

/// A load under way.
struct Load {
    client: Arc<ControlClient>,
    /// Those who wait for nothing, in the order in which they may write.
    people: Mutex<VecDeque<String>>,
    result: Mutex<LoadResult>,
}

impl Load {
    fn result(&self) -> MutexGuard<'_, LoadResult> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn people(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_person(&self) -> Option<String> {
        let person = self.people().pop_front()?;
        self.result().started += 1;
        Some(person)
    }

    async fn exchange(self: Arc<Self>, person: String, path: String, mut body: Value) {
        body["user"] = json!(person);
        let answered = self.client.call(Method::POST, &path, &body).await;
        let is_answered = matches!(&answered, Ok((200, report)) if report["outcome"] == "answered");
        match answered {
            Ok((200, report)) => self.result().add_report(&report),
            Ok((status, body)) => {
                let message = body["error"]["message"].as_str().unwrap_or_default();
                self.result().add_error(&format!("{status} {message}"));
            }
            Err(error) => self.result().add_error(&error),
        }
        if !is_answered {
            tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
        }
        self.people().push_back(person);
    }
}

async fn report_progress(load: &Load, began: Instant) {
    let mut ticks = tokio::time::interval(PROGRESS_EVERY);
    // The first tick comes at once.
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let line = load.result().progress(began.elapsed());
        print(&line);
    }
}
