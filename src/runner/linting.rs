//! Run room: what the lints have to say of a world on session, at which step it happened, and whether it fails the scenario. The session knows
//! what its own script provoked.

use serde_json::{Value, json};

use crate::domain::model::ids::AppKey;
use crate::engine::ledger::{Entry, Record};
use crate::lint::{self, Finding, Level, Levels, LintContext, Linted, Provoked};

use super::events::{Found, ScenarioReport};
use super::ledger_view::caller;
use super::session::Session;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::format_moment;

impl Session {
    /// What the lints found in the world.
    pub fn lint(&self) -> Linted {
        self.world.read(|world, ledger, now| {
            let is_real = |app| self.is_real(Some(app));
            let provoked = self.provoked();
            lint::lint(&LintContext { world, ledger, now, is_real: &is_real, provoked })
        })
    }

    /// What the script provoked on purpose.
    pub fn provoked(&self) -> &Provoked {
        &self.provoked
    }

    /// Calls of an app after this entry were a step's, which judges by itself whether they may be refused.
    pub(crate) fn judges_calls_of(&mut self, app: AppKey, after: u64) {
        let causes = self.causes(after, |by| by == app);
        self.provoked.refusals.extend(causes);
    }

    /// Calls after this entry were the script's own: of the app whose token it bore, or of any that calls nobody by itself.
    pub(crate) fn made_raw_call(&mut self, app: Option<AppKey>, after: u64) {
        let causes = self.causes(after, |by| Some(by) == app || !self.is_real(Some(by)));
        self.provoked.calls.extend(causes);
    }

    /// What brought about the entries of such apps' calls.
    fn causes(&self, after: u64, is_such: impl Fn(AppKey) -> bool) -> Vec<u64> {
        let concerns = |entry: &&Entry| match &entry.record {
            Record::Warning { app, .. } => app.is_some_and(&is_such),
            _ => caller(entry).is_some_and(&is_such),
        };
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(after).into_iter().flatten();
            entries.filter(concerns).map(|entry| entry.cause).collect()
        })
    }
}

/// Puts what was found into the report. Returns the failure that a denied finding is, if there is one.
pub(crate) fn report(session: &Session, levels: &Levels, report: &mut ScenarioReport) -> Option<Diagnostic> {
    let Linted { findings, left_out, .. } = session.lint();
    let told = findings.into_iter().filter(|finding| levels.of(finding.lint) != Level::Allowed);
    report.findings = told.map(|finding| found(finding, levels, report)).collect();
    if left_out > 0 {
        report.warnings.push(format!("{left_out} more findings of lints are not shown"));
    }
    let mut denied = report.findings.iter().filter(|found| found.denied);
    let first = denied.next().map(|found| {
        let message = format!("{} is denied: {}", found.finding.lint.name, found.finding.text());
        Diagnostic::new(found.place.clone(), message).note(found.finding.lint.advice)
    })?;
    let others = denied.map(|found| format!("and {}: {}", found.finding.lint.name, found.finding.text()));
    Some(others.fold(first, Diagnostic::note))
}

fn found(finding: Finding, levels: &Levels, report: &ScenarioReport) -> Found {
    let entry = finding.entries.first().copied().unwrap_or_default();
    let during = report.steps.iter().find(|step| step.until >= entry).map(|step| &step.place);
    let place = during.or(report.failure.as_ref().map(|failure| &failure.place)).unwrap_or(&report.place).clone();
    let denied = levels.of(finding.lint) == Level::Denied;
    Found { finding, place, denied }
}

/// What lints found in a world as JSON.
pub fn linted_json(linted: &Linted) -> Value {
    json!({
        "findings": linted.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "left_out": linted.left_out,
        "from": linted.from,
    })
}

/// A finding as JSON.
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
