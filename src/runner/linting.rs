//! Runs the lints on a session, and puts their findings into the report of a scenario. Lints ignore what the script
//! caused on purpose.

use serde_json::{Value, json};

use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::ledger_entry::{LedgerEntry, Record};
use crate::engine::{ActiveWorld, Engine};
use crate::journal::thread_of::thread_of;
use crate::lint::{self, Finding, Level, Levels, LintContext, Linted, Provoked};

use super::entry_origin::caller;
use super::observations::Observations;
use super::run_events::{ReportedFinding, ScenarioReport};
use super::session::{Session, is_real};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use crate::text::units::format_moment;

impl Session {
    /// All findings of the lints in the world.
    pub fn lint(&self) -> Linted {
        lint_world(&self.engine, &self.world, &self.observations, false)
    }

    /// The same at the end of a scenario, when no step can ask for anything any more.
    fn lint_at_end(&self) -> Linted {
        lint_world(&self.engine, &self.world, &self.observations, true)
    }

    /// What steps caused on purpose so far.
    pub fn provoked(&self) -> Provoked {
        self.observations.lock().provoked.clone()
    }

    /// Marks the call that a step made as a puppet after this entry: the step itself decides whether it may be refused.
    pub(super) fn mark_puppet_call(&mut self, app: AppKey, thread: Option<ThreadKey>, after: u64) {
        let is_other = |of: Option<ThreadKey>| self.is_shared() && thread.is_some() && of.is_some() && of != thread;
        let causes = self.causes(after, |by, of| by == app && !is_other(of));
        self.observations.lock().provoked.refusals.extend(&causes);
        self.has_acted |= self.has_changed_something(after, &causes);
        self.own_calls(&causes);
    }

    /// Marks the raw call that a step made after this entry: entries of `app`, and those of any puppet. The call counts as observed, for
    /// the script made it, even with the token of a real app.
    pub(super) fn mark_raw_call(&mut self, app: Option<AppKey>, after: u64, step: &SourcePlace) {
        let causes = self.causes(after, |by, _| Some(by) == app || !self.is_real(Some(by)));
        let observed = self.world.read(|_, ledger, _| {
            let mut entries = ledger.after(after).into_iter().flatten();
            let call =
                entries.find(|entry| entry.cause == entry.cursor && caller(entry).is_some() && caller(entry) == app);
            call.map(|entry| entry.cursor)
        });
        let mut observations = self.observations.lock();
        observations.provoked.calls.extend(&causes);
        if let Some(call) = observed {
            observations.calls.claim(call, step);
        }
        drop(observations);
        self.has_acted |= self.has_changed_something(after, &causes);
        self.own_calls(&causes);
    }

    /// Notes Graph calls that the running step made.
    fn own_calls(&mut self, causes: &[u64]) {
        if self.is_shared() {
            self.observations.lock().made_by_steps.extend(causes);
            self.own(causes);
        }
    }

    /// True if one of these calls executed a command, whatever it was answered.
    fn has_changed_something(&self, after: u64, causes: &[u64]) -> bool {
        self.world.read(|_, ledger, _| {
            let mut entries = ledger.after(after).into_iter().flatten();
            entries.any(|entry| causes.contains(&entry.cause) && matches!(entry.record, Record::Command { .. }))
        })
    }

    /// The causes of the entries of such apps and threads.
    fn causes(&self, after: u64, is_such: impl Fn(AppKey, Option<ThreadKey>) -> bool) -> Vec<u64> {
        let concerns = |entry: &&LedgerEntry| {
            let app = match &entry.record {
                Record::Warning { app, .. } => *app,
                _ => caller(entry),
            };
            app.is_some_and(|app| is_such(app, thread_of(&self.config, &entry.record)))
        };
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(after).into_iter().flatten();
            entries.filter(concerns).map(|entry| entry.cause).collect()
        })
    }
}

/// All findings of the lints in a world. What a step asked for is none. `is_at_end` says that no further step can ask for anything.
pub(super) fn lint_world(engine: &Engine, world: &ActiveWorld, observations: &Observations, is_at_end: bool) -> Linted {
    let is_real = |app| is_real(engine, world.declared_config(), app);
    world.read(|state, ledger, now| {
        let observed = observations.lock();
        let (provoked, ended) = (&observed.provoked, observed.ended);
        let is_claimed = |call| observed.calls.contains(call);
        let is_asked = is_at_end.then_some(&is_claimed as &dyn Fn(u64) -> bool);
        lint::lint(&LintContext { world: state, ledger, now, is_real: &is_real, provoked, ended, is_asked })
    })
}

/// Puts the findings into the report. Returns a failure if a finding is denied.
pub(crate) fn add_findings(session: &Session, levels: &Levels, report: &mut ScenarioReport) -> Option<Diagnostic> {
    // A scenario that fails has not come to the steps that might ask.
    let linted = if report.failure.is_some() { session.lint() } else { session.lint_at_end() };
    let Linted { findings, left_out, .. } = linted;
    let reported = findings.into_iter().filter(|finding| levels.of(finding.lint) != Level::Allowed);
    report.findings = reported.map(|finding| reported_finding(finding, levels, report)).collect();
    if left_out > 0 {
        report.warnings.push(format!("{left_out} more lint findings are not shown"));
    }
    let mut denied = report.findings.iter().filter(|found| found.denied);
    let first = denied.next().map(|found| {
        let message = format!("{} is denied: {}", found.finding.lint.name, found.finding.text());
        Diagnostic::new(found.place.clone(), message).note(found.finding.lint.advice)
    })?;
    let others = denied.map(|found| format!("and {}: {}", found.finding.lint.name, found.finding.text()));
    Some(others.fold(first, Diagnostic::note))
}

fn reported_finding(finding: Finding, levels: &Levels, report: &ScenarioReport) -> ReportedFinding {
    let entry = finding.entries.first().copied().unwrap_or_default();
    let during = report.steps.iter().find(|step| step.until >= entry).map(|step| &step.place);
    let place = during.or(report.failure.as_ref().map(|failure| &failure.place)).unwrap_or(&report.place).clone();
    let denied = levels.of(finding.lint) == Level::Denied;
    ReportedFinding { finding, place, denied }
}

pub fn linted_json(linted: &Linted) -> Value {
    json!({
        "findings": linted.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "left_out": linted.left_out,
        "from": linted.from,
    })
}

pub fn finding_json(finding: &Finding) -> Value {
    json!({
        "lint": finding.lint.name,
        "severity": finding.lint.severity.name(),
        "app": finding.app,
        "thread": finding.thread,
        "what": finding.what,
        "times": finding.times,
        "advice": finding.lint.advice,
        "rule": finding.rule.map(|rule| rule.to_string()),
        "at": format_moment(finding.at),
        "entries": finding.entries,
    })
}
