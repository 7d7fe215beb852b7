//! Archive room: attempts to deliver, and what waits for one, as JSON. The webhooks themselves stand in the ledger.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::stored::{Body, Unknown};
use crate::domain::model::ids::AppKey;
use crate::engine::history::RecordedAttempt;
use crate::engine::ledger::DeliveryResult;
use crate::engine::{Delay, PendingRequest, WaitsFor};
use crate::wire::{PostOptions, Signed};

/// An attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredAttempt {
    app: AppKey,
    webhooks: Vec<u64>,
    signed: Option<String>,
    re_encoded: bool,
    url: Option<Box<str>>,
    attempt: u32,
    fault: Option<u32>,
    result: StoredResult,
    said: Body,
    took_micros: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredResult {
    Answered(u16),
    Failed(Box<str>),
    Lost,
}

/// Webhooks that wait to be sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredPendingRequest {
    app: AppKey,
    webhooks: Vec<u64>,
    attempts: u32,
    held_by: Option<u32>,
    waits_for: Option<StoredWaitsFor>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWaitsFor {
    TheNext,
    Others(usize),
}

impl StoredAttempt {
    /// An attempt as a file has it.
    pub fn of(attempted: &RecordedAttempt) -> Self {
        let RecordedAttempt { app, webhooks, options, url, attempt, fault, result, said, took } = attempted;
        Self {
            app: *app,
            webhooks: webhooks.clone(),
            signed: options.signed.word().map(str::to_owned),
            re_encoded: options.re_encoded,
            url: url.clone(),
            attempt: *attempt,
            fault: *fault,
            result: match result {
                DeliveryResult::Answered(status) => StoredResult::Answered(*status),
                DeliveryResult::Failed(why) => StoredResult::Failed(why.clone()),
                DeliveryResult::Lost => StoredResult::Lost,
            },
            said: Body::of(said),
            took_micros: took.as_micros() as u64,
        }
    }

    /// The attempt.
    ///
    /// # Errors
    /// What this version does not know.
    pub fn read(self) -> Result<RecordedAttempt, Unknown> {
        let signed = match self.signed {
            None => Signed::Properly,
            Some(word) => Signed::parse(&word).ok_or_else(|| format!("nothing is signed `{word}`"))?,
        };
        Ok(RecordedAttempt {
            app: self.app,
            webhooks: self.webhooks,
            options: PostOptions { signed, re_encoded: self.re_encoded },
            url: self.url,
            attempt: self.attempt,
            fault: self.fault,
            result: match self.result {
                StoredResult::Answered(status) => DeliveryResult::Answered(status),
                StoredResult::Failed(why) => DeliveryResult::Failed(why),
                StoredResult::Lost => DeliveryResult::Lost,
            },
            said: self.said.read()?.to_vec().into(),
            took: Duration::from_micros(self.took_micros),
        })
    }
}

impl StoredPendingRequest {
    /// What waits, as a file has it.
    pub fn of(pending: &PendingRequest) -> Self {
        let PendingRequest { app, webhooks, attempts, held } = pending;
        let waits_for = held.and_then(|held| held.waits_for).map(|waits_for| match waits_for {
            WaitsFor::TheNext => StoredWaitsFor::TheNext,
            WaitsFor::Others(size) => StoredWaitsFor::Others(size),
        });
        let held_by = held.map(|held| held.fault);
        Self { app: *app, webhooks: webhooks.clone(), attempts: *attempts, held_by, waits_for }
    }

    /// What waits.
    pub fn read(self) -> PendingRequest {
        let Self { app, webhooks, attempts, held_by, waits_for } = self;
        let waits_for = waits_for.map(|waits_for| match waits_for {
            StoredWaitsFor::TheNext => WaitsFor::TheNext,
            StoredWaitsFor::Others(size) => WaitsFor::Others(size),
        });
        PendingRequest { app, webhooks, attempts, held: held_by.map(|fault| Delay { fault, waits_for }) }
    }
}
