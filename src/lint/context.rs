//! Lint room: what a lint looks at: a world and its ledger, who is real in it, and what was provoked on purpose.

use std::collections::BTreeSet;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::domain::refusal::Refusal;
use crate::domain::rules::RuleId;
use crate::engine::ledger::{Entry, Ledger, Record, Source};

use super::finding::{Finding, Lint};

/// What a script brought about itself, by the cause of its entries.
#[derive(Debug, Clone, Default)]
pub struct Provoked {
    /// Calls whose refusal a step asked for, or has judged already.
    pub refusals: BTreeSet<u64>,
    /// Raw calls of the script, which are no app's.
    pub calls: BTreeSet<u64>,
}

impl Provoked {
    /// Forgets what is older than an entry.
    pub fn forget_before(&mut self, cursor: u64) {
        self.refusals = self.refusals.split_off(&cursor);
        self.calls = self.calls.split_off(&cursor);
    }
}

/// What a lint looks at.
pub struct Case<'c> {
    /// The world as it is now.
    pub world: &'c World,
    /// What happened in it.
    pub ledger: &'c Ledger,
    /// What its clock shows.
    pub now: Moment,
    /// Whether an app is a real one: what a puppet leaves undone, its script left undone.
    pub is_real: &'c dyn Fn(AppKey) -> bool,
    /// What was provoked on purpose.
    pub provoked: &'c Provoked,
}

/// A command of an app that was refused, and by nobody's wish.
pub struct RefusedCommand<'c> {
    /// Its entry.
    pub entry: &'c Entry,
    /// The app.
    pub app: AppKey,
    /// The thread, where it is about one.
    pub thread: Option<ThreadKey>,
    /// What was asked.
    pub command: &'c Command,
    /// Why it was refused.
    pub refusal: &'c Refusal,
}

impl<'c> Case<'c> {
    /// What the world was declared with.
    pub fn config(&self) -> &'c Config {
        self.world.config()
    }

    /// The entries to look at, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &'c Entry> + use<'c> {
        self.from(0)
    }

    /// Those after an entry, oldest first.
    pub fn from(&self, cursor: u64) -> impl DoubleEndedIterator<Item = &'c Entry> + use<'c> {
        let ledger = self.ledger;
        let first = ledger.oldest_cursor().max(cursor.saturating_add(1));
        (first..ledger.next_cursor()).filter_map(|cursor| ledger.get(cursor))
    }

    /// Those before an entry, newest first.
    pub fn before(&self, cursor: u64) -> impl Iterator<Item = &'c Entry> + use<'c> {
        let ledger = self.ledger;
        (ledger.oldest_cursor()..cursor).rev().filter_map(|cursor| ledger.get(cursor))
    }

    /// Commands of apps that were refused although no step asked for it.
    pub fn refused_commands(&self) -> impl Iterator<Item = RefusedCommand<'c>> {
        self.entries().filter_map(|entry| match &entry.record {
            Record::Refused { by: Source::Graph { app, .. }, command, refusal } if !self.is_provoked(entry.cause) => {
                Some(RefusedCommand { entry, app: *app, thread: thread_of(command), command, refusal })
            }
            _ => None,
        })
    }

    /// Whether a refusal is no fault of the app's.
    pub fn is_provoked(&self, cause: u64) -> bool {
        self.provoked.refusals.contains(&cause) || self.is_raw(cause)
    }

    /// Whether a call is the script's own.
    pub fn is_raw(&self, cause: u64) -> bool {
        self.provoked.calls.contains(&cause)
    }

    /// Commands that an app's calls became, and that were executed.
    pub fn executed(&self) -> impl Iterator<Item = (&'c Entry, AppKey, &'c Command)> {
        self.entries().filter_map(|entry| match &entry.record {
            Record::Command { by: Source::Graph { app, .. }, command } if !self.is_raw(entry.cause) => {
                Some((entry, *app, &**command))
            }
            _ => None,
        })
    }

    /// The name of an app.
    pub fn app_name(&self, app: AppKey) -> &'c str {
        &self.config().app(app).name
    }

    /// A finding about one entry.
    pub fn finding(&self, lint: &'static Lint, app: AppKey, entry: &Entry, what: String) -> Finding {
        let app = self.app_name(app).to_owned();
        Finding { lint, app, thread: None, what, rule: None, at: entry.at, times: 1, entries: vec![entry.cursor] }
    }

    /// A finding about one entry in a thread.
    pub fn in_thread(
        &self,
        lint: &'static Lint,
        app: AppKey,
        (entry, thread): (&Entry, Option<ThreadKey>),
        rule: Option<RuleId>,
        what: String,
    ) -> Finding {
        let thread = thread.map(|thread| self.thread_name(thread));
        Finding { thread, rule, ..self.finding(lint, app, entry, what) }
    }

    /// The name of a thread, with its page.
    pub fn thread_name(&self, thread: ThreadKey) -> String {
        format!("{}@{}", self.config().person(thread.person).name, self.config().page(thread.page).name)
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
