//! `shows`: the webhooks of an app as they are sent, to be looked at. It acts on nothing and expects nothing.

use serde_json::Value;

use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::WebhookRequest;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::LedgerEntry;
use crate::language::steps::app_step::{AppStep, ShownField};
use crate::language::steps::step::Step;
use crate::text::diagnostic::Diagnostic;
use crate::wire::PostOptions;

use super::act::unknown;
use super::performed::{Performed, PerformedKind};
use super::session::Session;

/// The most webhooks that one step shows.
const MAX_SHOWN: usize = 50;

impl Session {
    /// Shows the webhooks that the app got since the last acting step.
    pub(super) fn show(&mut self, step: &Step, app: &AppStep, field: ShownField) -> Result<Performed, Diagnostic> {
        let key = self.app_key(&app.app).ok_or_else(|| unknown("app", &step.place))?;
        let thread = match &app.to {
            Some(_) => Some(self.find_thread(app.to.as_deref(), step.page.as_deref(), &step.place)?),
            None => None,
        };
        let payloads = self.world.read(|_, ledger, _| self.payloads(ledger, key, thread, field));
        let name = &self.config.app(key).name;
        self.shown = match payloads.is_empty() {
            true => vec![format!("{name} got no such webhook since the last acting step")],
            false => payloads.iter().map(|(field, payload)| format!("{name} got {field}: {payload}")).collect(),
        };
        let read = |(_, payload): &(&str, String)| serde_json::from_str(payload).unwrap_or_default();
        let answer = Value::Array(payloads.iter().map(read).collect());
        Ok(Performed { kind: PerformedKind::Showing, answer: Some(answer) })
    }

    fn payloads(
        &self,
        ledger: &Ledger,
        app: AppKey,
        thread: Option<ThreadKey>,
        field: ShownField,
    ) -> Vec<(&'static str, String)> {
        let after = self.memory.acted.max(ledger.oldest_cursor() - 1);
        let payload = |entry: &LedgerEntry| {
            let (receiver, webhook) = entry.webhook()?;
            let of = webhook.event.scope.thread();
            let is_there = thread.map_or_else(|| self.looks_at(of), |thread| of == Some(thread));
            let is_such = match field {
                ShownField::Any => true,
                ShownField::Of(field) => webhook.field() == field,
            };
            if receiver != app || !is_there || !is_such {
                return None;
            }
            let field = webhook.field().name();
            let request = WebhookRequest { app, first: webhook, more: Vec::new() };
            let post = request.post(&self.config, PostOptions::default());
            Some((field, String::from_utf8_lossy(&post.body).into_owned()))
        };
        ledger.after(after).into_iter().flatten().filter_map(payload).take(MAX_SHOWN).collect()
    }

    /// What the last step showed.
    pub fn take_shown(&mut self) -> Vec<String> {
        std::mem::take(&mut self.shown)
    }
}
