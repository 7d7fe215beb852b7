//! `POST /_control/worlds/{world}/steps`: one step, as in a scenario.

use serde::Serialize;
use serde_json::{Value, json};

use crate::journal::entry_json::{Durations, EntryList};
use crate::journal::secrets::Secrets;
use crate::language::steps::step::StepKind;
use crate::text::diagnostic::Diagnostic;

use super::answer::{ControlAnswer, Problem, SERVER_STOPS};
use super::call::ControlCall;
use super::route::Handled;

/// What a step brought about.
#[derive(Serialize)]
struct StepAnswer<'e> {
    how: &'static str,
    answer: Option<Value>,
    entries: EntryList<'e>,
}

/// Performs a step; answers the entries that it brought about.
pub async fn perform(call: &ControlCall<'_>) -> Handled {
    let node = call.document("the step")?;
    let (mut performing, step) = call.begin_step().await?.read(&node)?;
    let session = &mut performing.session;
    // A step that only waits is given up when the server stops. Another one is finished.
    let performed = match step.kind {
        StepKind::Expect(_) => call.unless_stopped(session.perform(&step)).await,
        _ => Some(session.perform(&step).await),
    };
    let (world, entries, has_acted) = (session.world.clone(), session.entries_of_step(), session.has_acted());
    performing.finish();
    let config = world.config();
    let entries = EntryList {
        config: &config,
        entries: &entries,
        durations: Durations::Real,
        secrets: Secrets::Masked,
        whole: false,
    };
    let (status, performed) = match performed {
        Some(performed) => (422, performed),
        None => (503, Err(Diagnostic::new(step.place, SERVER_STOPS))),
    };
    let performed = performed.map_err(|mistake| {
        let members = json!({ "performed": has_acted, "entries": &entries });
        Problem::of_mistakes(status, &[mistake]).with_members(members)
    })?;
    Ok(ControlAnswer::json(200, &StepAnswer { how: performed.kind.word(), answer: performed.answer, entries }))
}
