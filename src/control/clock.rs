//! `/_control/worlds/{world}/clock`: what the clock shows, and turning it forward.

use serde_json::{Value, json};

use crate::engine::ActiveWorld;
use crate::engine::clock::Mode;
use crate::language::Node;
use crate::language::steps::clock_step::ClockStep;
use crate::language::steps::step::{Step, StepKind};
use crate::text::units::{DURATION_HELP, MOMENT_HELP, format_moment, parse_duration, parse_moment};

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::due::due;
use super::route::Handled;

/// Handles `GET …/clock`.
pub fn read(call: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &clock_with_due(&*call.world()?)))
}

/// Handles `POST …/clock`: `{"advance": "+24h"}` or `{"to": "2026-03-03T09:00:00Z"}`.
pub async fn advance(call: &ControlCall<'_>) -> Handled {
    let node = call.document("the request")?;
    let kind = StepKind::Clock(clock_step(&node)?);
    let step =
        Step { place: node.place.clone(), page: None, within: None, references: Vec::new(), save: Vec::new(), kind };
    let mut performing = call.begin_step().await?;
    let performed = performing.session.perform(&step).await;
    let has_turned = performing.session.has_acted();
    performing.finish();
    let clock = clock_with_due(&*call.world()?);
    performed.map_err(|mistake| {
        Problem::of_mistakes(422, &[mistake]).with_members(json!({ "performed": has_turned, "clock": &clock }))
    })?;
    Ok(ControlAnswer::json(200, &clock))
}

fn clock_step(node: &Node) -> Result<ClockStep, Problem> {
    let keys: Vec<&str> = node.entries().iter().filter_map(|(key, _)| key.text()).collect();
    let text = |key: &str| node.get(key).and_then(Node::text).unwrap_or_default();
    match keys.as_slice() {
        ["advance"] => {
            let span = parse_duration(text("advance").trim_start_matches('+'));
            span.map(ClockStep::By).ok_or_else(|| Problem::new(400, format!("`advance`: {DURATION_HELP}")))
        }
        ["to"] => {
            let moment = parse_moment(text("to"));
            moment.map(ClockStep::To).ok_or_else(|| Problem::new(400, format!("`to`: {MOMENT_HELP}")))
        }
        _ => Err(Problem::new(400, "send {\"advance\": \"+24h\"} or {\"to\": \"2026-03-03T09:00:00Z\"}")),
    }
}

/// The clock, and what falls due.
fn clock_with_due(world: &ActiveWorld) -> Value {
    let mut clock = clock_json(world);
    let (due, more) = world.read(|world, _, now| due(world, now));
    clock["due"] = json!(due);
    clock["more"] = json!(more);
    clock
}

/// What the clock shows, and how it runs.
pub fn clock_json(world: &ActiveWorld) -> Value {
    let mode = match world.clock_mode() {
        Mode::Frozen => "frozen",
        Mode::Follow => "follow",
    };
    json!({ "now": format_moment(world.now()), "mode": mode })
}
