//! The beginning of a world: what apps set by Graph calls before the first step, such as a menu, personas and subscriptions. It is taken
//! from one world, and other worlds that know the same apps and pages begin with it, too.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::command::{AccessChange, AccountTokenCall, Command, LabelChange, SettingChange};
use crate::domain::model::access::TokenKey;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, UserKey};
use crate::domain::model::time::Moment;

use super::active_world::ActiveWorld;
use super::history::{Input, RecordedInput};
use super::ledger_entry::{Actor, GraphCall, Record};
use super::state::WorldState;

/// The most calls and commands of a beginning.
pub const MAX_BEGINNING: usize = 10_000;

/// What apps did in a world before its first step, without what is about a person: later worlds have other people.
#[derive(Debug, Clone)]
pub struct Beginning {
    config: Arc<Config>,
    inputs: Vec<RecordedInput>,
}

impl Beginning {
    /// What apps did in a world of this config, oldest first.
    pub fn new(config: Arc<Config>, inputs: Vec<RecordedInput>) -> Self {
        Self { config, inputs }
    }

    /// What apps did in a world after a cursor, oldest first.
    pub fn of(world: &ActiveWorld, after: u64) -> Self {
        let inputs = world.read(|_, ledger, _| {
            let entries = ledger.all().filter(|entry| entry.cursor > after);
            entries.filter_map(RecordedInput::of).filter(|input| is_of_beginning(&input.input)).collect()
        });
        Self { config: world.declared_config().clone(), inputs }
    }

    /// What apps have set of these kinds.
    pub(super) fn keeping(config: Arc<Config>, inputs: impl Iterator<Item = RecordedInput>, keep: &[Keep]) -> Self {
        let is_kept = |input: &RecordedInput| match &input.input {
            Input::Executed(Actor::Graph { .. }, command) => {
                is_about_settings(command) && Keep::of(command).is_some_and(|kind| keep.contains(&kind))
            }
            _ => false,
        };
        Self { config, inputs: inputs.filter(is_kept).collect() }
    }

    /// The inputs, oldest first.
    pub fn inputs(&self) -> &[RecordedInput] {
        &self.inputs
    }

    /// True if there are more inputs than a world may begin with.
    pub fn is_too_long(&self) -> bool {
        self.inputs.len() > MAX_BEGINNING
    }

    /// Adds what came later.
    pub fn append(&mut self, later: Self) {
        self.inputs.extend(later.inputs);
    }
}

/// A kind of what apps set, which a reset can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Profile,
    Subscriptions,
    Personas,
    Labels,
    Templates,
    Attachments,
}

impl Keep {
    /// Every kind, by its word.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("profile", Self::Profile),
        ("subscriptions", Self::Subscriptions),
        ("personas", Self::Personas),
        ("labels", Self::Labels),
        ("templates", Self::Templates),
        ("attachments", Self::Attachments),
    ];

    fn of(command: &Command) -> Option<Self> {
        match command {
            Command::Profile(..) => Some(Self::Profile),
            Command::Subscribe(..) | Command::SubscribeApp(..) => Some(Self::Subscriptions),
            Command::Persona(..) => Some(Self::Personas),
            Command::Label(..) => Some(Self::Labels),
            Command::MessageTemplate(..) => Some(Self::Templates),
            Command::SaveAttachment(..) => Some(Self::Attachments),
            _ => None,
        }
    }
}

/// True for what apps did, except for what is about a person, and for deliveries.
fn is_of_beginning(input: &Input) -> bool {
    match input {
        Input::Executed(Actor::Graph { .. }, command) | Input::Refused(Actor::Graph { .. }, command) => {
            is_about_settings(command)
        }
        Input::Noted(Record::GraphCall(_) | Record::Warning { app: Some(_), .. }) => true,
        Input::Executed(..) | Input::Refused(..) | Input::Attempted(_) | Input::Noted(_) => false,
    }
}

/// True if a command of an app changes settings of apps, pages and tokens, and nothing of a person.
fn is_about_settings(command: &Command) -> bool {
    match command {
        Command::Subscribe(..)
        | Command::SubscribeApp(..)
        | Command::Profile(..)
        | Command::Persona(..)
        | Command::WelcomeFlow(..)
        | Command::MessageTemplate(..)
        | Command::SaveAttachment(..)
        | Command::RedeemLoginCode(..)
        | Command::IssueLoginCode(..)
        | Command::RevokePermission(..)
        | Command::AccountToken(..)
        | Command::ExchangeToken(..)
        // The dialog of Instagram Login makes a code.
        | Command::Admin(..) => true,
        Command::Label(_, _, change) => !matches!(change, LabelChange::Puts(..) | LabelChange::Takes(..)),
        _ => false,
    }
}

/// The keys of one config by those of another: the same app, page or user has the same id.
struct KeyMap {
    apps: Vec<Option<AppKey>>,
    pages: Vec<Option<AssetKey>>,
    users: Vec<Option<UserKey>>,
}

impl KeyMap {
    fn new(from: &Config, to: &Config) -> Self {
        Self {
            apps: from.apps.iter().map(|app| to.app_by_id(app.id)).collect(),
            pages: from.assets.iter().map(|page| to.asset_by_id(&page.id)).collect(),
            users: from.users.iter().map(|user| to.user_by_id(&user.id)).collect(),
        }
    }

    fn app(&self, app: AppKey) -> Option<AppKey> {
        self.apps.get(app.index()).copied().flatten()
    }

    fn page(&self, page: AssetKey) -> Option<AssetKey> {
        self.pages.get(page.index()).copied().flatten()
    }

    fn user(&self, user: UserKey) -> Option<UserKey> {
        self.users.get(user.index()).copied().flatten()
    }

    fn token(&self, token: TokenKey) -> Option<TokenKey> {
        Some(match token {
            TokenKey::App(app) => TokenKey::App(self.app(app)?),
            TokenKey::Asset(page, app) => TokenKey::Asset(self.page(page)?, self.app(app)?),
            TokenKey::User(user, app) => TokenKey::User(self.user(user)?, self.app(app)?),
            TokenKey::Issued(index) => TokenKey::Issued(index),
        })
    }

    fn actor(&self, by: &Actor) -> Option<Actor> {
        match by {
            Actor::Graph { app, call } => Some(Actor::Graph { app: self.app(*app)?, call: call.clone() }),
            other => Some(other.clone()),
        }
    }

    /// The command for the other world. `None` if that lacks the app, the page or the user, or if it is about a person.
    fn command(&self, command: &Command) -> Option<Command> {
        Some(match command {
            Command::Subscribe(page, app, fields) => Command::Subscribe(self.page(*page)?, self.app(*app)?, *fields),
            Command::SubscribeApp(app, change) => Command::SubscribeApp(self.app(*app)?, change.clone()),
            Command::Profile(page, app, change) => Command::Profile(self.page(*page)?, self.app(*app)?, change.clone()),
            Command::Persona(page, app, change) => Command::Persona(self.page(*page)?, self.app(*app)?, change.clone()),
            Command::WelcomeFlow(page, app, change) => {
                Command::WelcomeFlow(self.page(*page)?, self.app(*app)?, change.clone())
            }
            Command::Label(page, app, change) => Command::Label(self.page(*page)?, self.app(*app)?, change.clone()),
            Command::MessageTemplate(page, app, change) => {
                Command::MessageTemplate(self.page(*page)?, self.app(*app)?, change.clone())
            }
            Command::SaveAttachment(page, app, attachment) => {
                Command::SaveAttachment(self.page(*page)?, self.app(*app)?, attachment.clone())
            }
            Command::RedeemLoginCode(app, code) => Command::RedeemLoginCode(self.app(*app)?, code.clone()),
            Command::IssueLoginCode(app, user) => Command::IssueLoginCode(self.app(*app)?, self.user(*user)?),
            Command::RevokePermission(user, app, permission) => {
                Command::RevokePermission(self.user(*user)?, self.app(*app)?, *permission)
            }
            Command::AccountToken(app, call) => Command::AccountToken(
                self.app(*app)?,
                match call {
                    AccountTokenCall::Redeems(code) => AccountTokenCall::Redeems(code.clone()),
                    AccountTokenCall::Exchanges(token) => AccountTokenCall::Exchanges(self.token(*token)?),
                    AccountTokenCall::Refreshes(token) => AccountTokenCall::Refreshes(self.token(*token)?),
                },
            ),
            Command::ExchangeToken(app, token) => Command::ExchangeToken(self.app(*app)?, self.token(*token)?),
            Command::Admin(account, changes) => match changes.as_slice() {
                [SettingChange::Access(AccessChange::IssuesAccountCode(app))] => {
                    let logs_in = AccessChange::IssuesAccountCode(self.app(*app)?);
                    Command::Admin(self.page(*account)?, vec![SettingChange::Access(logs_in)])
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    fn record(&self, record: &Record) -> Option<Record> {
        match record {
            Record::GraphCall(call) => {
                let by = self.actor(&call.by)?;
                Some(Record::GraphCall(Box::new(GraphCall { by, ..GraphCall::clone(call) })))
            }
            Record::Warning { app: Some(app), kind, text } => {
                Some(Record::Warning { app: Some(self.app(*app)?), kind: *kind, text: text.clone() })
            }
            _ => None,
        }
    }
}

impl ActiveWorld {
    /// Lets apps have done this, too. Nothing is sent because of it. What is about apps or pages that this world lacks is left out.
    pub fn begin_with(&self, beginning: &Beginning) {
        let keys = KeyMap::new(&beginning.config, self.declared_config());
        let calls = self.with_state(|state, now| state.begin_with(beginning, &keys, now));
        self.answered_calls.fetch_add(calls, Ordering::Relaxed);
    }
}

impl WorldState {
    /// Lets apps have set what is kept of the state before, in a fresh state of the same world.
    pub(super) fn begin_again(&mut self, kept: &Beginning) {
        let keys = KeyMap::new(&kept.config, &kept.config);
        let now = self.now;
        self.begin_with(kept, &keys, now);
    }

    /// Writes the beginning, and returns how many calls it has.
    fn begin_with(&mut self, beginning: &Beginning, keys: &KeyMap, now: Moment) -> u64 {
        // The new cursors of the inputs that others name as their cause.
        let mut causes: BTreeMap<u64, u64> = BTreeMap::new();
        let mut calls = 0;
        for RecordedInput { cursor, cause, input, .. } in &beginning.inputs {
            match input {
                Input::Executed(by, command) | Input::Refused(by, command) => {
                    let (Some(by), Some(command)) = (keys.actor(by), keys.command(command)) else { continue };
                    let applied = self.apply_and_write(now, by, Arc::new(command));
                    let written = applied.map_or_else(|refused| refused.cause, |(executed, _)| executed.cause);
                    causes.insert(*cursor, written);
                }
                Input::Noted(record) => {
                    let Some(record) = keys.record(record) else { continue };
                    calls += u64::from(matches!(record, Record::GraphCall(_)));
                    let is_own = cause == cursor;
                    let cause = causes.get(cause).copied();
                    // A call about a person is no part of the beginning, nor is its answer.
                    if is_own || cause.is_some() {
                        self.write(now, cause, record);
                    }
                }
                Input::Attempted(_) => {}
            }
        }
        calls
    }
}
