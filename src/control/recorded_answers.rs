//! A run that is over: its worlds are only looked at. Also all answers that the inspector page asks for, for a page that is one file.

use std::collections::BTreeMap;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::http::{Request, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::ControlApi;

/// What `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Entries of the ledger in one answer: what the page asks for.
const LEDGER_PAGE: usize = 1000;
/// Threads of a world whose transcripts are recorded.
const MAX_RECORDED_THREADS: usize = 200;

/// What is asked about a server.
const OF_SERVER: &[&str] = &["/_control/rules", "/_control/lints", "/_control/worlds", "/_control/calls"];
/// What is asked about a world.
const OF_WORLD: &[&str] = &["", "/clock", "/faults", "/lint", "/threads", "/scenario"];
/// What is asked about a thread.
const OF_THREAD: &[&str] = &["", "/offers", "/explain"];

/// Answers of the control API, by method and path: `GET /_control/worlds`.
pub type RecordedAnswers = BTreeMap<String, Value>;

/// A run that is over, and is only looked at.
#[derive(Debug)]
pub struct ShownRecord {
    /// The failure as it was drawn.
    pub failure: String,
}

impl ControlApi {
    /// All that the inspector page asks about a world. What cannot be answered is left out.
    pub async fn recorded_answers(&self, world: &str) -> RecordedAnswers {
        let mut answers = RecordedAnswers::new();
        for path in OF_SERVER {
            self.record(path, &mut answers).await;
        }
        let world = format!("/_control/worlds/{}", component(world));
        for path in OF_WORLD {
            self.record(&format!("{world}{path}"), &mut answers).await;
        }
        self.record_ledger(&world, &mut answers).await;
        let threads = answers.get(&key(&format!("{world}/threads"))).and_then(|answer| answer["threads"].as_array());
        for thread in threads.cloned().unwrap_or_default().iter().take(MAX_RECORDED_THREADS) {
            let [page, person] = ["page", "person"].map(|part| component(thread[part].as_str().unwrap_or_default()));
            for path in OF_THREAD {
                self.record(&format!("{world}/threads/{page}/{person}{path}"), &mut answers).await;
            }
        }
        answers
    }

    /// The ledger in the parts in which the page asks for it.
    async fn record_ledger(&self, world: &str, answers: &mut RecordedAnswers) {
        let mut path = format!("{world}/ledger?limit={LEDGER_PAGE}");
        while let Some(answer) = self.record(&path, answers).await {
            let is_full = answer["entries"].as_array().is_some_and(|entries| entries.len() == LEDGER_PAGE);
            let Some(after) = answer["after"].as_u64().filter(|_| is_full) else { return };
            path = format!("{world}/ledger?after={after}&limit={LEDGER_PAGE}");
        }
    }

    /// Records one answer, and returns it.
    async fn record(&self, path: &str, answers: &mut RecordedAnswers) -> Option<Value> {
        let request = Request::get(path).body(Bytes::new()).ok()?;
        let response = self.answer(request).await;
        if response.status() != StatusCode::OK {
            return None;
        }
        let bytes = response.into_body().collect().await.ok()?.to_bytes();
        let answer = serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes)));
        answers.insert(key(path), answer.clone());
        Some(answer)
    }
}

fn key(path: &str) -> String {
    format!("GET {path}")
}

fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// The answers of several servers as if they were one: their lists of worlds and of calls become one list each.
pub fn merge_answers(records: impl IntoIterator<Item = RecordedAnswers>) -> RecordedAnswers {
    let mut merged = RecordedAnswers::new();
    for (key, answer) in records.into_iter().flatten() {
        let list = match key.as_str() {
            "GET /_control/worlds" => "worlds",
            "GET /_control/calls" => "calls",
            _ => "",
        };
        match (merged.get_mut(&key).and_then(|known| known[list].as_array_mut()), answer[list].as_array()) {
            (Some(known), Some(more)) => known.extend(more.iter().cloned()),
            _ => {
                merged.entry(key).or_insert(answer);
            }
        }
    }
    merged
}
