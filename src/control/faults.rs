//! `/_control/worlds/{world}/faults`: faults are armed, listed with how often they fired, and disarmed.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::engine::ActiveWorld;
use crate::engine::armed::Armed;
use crate::journal::fault_json::fault_json;
use crate::journal::fault_text::fault_text;
use crate::runner::arm_faults;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::names::unknown_name;
use super::route::Handled;

/// Handles `GET …/faults`.
pub fn list(call: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &json!({ "faults": faults_json(&*call.world()?) })))
}

/// Handles `POST …/faults`: a fault in the words of a `fault` step.
pub fn arm(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let node = Arc::new(call.document("the fault")?);
    let numbers = arm_faults::arm(&world, &[node]).map_err(|mistakes| Problem::of_mistakes(400, &mistakes))?;
    let armed = world.faults().into_iter().find(|armed| numbers.contains(&armed.number));
    let described = armed.map(|armed| armed_json(&world, &armed));
    Ok(ControlAnswer::json(201, &described.unwrap_or_default()))
}

/// Handles `DELETE …/faults`.
pub fn disarm_all(call: &ControlCall<'_>) -> Handled {
    call.world()?.disarm(None);
    Ok(ControlAnswer::Empty(204))
}

/// Handles `DELETE …/faults/{number}`.
pub fn disarm(call: &ControlCall<'_>) -> Handled {
    let (world, number) = (call.world()?, call.path_value("number"));
    let disarmed = number.parse().map(|number| world.disarm(Some(number))).unwrap_or_default();
    if disarmed > 0 {
        return Ok(ControlAnswer::Empty(204));
    }
    let known: Vec<String> = world.faults().iter().map(|armed| armed.number.to_string()).collect();
    Err(unknown_name(404, "fault", number, known.iter().map(String::as_str)))
}

/// All faults of a world, in the order in which they were armed.
pub fn faults_json(world: &ActiveWorld) -> Vec<Value> {
    world.faults().iter().map(|armed| armed_json(world, armed)).collect()
}

fn armed_json(world: &ActiveWorld, armed: &Armed) -> Value {
    let config = &*world.config();
    let mut described = fault_json(config, &armed.fault);
    described.insert("fault".to_owned(), json!(armed.number));
    described.insert("text".to_owned(), json!(fault_text(config, &armed.fault)));
    described.insert("met".to_owned(), json!(armed.met));
    described.insert("fired".to_owned(), json!(armed.fired));
    Value::Object(described)
}
