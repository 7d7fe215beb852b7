//! The data of an explanation. As JSON it is the answer of the control API and of `--format json`; [`text`](super::text) prints it.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::domain::model::platform::Platform;
use crate::domain::model::time::Moment;
use crate::domain::rules;
use crate::text::units::format_moment;

/// The explanation of a thread.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The thread's status now.
    #[serde(flatten)]
    pub status: ThreadStatus,
    /// Which part of the story the ledger no longer has, in words.
    pub forgotten: Option<String>,
    /// What happened, in order.
    pub story: Vec<Chapter>,
    /// What each connected app may do now.
    pub may: Vec<AppPermissions>,
    /// Every rule that the explanation names, once, in the order of the table of rules.
    pub rules: Vec<RuleStatement>,
}

/// The status of a thread.
#[derive(Debug, Serialize)]
pub struct ThreadStatus {
    /// The name of the page or account.
    pub page: String,
    /// Messenger or Instagram. The JSON leaves it out.
    #[serde(skip)]
    pub platform: Platform,
    /// The person's name.
    pub person: String,
    /// The person's id on the page or account.
    pub psid: String,
    /// The time of the world's clock.
    pub now: MomentText,
    /// The owner's name.
    pub owner: Option<String>,
    /// When the owner got the thread.
    pub since: Option<MomentText>,
    /// When control lapses, if it does.
    pub until: Option<MomentText>,
    /// The rule that made the owner the owner.
    pub because: RuleText,
    pub window: WindowStatus,
    /// True if the person has blocked the page.
    pub blocked: bool,
    /// The name of the page's ruleset.
    pub ruleset: &'static str,
    /// The page's default app.
    pub default_app: Option<String>,
    /// The page's primary receiver, if its ruleset has roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
}

/// The messaging window of a thread.
#[derive(Debug, Serialize)]
pub struct WindowStatus {
    pub open: bool,
    /// When it closes or closed. `None` if it was never open.
    pub until: Option<MomentText>,
    /// When the window for human agents closes.
    pub human_agent_until: Option<MomentText>,
    /// The rule that opened or closed it.
    pub because: RuleText,
}

/// One action or one lapse of control, with its consequences.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// When it happened.
    pub at: MomentText,
    /// The cursor of its ledger entry, if it has one.
    pub entry: Option<u64>,
    /// Who did what.
    pub what: String,
    /// The refusal, if it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<ChapterRefusal>,
    pub outcome: Vec<Consequence>,
}

/// Why an action was refused.
#[derive(Debug, Serialize)]
pub struct ChapterRefusal {
    /// The reason in words.
    pub reason: String,
    /// The rule that refused it.
    pub rule: Option<RuleText>,
    /// The answer to the Graph call, in words.
    pub answer: Option<String>,
}

/// A consequence of an action.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Consequence {
    /// The thread changed its owner.
    OwnerChanged {
        /// The owner before.
        from: Option<String>,
        /// The owner after.
        to: Option<String>,
        /// When it changed.
        at: MomentText,
        /// The rule that changed it.
        rule: RuleText,
    },
    /// Another event.
    Event {
        /// The event in words.
        text: String,
        /// The rule behind it.
        rule: Option<RuleText>,
    },
    /// A webhook, which each connected app receives or does not receive.
    Webhook {
        /// Its subscription field.
        field: &'static str,
        /// Its content in words.
        about: String,
        /// The decision for each connected app.
        decisions: Vec<AppDecision>,
    },
}

/// Whether one app receives a webhook.
#[derive(Debug, Serialize)]
pub struct AppDecision {
    /// The cursor of its ledger entry.
    pub entry: u64,
    /// The app's name.
    pub app: String,
    pub decision: DecisionWord,
    /// `messaging` or `standby`: the channel on which the app receives it, or would receive it.
    pub channel: &'static str,
    /// The parts of the webhook that the app does not see.
    pub without: Vec<&'static str>,
    /// The rule behind the decision.
    pub rule: RuleText,
    /// How the last attempt to deliver went, if the app is a real one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<LastAttempt>,
}

/// Whether an app receives a webhook, in the ledger's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionWord {
    /// The app receives it.
    Deliver,
    /// The app does not receive it.
    Withhold,
}

/// How the last attempt to deliver a webhook went.
#[derive(Debug, Serialize)]
pub struct LastAttempt {
    /// True if the app answered with a success.
    pub taken: bool,
    /// The result in words.
    pub text: String,
}

/// What an app may do now.
#[derive(Debug, Serialize)]
pub struct AppPermissions {
    /// The app's name.
    pub app: String,
    /// True if it owns the thread.
    pub is_owner: bool,
    /// The result of each action that it could try.
    pub attempts: Vec<DryRun>,
}

/// The result of an action that an app could try.
#[derive(Debug, Serialize)]
pub struct DryRun {
    /// The action in words.
    pub what: String,
    /// True if the app may do it.
    pub allowed: bool,
    /// The owner afterwards.
    pub owner: Option<String>,
    /// True if that is another owner than before.
    pub moves: bool,
    /// When control would lapse, if the action sets that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<MomentText>,
    /// Why it would be refused, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The rule that allows or refuses it.
    pub rule: Option<RuleText>,
}

/// A rule with its statement.
#[derive(Debug, Serialize)]
pub struct RuleStatement {
    pub id: RuleText,
    pub statement: &'static str,
    /// How we know it.
    pub basis: &'static str,
}

/// A moment of virtual time, which is serialized as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MomentText(pub Moment);

/// A rule, which is serialized as its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleText(pub rules::RuleId);

impl fmt::Display for MomentText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format_moment(self.0))
    }
}

impl Serialize for MomentText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for RuleText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for RuleText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl RuleText {
    pub fn statement(self) -> &'static str {
        self.0.rule().statement
    }
}

impl Explanation {
    /// Adds the statement of every rule that the parts name.
    pub(super) fn new(
        status: ThreadStatus,
        forgotten: Option<String>,
        story: Vec<Chapter>,
        may: Vec<AppPermissions>,
    ) -> Self {
        let mut named = BTreeSet::from([status.because, status.window.because]);
        named.extend(story.iter().flat_map(Chapter::rules));
        named.extend(may.iter().flat_map(|app| &app.attempts).filter_map(|attempt| attempt.rule));
        let rules = named.into_iter().map(RuleStatement::new).collect();
        Self { status, forgotten, story, may, rules }
    }

    /// The explanation as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Chapter {
    fn rules(&self) -> Vec<RuleText> {
        let mut rules: Vec<RuleText> = self.refused.iter().filter_map(|refused| refused.rule).collect();
        for consequence in &self.outcome {
            match consequence {
                Consequence::OwnerChanged { rule, .. } => rules.push(*rule),
                Consequence::Event { rule, .. } => rules.extend(*rule),
                Consequence::Webhook { decisions, .. } => rules.extend(decisions.iter().map(|decision| decision.rule)),
            }
        }
        rules
    }
}

impl RuleStatement {
    fn new(id: RuleText) -> Self {
        let rule = id.0.rule();
        Self { id, statement: rule.statement, basis: rule.basis.name() }
    }
}
