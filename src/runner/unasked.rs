//! Messages of real apps that no step has asked for, and how long a step looks out for them.

use std::time::Duration;

use crate::domain::command::Command;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Span;
use crate::engine::Topic;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record};
use crate::journal::command_text::command_text;
use crate::language::steps::expectation::Expectation;
use crate::text::diagnostic::Diagnostic;

use super::entry_origin::caller;
use super::expect::{Checked, failed};
use super::session::Session;

/// An app that took this long to answer gets this many times as long until silence counts.
const PACES: u32 = 2;

/// A message that no step has asked for.
#[derive(Debug)]
pub(super) struct UnaskedMessage {
    pub app: AppKey,
    /// The message in words: `sends "Hello" to alice`.
    pub text: String,
}

impl Session {
    /// Messages after an entry that real apps sent and no step has observed, in the threads at which the session looks.
    pub(super) fn unasked_messages(
        &self,
        ledger: &Ledger,
        after: u64,
        thread: Option<ThreadKey>,
    ) -> Vec<UnaskedMessage> {
        let observed = self.observations.lock();
        let after = after.max(ledger.oldest_cursor() - 1);
        let message = |entry: &LedgerEntry| {
            let Record::Command { by: Actor::Graph { app, .. }, command } = &entry.record else { return None };
            let Command::Send(of, ..) = &**command else { return None };
            let is_meant = thread.is_none_or(|thread| thread == *of) && self.looks_at(Some(*of));
            let is_asked = observed.calls.contains(entry.cause) || observed.provoked.calls.contains(&entry.cause);
            let is_unasked = is_meant && self.is_real(caller(entry)) && !is_asked;
            is_unasked.then(|| UnaskedMessage { app: *app, text: command_text(&self.config, command).to_string() })
        };
        ledger.after(after).into_iter().flatten().filter_map(message).collect()
    }

    /// The same since the session began.
    pub(super) fn all_unasked_messages(&self) -> Vec<UnaskedMessage> {
        self.world.read(|_, ledger, _| self.unasked_messages(ledger, self.memory.begin, None))
    }

    /// `nothing: messages`: since the last acting step no app sent a message that no step has asked for.
    pub(super) async fn expect_no_messages(&self, expectation: &Expectation, page: Option<&str>) -> Checked {
        let thread = match &expectation.of {
            Some(of) => Some(self.find_thread(Some(of), page, &expectation.place)?),
            None => None,
        };
        let quiet = self.silence(expectation.within);
        let unasked = |ledger: &Ledger| self.unasked_messages(ledger, self.memory.acted, thread);
        let some = |ledger: &Ledger| Some(unasked(ledger)).filter(|found| !found.is_empty());
        let found = match self.has_real_apps() {
            false => None,
            true => tokio::select! {
                biased;
                found = self.world.wait_on(&[Topic::Any], quiet + self.timeouts.budget, |_, ledger, _| some(ledger)) => found,
                _ = self.world.settle(quiet, quiet + self.timeouts.budget) => None,
            },
        };
        self.fail_if_over(&expectation.place)?;
        let found = found.unwrap_or_else(|| self.world.read(|_, ledger, _| unasked(ledger)));
        let count = found.len();
        if count == 0 {
            return Ok(());
        }
        let message = format!("there are messages that no step has asked for: {count}");
        Err(self.described_unasked(&found).into_iter().fold(failed(expectation, message), Diagnostic::note))
    }

    pub(super) fn described_unasked(&self, found: &[UnaskedMessage]) -> Vec<String> {
        found.iter().map(|message| format!("{} {}", self.config.app(message.app).name, message.text)).collect()
    }

    /// How long nothing must happen until real apps count as silent. `within` says it itself. If not: as long as a person waits for an answer,
    /// the `within` of the run; otherwise twice the longest time that an app has taken to answer in this world, between the quiet time and the
    /// `within` of the run.
    pub(super) fn silence(&self, within: Option<Span>) -> Duration {
        if within.is_some() {
            return self.within(within);
        }
        let times = self.world.answer_times().percentiles();
        let of_real = times.iter().filter(|(app, _)| self.is_real(Some(**app)));
        let (waiting, longest) = of_real.fold((0, Duration::ZERO), |(waiting, longest), (_, times)| {
            (waiting + times.waiting, longest.max(times.max))
        });
        match waiting {
            0 => (longest * PACES).min(self.timeouts.within).max(self.timeouts.quiet),
            _ => self.timeouts.within,
        }
    }
}
