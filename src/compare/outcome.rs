//! Run room: what one step came to, in words that two worlds can be held against each other by. `compare` and `difference` enter.

use std::collections::BTreeMap;

use crate::domain::event::Decision;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::ActiveWorld;
use crate::engine::ledger::{Entry, Forgotten, Record};

use crate::journal::call_text::{answer_text, error_text};
use crate::journal::names::app_name;
use crate::journal::webhook_text::delivered_text;

/// One thing that came of a step.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What, without ids and times.
    pub what: String,
    /// The rules behind it. They explain a fact: nobody outside can tell by which rule something is so, so that facts are equal
    /// whatever rules are behind them.
    pub because: Vec<&'static str>,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

impl Eq for Fact {}

impl Fact {
    /// A fact without a rule.
    pub fn plain(what: impl Into<String>) -> Self {
        Self { what: what.into(), because: Vec::new() }
    }

    fn of(what: impl Into<String>, rule: Option<RuleId>) -> Self {
        Self { what: what.into(), because: rule.map(|rule| rule.rule().id).into_iter().collect() }
    }
}

/// What of an outcome a fact is about, in the order in which people ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// What the step's Graph call was answered.
    Answer,
    /// What somebody should know of it.
    Warning,
    /// What kept the step from being as the file says.
    Step,
    /// Whether the expectation at this place of the step holds.
    Expectation(usize),
    /// Whose a thread is after the step.
    Owner(ThreadKey),
    /// What an app was told.
    App(AppKey),
}

/// The facts about one aspect.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finding {
    /// What is so.
    pub facts: Vec<Fact>,
    /// The rules by which an app was not told more.
    pub withheld: Vec<&'static str>,
}

impl Finding {
    fn one(fact: Fact) -> Self {
        Self { facts: vec![fact], withheld: Vec::new() }
    }
}

/// What a step came to in one world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// By what it is about.
    pub findings: BTreeMap<Aspect, Finding>,
    /// Whether everything is as the file says.
    pub holds: bool,
}

impl Outcome {
    /// Of a step that acts: what stands in the ledger after this cursor, and whose the threads are now.
    pub fn of_act(world: &ActiveWorld, after: u64, mistake: Option<String>) -> Self {
        let mut outcome = Self { holds: mistake.is_none(), ..Self::default() };
        let config = world.config();
        outcome.findings.extend(mistake.map(|mistake| (Aspect::Step, Finding::one(Fact::plain(mistake)))));
        world.read(|world, ledger, now| {
            match ledger.after(after) {
                Ok(entries) => outcome.read(config, entries),
                Err(gone) => outcome.forgotten(gone),
            }
            for thread in world.threads() {
                let ownership = world.ownership(thread, now);
                let owner = Fact::of(app_name(config, ownership.owner), Some(ownership.because));
                outcome.findings.insert(Aspect::Owner(thread), Finding::one(owner));
            }
        });
        outcome
    }

    /// What is seen only later: the step did not come to what the file says.
    pub fn fails(&mut self, mistake: String) {
        self.holds = false;
        self.findings.insert(Aspect::Step, Finding::one(Fact::plain(mistake)));
    }

    /// Of a step that expects: for each expectation why it does not hold, if it does not.
    pub fn of_expectations(failures: Vec<Option<String>>) -> Self {
        let holds = failures.iter().all(Option::is_none);
        let word = |failure: Option<String>| failure.unwrap_or_else(|| "holds".to_owned());
        let finding = |failure| Finding::one(Fact::plain(word(failure)));
        let findings = failures
            .into_iter()
            .enumerate()
            .map(|(place, failure)| (Aspect::Expectation(place), finding(failure)))
            .collect();
        Self { findings, holds }
    }

    fn forgotten(&mut self, gone: Forgotten) {
        self.holds = false;
        self.findings.insert(Aspect::Step, Finding::one(Fact::plain(gone.to_string())));
    }

    fn read<'l>(&mut self, config: &Config, entries: impl Iterator<Item = &'l Entry>) {
        let mut refused_by = None;
        for entry in entries {
            match &entry.record {
                Record::Refused { refusal, .. } => refused_by = refusal.rule,
                Record::GraphCall { answer, status, error, rule, lost, .. } => {
                    let fact = match (lost, error) {
                        (Some(lost), _) => Fact::plain(format!("lost: {lost}")),
                        (None, None) if *status >= 400 => Fact::plain(format!("refused with {status}")),
                        (None, Some(error)) => {
                            Fact::of(format!("refused {}", error_text(error)), rule.or(refused_by.take()))
                        }
                        (None, None) => Fact::plain(accepted(answer)),
                    };
                    self.findings.insert(Aspect::Answer, Finding::one(fact));
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

    fn webhook(&mut self, config: &Config, entry: &Entry) {
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
