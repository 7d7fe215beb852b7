//! Attempts to deliver webhooks, and webhooks that wait for an attempt, in a file. What the webhooks say stands in the ledger.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bytes::{StoredBytes, UnknownContent};
use crate::domain::model::ids::AppKey;
use crate::engine::history::RecordedAttempt;
use crate::engine::ledger_entry::DeliveryResult;
use crate::engine::{Delay, PendingRequest, RequestCursors, WaitsFor};
use crate::wire::{PostOptions, Signed};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredAttempt {
    app: AppKey,
    webhooks: Vec<u64>,
    signed: Option<String>,
    re_encoded: bool,
    url: Option<Box<str>>,
    attempt: u32,
    fault: Option<u32>,
    result: StoredDeliveryResult,
    said: StoredBytes,
    took_micros: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDeliveryResult {
    Answered(u16),
    Failed(Box<str>),
    Lost,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredPendingRequest {
    app: AppKey,
    webhooks: Vec<u64>,
    attempts: u32,
    delayed_by: Option<u32>,
    waits_for: Option<StoredWaitsFor>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWaitsFor {
    TheNext,
    Others(usize),
}

impl StoredAttempt {
    pub fn of(attempted: &RecordedAttempt) -> Self {
        let RecordedAttempt { request, options, url, attempt, fault, result, said, took } = attempted;
        let RequestCursors { app, webhooks } = request;
        Self {
            app: *app,
            webhooks: webhooks.clone(),
            signed: options.signed.word().map(str::to_owned),
            re_encoded: options.re_encoded,
            url: url.clone(),
            attempt: *attempt,
            fault: *fault,
            result: match result {
                DeliveryResult::Answered(status) => StoredDeliveryResult::Answered(*status),
                DeliveryResult::Failed(why) => StoredDeliveryResult::Failed(why.clone()),
                DeliveryResult::Lost => StoredDeliveryResult::Lost,
            },
            said: StoredBytes::of(said),
            took_micros: took.as_micros() as u64,
        }
    }

    pub fn read(self) -> Result<RecordedAttempt, UnknownContent> {
        let signed = match self.signed {
            None => Signed::Properly,
            Some(word) => Signed::parse(&word).ok_or_else(|| format!("nothing is signed `{word}`"))?,
        };
        Ok(RecordedAttempt {
            request: RequestCursors { app: self.app, webhooks: self.webhooks },
            options: PostOptions { signed, re_encoded: self.re_encoded },
            url: self.url,
            attempt: self.attempt,
            fault: self.fault,
            result: match self.result {
                StoredDeliveryResult::Answered(status) => DeliveryResult::Answered(status),
                StoredDeliveryResult::Failed(why) => DeliveryResult::Failed(why),
                StoredDeliveryResult::Lost => DeliveryResult::Lost,
            },
            said: self.said.read()?.to_vec().into(),
            took: Duration::from_micros(self.took_micros),
        })
    }
}

impl StoredPendingRequest {
    pub fn of(pending: &PendingRequest) -> Self {
        let PendingRequest { request, attempts, held } = pending;
        let RequestCursors { app, webhooks } = request;
        let waits_for = held.and_then(|held| held.waits_for).map(|waits_for| match waits_for {
            WaitsFor::TheNext => StoredWaitsFor::TheNext,
            WaitsFor::Others(size) => StoredWaitsFor::Others(size),
        });
        let delayed_by = held.map(|held| held.fault);
        Self { app: *app, webhooks: webhooks.clone(), attempts: *attempts, delayed_by, waits_for }
    }

    pub fn read(self) -> PendingRequest {
        let Self { app, webhooks, attempts, delayed_by, waits_for } = self;
        let waits_for = waits_for.map(|waits_for| match waits_for {
            StoredWaitsFor::TheNext => WaitsFor::TheNext,
            StoredWaitsFor::Others(size) => WaitsFor::Others(size),
        });
        PendingRequest {
            request: RequestCursors { app, webhooks },
            attempts,
            held: delayed_by.map(|fault| Delay { fault, waits_for }),
        }
    }
}
