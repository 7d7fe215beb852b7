//! The entries of a part of the ledger, as expectations see them: webhooks, deliveries, rules and messages. What says that something did not
//! happen does not see the effects of calls of real apps that no step has observed, for these depend on how fast the app is.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::domain::event::{Decision, Event, Scope, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::message::Message;
use crate::domain::rules::RuleId;
use crate::engine::Webhook;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{DeliveryAttempt, DeliveryResult, LedgerEntry, Record};
use crate::wire::{hop_context_json, item_json};

use super::entry_origin::caller;
use super::ledger_window::LedgerWindow;
use super::matcher::{Mismatch, differences};
use super::observations::Observed;

/// A webhook that was sent or withheld.
#[derive(Debug, Clone)]
pub struct SeenWebhook {
    /// The cursor of its entry.
    pub cursor: u64,
    /// The cursor of the entry that caused it.
    pub cause: u64,
    pub app: AppKey,
    pub field: Field,
    pub scope: Scope,
    /// The rule that decided whether it is sent.
    pub rule: RuleId,
    /// The element of `messaging`, `standby` or `changes`. `None` if the webhook was withheld.
    pub item: Option<Value>,
    /// The `hop_context` beside the item.
    pub hop_context: Option<Value>,
}

/// A message that the person or the page sees.
#[derive(Debug, Clone)]
pub struct SeenMessage {
    /// The cursor of its entry.
    pub cursor: u64,
    /// The cursor of the entry that caused it.
    pub cause: u64,
    pub message: std::sync::Arc<Message>,
}

/// The visible entries of a window.
pub struct LedgerView<'l> {
    entries: Vec<&'l LedgerEntry>,
    config: &'l Config,
}

impl<'l> LedgerView<'l> {
    /// The entries of a window, without what unobserved calls of these apps caused.
    pub fn new(
        ledger: &'l Ledger,
        config: &'l Config,
        window: &LedgerWindow,
        is_real: impl Fn(AppKey) -> bool,
        observed: &Observed,
    ) -> Result<Self, String> {
        let entries = window.entries(config, ledger, observed).map_err(|gone| gone.to_string())?;
        let entries: Vec<&LedgerEntry> = entries.collect();
        let unobserved: BTreeSet<u64> = entries
            .iter()
            .filter(|entry| entry.cause == entry.cursor && caller(entry).is_some_and(&is_real))
            .map(|entry| entry.cursor)
            .filter(|cursor| !observed.calls.contains(*cursor))
            .collect();
        let entries = entries.into_iter().filter(|entry| !unobserved.contains(&entry.cause)).collect();
        Ok(Self { entries, config })
    }

    /// These entries.
    pub fn of(entries: Vec<&'l LedgerEntry>, config: &'l Config) -> Self {
        Self { entries, config }
    }

    /// Webhooks that were sent or withheld.
    pub fn webhooks(&self) -> Vec<SeenWebhook> {
        let webhooks = self.entries.iter().filter_map(|entry| Some((entry, entry.record.webhook()?)));
        webhooks
            .map(|(entry, (webhook_event, decision))| SeenWebhook {
                cursor: entry.cursor,
                cause: entry.cause,
                app: decision.app,
                field: decision.field(webhook_event),
                scope: webhook_event.scope,
                rule: decision.rule,
                item: self.item(webhook_event, decision.decision),
                hop_context: self.hop_context(webhook_event, decision.decision),
            })
            .collect()
    }

    fn item(&self, webhook_event: &WebhookEvent, decision: Decision) -> Option<Value> {
        match decision {
            Decision::Deliver(channel, view) => Some(item_json(self.config, webhook_event, channel, view)),
            Decision::Withhold(_) => None,
        }
    }

    fn hop_context(&self, webhook_event: &WebhookEvent, decision: Decision) -> Option<Value> {
        match decision {
            Decision::Deliver(channel, _) => hop_context_json(self.config, webhook_event, channel),
            Decision::Withhold(_) => None,
        }
    }

    pub fn deliveries(&self) -> Vec<SeenDelivery> {
        self.entries.iter().filter_map(|entry| SeenDelivery::of(entry)).collect()
    }

    pub fn rules(&self) -> BTreeSet<RuleId> {
        self.entries.iter().filter_map(|entry| entry.record.rule()).collect()
    }

    pub fn messages(&self) -> Vec<SeenMessage> {
        self.entries
            .iter()
            .filter_map(|entry| {
                Some(SeenMessage { cursor: entry.cursor, cause: entry.cause, message: message(&entry.record)?.clone() })
            })
            .collect()
    }
}

fn message(record: &Record) -> Option<&std::sync::Arc<Message>> {
    match record {
        Record::Happened(Event::Shown { message, .. }) => Some(message),
        Record::Happened(Event::WebhookEvent(webhook_event)) => match &webhook_event.payload {
            WebhookPayload::Message { message, .. }
            | WebhookPayload::Echo(message)
            | WebhookPayload::EchoInOwnField(message) => Some(message),
            _ => None,
        },
        _ => None,
    }
}

/// An attempt to deliver a POST.
pub struct SeenDelivery {
    pub cursor: u64,
    pub app: AppKey,
    /// For each webhook of the POST: its thread, and the attempt in the form that an expectation sees.
    views: Vec<(Option<ThreadKey>, Value)>,
}

impl SeenDelivery {
    pub fn of(entry: &LedgerEntry) -> Option<Self> {
        let Record::DeliveryAttempt(delivered) = &entry.record else { return None };
        let mut views: Vec<_> =
            delivered.request.items().map(|item| (item.event.scope.thread(), delivery_view(delivered, item))).collect();
        views.dedup();
        Some(Self { cursor: entry.cursor, app: delivered.request.app, views })
    }

    /// The webhook of this thread (or of any thread) that is most like the expected one.
    pub fn nearest(&self, thread: Option<ThreadKey>, like: &Value) -> Option<NearDelivery<'_>> {
        let meant = self.views.iter().filter(|(of, _)| thread.is_none() || *of == thread);
        let near = meant.map(|(_, view)| NearDelivery {
            cursor: self.cursor,
            view,
            unlike: differences(like, Some(view), ""),
        });
        near.min_by_key(|near| near.unlike.len())
    }
}

/// An attempt that may be the expected one, and how it differs.
pub struct NearDelivery<'d> {
    pub cursor: u64,
    pub view: &'d Value,
    pub unlike: Vec<Mismatch>,
}

fn delivery_view(delivered: &DeliveryAttempt, item: &Webhook) -> Value {
    let mut view = Map::new();
    view.insert("field".to_owned(), json!(item.field().name()));
    view.insert("attempt".to_owned(), json!(delivered.attempt));
    view.insert("together".to_owned(), json!(delivered.request.items().count()));
    match &delivered.result {
        DeliveryResult::Answered(status) => view.insert("status".to_owned(), json!(status)),
        DeliveryResult::Failed(why) => view.insert("failure".to_owned(), json!(why)),
        DeliveryResult::Lost => view.insert("failure".to_owned(), json!("lost")),
    };
    if !delivered.said.is_empty() {
        view.insert("said".to_owned(), json!(String::from_utf8_lossy(&delivered.said)));
    }
    if let Some(fault) = delivered.fault {
        view.insert("fault".to_owned(), json!(fault));
    }
    Value::Object(view)
}
