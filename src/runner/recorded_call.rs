//! Graph calls of an app as the ledger recorded them.

use serde_json::Value;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules::RuleId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{Actor, GraphCall, LedgerEntry, Record};
use crate::engine::subjects::subjects_of;
use crate::graph;
use crate::journal::call_json::thread_of_call;
use crate::journal::call_path::{as_me, method_and_path};

use super::entry_origin::caller;
use super::observations::ClaimedCalls;
use super::response_view::{error_view, with_status};

pub(super) fn rule_of_refusal(record: &Record) -> Option<RuleId> {
    match record {
        Record::Refused { refusal, .. } => refusal.rule,
        Record::GraphCall(call) => call.rule,
        _ => None,
    }
}

/// A call of an app and its answer.
pub(super) struct RecordedCall {
    /// The cursor that all effects of the call name as their cause.
    pub cause: u64,
    /// The last part of the path, as graph.facebook.com spells it.
    pub edge: String,
    /// The thread of the call, if it has one.
    pub thread: Option<ThreadKey>,
    pub params: Value,
    pub method: String,
    /// The path without the version, as it came, and with `me` in the place of the page's id.
    pub paths: [String; 2],
    /// The parameters of the query alone.
    pub query: Option<Value>,
    /// The answer with its HTTP status.
    pub answer: Value,
    /// How the answer was lost, if it was.
    pub lost: Option<&'static str>,
    /// The rule behind a refusal.
    pub rule: Option<RuleId>,
}

impl RecordedCall {
    pub fn read(config: &Config, ledger: &Ledger, entry: &LedgerEntry) -> Option<Self> {
        let Record::GraphCall(call) = &entry.record else { return None };
        let graph_call = &**call;
        let (method, path) = method_and_path(graph_call);
        let GraphCall { by, request, status, answer, rule, lost, .. } = graph_call;
        let Actor::Graph { call, .. } = by else { return None };
        let params = graph::parameters(request);
        let command = ledger.get(entry.cause);
        Some(Self {
            cause: entry.cause,
            edge: graph::edge_spellings::plain(last_part(call)).to_owned(),
            thread: thread_of_call(config, ledger, entry),
            method: method.to_owned(),
            paths: [path.to_owned(), as_me(config, graph_call, path)],
            query: graph::query_parameters(request),
            params,
            answer: with_status(answer, *status),
            lost: *lost,
            rule: rule.or_else(|| rule_of_refusal(&command?.record)),
        })
    }

    pub fn error(&self) -> Option<Value> {
        error_view(&self.answer, self.rule)
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default()
}

pub fn scalar_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Answered calls of an app, oldest first; of a thread, if one is given, without those whose commands say that they are about another one.
pub(super) fn calls_of<'l>(
    config: &'l Config,
    ledger: &'l Ledger,
    (app, thread): (AppKey, Option<ThreadKey>),
    begin: u64,
) -> Result<impl Iterator<Item = RecordedCall> + 'l, String> {
    let entries = ledger.after(begin).map_err(|gone| gone.to_string())?;
    let is_call = |entry: &&LedgerEntry| matches!(entry.record, Record::GraphCall(_));
    let of_app = entries.filter(is_call).filter(move |entry| caller(entry) == Some(app));
    let of_thread = of_app.filter(move |entry| {
        let command = ledger.get(entry.cause).filter(|command| command.cursor != entry.cursor);
        let about = command.and_then(|command| subjects_of(&command.record).thread);
        thread.is_none() || about.is_none() || about == thread
    });
    Ok(of_thread.filter_map(|entry| RecordedCall::read(config, ledger, entry)))
}

/// Those of these calls that no step has observed.
pub(super) fn unobserved_calls<'l>(
    config: &'l Config,
    ledger: &'l Ledger,
    of: (AppKey, Option<ThreadKey>),
    begin: u64,
    observed: &'l ClaimedCalls,
) -> Result<impl Iterator<Item = RecordedCall> + 'l, String> {
    Ok(calls_of(config, ledger, of, begin)?.filter(|call| !observed.contains(call.cause)))
}
