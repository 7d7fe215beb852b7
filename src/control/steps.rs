//! `POST /_control/worlds/{world}/steps`: one step, as in a scenario.

use serde_json::{Value, json};

use crate::engine::ActiveWorld;
use crate::journal::entry_json::{Durations, entry_json};

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::route::Handled;

/// Performs a step; answers the entries that it added to the ledger.
pub async fn perform(call: &ControlCall<'_>) -> Handled {
    let session = call.session()?;
    let node = call.document("the step")?;
    let mut session = session.lock().await;
    let step = session.read_step(&node).map_err(|mistakes| Problem::of_mistakes(400, &mistakes))?;
    let before = session.world.read(|_, ledger, _| ledger.next_cursor() - 1);
    let performed = session.perform(&step).await;
    let entries = entries_after(&session.world, before);
    let performed = performed
        .map_err(|mistake| Problem::of_mistakes(422, &[mistake]).with_members(json!({ "entries": &entries })))?;
    Ok(ControlAnswer::json(
        200,
        &json!({ "how": performed.kind.word(), "answer": performed.answer, "entries": entries }),
    ))
}

fn entries_after(world: &ActiveWorld, cursor: u64) -> Vec<Value> {
    world.read(|world, ledger, _| {
        let config = world.config();
        let entries = ledger.after(cursor).into_iter().flatten();
        entries.map(|entry| entry_json(config, entry, Durations::Real)).collect()
    })
}
