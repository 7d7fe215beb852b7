//! What a lint reads: a world, its ledger, which apps are real, and what the script provoked on purpose.

use std::collections::BTreeSet;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::domain::refusal::Refusal;
use crate::domain::rules::RuleId;
use crate::engine::ledger::Ledger;
use crate::engine::ledger_entry::{Actor, LedgerEntry, Record};

use super::occurrence::Occurrence;

/// What a script provoked on purpose, by the cause of the ledger entries.
#[derive(Debug, Clone, Default)]
pub struct Provoked {
    /// Calls whose refusal a step expected or has already judged.
    pub refusals: BTreeSet<u64>,
    /// Raw calls that the script itself made with the token of an app.
    pub calls: BTreeSet<u64>,
}

impl Provoked {
    /// Forgets what is older than an entry.
    pub fn forget_before(&mut self, cursor: u64) {
        for cursors in [&mut self.refusals, &mut self.calls] {
            while cursors.first().is_some_and(|oldest| *oldest < cursor) {
                cursors.pop_first();
            }
        }
    }
}

/// What a lint reads.
pub struct LintContext<'c> {
    /// The world as it is now.
    pub world: &'c World,
    /// The world's ledger.
    pub ledger: &'c Ledger,
    /// The time of the world's clock.
    pub now: Moment,
    /// True for a real app, false for a puppet. What a puppet does not do, its script left out.
    pub is_real: &'c dyn Fn(AppKey) -> bool,
    /// What the script provoked on purpose.
    pub provoked: &'c Provoked,
    /// The newest entry when the scenario ended, if the world outlives it.
    pub ended: Option<u64>,
    /// True for calls that a step has asked for. `None` if no scenario has come to its end: then a step may still ask.
    pub is_asked: Option<&'c dyn Fn(u64) -> bool>,
}

/// A refused command of an app that no step provoked.
pub struct RefusedCommand<'c> {
    pub entry: &'c LedgerEntry,
    pub app: AppKey,
    /// The thread, if the command is about one.
    pub thread: Option<ThreadKey>,
    pub refusal: &'c Refusal,
}

impl<'c> LintContext<'c> {
    /// What the world was declared with.
    pub fn config(&self) -> &'c Config {
        self.world.config()
    }

    /// All entries of the ledger, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &'c LedgerEntry> + use<'c> {
        self.entries_after(0)
    }

    /// The entries after a cursor, oldest first.
    pub fn entries_after(&self, cursor: u64) -> impl DoubleEndedIterator<Item = &'c LedgerEntry> + use<'c> {
        let ledger = self.ledger;
        let first = ledger.oldest_cursor().max(cursor.saturating_add(1));
        (first..ledger.next_cursor()).filter_map(|cursor| ledger.get(cursor))
    }

    /// The entries before a cursor, newest first.
    pub fn entries_before(&self, cursor: u64) -> impl Iterator<Item = &'c LedgerEntry> + use<'c> {
        let ledger = self.ledger;
        (ledger.oldest_cursor()..cursor).rev().filter_map(|cursor| ledger.get(cursor))
    }

    /// The refused commands of apps that no step provoked.
    pub fn refused_commands(&self) -> impl Iterator<Item = RefusedCommand<'c>> {
        self.entries().filter_map(|entry| match &entry.record {
            Record::Refused { by: Actor::Graph { app, .. }, command, refusal } if !self.is_provoked(entry.cause) => {
                Some(RefusedCommand { entry, app: *app, thread: thread_of(command), refusal })
            }
            _ => None,
        })
    }

    /// The executed commands of apps.
    pub fn executed_commands(&self) -> impl Iterator<Item = (&'c LedgerEntry, AppKey, &'c Command)> {
        self.entries().filter_map(|entry| match &entry.record {
            Record::Command { by: Actor::Graph { app, .. }, command } if !self.is_raw_call(entry.cause) => {
                Some((entry, *app, &**command))
            }
            _ => None,
        })
    }

    /// True if the script provoked a refusal, so that it is not the app's fault.
    pub fn is_provoked(&self, cause: u64) -> bool {
        self.provoked.refusals.contains(&cause) || self.is_raw_call(cause)
    }

    /// True if the script itself made the call.
    pub fn is_raw_call(&self, cause: u64) -> bool {
        self.provoked.calls.contains(&cause)
    }

    /// The name of an app.
    pub fn app_name(&self, app: AppKey) -> &'c str {
        &self.config().app(app).name
    }

    /// An occurrence that one entry shows.
    pub fn occurrence(&self, app: AppKey, entry: &LedgerEntry, what: String) -> Occurrence {
        let app = self.app_name(app).to_owned();
        Occurrence { app, thread: None, what, rule: None, at: entry.at, entries: vec![entry.cursor] }
    }

    /// An occurrence in a thread, which one entry shows.
    pub fn occurrence_in_thread(
        &self,
        app: AppKey,
        (entry, thread): (&LedgerEntry, Option<ThreadKey>),
        rule: Option<RuleId>,
        what: String,
    ) -> Occurrence {
        let thread = thread.map(|thread| self.config().full_thread_name(thread));
        Occurrence { thread, rule, ..self.occurrence(app, entry, what) }
    }
}

/// The thread that an app's command is about.
pub fn thread_of(command: &Command) -> Option<ThreadKey> {
    match command {
        Command::Send(thread, ..)
        | Command::SenderAction(thread, ..)
        | Command::Control(thread, ..)
        | Command::UserMenu(thread, ..)
        | Command::Moderate(thread, ..)
        | Command::Unlink(thread, ..) => Some(*thread),
        _ => None,
    }
}
