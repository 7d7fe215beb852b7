//! Control room: `/_control/worlds/{w}/faults`: armed, listed with how often they fired, and taken away.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::engine::ActiveWorld;
use crate::engine::armed::Armed;
use crate::journal::fault_json::fault_json;
use crate::journal::fault_text::fault_text;
use crate::runner::arm_faults;

use super::answer::{Answer, Problem};
use super::worlds::parse;

/// Arms one fault, in the words of a `fault` step.
pub fn arm(world: &Arc<ActiveWorld>, body: &Bytes) -> Result<Answer, Problem> {
    let node = Arc::new(parse("the fault", body)?);
    let numbers = arm_faults::arm(world, &[node]).map_err(|mistakes| Problem::of(400, &mistakes))?;
    let armed = world.faults().into_iter().find(|armed| numbers.contains(&armed.number));
    let described = armed.map(|armed| described(world, &armed));
    Ok(Answer::json(201, &described.unwrap_or_default()))
}

/// What was armed, and how often it fired.
pub fn read(world: &ActiveWorld) -> Result<Answer, Problem> {
    Ok(Answer::json(200, &json!({ "faults": list(world) })))
}

/// Takes away all of them.
pub fn disarm_all(world: &Arc<ActiveWorld>) -> Result<Answer, Problem> {
    world.disarm(None);
    Ok(Answer::empty(204))
}

/// Takes away one.
pub fn disarm(world: &Arc<ActiveWorld>, number: &str) -> Result<Answer, Problem> {
    let gone = number.parse().map(|number| world.disarm(Some(number))).unwrap_or_default();
    if gone > 0 {
        return Ok(Answer::empty(204));
    }
    let known: Vec<String> = world.faults().iter().map(|armed| armed.number.to_string()).collect();
    let known = if known.is_empty() { "none is armed".to_owned() } else { format!("known are: {}", known.join(", ")) };
    Err(Problem::new(404, format!("there is no fault `{number}`; {known}")))
}

/// All of them, in the order in which they were armed.
pub fn list(world: &ActiveWorld) -> Vec<Value> {
    world.faults().iter().map(|armed| described(world, armed)).collect()
}

fn described(world: &ActiveWorld, armed: &Armed) -> Value {
    let config = world.config();
    let mut described = fault_json(config, &armed.fault);
    described.insert("fault".to_owned(), json!(armed.number));
    described.insert("text".to_owned(), json!(fault_text(config, &armed.fault)));
    described.insert("met".to_owned(), json!(armed.met));
    described.insert("fired".to_owned(), json!(armed.fired));
    Value::Object(described)
}
