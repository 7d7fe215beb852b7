//! Runs the lints on a session, and puts their findings into the report of a scenario. Lints ignore what the script
//! caused on purpose.

use serde_json::{Value, json};

use crate::domain::model::ids::AppKey;
use crate::engine::ledger_entry::{LedgerEntry, Record};
use crate::lint::{self, Finding, Level, Levels, LintContext, Linted, Provoked};

use super::ledger_view::caller;
use super::run_events::{ReportedFinding, ScenarioReport};
use super::session::Session;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::format_moment;

impl Session {
    /// All findings of the lints in the world.
    pub fn lint(&self) -> Linted {
        self.world.read(|world, ledger, now| {
            let is_real = |app| self.is_real(Some(app));
            let provoked = self.provoked();
            lint::lint(&LintContext { world, ledger, now, is_real: &is_real, provoked })
        })
    }

    /// What the script caused on purpose.
    pub fn provoked(&self) -> &Provoked {
        &self.provoked
    }

    /// Marks the calls of an app after this entry: the step itself decides whether they may be refused.
    pub(crate) fn mark_calls_judged(&mut self, app: AppKey, after: u64) {
        let causes = self.causes(after, |by| by == app);
        self.provoked.refusals.extend(causes);
    }

    /// Marks the calls after this entry as calls of the script: those of `app`, and those of any puppet.
    pub(crate) fn mark_raw_calls(&mut self, app: Option<AppKey>, after: u64) {
        let causes = self.causes(after, |by| Some(by) == app || !self.is_real(Some(by)));
        self.provoked.calls.extend(causes);
    }

    /// Marks the first call of an app after this entry as observed. The script made it, even with the token of a real
    /// app.
    pub(crate) fn mark_call_observed(&mut self, app: Option<AppKey>, after: u64) {
        let cause = self.world.read(|_, ledger, _| {
            let mut entries = ledger.after(after).into_iter().flatten();
            entries
                .find(|entry| entry.cause == entry.cursor && caller(entry).is_some() && caller(entry) == app)
                .map(|entry| entry.cursor)
        });
        self.observed.extend(cause);
    }

    /// The causes of the entries of such apps.
    fn causes(&self, after: u64, is_such: impl Fn(AppKey) -> bool) -> Vec<u64> {
        let concerns = |entry: &&LedgerEntry| match &entry.record {
            Record::Warning { app, .. } => app.is_some_and(&is_such),
            _ => caller(entry).is_some_and(&is_such),
        };
        self.world.read(|_, ledger, _| {
            let entries = ledger.after(after).into_iter().flatten();
            entries.filter(concerns).map(|entry| entry.cause).collect()
        })
    }
}

/// Puts the findings into the report. Returns a failure if a finding is denied.
pub(crate) fn add_findings(session: &Session, levels: &Levels, report: &mut ScenarioReport) -> Option<Diagnostic> {
    let Linted { findings, left_out, .. } = session.lint();
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
