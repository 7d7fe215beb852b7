//! Domain room: one isolated universe. All mutation goes through [`World::apply`]; time comes in as an argument. `engine` keeps
//! worlds, nobody else changes them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::command::{Command, DeliveryUpdate};
use super::event::Event;
use super::handlers;
use super::model::access::TokenKey;
use super::model::config::Config;
use super::model::deliveries::Due;
use super::model::ids::{AppKey, PageKey, PersonKey, ThreadKey};
use super::model::message::{Attachment, Message};
use super::model::settings::{PageSettings, Settings};
use super::model::thread::Thread;
use super::model::time::Moment;
use super::model::tokens::Token;
use super::model::transcript::Transcript;
use super::outcome::{Outcome, Reply};
use super::policy::messaging_window;
use super::policy::ownership::{self, Ownership};
use super::refusal::Refusal;
use super::thread_tx::{Finished, ThreadTx};

/// A universe of pages, apps, people and threads.
#[derive(Debug)]
pub struct World {
    config: Arc<Config>,
    settings: Settings,
    threads: BTreeMap<ThreadKey, Thread>,
    transcript: Transcript,
    due: BTreeSet<(Moment, ThreadKey)>,
    seed: u64,
}

/// A change that is ready to be made in settings.
type SettingsChange<'c> = Box<dyn FnOnce(&Config, &mut Settings) -> Result<Outcome, Refusal> + 'c>;

/// A command that was not refused so far; nothing has changed yet.
#[allow(clippy::large_enum_variant)] // made once a command and taken apart at once
enum Prepared<'c> {
    InThread(ThreadKey, Reply, Finished),
    OnSettings(SettingsChange<'c>),
}

impl<'c> Prepared<'c> {
    fn on_settings(change: impl FnOnce(&Config, &mut Settings) -> Result<Outcome, Refusal> + 'c) -> Self {
        Self::OnSettings(Box::new(change))
    }
}

impl World {
    /// A fresh world.
    pub fn new(config: Arc<Config>) -> Self {
        Self::anew(config, 0)
    }

    /// A fresh world after so many resets. Its message ids are new: whoever remembers the ids of before, to answer nothing twice,
    /// must not take new messages for old ones.
    pub fn anew(config: Arc<Config>, generation: u64) -> Self {
        Self {
            settings: Settings::new(&config),
            threads: BTreeMap::new(),
            transcript: Transcript::new(config.limits.messages),
            due: BTreeSet::new(),
            seed: config.message_seed(generation),
            config,
        }
    }

    /// Does what the command asks, at `now`. A refused command changes nothing.
    pub fn apply(&mut self, now: Moment, command: &Command) -> Result<Outcome, Refusal> {
        match self.prepare(now, command)? {
            Prepared::InThread(key, answer, finished) => Ok(Outcome { answer, events: self.keep(now, key, finished) }),
            Prepared::OnSettings(change) => change(&self.config, &mut self.settings),
        }
    }

    /// What would come of the command at `now`, by trying it on a copy that is thrown away.
    pub fn dry_run(&self, now: Moment, command: &Command) -> Result<Outcome, Refusal> {
        match self.prepare(now, command)? {
            Prepared::InThread(_, answer, finished) => Ok(Outcome { answer, events: finished.events }),
            Prepared::OnSettings(change) => change(&self.config, &mut self.settings.clone()),
        }
    }

    /// The command at work on a copy of its thread. A change of settings is only made ready: settings are too large to copy each time.
    fn prepare<'c>(&self, now: Moment, command: &'c Command) -> Result<Prepared<'c>, Refusal> {
        match command {
            Command::Person(thread, action) => {
                self.turn(now, *thread, |turn| handlers::person::handle_action(turn, action))
            }
            Command::Send(thread, app, send) => {
                self.turn(now, *thread, |turn| handlers::send::send_message(turn, *app, send))
            }
            Command::SenderAction(thread, app, action) => {
                self.turn(now, *thread, |turn| handlers::send::handle_sender_action(turn, *app, action))
            }
            Command::Control(thread, app, control) => {
                self.turn(now, *thread, |turn| handlers::control::handle_call(turn, *app, control))
            }
            Command::Inbox(thread, act) => self.turn(now, *thread, |turn| handlers::inbox::handle_action(turn, act)),
            Command::Admin(page, acts) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::admin::change_settings(config, settings, *page, acts, now)
            })),
            // Every turn begins with what time has brought about in its thread; this one has nothing else to do.
            Command::Timeout(thread) => self.turn(now, *thread, |_| Ok(Reply::Done)),
            Command::Subscribe(page, app, fields) => Ok(Prepared::on_settings(|config, settings| {
                handlers::admin::subscribe_to_page(config, settings, *page, *app, *fields)
            })),
            Command::SubscribeApp(app, change) => Ok(Prepared::on_settings(|_, settings| {
                handlers::admin::change_app_subscription(settings, *app, change)
            })),
            Command::Profile(page, app, change) => Ok(Prepared::on_settings(|_, settings| {
                handlers::profile::change_profile(settings, *page, *app, change)
            })),
            Command::Persona(page, app, change) => {
                let seed = self.seed;
                Ok(Prepared::on_settings(move |_, settings| {
                    handlers::profile::change_personas(settings, seed, *page, *app, change)
                }))
            }
            Command::UserMenu(thread, app, menus) => {
                self.turn(now, *thread, |turn| handlers::profile::set_user_menu(turn, *app, menus.as_deref()))
            }
            Command::RedeemLoginCode(app, code) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::access::exchange_code(config, settings, *app, code, now)
            })),
            Command::IssueLoginCode(app, user) => Ok(Prepared::on_settings(move |config, settings| {
                Ok(handlers::access::issue_code(config, settings, *app, *user, now))
            })),
            Command::RevokePermission(user, app, permission) => Ok(Prepared::on_settings(move |config, settings| {
                Ok(handlers::access::take_back_permission(config, settings, *user, *app, *permission))
            })),
            Command::ExchangeToken(app, token) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::access::exchange_token(config, settings, *app, *token, now)
            })),
            Command::SaveAttachment(page, app, attachment) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::labels_and_templates::save_attachment(config, settings, *page, *app, attachment, now)
            })),
            Command::Label(page, app, act) => Ok(Prepared::on_settings(|config, settings| {
                handlers::labels_and_templates::change_labels(config, settings, *page, *app, act)
            })),
            Command::TestNotification(thread, app, token) => {
                self.turn(now, *thread, |turn| handlers::notification_opt_ins::allow_test_message(turn, *app, token))
            }
            Command::MessageTemplate(page, app, change) => {
                let seed = self.seed;
                Ok(Prepared::on_settings(move |_, settings| {
                    handlers::labels_and_templates::change_message_templates(settings, seed, *page, *app, change)
                }))
            }
            Command::Moderate(thread, app, act) => {
                self.turn(now, *thread, |turn| handlers::moderation::moderate(turn, *app, *act))
            }
            Command::Unlink(thread, app) => {
                self.turn(now, *thread, |turn| handlers::linking::unlink_by_app(turn, *app))
            }
            Command::Delivery(page, app, act) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::delivery::handle_update(config, settings, *page, *app, *act, now)
            })),
        }
    }

    /// Works on a copy of the thread, so that a refusal half way leaves nothing behind.
    fn turn(
        &self,
        now: Moment,
        key: ThreadKey,
        act: impl FnOnce(&mut ThreadTx<'_>) -> Result<Reply, Refusal>,
    ) -> Result<Prepared<'static>, Refusal> {
        let thread = self.threads.get(&key).cloned().unwrap_or_default();
        let mut turn = ThreadTx::new(&self.config, &self.settings, &self.transcript, key, thread, now, self.seed);
        handlers::lead::end_if_silent(&mut turn);
        turn.record_lapse();
        let answer = act(&mut turn)?;
        handlers::lead::emit_abandoned_lead(&mut turn);
        Ok(Prepared::InThread(key, answer, turn.finish()))
    }

    /// Puts what is left of a turn in the place of the thread; returns what happened in it.
    fn keep(&mut self, now: Moment, key: ThreadKey, finished: Finished) -> Vec<Event> {
        let Finished { mut thread, events, written, saved, recipient_ids } = finished;
        for message in written {
            thread.last_message = Some(self.transcript.push(message, thread.last_message));
        }
        self.remember_due(key, &thread);
        self.threads.insert(key, thread);
        if let Some((id, attachment)) = saved {
            self.settings.attachments.keep(id, key.page, attachment, now);
        }
        for (id, address) in recipient_ids {
            self.settings.recipient_ids.keep(id, address);
        }
        events
    }

    /// A lead-generation ad that asks gives up by itself when the person stays silent. Beside what becomes of webhooks that were not
    /// taken, this is the one thing that happens without anybody doing it.
    fn remember_due(&mut self, key: ThreadKey, thread: &Thread) {
        let due = |thread: &Thread| Some((thread.holder.as_ref().filter(|_| thread.lead.is_some())?.until, key));
        if let Some(old) = self.threads.get(&key).and_then(due) {
            self.due.remove(&old);
        }
        self.due.extend(due(thread));
    }

    /// When the next thing happens by itself.
    pub fn next_due(&self) -> Option<Moment> {
        let thread = self.due.first().map(|(at, _)| *at);
        let delivery = self.settings.deliveries.next_due().map(|(at, ..)| at);
        thread.into_iter().chain(delivery).min()
    }

    /// The next thing that happens by itself at or before `moment`, and when.
    pub fn due(&self, moment: Moment) -> Option<(Moment, Command)> {
        let thread = self.due.first().map(|(at, thread)| (*at, Command::Timeout(*thread)));
        let delivery = self.settings.deliveries.next_due().map(|(at, page, app, due)| {
            let act = match due {
                Due::Alert => DeliveryUpdate::Alert,
                Due::Disable => DeliveryUpdate::Disable,
                Due::Attempt(webhook) => DeliveryUpdate::Attempt(webhook),
            };
            (at, Command::Delivery(page, app, act))
        });
        // Of two at the same moment the thread's comes first: `min_by_key` keeps the first.
        let next = thread.into_iter().chain(delivery).min_by_key(|(at, _)| *at)?;
        (next.0 <= moment).then_some(next)
    }

    /// What the world was declared with.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// What has been changed since.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A page's settings.
    pub fn page(&self, page: PageKey) -> &PageSettings {
        self.settings.page(page)
    }

    /// The state of a thread, where anything ever happened in it.
    pub fn thread(&self, thread: ThreadKey) -> Option<&Thread> {
        self.threads.get(&thread)
    }

    /// How many threads anything ever happened in.
    pub fn thread_count(&self) -> usize {
        self.threads.len()
    }

    /// Threads in which anything ever happened, by page and person.
    pub fn threads(&self) -> impl Iterator<Item = ThreadKey> {
        self.threads.keys().copied()
    }

    /// Who owns a thread at `now`.
    pub fn ownership(&self, thread: ThreadKey, now: Moment) -> Ownership {
        let untouched = Thread::default();
        ownership::owner_at(self.threads.get(&thread).unwrap_or(&untouched), self.page(thread.page), now)
    }

    /// Whether the standard messaging window of a thread is open at `now`.
    pub fn window_is_open(&self, thread: ThreadKey, now: Moment) -> bool {
        self.threads.get(&thread).is_some_and(|thread| messaging_window::is_open(thread, now))
    }

    /// The remembered messages of a thread, newest first.
    pub fn messages(&self, thread: ThreadKey) -> impl Iterator<Item = &Arc<Message>> {
        self.transcript.back_from(self.threads.get(&thread).and_then(|thread| thread.last_message))
    }

    /// A remembered message, by its id.
    pub fn message(&self, mid: &str) -> Option<&Arc<Message>> {
        self.transcript.find(mid)
    }

    fn threads_of(&self, page: PageKey) -> impl Iterator<Item = (&ThreadKey, &Thread)> {
        let of = |person| ThreadKey { page, person: PersonKey(person) };
        self.threads.range(of(0)..=of(u32::MAX))
    }

    /// Threads of a page in which anything was said or tapped, newest first.
    pub fn conversations(&self, page: PageKey) -> Vec<ThreadKey> {
        let threads = self.threads_of(page);
        let mut found: Vec<_> = threads.filter_map(|(key, thread)| Some((Reverse(thread.updated?), *key))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, key)| key).collect()
    }

    /// A reusable attachment and the page that it belongs to, while its id is good.
    pub fn attachment(&self, id: &str, now: Moment) -> Option<(PageKey, &Attachment)> {
        self.settings.attachments.get(id, now)
    }

    /// Threads of people whom the page has shut out.
    pub fn shut_out(&self, page: PageKey) -> Vec<ThreadKey> {
        self.threads_of(page).filter(|(_, thread)| thread.shut_out.is_any()).map(|(key, _)| *key).collect()
    }

    /// The token of this key, where it was ever issued.
    pub fn token(&self, token: TokenKey) -> Option<Token<'_>> {
        self.settings.tokens.token(&self.config, token)
    }

    /// Whether the app is connected to the page now.
    pub fn is_connected(&self, page: PageKey, app: AppKey) -> bool {
        self.page(page).is_connected(app)
    }
}
