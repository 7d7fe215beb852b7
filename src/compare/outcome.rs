//! The outcome of one step in one world, in a form that can be compared with that of another world.

use std::collections::BTreeMap;

use crate::domain::event::Decision;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::ActiveWorld;
use crate::engine::ledger::EntriesGone;
use crate::engine::ledger_entry::{GraphCall, LedgerEntry, Record};

use crate::journal::call_text::{answer_text, error_text};
use crate::journal::names::app_name;
use crate::journal::webhook_text::delivered_text;

/// One effect of a step.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The effect, without ids and times.
    pub what: String,
    /// The rules behind it. They do not count when facts are compared, because an app cannot see which rule applies.
    pub because: Vec<&'static str>,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

impl Eq for Fact {}

impl Fact {
    pub fn plain(what: impl Into<String>) -> Self {
        Self { what: what.into(), because: Vec::new() }
    }

    fn of(what: impl Into<String>, rule: Option<RuleId>) -> Self {
        Self { what: what.into(), because: rule.map(|rule| rule.rule().id).into_iter().collect() }
    }
}

/// What facts are about, in the order of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// The answer to the Graph call of the step.
    Answer,
    Warning,
    /// Why the step fails.
    Step,
    /// Whether the expectation with this index holds.
    Expectation(usize),
    /// The owner of a thread after the step.
    Owner(ThreadKey),
    /// The webhooks that an app received.
    App(AppKey),
}

/// The facts about one aspect.
#[derive(Debug, Clone, Default)]
pub(crate) struct AspectFacts {
    pub facts: Vec<Fact>,
    /// The rules that withheld webhooks from an app.
    pub withheld: Vec<&'static str>,
}

impl AspectFacts {
    fn one(fact: Fact) -> Self {
        Self { facts: vec![fact], withheld: Vec::new() }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct StepOutcome {
    pub findings: BTreeMap<Aspect, AspectFacts>,
    /// True if the step succeeds.
    pub holds: bool,
}

impl StepOutcome {
    /// The outcome of a step that acts: the ledger after this cursor, and the owners of the threads.
    pub fn of_act(world: &ActiveWorld, after: u64, mistake: Option<String>) -> Self {
        let mut outcome = Self { holds: mistake.is_none(), ..Self::default() };
        let config = &*world.config();
        outcome.findings.extend(mistake.map(|mistake| (Aspect::Step, AspectFacts::one(Fact::plain(mistake)))));
        world.read(|world, ledger, now| {
            match ledger.after(after) {
                Ok(entries) => outcome.read(config, entries),
                Err(gone) => outcome.forgotten(gone),
            }
            for thread in world.threads() {
                let ownership = world.ownership(thread, now);
                let owner = Fact::of(app_name(config, ownership.owner), Some(ownership.because));
                outcome.findings.insert(Aspect::Owner(thread), AspectFacts::one(owner));
            }
        });
        outcome
    }

    /// Marks the step as failed after the fact.
    pub fn fails(&mut self, mistake: String) {
        self.holds = false;
        self.findings.insert(Aspect::Step, AspectFacts::one(Fact::plain(mistake)));
    }

    /// The outcome of a step with expectations, from the failure of each.
    pub fn of_expectations(failures: Vec<Option<String>>) -> Self {
        let holds = failures.iter().all(Option::is_none);
        let word = |failure: Option<String>| failure.unwrap_or_else(|| "holds".to_owned());
        let finding = |failure| AspectFacts::one(Fact::plain(word(failure)));
        let findings = failures
            .into_iter()
            .enumerate()
            .map(|(place, failure)| (Aspect::Expectation(place), finding(failure)))
            .collect();
        Self { findings, holds }
    }

    fn forgotten(&mut self, gone: EntriesGone) {
        self.holds = false;
        self.findings.insert(Aspect::Step, AspectFacts::one(Fact::plain(gone.to_string())));
    }

    fn read<'l>(&mut self, config: &Config, entries: impl Iterator<Item = &'l LedgerEntry>) {
        let mut refused_by = None;
        for entry in entries {
            match &entry.record {
                Record::Refused { refusal, .. } => refused_by = refusal.rule,
                Record::GraphCall(call) => {
                    let GraphCall { answer, status, error, rule, lost, .. } = &**call;
                    let fact = match (lost, error) {
                        (Some(lost), _) => Fact::plain(format!("lost: {lost}")),
                        (None, None) if *status >= 400 => Fact::plain(format!("refused with {status}")),
                        (None, Some(error)) => {
                            Fact::of(format!("refused {}", error_text(error)), rule.or(refused_by.take()))
                        }
                        (None, None) => Fact::plain(accepted(answer)),
                    };
                    self.findings.insert(Aspect::Answer, AspectFacts::one(fact));
                }
                Record::Webhook { .. } => self.webhook(config, entry),
                record => self.warning(record),
            }
        }
    }

    fn warning(&mut self, record: &Record) {
        let Some(text) = record.warning() else { return };
        let finding = self.findings.entry(Aspect::Warning).or_default();
        finding.facts.push(Fact::of(text, record.rule()));
    }

    fn webhook(&mut self, config: &Config, entry: &LedgerEntry) {
        let Some((webhook_event, decision)) = entry.record.webhook() else { return };
        let finding = self.findings.entry(Aspect::App(decision.app)).or_default();
        match decision.decision {
            Decision::Deliver(_, view) => {
                finding
                    .facts
                    .push(Fact::of(delivered_text(config, webhook_event, decision, view), Some(decision.rule)));
            }
            Decision::Withhold(_) => {
                let rule = decision.rule.rule().id;
                if !finding.withheld.contains(&rule) {
                    finding.withheld.push(rule);
                }
            }
        }
    }
}

fn accepted(answer: &[u8]) -> String {
    match answer_text(answer) {
        Some(answer) => format!("answered {answer}"),
        None => "accepted".to_owned(),
    }
}
