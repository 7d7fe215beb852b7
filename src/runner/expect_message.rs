//! Expectations about messages that a person or a page sees.

use serde_json::{Value, json};

use crate::domain::model::ids::ThreadKey;
use crate::domain::model::message::{Author, Message};
use crate::domain::model::time::Span;
use crate::engine::Topic;
use crate::journal::content_text::message_text;
use crate::language::steps::expectation::Expectation;
use crate::wire::content_json;

use super::expect::{Checked, failed};
use super::ledger_view::{LedgerView, SeenMessage};
use super::ledger_window::LedgerWindow;
use super::matcher::{Mismatch, differences};
use super::observations::Observed;
use super::session::Session;
use super::wait_for_apps::{LookedAt, Outlook};
use crate::text::diagnostic::Diagnostic;

/// Between whom a message is.
struct Parties<'e> {
    from: Option<&'e str>,
    to: Option<&'e str>,
    thread: Option<ThreadKey>,
}

impl Session {
    pub(super) async fn expect_message(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        [from, to]: [Option<&str>; 2],
        like: &Value,
    ) -> Checked {
        let thread = match &expectation.of {
            Some(_) => Some(self.find_thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let like = self
            .placeholders(thread.map(|thread| thread.asset))
            .fill_value(like)
            .map_err(|error| failed(expectation, error))?;
        let parties = Parties { from, to, thread };
        let apps = from.and_then(|from| self.app_key(from)).filter(|app| self.is_real(Some(*app)));
        let topics = [apps.map_or(Topic::Any, Topic::App)];
        // A message of a real app counts as soon as it arrives, whenever that was.
        // What a person or a puppet writes is there at once, or never.
        let within = if from.is_some() && apps.is_none() { Some(Span(0)) } else { expectation.within };
        let outlook = Outlook { topics: &topics, within, sees_session: apps.is_some() };
        let find = |view: &LedgerView<'_>, _: LookedAt, observed: &Observed| {
            let messages = view.messages().into_iter().filter(|seen| !observed.matched.contains(&seen.cursor));
            let mut fitting = messages.filter(|seen| self.may_be(&seen.message, &parties, outlook));
            fitting.find(|seen| different(&like, &seen.message).is_empty())
        };
        let claim = |seen: &SeenMessage, observed: &mut Observed| {
            observed.matched.insert(seen.cursor);
            // Who expects a message has observed the call that sent it.
            if matches!(seen.message.author, Author::App(app) if self.is_real(Some(app))) {
                observed.calls.claim(seen.cause, &expectation.place);
                observed.owners.observe(seen.message.thread, seen.cause);
            }
        };
        match self.find_effect(outlook, find, claim).await.map_err(|error| failed(expectation, error))? {
            Some(seen) => {
                let found = message_json(&seen.message);
                self.save_values(&expectation.save, Some(&found), &expectation.place)
            }
            None => {
                self.fail_if_over(&expectation.place)?;
                Err(self.explain_no_message(expectation, &parties, &like, outlook))
            }
        }
    }

    fn explain_no_message(
        &self,
        expectation: &Expectation,
        parties: &Parties<'_>,
        like: &Value,
        outlook: Outlook<'_>,
    ) -> Diagnostic {
        let all = match outlook.sees_session {
            true => self.view(&LedgerWindow::Since(self.memory.begin), |_| false, |view, _| view.messages()),
            false => self.ledger_view(|view| view.messages()).map(|mut seen| {
                seen.extend(self.view_unobserved(|view| view.messages()));
                seen
            }),
        };
        let in_time = if outlook.within == Some(Span(0)) { String::new() } else { self.in_time(expectation) };
        let message = format!("no message matches{in_time}");
        let all = all.unwrap_or_default();
        let looked_at = all.iter().filter(|seen| self.looks_at(Some(seen.message.thread)));
        looked_at.fold(failed(expectation, message), |mistake, seen| {
            let differences = different(like, &seen.message);
            let differences = match self.may_be(&seen.message, parties, outlook) {
                false => "it is from or to somebody else".to_owned(),
                true if differences.is_empty() => "an earlier expectation has already matched it".to_owned(),
                true => differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            };
            mistake.note(format!("seen: {} — {differences}", message_text(&self.config, &seen.message)))
        })
    }

    fn may_be(&self, message: &Message, parties: &Parties<'_>, outlook: Outlook<'_>) -> bool {
        parties.thread.is_none_or(|thread| thread == message.thread)
            && (!outlook.sees_session || self.looks_at(Some(message.thread)))
            && parties.from.is_none_or(|from| self.author_is(message, from))
            && parties.to.is_none_or(|to| self.reader_is(message, to))
    }

    fn author_is(&self, message: &Message, name: &str) -> bool {
        match message.author {
            Author::Person => self.config.person(message.thread.person).is(name),
            Author::App(app) => &*self.config.app(app).name == name,
            Author::Ad(ad, app) => {
                &*self.config.ad(ad).name == name || app.is_some_and(|app| &*self.config.app(app).name == name)
            }
        }
    }

    fn reader_is(&self, message: &Message, name: &str) -> bool {
        match message.author {
            Author::Person => &*self.config.asset(message.thread.asset).name == name,
            _ => self.config.person(message.thread.person).is(name),
        }
    }
}

fn message_json(message: &Message) -> Value {
    let mut content = content_json(&message.content);
    if let Some(metadata) = &message.metadata {
        content["metadata"] = json!(metadata);
    }
    content["mid"] = json!(message.mid);
    content
}

fn different(like: &Value, message: &Message) -> Vec<Mismatch> {
    differences(like, Some(&message_json(message)), "")
}
