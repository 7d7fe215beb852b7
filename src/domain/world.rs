//! One isolated world. Every change goes through [`World::apply`], and time comes in as an argument. Only `engine`
//! keeps worlds.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::command::{Command, DeliveryUpdate};
use super::event::Event;
use super::handlers;
use super::handlers::offers::Offers;
use super::model::access::TokenKey;
use super::model::config::{AppConfig, Config};
use super::model::deliveries::Due;
use super::model::ids::{AppKey, AssetKey, PersonKey, ThreadKey};
use super::model::message::{Attachment, Message};
use super::model::people::People;
use super::model::publication::Publication;
use super::model::settings::{AssetSettings, Settings};
use super::model::thread::Thread;
use super::model::time::Moment;
use super::model::tokens::Token;
use super::model::transcript::Transcript;
use super::outcome::{Outcome, Reply};
use super::policy::messaging_window;
use super::policy::ownership::{self, Ownership};
use super::refusal::Refusal;
use super::thread_changes::ThreadChanges;
use super::thread_tx::ThreadTx;

/// The complete state of a world.
#[derive(Debug)]
pub struct World {
    config: Arc<Config>,
    settings: Settings,
    settings_version: u64,
    /// Boxed, because people mostly come in the order of their keys, and then the leaves of the map stay half empty.
    threads: BTreeMap<ThreadKey, Box<Thread>>,
    transcript: Transcript,
    due: BTreeSet<(Moment, ThreadKey)>,
    seed: u64,
    id_epoch: u64,
}

/// A change of the settings that is checked and executed when it is called.
type SettingsChange<'c> = Box<dyn FnOnce(&Config, &mut Settings) -> Result<Outcome, Refusal> + 'c>;

/// A command that was not refused so far. Nothing has changed yet.
#[allow(clippy::large_enum_variant)] // it lives only within one call
enum Prepared<'c> {
    InThread(ThreadKey, Reply, ThreadChanges),
    OnSettings(SettingsChange<'c>),
    OnPeople(Reply, People),
    OnApp(AppKey, Arc<[AppConfig]>),
    OnIds(u64),
}

impl<'c> Prepared<'c> {
    fn on_settings(change: impl FnOnce(&Config, &mut Settings) -> Result<Outcome, Refusal> + 'c) -> Self {
        Self::OnSettings(Box::new(change))
    }
}

impl World {
    /// A new world.
    pub fn new(config: Arc<Config>) -> Self {
        Self::after_resets(config, 0)
    }

    /// A new world after `generation` resets. Its message ids differ from those before the resets, because a bot may
    /// remember those and ignore messages that it has already answered.
    pub fn after_resets(config: Arc<Config>, generation: u64) -> Self {
        Self {
            settings: Settings::new(&config),
            settings_version: 0,
            threads: BTreeMap::new(),
            transcript: Transcript::new(config.limits.messages, config.limits.message_bytes),
            due: BTreeSet::new(),
            seed: config.message_seed(generation),
            id_epoch: generation,
            config,
        }
    }

    /// Executes the command at `now`. A refused command changes nothing.
    pub fn apply(&mut self, now: Moment, command: &Command) -> Result<Outcome, Refusal> {
        match self.prepare(now, command)? {
            Prepared::InThread(key, reply, changes) => Ok(Outcome { reply, events: self.commit(now, key, changes) }),
            Prepared::OnSettings(change) => {
                let outcome = change(&self.config, &mut self.settings)?;
                self.settings_version += 1;
                Ok(outcome)
            }
            Prepared::OnPeople(reply, people) => {
                Arc::make_mut(&mut self.config).people = people;
                Ok(Outcome { reply, events: Vec::new() })
            }
            Prepared::OnIds(epoch) => {
                (self.seed, self.id_epoch) = (self.config.message_seed(epoch), epoch);
                Ok(Outcome { reply: Reply::Done, events: Vec::new() })
            }
            Prepared::OnApp(app, apps) => {
                Arc::make_mut(&mut self.config).apps = apps;
                self.settings.app_mut(app).callback_url = None;
                Ok(Outcome { reply: Reply::Done, events: Vec::new() })
            }
        }
    }

    /// The post or comment with this id on a page.
    pub fn publication(&self, page: AssetKey, id: &str) -> Option<Publication> {
        handlers::find_publication::publication(&self.config, &self.settings, page, id)
    }

    /// What the person of a thread can tap at `now`.
    pub fn offers(&self, thread: ThreadKey, now: Moment) -> Offers {
        let state = self.thread(thread).cloned().unwrap_or_default();
        let (config, settings, transcript) = (&self.config, &self.settings, &self.transcript);
        handlers::offers::offers(&ThreadTx::new(config, settings, transcript, thread, state, now, self.seed))
    }

    /// The outcome that the command would have at `now`. It runs on a copy, so nothing changes.
    pub fn dry_run(&self, now: Moment, command: &Command) -> Result<Outcome, Refusal> {
        match self.prepare(now, command)? {
            Prepared::InThread(_, reply, changes) => Ok(Outcome { reply, events: changes.events }),
            Prepared::OnSettings(change) => change(&self.config, &mut self.settings.clone()),
            Prepared::OnPeople(reply, _) => Ok(Outcome { reply, events: Vec::new() }),
            Prepared::OnApp(..) | Prepared::OnIds(_) => Ok(Outcome { reply: Reply::Done, events: Vec::new() }),
        }
    }

    /// Runs the command on a copy of its thread. A change of the settings is only prepared, because settings are too
    /// large to copy each time.
    fn prepare<'c>(&self, now: Moment, command: &'c Command) -> Result<Prepared<'c>, Refusal> {
        match command {
            Command::Person(thread, action) => {
                self.in_thread(now, *thread, |tx| handlers::person::handle_action(tx, action))
            }
            Command::Send(thread, app, send) => {
                self.in_thread(now, *thread, |tx| handlers::send::send_message(tx, *app, send))
            }
            Command::SenderAction(thread, app, action) => {
                self.in_thread(now, *thread, |tx| handlers::send::handle_sender_action(tx, *app, action))
            }
            Command::Control(thread, app, control) => {
                self.in_thread(now, *thread, |tx| handlers::control::handle_call(tx, *app, control))
            }
            Command::Inbox(thread, act) => self.in_thread(now, *thread, |tx| handlers::inbox::handle_action(tx, act)),
            Command::Admin(page, acts) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::admin::change_settings(config, settings, *page, acts, now)
            })),
            // Every transaction first records what time has changed in the thread. Here that is all.
            Command::Timeout(thread) => self.in_thread(now, *thread, |_| Ok(Reply::Done)),
            Command::Subscribe(page, app, fields) => Ok(Prepared::on_settings(|config, settings| {
                handlers::admin::subscribe_to_page(config, settings, *page, *app, *fields)
            })),
            Command::SubscribeApp(app, change) => {
                Ok(Prepared::on_settings(|_, settings| Ok(handlers::app_subscription::change(settings, *app, change))))
            }
            Command::Profile(page, app, change) => Ok(Prepared::on_settings(|config, settings| {
                handlers::profile::change_profile(config, settings, *page, *app, change)
            })),
            Command::Persona(page, app, change) => {
                // Its id does not depend on the people, so that a world that begins with the same calls has the same personas.
                Ok(Prepared::on_settings(|config, settings| {
                    handlers::profile::change_personas(settings, config.seed, *page, *app, change)
                }))
            }
            Command::WelcomeFlow(asset, app, change) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::welcome_flows::change(settings, config.seed, (*asset, *app), change, now)
            })),
            Command::UserMenu(thread, app, menus) => {
                self.in_thread(now, *thread, |tx| handlers::profile::set_user_menu(tx, *app, menus.as_deref()))
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
            Command::AccountToken(app, call) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::instagram_login::issue_token(config, settings, *app, call, now)
            })),
            Command::SaveAttachment(page, app, attachment) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::labels_and_templates::save_attachment(config, settings, *page, *app, attachment, now)
            })),
            Command::Label(page, app, act) => Ok(Prepared::on_settings(|config, settings| {
                handlers::labels_and_templates::change_labels(config, settings, *page, *app, act)
            })),
            Command::TestNotification(thread, app, token) => {
                self.in_thread(now, *thread, |tx| handlers::notification_opt_ins::allow_test_message(tx, *app, token))
            }
            Command::MessageTemplate(page, app, change) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::labels_and_templates::change_message_templates(config, settings, *page, *app, change, now)
            })),
            Command::Moderate(thread, app, act) => {
                self.in_thread(now, *thread, |tx| handlers::moderation::moderate(tx, *app, *act))
            }
            Command::Unlink(thread, app) => {
                self.in_thread(now, *thread, |tx| handlers::linking::unlink_by_app(tx, *app))
            }
            Command::People(change) => {
                let (people, reply) = handlers::people::change_people(&self.config.people, change)?;
                Ok(Prepared::OnPeople(reply, people))
            }
            Command::NewMessageIds(epoch) => Ok(Prepared::OnIds(*epoch)),
            Command::Webhook(app, change) => {
                Ok(Prepared::OnApp(*app, handlers::webhook::change_webhook(&self.config, *app, change)?))
            }
            Command::Delivery(page, app, act) => Ok(Prepared::on_settings(move |config, settings| {
                handlers::delivery::handle_update(config, settings, *page, *app, *act, now)
            })),
        }
    }

    /// Runs on a copy of the thread, so that a refusal half way leaves no trace.
    fn in_thread(
        &self,
        now: Moment,
        key: ThreadKey,
        act: impl FnOnce(&mut ThreadTx<'_>) -> Result<Reply, Refusal>,
    ) -> Result<Prepared<'static>, Refusal> {
        if !self.config.people.has(key.person) {
            return Err(Refusal::script("the world has no such person (any more)"));
        }
        let thread = self.thread(key).cloned().unwrap_or_default();
        let mut tx = ThreadTx::new(&self.config, &self.settings, &self.transcript, key, thread, now, self.seed);
        handlers::lead::end_if_silent(&mut tx);
        tx.record_lapse();
        let reply = act(&mut tx)?;
        handlers::lead::emit_abandoned_lead(&mut tx);
        Ok(Prepared::InThread(key, reply, tx.finish()))
    }

    /// Commits a transaction. Returns its events.
    fn commit(&mut self, now: Moment, key: ThreadKey, changes: ThreadChanges) -> Vec<Event> {
        let ThreadChanges {
            mut thread,
            events,
            written,
            rewritten,
            saved_attachment,
            recipient_ids,
            publications,
            counted,
        } = changes;
        for message in written {
            thread.last_message = Some(self.transcript.push(message, thread.last_message));
        }
        if let Some(changed) = rewritten {
            self.transcript.replace(changed);
        }
        self.update_due(key, &thread);
        match self.threads.entry(key) {
            Entry::Occupied(mut known) => **known.get_mut() = thread,
            Entry::Vacant(new) => drop(new.insert(Box::new(thread))),
        }
        if let Some((id, attachment)) = saved_attachment {
            self.settings.attachments.insert(id, key.asset, attachment, now);
        }
        for (id, recipient_id) in recipient_ids {
            self.settings.recipient_ids.insert(id, recipient_id);
        }
        for (id, publication) in publications {
            self.settings.publish(key.asset, id, publication);
        }
        if let Some(kind) = counted {
            self.settings.asset_mut(key.asset).send_rates.count(kind, now);
        }
        events
    }

    /// Keeps the index of threads that change by themselves. Only a lead-generation ad does that: it gives up if the
    /// person stays silent. Everything else that is due by itself is the delivery of webhooks.
    fn update_due(&mut self, key: ThreadKey, thread: &Thread) {
        let due = |thread: &Thread| Some((thread.holder.as_ref().filter(|_| thread.lead.is_some())?.until, key));
        if let Some(old) = self.thread(key).and_then(due) {
            self.due.remove(&old);
        }
        self.due.extend(due(thread));
    }

    /// The moment at which the next thing is due.
    pub fn next_due(&self) -> Option<Moment> {
        let thread = self.due.first().map(|(at, _)| *at);
        let delivery = self.settings.deliveries.next_due().map(|(at, ..)| at);
        thread.into_iter().chain(delivery).min()
    }

    /// The next command that is due at or before `moment`, and its moment.
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
        // `min_by_key` returns the first of equals, so a thread comes before a delivery at the same moment.
        let next = thread.into_iter().chain(delivery).min_by_key(|(at, _)| *at)?;
        (next.0 <= moment).then_some(next)
    }

    /// The threads in which a lead-generation ad asks, and when it gives up if the person stays silent.
    pub fn silent_leads(&self) -> impl Iterator<Item = (Moment, ThreadKey)> {
        self.due.iter().copied()
    }

    /// The number that message ids are made with now.
    pub fn id_epoch(&self) -> u64 {
        self.id_epoch
    }

    /// The config with all people and webhooks that are in the world now.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Counts the changes of the settings. As long as it stays the same, so do tokens, permissions and connections.
    pub fn settings_version(&self) -> u64 {
        self.settings_version
    }

    pub fn asset(&self, page: AssetKey) -> &AssetSettings {
        self.settings.asset(page)
    }

    /// The state of a thread. `None` if nothing ever happened in it.
    pub fn thread(&self, thread: ThreadKey) -> Option<&Thread> {
        self.threads.get(&thread).map(|thread| &**thread)
    }

    /// The bytes of the messages that it remembers, estimated.
    pub fn message_bytes(&self) -> usize {
        self.transcript.bytes()
    }

    /// The number of threads in which something happened.
    pub fn thread_count(&self) -> usize {
        self.threads.len()
    }

    /// The threads in which something happened, by page and person.
    pub fn threads(&self) -> impl Iterator<Item = ThreadKey> {
        self.threads.keys().copied()
    }

    /// The threads that are wanted, at most this many, the one with the newest event first; with `after` only those behind that thread.
    pub fn newest_threads(
        &self,
        most: usize,
        after: Option<ThreadKey>,
        is_wanted: impl Fn(ThreadKey) -> bool,
    ) -> Vec<ThreadKey> {
        let newest = |thread: &Thread| Reverse(thread.last_timestamp);
        let after = after.map(|key| (newest(self.thread(key).unwrap_or(&Thread::default())), key));
        let places =
            self.threads.iter().filter(|(key, _)| is_wanted(**key)).map(|(key, thread)| (newest(thread), *key));
        let mut found: Vec<_> = places.filter(|place| after.is_none_or(|after| *place > after)).collect();
        if most < found.len() {
            found.select_nth_unstable(most);
            found.truncate(most);
        }
        found.sort_unstable();
        found.into_iter().map(|(_, key)| key).collect()
    }

    pub fn ownership(&self, thread: ThreadKey, now: Moment) -> Ownership {
        let untouched = Thread::default();
        ownership::owner_at(self.thread(thread).unwrap_or(&untouched), self.asset(thread.asset), now)
    }

    /// True if the standard messaging window of a thread is open at `now`.
    pub fn window_is_open(&self, thread: ThreadKey, now: Moment) -> bool {
        self.thread(thread).is_some_and(|thread| messaging_window::is_open(thread, now))
    }

    /// When the standard messaging window of a thread closes. `None` if it is closed at `now`.
    pub fn window_closes(&self, thread: ThreadKey, now: Moment) -> Option<Moment> {
        self.thread(thread).and_then(messaging_window::closes).filter(|closes| now < *closes)
    }

    /// The remembered messages of a thread, newest first.
    pub fn messages(&self, thread: ThreadKey) -> impl Iterator<Item = &Arc<Message>> {
        self.transcript.back_from(self.thread(thread).and_then(|thread| thread.last_message))
    }

    pub fn message(&self, mid: &str) -> Option<&Arc<Message>> {
        self.transcript.find(mid)
    }

    fn threads_of(&self, page: AssetKey) -> impl Iterator<Item = (&ThreadKey, &Thread)> {
        let of = |person| ThreadKey { asset: page, person: PersonKey(person) };
        self.threads.range(of(0)..=of(u32::MAX)).map(|(key, thread)| (key, &**thread))
    }

    /// The threads of a page with at least one message or tap, newest first.
    pub fn conversations(&self, page: AssetKey) -> Vec<ThreadKey> {
        let threads = self.threads_of(page);
        let mut found: Vec<_> = threads.filter_map(|(key, thread)| Some((Reverse(thread.updated?), *key))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, key)| key).collect()
    }

    /// A reusable attachment and its page, if its id is still valid.
    pub fn attachment(&self, id: &str, now: Moment) -> Option<(AssetKey, &Attachment)> {
        self.settings.attachments.get(id, now)
    }

    /// The threads of people whom the page has blocked or banned.
    pub fn shut_out(&self, page: AssetKey) -> Vec<ThreadKey> {
        self.threads_of(page).filter(|(_, thread)| thread.shut_out.is_any()).map(|(key, _)| *key).collect()
    }

    pub fn token(&self, token: TokenKey) -> Option<Token<'_>> {
        self.settings.tokens.token(&self.config, token)
    }

    pub fn is_connected(&self, page: AssetKey, app: AppKey) -> bool {
        self.asset(page).is_connected(app)
    }
}
