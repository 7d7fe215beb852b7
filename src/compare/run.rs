//! Run room: the same scenarios under several routings, each in a fresh world of puppets, and what differs between them. A step that
//! fails under one routing is what differs there; the walk goes on.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::model::config::Config;
use crate::engine::Engine;
use crate::engine::clock::Mode;

use super::difference::{Owners, compared_aspects};
use super::outcome::{Aspect, Outcome};
use crate::language::files::Scenario;
use crate::language::steps::step::{Step, StepKind};
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::run_scenarios::strictness;
use crate::runner::session::{Session, Timeouts};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

pub use super::difference::{About, ComparedAspect, Group};
pub use super::outcome::Fact;

/// What the same scenarios come to under different routings.
#[derive(Debug)]
pub struct Comparison {
    /// The routings.
    pub routings: Vec<String>,
    /// Apps whose webhooks were not called, though a world declares them.
    pub not_called: BTreeSet<String>,
    /// The scenarios, in the order of the files.
    pub scenarios: Vec<ComparedScenario>,
}

/// A scenario under every routing.
#[derive(Debug)]
pub struct ComparedScenario {
    /// Its file.
    pub file: String,
    /// Its name, with its row but for `routing`, which the comparison chooses.
    pub name: String,
    /// Where it stands.
    pub place: SourcePlace,
    /// Routings under which its world cannot be, and why not.
    pub impossible: Vec<(String, String)>,
    /// Routings under which everything is as the file says.
    pub holds_under: Vec<String>,
    /// Its steps, and at the end of a strict scenario whether it is strict.
    pub steps: Vec<ComparedStep>,
}

/// A step under every routing under which its world can be.
#[derive(Debug)]
pub struct ComparedStep {
    /// Where it stands.
    pub place: SourcePlace,
    /// Whether it expects rather than acts.
    pub expects: bool,
    /// What is to be said about it.
    pub aspects: Vec<ComparedAspect>,
}

impl Comparison {
    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.scenarios.iter().map(|scenario| scenario.steps.len()).sum()
    }

    /// How many steps differ.
    pub fn steps_that_differ(&self) -> usize {
        self.scenarios.iter().flat_map(|scenario| &scenario.steps).filter(|step| step.differs()).count()
    }

    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        self.scenarios.iter().any(ComparedScenario::differs)
    }

    /// A routing under which no world at all can be, and why not in the first of them.
    pub fn impossible_routing(&self) -> Option<(&str, &str)> {
        self.routings.iter().find_map(|routing| {
            let mut reasons = self.scenarios.iter().map(|scenario| scenario.why_impossible(routing));
            let first = reasons.next()??;
            reasons.all(|reason| reason.is_some()).then_some((routing.as_str(), first))
        })
    }
}

impl ComparedScenario {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        !self.impossible.is_empty() || self.steps.iter().any(ComparedStep::differs)
    }

    fn why_impossible(&self, routing: &str) -> Option<&str> {
        self.impossible.iter().find(|(impossible, _)| impossible == routing).map(|(_, why)| why.as_str())
    }
}

impl ComparedStep {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        self.aspects.iter().any(|aspect| aspect.differs)
    }
}

/// Walks the scenarios under each of the routings. `routing` of their rows counts for nothing; rows that differ in nothing else are
/// one scenario.
pub async fn compare(scenarios: &[Scenario], routings: &[String]) -> Comparison {
    // Without a way out for webhooks every app is a puppet.
    let engine = Arc::new(Engine::new(None));
    let mut seen = BTreeSet::new();
    let mut comparison = Comparison { routings: routings.to_vec(), not_called: BTreeSet::new(), scenarios: Vec::new() };
    for scenario in scenarios {
        if seen.insert((&scenario.file, scenario.place.span.start, &scenario.name_of_any_routing)) {
            let mut walks = Vec::new();
            for routing in routings {
                walks.push((routing.as_str(), walk(&engine, scenario, routing).await));
            }
            comparison.not_called.extend(walks.iter().flat_map(|(_, walk)| not_called(walk)));
            comparison.scenarios.push(compared(scenario, walks));
        }
    }
    comparison
}

/// A scenario under one routing.
struct Walk {
    config: Arc<Config>,
    outcomes: Vec<Outcome>,
}

async fn walk(engine: &Arc<Engine>, scenario: &Scenario, routing: &str) -> Result<Walk, Diagnostic> {
    const WORLD: &str = "compared";
    let impossible = |message: String| Diagnostic::new(scenario.place.clone(), message);
    let changes = WorldOverrides { routing: Some(routing.to_owned()), ..WorldOverrides::default() };
    let config = read_world::read(&scenario.world, &changes).map_err(|mistakes| {
        let why: Vec<String> = mistakes.into_iter().map(|mistake| mistake.message).collect();
        impossible(why.join("; "))
    })?;
    let world = engine.add(WORLD, config.clone(), Mode::Frozen).map_err(|error| impossible(error.to_string()))?;
    let mut session = Session::new(engine.clone(), world, Timeouts::default());
    let mut outcomes = Vec::new();
    for step in &scenario.steps {
        outcomes.push(outcome(&mut session, step).await);
    }
    for failure in session.unfired() {
        let armed = scenario.steps.iter().position(|step| step.place.span == failure.place.span);
        if let Some(outcome) = armed.and_then(|place| outcomes.get_mut(place)) {
            outcome.fails(failure.message);
        }
    }
    if scenario.strict {
        outcomes.push(Outcome::of_expectations(vec![strictness(&session, scenario).map(|failure| failure.message)]));
    }
    engine.remove(WORLD);
    Ok(Walk { config, outcomes })
}

async fn outcome(session: &mut Session, step: &Step) -> Outcome {
    if let StepKind::Expect(expectations) = &step.kind {
        let mut failures = Vec::new();
        for expectation in expectations {
            let held = session.expect(expectation, step.page.as_deref()).await;
            failures.push(held.err().map(|failure| failure.message));
        }
        return Outcome::of_expectations(failures);
    }
    let before = session.world.read(|_, ledger, _| ledger.next_cursor() - 1);
    let mistake = session.perform(step).await.err().map(|failure| failure.message);
    Outcome::of_act(&session.world, before, mistake)
}

fn not_called(walk: &Result<Walk, Diagnostic>) -> Vec<String> {
    let apps = walk.iter().flat_map(|walk| &walk.config.apps);
    apps.filter(|app| app.webhook.is_some()).map(|app| app.name.to_string()).collect()
}

fn compared(scenario: &Scenario, walks: Vec<(&str, Result<Walk, Diagnostic>)>) -> ComparedScenario {
    let mut impossible = Vec::new();
    let mut possible: Vec<(&str, Walk)> = Vec::new();
    for (routing, walk) in walks {
        match walk {
            Ok(walk) => possible.push((routing, walk)),
            Err(why) => impossible.push((routing.to_owned(), why.message)),
        }
    }
    let holds = |walk: &Walk| walk.outcomes.iter().all(|outcome| outcome.holds);
    let holds_under = possible.iter().filter(|(_, walk)| holds(walk)).map(|(routing, _)| (*routing).to_owned());
    ComparedScenario {
        file: scenario.file.clone(),
        name: scenario.name_of_any_routing.clone(),
        place: scenario.place.clone(),
        impossible,
        holds_under: holds_under.collect(),
        steps: compared_steps(scenario, &possible),
    }
}

fn compared_steps(scenario: &Scenario, walks: &[(&str, Walk)]) -> Vec<ComparedStep> {
    let Some((_, first)) = walks.first() else { return Vec::new() };
    let mut owners = Owners::new();
    let step = |place: usize| {
        let outcomes: Vec<(&str, &Outcome)> =
            walks.iter().filter_map(|(routing, walk)| Some((*routing, walk.outcomes.get(place)?))).collect();
        let step = scenario.steps.get(place);
        ComparedStep {
            place: step.map_or(&scenario.place, |step| &step.place).clone(),
            expects: step.is_none_or(|step| matches!(step.kind, StepKind::Expect(_))),
            aspects: compared_aspects(&outcomes, &mut owners, |key, only| about(key, step, only, &first.config)),
        }
    };
    (0..first.outcomes.len()).map(step).collect()
}

fn about(key: Aspect, step: Option<&Step>, is_only_thread: bool, config: &Config) -> About {
    match key {
        Aspect::Answer => About::Answer,
        Aspect::Step => About::Step,
        Aspect::Warning => About::Warning,
        Aspect::Expectation(place) => {
            let expectation = match step.map(|step| &step.kind) {
                Some(StepKind::Expect(expectations)) => expectations.get(place),
                _ => None,
            };
            expectation.map_or(About::Strict, |expectation| About::Expectation(expectation.place.clone()))
        }
        Aspect::Owner(thread) => About::Owner((!is_only_thread).then(|| config.thread_name(thread))),
        Aspect::App(app) => About::App(config.app(app).name.to_string()),
    }
}
