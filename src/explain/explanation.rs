//! Explain room: what an explanation is made of. Serialized it is the answer of the control API and `--format json`; `text` has it in
//! words.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::domain::model::time::Moment;
use crate::domain::rules;
use crate::text::units::format_moment;

/// The story of a thread.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// How it stands now.
    #[serde(flatten)]
    pub standing: Standing,
    /// What of the story is gone, in words.
    pub forgotten: Option<String>,
    /// What happened, in order.
    pub story: Vec<Chapter>,
    /// What each connected app may do now.
    pub may: Vec<AppMay>,
    /// Every rule that is named above, once.
    pub rules: Vec<Statement>,
}

/// How a thread stands.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// The page's name.
    pub page: String,
    /// The person's name.
    pub person: String,
    /// The person's id on the page.
    pub psid: String,
    /// What the clock shows.
    pub now: When,
    /// The owner's name.
    pub owner: Option<String>,
    /// Since when.
    pub since: Option<When>,
    /// When control lapses, where it does.
    pub until: Option<When>,
    /// Why.
    pub because: Rule,
    /// The messaging window.
    pub window: Window,
    /// Whether the person has blocked the page.
    pub blocked: bool,
    /// The generation of Meta's rules that the page lives under.
    pub ruleset: &'static str,
    /// The page's default app.
    pub default_app: Option<String>,
    /// The page's primary receiver, under the Handover Protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
}

/// The messaging window of a thread.
#[derive(Debug, Serialize)]
pub struct Window {
    /// Whether it is open.
    pub open: bool,
    /// When it closes or closed; nothing where it never was open.
    pub until: Option<When>,
    /// Until when a human agent may answer.
    pub human_agent_until: Option<When>,
    /// Why.
    pub because: Rule,
}

/// Something that somebody did, or that came with time, and all that came of it.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// When.
    pub at: When,
    /// Its entry in the ledger, where it has one.
    pub entry: Option<u64>,
    /// Who did what.
    pub what: String,
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// What came of it.
    pub outcome: Vec<Outcome>,
}

/// Why something was not done.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// The reason in words.
    pub reason: String,
    /// The rule behind it.
    pub rule: Option<Rule>,
    /// What a Graph call was answered with.
    pub answer: Option<String>,
}

/// Something that came of a chapter.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The thread changed its owner.
    OwnerChanged {
        /// The owner before.
        from: Option<String>,
        /// The owner after.
        to: Option<String>,
        /// When.
        at: When,
        /// Why.
        rule: Rule,
    },
    /// Something else happened.
    Event {
        /// What, in words.
        text: String,
        /// Why.
        rule: Option<Rule>,
    },
    /// Apps were told of something, or not.
    Webhook {
        /// Its field.
        field: &'static str,
        /// What it is about, in words.
        about: String,
        /// Each connected app.
        decisions: Vec<Told>,
    },
}

/// What became of a webhook for one app.
#[derive(Debug, Serialize)]
pub struct Told {
    /// The entry in the ledger.
    pub entry: u64,
    /// The app.
    pub app: String,
    /// Whether it was told.
    pub told: bool,
    /// `messaging` or `standby`: where it was told, or would have been.
    pub channel: &'static str,
    /// What of it the app did not get to see.
    pub without: Vec<&'static str>,
    /// Why.
    pub rule: Rule,
    /// How the delivery went, where the app is a real one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

/// How the last attempt to deliver a webhook went.
#[derive(Debug, Serialize)]
pub struct Delivery {
    /// Whether the app took it.
    pub taken: bool,
    /// How, in words.
    pub text: String,
}

/// What an app may do now.
#[derive(Debug, Serialize)]
pub struct AppMay {
    /// The app.
    pub app: String,
    /// Whether it owns the thread.
    pub is_owner: bool,
    /// Each thing that it could try.
    pub attempts: Vec<May>,
}

/// What would come of an attempt.
#[derive(Debug, Serialize)]
pub struct May {
    /// What the app would do, in words.
    pub what: String,
    /// Whether it may.
    pub allowed: bool,
    /// The owner afterwards.
    pub owner: Option<String>,
    /// Whether that is another owner than before.
    pub moves: bool,
    /// When control would lapse, where the attempt is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<When>,
    /// Why not, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The rule that allows or refuses it.
    pub rule: Option<Rule>,
}

/// A rule, and what it says.
#[derive(Debug, Serialize)]
pub struct Statement {
    /// Its id.
    pub id: Rule,
    /// What it says.
    pub statement: &'static str,
    /// Where we know it from.
    pub basis: &'static str,
}

/// A moment of virtual time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(pub Moment);

/// A rule by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule(pub rules::RuleId);

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format_moment(self.0))
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Rule {
    /// What it says.
    pub fn statement(self) -> &'static str {
        self.0.rule().statement
    }
}

impl Explanation {
    /// The explanation as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The explanation in words; with the colours of a terminal if it is one.
    pub fn text(&self, colors: bool) -> String {
        super::text::text(self, colors)
    }

    /// Lists every rule that is named, in the order of the table.
    pub(super) fn state_rules(&mut self) {
        let mut named = BTreeSet::from([self.standing.because, self.standing.window.because]);
        named.extend(self.story.iter().flat_map(Chapter::rules));
        named.extend(self.may.iter().flat_map(|app| &app.attempts).filter_map(|may| may.rule));
        self.rules = named.into_iter().map(Statement::of).collect();
    }
}

impl Chapter {
    fn rules(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.refused.iter().filter_map(|refused| refused.rule).collect();
        for outcome in &self.outcome {
            match outcome {
                Outcome::OwnerChanged { rule, .. } => rules.push(*rule),
                Outcome::Event { rule, .. } => rules.extend(*rule),
                Outcome::Webhook { decisions, .. } => rules.extend(decisions.iter().map(|told| told.rule)),
            }
        }
        rules
    }
}

impl Statement {
    fn of(id: Rule) -> Self {
        let rule = id.0.rule();
        Self { id, statement: rule.statement, basis: rule.basis.name() }
    }
}
