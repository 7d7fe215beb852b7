//! Runs scenarios under several routings, each in a fresh world of puppets. A step that fails under one routing is a
//! difference; the other steps still run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::model::config::Config;
use crate::domain::model::platform::Platform;
use crate::engine::Engine;
use crate::engine::clock::Mode;

use super::comparison::{ComparedScenario, ComparedStep, Comparison};
use super::difference::{About, Owners, compared_aspects};
use super::outcome::{Aspect, StepOutcome};
use crate::language::files::{Scenario, Strictness};
use crate::language::steps::step::{Step, StepKind};
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::{read_world, routings};
use crate::runner::scenario_run::strictness;
use crate::runner::{Session, Timeouts};
use crate::text::diagnostic::Diagnostic;

/// Runs the scenarios under each routing. The `routing` of their rows is ignored, so rows that differ only in it are
/// one scenario.
pub async fn compare_routings(scenarios: &[Scenario], routings: &[String]) -> Comparison {
    // Without an outbox every app is a puppet.
    let engine = Arc::new(Engine::new(None));
    let mut seen = BTreeSet::new();
    let mut comparison = Comparison {
        routings: routings.to_vec(),
        not_called: BTreeSet::new(),
        unmoved_accounts: BTreeSet::new(),
        scenarios: Vec::new(),
    };
    for scenario in scenarios {
        if seen.insert((&scenario.file, scenario.place.span.start, &scenario.name_of_any_routing)) {
            let mut runs = Vec::new();
            for routing in routings {
                runs.push((routing.as_str(), run_under(&engine, scenario, routing).await));
            }
            comparison.not_called.extend(runs.iter().flat_map(|(_, run)| not_called(run)));
            comparison.unmoved_accounts.extend(runs.iter().flat_map(|(routing, run)| unmoved_accounts(routing, run)));
            comparison.scenarios.push(compared(scenario, runs));
        }
    }
    comparison
}

/// The results of one scenario under one routing.
struct RoutingRun {
    config: Arc<Config>,
    outcomes: Vec<StepOutcome>,
}

async fn run_under(engine: &Arc<Engine>, scenario: &Scenario, routing: &str) -> Result<RoutingRun, Diagnostic> {
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
        outcomes.push(step_outcome(&mut session, step).await);
    }
    for failure in session.unfired_faults() {
        let armed = scenario.steps.iter().position(|step| step.place.span == failure.place.span);
        if let Some(outcome) = armed.and_then(|place| outcomes.get_mut(place)) {
            outcome.fails(failure.message);
        }
    }
    if scenario.strict != Strictness::Off {
        outcomes
            .push(StepOutcome::of_expectations(vec![strictness(&session, scenario).map(|failure| failure.message)]));
    }
    engine.remove(WORLD);
    Ok(RoutingRun { config, outcomes })
}

async fn step_outcome(session: &mut Session, step: &Step) -> StepOutcome {
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

fn not_called(run: &Result<RoutingRun, Diagnostic>) -> Vec<String> {
    let apps = run.iter().flat_map(|run| run.config.apps.iter());
    apps.filter(|app| app.webhook.is_some()).map(|app| app.name.to_string()).collect()
}

/// The accounts of a run to whose platform the routing does not belong.
fn unmoved_accounts(routing: &str, run: &Result<RoutingRun, Diagnostic>) -> Vec<String> {
    let is_of_pages = !routings::applies_to(routing, Platform::Instagram);
    let configs = run.iter().filter(|_| is_of_pages).map(|run| &run.config);
    let accounts = configs.flat_map(|config| config.assets_on(Platform::Instagram).map(|key| config.asset(key)));
    accounts.map(|account| account.name.to_string()).collect()
}

fn compared(scenario: &Scenario, runs: Vec<(&str, Result<RoutingRun, Diagnostic>)>) -> ComparedScenario {
    let mut impossible = Vec::new();
    let mut possible: Vec<(&str, RoutingRun)> = Vec::new();
    for (routing, run) in runs {
        match run {
            Ok(run) => possible.push((routing, run)),
            Err(why) => impossible.push((routing.to_owned(), why.message)),
        }
    }
    let holds = |run: &RoutingRun| run.outcomes.iter().all(|outcome| outcome.holds);
    let holds_under = possible.iter().filter(|(_, run)| holds(run)).map(|(routing, _)| (*routing).to_owned());
    ComparedScenario {
        file: scenario.file.clone(),
        name: scenario.name_of_any_routing.clone(),
        place: scenario.place.clone(),
        impossible,
        holds_under: holds_under.collect(),
        steps: compared_steps(scenario, &possible),
    }
}

fn compared_steps(scenario: &Scenario, runs: &[(&str, RoutingRun)]) -> Vec<ComparedStep> {
    let Some((_, first)) = runs.first() else { return Vec::new() };
    let mut owners = Owners::new();
    let step = |place: usize| {
        let outcomes: Vec<(&str, &StepOutcome)> =
            runs.iter().filter_map(|(routing, run)| Some((*routing, run.outcomes.get(place)?))).collect();
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
