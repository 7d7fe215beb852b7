//! What real apps did since a session began, for the notes below a failure: each Graph call, and which step claimed it.

use crate::domain::event::{Decision, Scope};
use crate::domain::model::ids::AppKey;
use crate::engine::UnmatchedCall;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::Record;
use crate::journal::call_json::shown_parameters;
use crate::journal::named_ids::named_path;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

use super::observations::ClaimedCalls;
use super::recorded_call::{RecordedCall, calls_of};
use super::session::Session;

/// The most calls of one app that a failure describes.
const MAX_DESCRIBED: usize = 20;
/// The most kinds of webhooks that a note names.
const MAX_WITHHELD: usize = 5;
/// How much of a step a note shows, in characters.
const MAX_STEP_TEXT: usize = 100;

impl Session {
    /// Describes the calls of an app since the session began, the newest ones if there are many. `describe` says more about a call that no
    /// step has claimed.
    pub(super) fn described_calls(
        &self,
        ledger: &Ledger,
        claimed: &ClaimedCalls,
        app: AppKey,
        describe: impl Fn(&RecordedCall) -> String,
    ) -> Vec<String> {
        let calls = calls_of(&self.config, ledger, (app, None), self.memory.begin).into_iter().flatten();
        let calls: Vec<RecordedCall> = calls.filter(|call| self.looks_at(call.thread)).collect();
        let name = &self.config.app(app).name;
        if calls.is_empty() {
            let silent = format!("`{name}` made no Graph call in this world since {}", self.beginning());
            return [silent].into_iter().chain(self.described_webhooks(ledger, app)).collect();
        }
        let mut notes = Vec::new();
        let earlier = calls.len().saturating_sub(MAX_DESCRIBED);
        if earlier > 0 {
            notes.push(format!("`{name}` made {earlier} earlier calls"));
        }
        for call in calls.into_iter().skip(earlier) {
            let more = match claimed.claimant(call.cause) {
                Some(step) if self.is_shared() => format!("the step `{}` claimed it", step_text(step)),
                Some(step) => format!("the step at {step} claimed it"),
                None => describe(&call),
            };
            let rule = call.rule.filter(|_| call.error().is_some());
            let (method, path) = (&call.method, named_path(&self.config, &call.paths[0]));
            let said = shown_parameters(&self.config, call.params);
            notes.push(format!("`{name}` called {method} {path} with {said}: {more}"));
            notes.extend(rule.map(|rule| format!("because of {rule}: {}", rule.rule().statement)));
        }
        notes
    }

    /// What an app that makes no call was sent, and what was withheld from it.
    fn described_webhooks(&self, ledger: &Ledger, app: AppKey) -> Vec<String> {
        let name = &self.config.app(app).name;
        let (mut accepted, mut withheld) = (Vec::new(), Vec::new());
        for entry in ledger.after(self.memory.begin).into_iter().flatten() {
            let is_seen = |scope: Scope| scope.thread().is_none_or(|thread| self.looks_at(Some(thread)));
            match &entry.record {
                Record::DeliveryAttempt(attempt) if attempt.request.app == app && attempt.result.is_success() => {
                    let items = attempt.request.items().filter(|item| is_seen(item.event.scope));
                    accepted.extend(items.map(|item| item.field().name()));
                }
                record => {
                    let Some((event, decision)) = record.webhook() else { continue };
                    let is_withheld = matches!(decision.decision, Decision::Withhold(_));
                    if is_withheld && decision.app == app && is_seen(event.scope) {
                        withheld.push((decision.field(event).name(), decision.rule));
                    }
                }
            }
        }
        let (accepted, withheld) = (without_repeats(accepted), without_repeats(withheld));
        let sent = match accepted.as_slice() {
            [] => format!("`{name}` has accepted no webhook"),
            fields => format!("`{name}` has accepted webhooks: {}", shown_names(fields)),
        };
        let kept = withheld.iter().take(MAX_WITHHELD);
        let kept =
            kept.map(|(field, rule)| format!("`{field}` was withheld from it: {rule}: {}", rule.rule().statement));
        [sent].into_iter().chain(kept).collect()
    }

    /// Adds to a failure what the real apps did.
    pub(super) fn note_calls(&self, failure: Diagnostic) -> Diagnostic {
        let apps = (0..self.config.apps.len()).map(|app| AppKey(app as u16)).filter(|app| self.is_real(Some(*app)));
        let notes: Vec<String> = self.world.read(|_, ledger, _| {
            let observed = self.observations.lock();
            let describe = |call: &RecordedCall| match call.error() {
                Some(error) => format!("it was refused: {error}"),
                None => "no step claimed it".to_owned(),
            };
            apps.flat_map(|app| self.described_calls(ledger, &observed.calls, app, describe)).collect()
        });
        notes.into_iter().chain(self.unmatched_calls()).fold(failure, Diagnostic::note)
    }

    /// Calls since the session began whose token no world has. The history of the session keeps them, for a replay does not have them.
    pub(super) fn unmatched_calls(&self) -> Vec<String> {
        let calls = self.engine.unmatched().reported_after(self.unmatched_before);
        let calls: Vec<String> = calls.iter().map(UnmatchedCall::text).collect();
        self.observations.lock().unmatched_calls.clone_from(&calls);
        let note = |call| {
            format!(
                "a call matched no world: {call} (does the bot use its token of this world, as GRAPHDOUBLE_PAGE_TOKEN has it?)"
            )
        };
        calls.into_iter().map(note).collect()
    }

    fn beginning(&self) -> &'static str {
        if self.is_shared() { "the session began" } else { "the scenario began" }
    }
}

/// The text of a step that stands in no file.
fn step_text(step: &SourcePlace) -> String {
    let text = step.text().trim();
    match text.char_indices().nth(MAX_STEP_TEXT) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn shown_names(names: &[&str]) -> String {
    match names.len() {
        count if count > MAX_WITHHELD => {
            format!("{} and {} more", names[..MAX_WITHHELD].join(", "), count - MAX_WITHHELD)
        }
        _ => names.join(", "),
    }
}

/// Each item once, where it stands first.
fn without_repeats<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut once = Vec::new();
    items.into_iter().for_each(|item| {
        if !once.contains(&item) {
            once.push(item)
        }
    });
    once
}
