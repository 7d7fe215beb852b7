//! Run room: what a scenario may look at: the entries since the last acting step, or what the last observed call brought about. What a real app did and no step has observed yet
//! is left out, so that a file sees the same whether a puppet or a bot plays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::event::{Decision, Event, Scope, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::Message;
use crate::domain::rules::RuleId;
use crate::engine::ledger::{Entry, Ledger, Record};
use crate::wire::{hop_context_json, messaging_json};

use super::expect_delivery::SeenDelivery;
use super::session::Window;

/// A webhook, told or withheld.
#[derive(Debug, Clone)]
pub struct SeenWebhook {
    /// Its entry.
    pub cursor: u64,
    /// What brought it about.
    pub cause: u64,
    /// The app.
    pub app: AppKey,
    /// Under which field a scenario finds it.
    pub field: Field,
    /// Where it happened.
    pub scope: Scope,
    /// The rule that decided.
    pub rule: RuleId,
    /// The messaging item, where it was told.
    pub item: Option<Value>,
    /// What stands beside it.
    pub hop_context: Option<Value>,
}

/// A message that the person or the page sees.
#[derive(Debug, Clone)]
pub struct SeenMessage {
    /// Its entry.
    pub cursor: u64,
    /// What brought it about.
    pub cause: u64,
    /// The message.
    pub message: std::sync::Arc<Message>,
}

/// The entries after a cursor that a scenario may look at.
pub struct View<'l> {
    entries: Vec<&'l Entry>,
    config: &'l Config,
}

impl<'l> View<'l> {
    /// Entries of a window, without those that real apps brought about and no step has observed.
    pub fn new(
        ledger: &'l Ledger,
        config: &'l Config,
        window: Window,
        is_real: impl Fn(AppKey) -> bool,
        observed: &BTreeSet<u64>,
    ) -> Result<Self, String> {
        let after = ledger.after(window.start()).map_err(|gone| gone.to_string())?;
        let entries: Vec<&Entry> = match window {
            Window::Since(_) => after.collect(),
            Window::CausedBy(cause) => after.filter(|entry| entry.cause == cause).collect(),
        };
        let unobserved: BTreeSet<u64> = entries
            .iter()
            .filter(|entry| entry.cause == entry.cursor && caller(entry).is_some_and(&is_real))
            .map(|entry| entry.cursor)
            .filter(|cursor| !observed.contains(cursor))
            .collect();
        let entries = entries.into_iter().filter(|entry| !unobserved.contains(&entry.cause)).collect();
        Ok(Self { entries, config })
    }

    /// Webhooks, told and withheld.
    pub fn webhooks(&self) -> Vec<SeenWebhook> {
        let webhooks = self.entries.iter().filter_map(|entry| Some((entry, entry.record.webhook()?)));
        webhooks
            .map(|(entry, (webhook_event, decision))| SeenWebhook {
                cursor: entry.cursor,
                cause: entry.cause,
                app: decision.app,
                field: decision.field(&webhook_event.payload),
                scope: webhook_event.scope,
                rule: decision.rule,
                item: self.item(webhook_event, decision.decision),
                hop_context: self.hop_context(webhook_event, decision.decision),
            })
            .collect()
    }

    fn item(&self, webhook_event: &WebhookEvent, decision: Decision) -> Option<Value> {
        match decision {
            Decision::Deliver(_, view) => Some(messaging_json(self.config, webhook_event, view)),
            Decision::Withhold(_) => None,
        }
    }

    fn hop_context(&self, webhook_event: &WebhookEvent, decision: Decision) -> Option<Value> {
        match decision {
            Decision::Deliver(channel, _) => hop_context_json(self.config, webhook_event, channel),
            Decision::Withhold(_) => None,
        }
    }

    /// Attempts to deliver webhooks.
    pub fn deliveries(&self) -> Vec<SeenDelivery> {
        self.entries.iter().filter_map(|entry| SeenDelivery::of(entry)).collect()
    }

    /// Rules that were at work.
    pub fn rules(&self) -> BTreeSet<RuleId> {
        self.entries.iter().filter_map(|entry| entry.record.rule()).collect()
    }

    /// Messages, in order.
    pub fn messages(&self) -> Vec<SeenMessage> {
        self.entries
            .iter()
            .filter_map(|entry| {
                Some(SeenMessage { cursor: entry.cursor, cause: entry.cause, message: message(&entry.record)?.clone() })
            })
            .collect()
    }
}

/// The app that made the call of an entry.
pub fn caller(entry: &Entry) -> Option<AppKey> {
    match &entry.record {
        Record::Command { by, .. }
        | Record::Refused { by, .. }
        | Record::GraphCall { by, .. }
        | Record::Read { by, .. } => by.app(),
        _ => None,
    }
}

fn message(record: &Record) -> Option<&std::sync::Arc<Message>> {
    match record {
        Record::Happened(Event::Shown { message, .. }) => Some(message),
        Record::Happened(Event::WebhookEvent(webhook_event)) => match &webhook_event.payload {
            WebhookPayload::Message { message, .. } | WebhookPayload::Echo(message) => Some(message),
            _ => None,
        },
        _ => None,
    }
}
