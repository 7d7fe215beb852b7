//! `POST /_control/worlds/{world}/steps`: one step, as in a scenario.

use serde::Serialize;
use serde_json::{Value, json};

use crate::engine::ActiveWorld;
use crate::engine::ledger_entry::LedgerEntry;
use crate::journal::entry_json::{Durations, EntryList};

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
    let entries =
        EntryList { config: session.world.config(), entries: &entries, durations: Durations::Real, whole: false };
    let performed = performed
        .map_err(|mistake| Problem::of_mistakes(422, &[mistake]).with_members(json!({ "entries": &entries })))?;
    Ok(ControlAnswer::json(200, &StepAnswer { how: performed.kind.word(), answer: performed.answer, entries }))
}

#[derive(Serialize)]
struct StepAnswer<'e> {
    how: &'static str,
    answer: Option<Value>,
    entries: EntryList<'e>,
}

/// The entries after a cursor. They are copied, so that nobody waits for the world while they are written as JSON.
fn entries_after(world: &ActiveWorld, cursor: u64) -> Vec<LedgerEntry> {
    world.read(|_, ledger, _| ledger.after(cursor).into_iter().flatten().cloned().collect())
}
