//! Control room: `POST /_control/worlds/{w}/steps`: one step, as in a scenario.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::engine::ActiveWorld;
use crate::journal::entry_json::{Durations, entry_json};
use crate::runner::Session;

use super::answer::{Answer, Problem};
use super::worlds::parse;

/// Performs a step; answers what came of it.
pub async fn perform(session: &tokio::sync::Mutex<Session>, body: &Bytes) -> Result<Answer, Problem> {
    let node = parse("the step", body)?;
    let mut session = session.lock().await;
    let step = session.read_step(&node).map_err(|mistakes| Problem::of(400, &mistakes))?;
    let before = session.world.read(|_, ledger, _| ledger.next_cursor() - 1);
    let performed = session.perform(&step).await;
    let entries = entries_after(&session.world, before);
    match performed {
        Ok(performed) => {
            let mut answer = Map::new();
            answer.insert("how".to_owned(), json!(performed.kind.word()));
            answer.insert("answer".to_owned(), performed.answer.unwrap_or_default());
            answer.insert("entries".to_owned(), Value::Array(entries));
            Ok(Answer::json(200, &Value::Object(answer)))
        }
        Err(mistake) => Err(Problem::of(422, &[mistake]).with(json!({ "entries": entries }))),
    }
}

fn entries_after(world: &ActiveWorld, cursor: u64) -> Vec<Value> {
    world.read(|_, ledger, _| {
        ledger
            .after(cursor)
            .into_iter()
            .flatten()
            .map(|entry| entry_json(world.config(), entry, Durations::Real))
            .collect()
    })
}
