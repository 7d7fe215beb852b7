//! Run room: the same scenarios under several routings, each in a fresh world of puppets, and what differs between them. A step that
//! fails under one routing is what differs there; the walk goes on.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::model::config::Config;
use crate::engine::Engine;
use crate::engine::clock::Mode;

use super::comparison::{ComparedScenario, ComparedStep, Comparison};
use super::difference::{About, Owners, compared_aspects};
use super::outcome::{Aspect, StepOutcome};
use crate::language::files::Scenario;
use crate::language::steps::step::{Step, StepKind};
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::run_scenarios::strictness;
use crate::runner::{Session, Timeouts};
use crate::text::diagnostic::Diagnostic;

/// Walks the scenarios under each of the routings. `routing` of their rows counts for nothing; rows that differ in nothing else are
/// one scenario.
pub async fn compare_routings(scenarios: &[Scenario], routings: &[String]) -> Comparison {
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
    outcomes: Vec<StepOutcome>,
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
    for failure in session.unfired_faults() {
        let armed = scenario.steps.iter().position(|step| step.place.span == failure.place.span);
        if let Some(outcome) = armed.and_then(|place| outcomes.get_mut(place)) {
            outcome.fails(failure.message);
        }
    }
    if scenario.strict {
        outcomes
            .push(StepOutcome::of_expectations(vec![strictness(&session, scenario).map(|failure| failure.message)]));
    }
    engine.remove(WORLD);
    Ok(Walk { config, outcomes })
}

async fn outcome(session: &mut Session, step: &Step) -> StepOutcome {
    if let StepKind::Expect(expectations) = &step.kind {
        let mut failures = Vec::new();
        for expectation in expectations {
            let held = session.check_expectation(expectation, step.page.as_deref()).await;
            failures.push(held.err().map(|failure| failure.message));
        }
        return StepOutcome::of_expectations(failures);
    }
    let before = session.world.read(|_, ledger, _| ledger.next_cursor() - 1);
    let mistake = session.perform(step).await.err().map(|failure| failure.message);
    StepOutcome::of_act(&session.world, before, mistake)
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
        let outcomes: Vec<(&str, &StepOutcome)> =
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
