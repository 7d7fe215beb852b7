//! Control room: `/_control/worlds/{w}/clock`.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::engine::ActiveWorld;
use crate::engine::clock::Mode;
use crate::language::Node;
use crate::language::steps::clock_step::ClockStep;
use crate::language::steps::step::{Step, StepKind};
use crate::runner::Session;
use crate::text::units::{DURATION_HELP, MOMENT_HELP, format_moment, parse_duration, parse_moment};

use super::answer::{Answer, Problem};
use super::worlds::parse;

/// What the clock shows.
pub fn read(world: &ActiveWorld) -> Result<Answer, Problem> {
    Ok(Answer::json(200, &shown(world)))
}

fn shown(world: &ActiveWorld) -> Value {
    let mode = match world.clock_mode() {
        Mode::Frozen => "frozen",
        Mode::Follow => "follow",
    };
    json!({ "now": format_moment(world.now()), "mode": mode })
}

/// Schedule the clock: `{"advance": "+24h"}` or `{"to": "2026-03-03T09:00:00Z"}`. As in a scenario, what is under way at the old time
/// ends first.
pub async fn turn(session: &tokio::sync::Mutex<Session>, body: &Bytes) -> Result<Answer, Problem> {
    let asked = parse("the request", body)?;
    let keys: Vec<&str> = asked.entries().iter().filter_map(|(key, _)| key.text()).collect();
    let text = |key: &str| asked.get(key).and_then(Node::text).unwrap_or_default();
    let clock = match keys.as_slice() {
        ["advance"] => {
            let span = parse_duration(text("advance").trim_start_matches('+'));
            ClockStep::By(span.ok_or_else(|| Problem::new(400, format!("`advance`: {DURATION_HELP}")))?)
        }
        ["to"] => {
            ClockStep::To(parse_moment(text("to")).ok_or_else(|| Problem::new(400, format!("`to`: {MOMENT_HELP}")))?)
        }
        _ => return Err(Problem::new(400, "send {\"advance\": \"+24h\"} or {\"to\": \"2026-03-03T09:00:00Z\"}")),
    };
    let step = Step { place: asked.place.clone(), page: None, save: Vec::new(), kind: StepKind::Clock(clock) };
    let mut session = session.lock().await;
    session.perform(&step).await.map_err(|mistake| Problem::of(422, &[mistake]))?;
    Ok(Answer::json(200, &shown(&session.world)))
}
