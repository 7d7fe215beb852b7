//! Run room: whether real apps take what they are sent: a webhook that one does not take fails the step. `session` enters.

use std::collections::BTreeSet;

use crate::domain::model::deliveries::WebhookId;
use crate::engine::ledger::{DeliveryAttempt, DeliveryResult, Ledger, Record};
use crate::wire::PostOptions;

use super::session::Session;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// Webhooks that were not taken and are remembered, so that it is no news when their retries fail. With one more the oldest is forgotten.
const MOST_REMEMBERED: usize = 10_000;

/// How far the attempts of a world were looked at.
#[derive(Debug)]
pub(crate) struct DeliveryMonitor {
    /// The newest entry that was.
    checked: u64,
    /// Webhooks of which it is known that they were not taken.
    known: BTreeSet<WebhookId>,
}

impl DeliveryMonitor {
    /// Nothing after this entry was looked at.
    pub(crate) fn after(cursor: u64) -> Self {
        Self { checked: cursor, known: BTreeSet::new() }
    }

    /// The first failure since the last look that is news. What a small ledger has let go of meanwhile is not looked at.
    fn news(&mut self, ledger: &Ledger) -> Option<DeliveryAttempt> {
        let after = self.checked.max(ledger.oldest_cursor() - 1);
        self.checked = ledger.next_cursor() - 1;
        let failures = ledger.after(after).into_iter().flatten().filter_map(|entry| failure(&entry.record));
        let mut news = failures.filter(|failed| self.is_news(failed.webhook()));
        let first = news.next().cloned();
        // The others are known from now on.
        news.for_each(drop);
        first
    }

    fn is_news(&mut self, webhook: WebhookId) -> bool {
        let is_news = self.known.insert(webhook);
        if self.known.len() > MOST_REMEMBERED {
            self.known.pop_first();
        }
        is_news
    }
}

/// An attempt that an app failed: one that got to it, and as Meta makes it. Whoever rejects a bad signature does well.
fn failure(record: &Record) -> Option<&DeliveryAttempt> {
    let Record::DeliveryAttempt(delivered) = record else { return None };
    let counts = delivered.url.is_some() && delivered.options == PostOptions::default();
    (counts && !delivered.result.is_success()).then_some(&**delivered)
}

impl Session {
    /// Fails where a real app did not take a webhook since the last look.
    pub(crate) fn check_deliveries(&mut self, place: &SourcePlace) -> Result<(), Diagnostic> {
        let Self { world, taking, .. } = self;
        let Some(failed) = world.read(|_, ledger, _| taking.news(ledger)) else { return Ok(()) };
        let app = &self.config.app(failed.request.app).name;
        let how = match &failed.result {
            DeliveryResult::Answered(status) => format!("answered {status} to a webhook"),
            DeliveryResult::Failed(why) => format!("did not take a webhook: {why}"),
            DeliveryResult::Lost => "never saw a webhook".to_owned(),
        };
        let url = failed.url.as_deref().unwrap_or_default();
        let mistake = Diagnostic::new(place.clone(), format!("app `{app}` {how}"))
            .note(format!("at {url}, attempt {}", failed.attempt))
            .note("anything but a 2xx within the time limit is a failed delivery");
        Err(match failed.fault {
            None => mistake,
            Some(number) => mistake.note(format!("fault {number} met it, but the POST itself is as Meta makes it")),
        })
    }
}
