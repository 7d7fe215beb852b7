//! A comparison of routings as JSON.

use serde::Serialize;

use super::comparison_text::{Extent, one_line};
use crate::compare::{About, ComparedAspect, ComparedScenario, ComparedStep, Comparison, RoutingGroup};

#[derive(Serialize)]
struct ComparisonJson<'c> {
    routings: &'c [String],
    webhooks_not_called: Vec<&'c str>,
    unmoved_accounts: Vec<&'c str>,
    differs: bool,
    steps: usize,
    steps_that_differ: usize,
    scenarios: Vec<ScenarioJson<'c>>,
}

#[derive(Serialize)]
struct ScenarioJson<'c> {
    file: &'c str,
    line: usize,
    name: &'c str,
    differs: bool,
    holds_under: &'c [String],
    impossible: Vec<ImpossibleJson<'c>>,
    steps: Vec<StepJson<'c>>,
}

#[derive(Serialize)]
struct ImpossibleJson<'c> {
    routing: &'c str,
    why: &'c str,
}

#[derive(Serialize)]
struct StepJson<'c> {
    line: usize,
    text: String,
    differs: bool,
    aspects: Vec<AspectJson<'c>>,
}

#[derive(Serialize)]
struct AspectJson<'c> {
    about: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    differs: bool,
    outcomes: Vec<OutcomeJson<'c>>,
}

#[derive(Serialize)]
struct OutcomeJson<'c> {
    under: &'c [String],
    facts: Vec<FactJson<'c>>,
}

#[derive(Serialize)]
struct FactJson<'c> {
    what: &'c str,
    because: &'c [&'static str],
}

pub fn comparison_json(comparison: &Comparison, extent: Extent) -> String {
    let scenarios = comparison.scenarios.iter().map(|scenario| scenario_json(scenario, extent)).collect();
    let document = ComparisonJson {
        routings: &comparison.routings,
        webhooks_not_called: comparison.not_called.iter().map(String::as_str).collect(),
        unmoved_accounts: comparison.unmoved_accounts.iter().map(String::as_str).collect(),
        differs: comparison.differs(),
        steps: comparison.steps(),
        steps_that_differ: comparison.steps_that_differ(),
        scenarios,
    };
    format!("{:#}", serde_json::to_value(document).unwrap_or_default())
}

fn scenario_json(scenario: &ComparedScenario, extent: Extent) -> ScenarioJson<'_> {
    let impossible = scenario.impossible.iter().map(|(routing, why)| ImpossibleJson { routing, why });
    let steps = scenario.steps.iter().filter(|step| extent.of_step(step));
    ScenarioJson {
        file: &scenario.file,
        line: scenario.place.line_and_column().0,
        name: &scenario.name,
        differs: scenario.differs(),
        holds_under: &scenario.holds_under,
        impossible: impossible.collect(),
        steps: steps.map(|step| step_json(step, extent)).collect(),
    }
}

fn step_json(step: &ComparedStep, extent: Extent) -> StepJson<'_> {
    let aspects = step.aspects.iter().filter(|aspect| extent.of_aspect(aspect));
    StepJson {
        line: step.place.line_and_column().0,
        text: one_line(&step.place),
        differs: step.differs(),
        aspects: aspects.map(aspect_json).collect(),
    }
}

fn aspect_json(aspect: &ComparedAspect) -> AspectJson<'_> {
    let (about, name) = match &aspect.about {
        About::Answer => ("answer", None),
        About::Step => ("step", None),
        About::Expectation(place) => ("expectation", Some(one_line(place))),
        About::Strict => ("strict", None),
        About::Warning => ("warning", None),
        About::Owner(thread) => ("owner", thread.clone()),
        About::App(app) => ("app", Some(app.clone())),
    };
    AspectJson { about, name, differs: aspect.differs, outcomes: aspect.groups.iter().map(outcome_json).collect() }
}

fn outcome_json(group: &RoutingGroup) -> OutcomeJson<'_> {
    let facts = group.facts.iter().map(|fact| FactJson { what: &fact.what, because: &fact.because });
    OutcomeJson { under: &group.routings, facts: facts.collect() }
}
