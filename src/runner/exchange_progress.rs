//! What has come of an exchange so far: who got the webhook and how it was taken, what apps answered, and which of their calls were refused.

use std::sync::Arc;

use crate::domain::event::{Channel, Decision, Event, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::message::{Author, Message};
use crate::domain::rules::RuleId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{CallError, DeliveryAttempt, DeliveryResult, GraphCall, LedgerEntry, Record};
use crate::engine::subjects::subjects_of;
use crate::journal::thread_of::thread_of;

use super::recorded_call::rule_of_refusal;

/// Answers and refused calls that an exchange keeps.
pub const MAX_KEPT: usize = 100;

/// A message of an app.
#[derive(Debug, Clone)]
pub struct ExchangeAnswer {
    pub app: AppKey,
    pub message: Arc<Message>,
}

/// A Graph call of an app that failed.
#[derive(Debug, Clone)]
pub struct RefusedCall {
    pub app: Option<AppKey>,
    pub error: CallError,
    /// The rule behind it, if there is one.
    pub rule: Option<RuleId>,
}

/// How the app that may answer took the webhook.
#[derive(Debug, Clone)]
pub struct WebhookTaken {
    pub result: DeliveryResult,
    pub attempts: u32,
    /// How long the app took to take it.
    pub took: std::time::Duration,
}

/// What has come of an exchange so far.
#[derive(Debug)]
pub struct ExchangeProgress {
    thread: ThreadKey,
    /// The command of the step.
    cause: u64,
    /// The newest entry that was read.
    read: u64,
    /// The webhooks of the step to apps that may answer, with their apps.
    webhooks: Vec<(u64, AppKey)>,
    pub receivers: Vec<AppKey>,
    /// The rule by which the first app got no webhook.
    pub withheld: Option<RuleId>,
    pub taken: Option<WebhookTaken>,
    pub answers: Vec<ExchangeAnswer>,
    pub refused: Vec<RefusedCall>,
}

impl ExchangeProgress {
    /// An exchange whose step was this command.
    pub fn new(thread: ThreadKey, cause: u64) -> Self {
        Self {
            thread,
            cause,
            read: cause,
            webhooks: Vec::new(),
            receivers: Vec::new(),
            withheld: None,
            taken: None,
            answers: Vec::new(),
            refused: Vec::new(),
        }
    }

    pub fn thread(&self) -> ThreadKey {
        self.thread
    }

    /// True if an app that may answer got a webhook.
    pub fn may_be_answered(&self) -> bool {
        !self.webhooks.is_empty()
    }

    /// The newest entry that was read.
    pub fn cursor(&self) -> u64 {
        self.read
    }

    /// True if a webhook is on its way to an app with a webhook URL.
    pub fn awaits_app(&self, is_real: impl Fn(AppKey) -> bool) -> bool {
        self.taken.is_none() && self.webhooks.iter().any(|(_, app)| is_real(*app))
    }

    /// True if the app that may answer did not take the webhook.
    pub fn was_not_taken(&self) -> bool {
        self.taken.as_ref().is_some_and(|taken| !taken.result.is_success())
    }

    /// Reads the entries that are new. Entries that the ledger has dropped meanwhile are missing.
    pub fn read(&mut self, config: &Config, ledger: &Ledger) {
        let after = self.read.max(ledger.oldest_cursor() - 1);
        for entry in ledger.after(after).into_iter().flatten() {
            self.read_entry(config, ledger, entry);
            self.read = entry.cursor;
        }
    }

    fn read_entry(&mut self, config: &Config, ledger: &Ledger, entry: &LedgerEntry) {
        match &entry.record {
            Record::Webhook { .. } if entry.cause == self.cause => self.read_webhook(entry),
            Record::DeliveryAttempt(attempt) => self.read_attempt(attempt),
            Record::Happened(Event::WebhookEvent(event)) if event.scope.thread() == Some(self.thread) => {
                if let WebhookPayload::Echo(message) = &event.payload {
                    self.read_answer(message);
                }
            }
            Record::GraphCall(call) => self.read_call(config, ledger, entry, call),
            _ => {}
        }
    }

    fn read_webhook(&mut self, entry: &LedgerEntry) {
        let Some((event, decision)) = entry.record.webhook() else { return };
        if event.payload.is_shadow() {
            return;
        }
        match decision.decision {
            Decision::Deliver(channel, _) => {
                if !self.receivers.contains(&decision.app) {
                    self.receivers.push(decision.app);
                }
                if channel == Channel::Messaging {
                    self.webhooks.push((entry.cursor, decision.app));
                }
            }
            Decision::Withhold(_) => self.withheld = self.withheld.or(Some(decision.rule)),
        }
    }

    fn read_attempt(&mut self, attempt: &DeliveryAttempt) {
        if attempt.request.items().any(|item| self.webhooks.iter().any(|(webhook, _)| *webhook == item.entry)) {
            let attempts = 1 + self.taken.as_ref().map_or(0, |taken| taken.attempts);
            self.taken = Some(WebhookTaken { result: attempt.result.clone(), attempts, took: attempt.took });
        }
    }

    fn read_answer(&mut self, message: &Arc<Message>) {
        if let (Author::App(app), true) = (message.author, self.answers.len() < MAX_KEPT) {
            self.answers.push(ExchangeAnswer { app, message: message.clone() });
        }
    }

    fn read_call(&mut self, config: &Config, ledger: &Ledger, entry: &LedgerEntry, call: &GraphCall) {
        let Some(error) = call.error.as_ref().filter(|_| self.refused.len() < MAX_KEPT) else { return };
        let command = (entry.cause != entry.cursor).then(|| ledger.get(entry.cause)).flatten();
        let thread = match command {
            Some(command) => subjects_of(&command.record).thread,
            None => thread_of(config, &entry.record),
        };
        if thread == Some(self.thread) {
            let rule = call.rule.or_else(|| rule_of_refusal(&command?.record));
            self.refused.push(RefusedCall { app: call.by.app(), error: error.clone(), rule });
        }
    }
}
