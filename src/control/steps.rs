//! `POST /_control/worlds/{world}/steps`: one step, as in a scenario.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::model::ids::ThreadKey;
use crate::engine::ActiveWorld;
use crate::engine::ledger_entry::LedgerEntry;
use crate::inspector::PageView;
use crate::journal::entry_json::{Durations, EntryList};
use crate::journal::secrets::Secrets;
use crate::journal::thread_of::thread_of;
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
    let thread = session.thread_about(&step);
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
        let shown_at = shown_at(call, &world, thread, entries.entries.last());
        Problem::of_mistakes(status, &[mistake]).with_members(members).shown_at(shown_at)
    })?;
    Ok(ControlAnswer::json(200, &StepAnswer { how: performed.kind.word(), answer: performed.answer, entries }))
}

/// The address of the inspector page that shows a thread and the last entry of a step, or what happened last in the thread.
fn shown_at(
    call: &ControlCall<'_>,
    world: &ActiveWorld,
    thread: Option<ThreadKey>,
    last: Option<&LedgerEntry>,
) -> Option<String> {
    let config = world.config();
    let thread = thread.or_else(|| last.and_then(|entry| thread_of(&config, &entry.record)));
    let entry = last.map(|entry| entry.cursor).or_else(|| {
        let is_about = |entry: &&LedgerEntry| thread.is_some() && thread_of(&config, &entry.record) == thread;
        world.read(|_, ledger, _| ledger.all().rev().find(is_about).map(|entry| entry.cursor))
    });
    let person = thread.map(|thread| config.person_name(thread.person));
    let page = thread.map(|thread| &*config.asset(thread.asset).name);
    let view = PageView { world: world.name(), screen: Some("chat"), entry, page, person: person.as_deref() };
    view.url(&call.base_url)
}
