//! `inspect`: shows a failed scenario in the inspector page, from its bundle.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;

use crate::archive::Bundle;
use crate::control::{ControlApi, RecordedAnswers, ShownRecord, merge_answers};
use crate::engine::{ActiveWorld, Engine};
use crate::inspector::{PageView, recorded_page};
use crate::journal::thread_of::thread_of;
use crate::runner::{self, Timeouts};

use super::bundle_file::read_bundle;
use super::exit::Exit;
use super::listen_args::ListenArgs;
use super::open_browser::open_browser;
use super::output_files::{check_not_read, write_file};
use super::ready_line::{ReadyForm, url_of};
use super::started::Signals;
use super::terminal::{fail, note, print};

/// Show a failed scenario in the inspector page, from its bundle
///
/// The scenario is replayed, without the bot, and its world is served to be looked at: who owned the threads, which apps
/// got which webhooks and why, what the bot called and what it was answered. Nothing can be changed in it. `graphdouble run`
/// prints the path of the bundle below a failure. The server runs until SIGINT or SIGTERM.
#[derive(Debug, Args)]
pub struct InspectCommand {
    /// The bundle file.
    bundle: PathBuf,
    /// Write the page with the scenario to this file, in place of serving it. It can be opened from a disk, and needs no
    /// network. Like the bundle it has the tokens of the test world in it.
    #[arg(long, env = "GRAPHDOUBLE_HTML", value_name = "FILE")]
    html: Option<PathBuf>,
    /// Open the page in the browser.
    #[arg(long, env = "GRAPHDOUBLE_OPEN", value_parser = BoolishValueParser::new())]
    open: bool,
    /// The form of the line that says that the server listens.
    #[arg(long, env = "GRAPHDOUBLE_READY", value_name = "FORM", value_enum, default_value_t = ReadyForm::Text)]
    ready: ReadyForm,
    #[command(flatten)]
    listening: ListenArgs,
}

/// A scenario that was replayed.
pub struct ReplayedBundle {
    engine: Arc<Engine>,
    world: Arc<ActiveWorld>,
    record: ShownRecord,
}

impl InspectCommand {
    pub async fn execute(self, signals: Signals) -> Exit {
        match self.inspect(signals).await {
            Ok(()) => Exit::Ok,
            Err(exit) => exit,
        }
    }

    async fn inspect(&self, signals: Signals) -> Result<(), Exit> {
        let bundle = read_bundle(&self.bundle)?;
        let could_not = |error: String| fail(Exit::CouldNotRun, &error);
        let replayed = replayed(&bundle, &bundle.scenario)
            .await
            .map_err(|error| fail(Exit::Invalid, &format!("{}: {error}", self.bundle.display())))?;
        if let Some(file) = &self.html {
            check_not_read([file.as_path()], &BTreeSet::from([self.bundle.as_path()]))
                .map_err(|error| fail(Exit::Usage, &error))?;
            let page = html_page(vec![replayed]).await.map_err(could_not)?;
            write_file(file, page.as_bytes()).map_err(could_not)?;
            print(&format!("wrote {}", file.display()));
            return Ok(());
        }
        let bound = self.listening.bind_record(replayed.engine.clone(), replayed.record).await?;
        let url = url_of(&bound.addresses);
        let inspector = view_url(&replayed.world, &url);
        print(&self.ready.line(&bound.addresses, inspector.as_deref()));
        match &inspector {
            Some(inspector) if self.ready == ReadyForm::Text => print(&format!("the inspector is at {inspector}")),
            Some(_) => {}
            None => note("this build has no inspector page; the control API answers"),
        }
        if let (true, Some(inspector)) = (self.open, inspector) {
            open_browser(inspector);
        }
        // Which signal it was does not matter: the server has nothing to finish.
        let stop = async move {
            signals.await;
        };
        bound.serve(stop).await;
        Ok(())
    }
}

/// Replays a bundle into a world of this name.
pub async fn replayed(bundle: &Bundle, name: &str) -> Result<ReplayedBundle, String> {
    let (scenario, recorded) = bundle.open().map_err(|broken| broken.to_string())?;
    let (report, replayed) = runner::replay_in(name, &scenario, recorded).await;
    let (engine, world) = replayed.map_err(|error| error.one_line())?;
    if bundle.transcript() != Bundle::transcript_of(&report) {
        note("the bundle does not replay to the same end, as `graphdouble replay` shows");
    }
    Ok(ReplayedBundle { engine, world, record: ShownRecord { failure: bundle.failure.clone() } })
}

/// The address of what happened last in a world.
fn view_url(world: &ActiveWorld, url: &str) -> Option<String> {
    let config = world.config();
    let last = world.read(|_, ledger, _| {
        let mut newest = ledger.all().rev();
        newest.find_map(|entry| Some((entry.cursor, thread_of(&config, &entry.record)?)))
    });
    let person = last.map(|(_, thread)| config.person_name(thread.person));
    let view = PageView {
        world: world.name(),
        screen: Some("chat"),
        entry: last.map(|(cursor, _)| cursor),
        page: last.map(|(_, thread)| &*config.asset(thread.asset).name),
        person: person.as_deref(),
    };
    view.url(url)
}

/// The page with these scenarios as one file. Each has another name.
pub async fn html_page(scenarios: Vec<ReplayedBundle>) -> Result<String, String> {
    let mut records: Vec<RecordedAnswers> = Vec::new();
    for ReplayedBundle { engine, world, record } in scenarios {
        let api = ControlApi::new(engine, Timeouts::default()).of_record(record);
        records.push(api.recorded_answers(world.name()).await);
    }
    recorded_page(&merge_answers(records)).map_err(|error| error.to_string())
}

/// A name for the world of a scenario that no other has.
pub fn world_name(scenario: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2u32..).map(|number| format!("{scenario} ({number})"));
    let name = std::iter::once(scenario.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let name = name.unwrap_or_default();
    taken.insert(name.clone());
    name
}
