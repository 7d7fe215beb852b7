//! Expectations about messages that a person or a page sees.

use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::model::message::{Author, Message};
use crate::engine::ledger::Ledger;
use crate::journal::content_text::message_text;
use crate::language::steps::expectation::Expectation;
use crate::wire::content_json;

use super::expect::{Checked, failed};
use super::ledger_view::LedgerView;
use super::ledger_window::LedgerWindow;
use super::matcher::{Mismatch, differences};
use super::session::Session;
use super::timeouts::format_real_time;

impl Session {
    pub(super) async fn expect_message(
        &mut self,
        expectation: &Expectation,
        page: Option<&str>,
        [from, to]: [Option<&str>; 2],
        like: &Value,
        within: Duration,
    ) -> Checked {
        let thread = match &expectation.of {
            Some(_) => Some(self.find_thread(expectation.of.as_deref(), page, &expectation.place)?),
            None => None,
        };
        let like = self
            .placeholders(thread.map(|thread| thread.page))
            .fill_value(like)
            .map_err(|error| failed(expectation, error))?;
        let waits = from.is_some_and(|from| self.is_real(self.app_key(from)));
        let fits = |message: &Message| {
            thread.is_none_or(|thread| thread == message.thread)
                && (!waits || self.looks_at(Some(message.thread)))
                && from.is_none_or(|from| self.author_is(message, from))
                && to.is_none_or(|to| self.reader_is(message, to))
        };
        let window = if waits { LedgerWindow::Since(self.memory.begin) } else { self.memory.window.clone() };
        // A message of a real app counts as soon as it arrives. Waiting for it observes the call that sent it.
        let is_real = |app| !waits && self.is_real(Some(app));
        // The entry is claimed under the lock, so that no other caller matches it too.
        let look = |ledger: &Ledger| {
            let mut observed = self.observations.lock();
            let view = LedgerView::new(ledger, &self.config, &window, is_real, &observed).ok()?;
            let messages = view.messages().into_iter().filter(|seen| !observed.matched.contains(&seen.cursor));
            let mut fitting = messages.filter(|seen| fits(&seen.message));
            let found = fitting.find(|seen| different(&like, &seen.message).is_empty())?;
            drop((fitting, view));
            observed.matched.insert(found.cursor);
            if waits {
                observed.calls.insert(found.cause);
            }
            Some(message_json(&found.message))
        };
        let wait = if waits { within } else { Duration::ZERO };
        let found = self.world.wait_for(wait, |_, ledger, _| match self.is_over() {
            true => Some(None),
            false => look(ledger).map(Some),
        });
        match found.await.flatten() {
            Some(found) => self.save_values(&expectation.save, Some(&found), &expectation.place),
            None => {
                self.fail_if_over(&expectation.place)?;
                let all = self.view(&window, is_real, |view, _| view.messages());
                let message = if waits {
                    format!("no message matches within {}", format_real_time(within))
                } else {
                    "no message matches".to_owned()
                };
                let all = all.unwrap_or_default();
                let looked_at = all.iter().filter(|seen| self.looks_at(Some(seen.message.thread)));
                let mistake = looked_at.fold(failed(expectation, message), |mistake, seen| {
                    let differences = different(&like, &seen.message);
                    let differences = match fits(&seen.message) {
                        false => "it is from or to somebody else".to_owned(),
                        true if differences.is_empty() => "an earlier expectation has already matched it".to_owned(),
                        true => differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                    };
                    mistake.note(format!("seen: {} — {differences}", message_text(&self.config, &seen.message)))
                });
                Err(mistake)
            }
        }
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
            Author::Person => &*self.config.page(message.thread.page).name == name,
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
