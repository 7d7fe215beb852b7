//! The transaction of one command in one thread. It works on a copy of the thread and collects the events. Only
//! `World` opens and commits it; the handlers are written in terms of its methods.

use std::sync::Arc;

use smallvec::SmallVec;

use super::command::Target;
use super::event::{Decisions, Event, HopContext, Scope, WebhookEvent, WebhookPayload};
use super::model::config::Config;
use super::model::ids::{AppKey, IdKind, IdStream, ThreadKey, message_id};
use super::model::instagram_ids::instagram_message_id;
use super::model::message::{Attachment, Author, Content, Message, ReplyTo, StoryReply};
use super::model::page_change::PageChange;
use super::model::platform::Platform;
use super::model::publication::Publication;
use super::model::recipient_ids::RecipientId;
use super::model::send_rates::RateKind;
use super::model::settings::{AssetSettings, Settings};
use super::model::thread::{ControlHolder, PendingEntry, Thread};
use super::model::time::{Moment, Span};
use super::model::transcript::Transcript;
use super::policy::entry_points::Route;
use super::policy::fan_out::{Audience, ButtonOwner};
use super::policy::messaging_window;
use super::policy::ownership::{self, Ownership};
use super::refusal::{Reason, Refusal};
use super::rules::{self, RuleId};
use super::thread_changes::ThreadChanges;

/// The number of characters of a token after its prefix.
const TOKEN_LENGTH: usize = 60;

#[derive(Debug)]
pub(crate) struct ThreadTx<'w> {
    pub config: &'w Config,
    pub settings: &'w Settings,
    transcript: &'w Transcript,
    written: SmallVec<[Arc<Message>; 1]>,
    rewritten: Option<Arc<Message>>,
    pub key: ThreadKey,
    pub thread: Thread,
    pub now: Moment,
    seed: u64,
    events: Vec<Event>,
    saved_attachment: Option<(Box<str>, Attachment)>,
    recipient_ids: Vec<(Box<str>, RecipientId)>,
    publications: Vec<(Box<str>, Option<Publication>)>,
    counted: Option<RateKind>,
}

/// A new message before it has an id, an author and a time.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub content: Arc<Content>,
    pub quick_reply: Option<Box<str>>,
    pub reply_to: Option<ReplyTo>,
    pub story: Option<Box<StoryReply>>,
    pub metadata: Option<Box<str>>,
    pub prior_user_ref: Option<Box<str>>,
    pub accepts_request: bool,
}

impl<'w> ThreadTx<'w> {
    pub fn new(
        config: &'w Config,
        settings: &'w Settings,
        transcript: &'w Transcript,
        key: ThreadKey,
        thread: Thread,
        now: Moment,
        seed: u64,
    ) -> Self {
        Self {
            config,
            settings,
            transcript,
            written: SmallVec::new(),
            rewritten: None,
            key,
            thread,
            now,
            seed,
            events: Vec::with_capacity(4),
            saved_attachment: None,
            recipient_ids: Vec::new(),
            publications: Vec::new(),
            counted: None,
        }
    }

    pub fn finish(self) -> ThreadChanges {
        let Self { thread, events, written, rewritten, saved_attachment, recipient_ids, publications, counted, .. } =
            self;
        ThreadChanges { thread, events, written, rewritten, saved_attachment, recipient_ids, publications, counted }
    }

    pub fn asset(&self) -> &'w AssetSettings {
        self.settings.asset(self.key.asset)
    }

    pub fn platform(&self) -> Platform {
        self.config.platform(self.key.asset)
    }

    pub fn push_event(&mut self, event: Event) {
        self.events.push(event);
    }

    pub fn owner(&self) -> Option<AppKey> {
        self.ownership().owner
    }

    fn ownership(&self) -> Ownership {
        ownership::owner_at(&self.thread, self.asset(), self.now)
    }

    /// The app that holds control now. A default app that owns the thread only because no app holds control is not a
    /// holder.
    pub fn holder(&self) -> Option<&ControlHolder> {
        ownership::holder_at(&self.thread, self.asset(), self.now)
    }

    /// `Some` while a lead-generation ad asks its questions; then the app that may interrupt, if one may.
    pub fn lead(&self) -> Option<Option<AppKey>> {
        let flow = self.thread.lead.as_ref()?;
        self.holder().filter(|holder| holder.app == self.config.lead_app())?;
        let ad = self.config.ad(flow.ad);
        let may_interrupt = ad.lead.as_ref().is_some_and(|form| form.interruptible);
        Some(ad.app.filter(|app| may_interrupt && self.asset().is_connected(*app)))
    }

    /// Records that control has ended since the last command in this thread, dated when it ended.
    pub fn record_lapse(&mut self) {
        let Some(holder) = self.thread.holder.as_ref() else { return };
        if self.holder().is_some() {
            return;
        }
        let (from, was) = (holder.app, holder.because);
        let after = ownership::owner_at(&self.thread, self.asset(), self.now);
        let at = after.since.unwrap_or(self.now);
        self.thread.holder = None;
        self.thread.uncontrolled_since = Some((at, after.because));
        let change = |from, to, was, at, rule| Event::OwnerChanged { thread: self.key, from, to, was, at, rule };
        // If the default app has changed since control ended, the former one owned the thread in between.
        let steps = match self.asset().former_default_app(at) {
            Some((then, until)) if then != from => vec![
                change(Some(from), Some(then), was, at, after.because),
                change(Some(then), after.owner, after.because, until, rules::DEFAULT_APP_SET),
            ],
            Some((then, until)) if after.owner != Some(then) => {
                vec![change(Some(then), after.owner, after.because, until, rules::DEFAULT_APP_SET)]
            }
            _ if after.owner != Some(from) => vec![change(Some(from), after.owner, was, at, after.because)],
            _ => Vec::new(),
        };
        self.events.extend(steps);
    }

    /// Gives control to an app for a fresh idle time. Returns the owner before, unless the app already was the owner.
    pub fn give_control(&mut self, app: AppKey, rule: RuleId, metadata: Option<Arc<str>>) -> Option<Option<AppKey>> {
        let Ownership { owner: before, because: was, .. } = self.ownership();
        let mut holder = ownership::new_holder(app, self.asset(), self.now, rule);
        holder.until = self.idle_deadline();
        holder.metadata = metadata.map(Box::new);
        if let Some(held) = self.holder().filter(|held| held.app == app) {
            (holder.since, holder.because) = (held.since, held.because);
        }
        self.thread.holder = Some(holder);
        self.thread.uncontrolled_since = None;
        if before == Some(app) {
            return None;
        }
        self.push_event(Event::OwnerChanged { thread: self.key, from: before, to: Some(app), was, at: self.now, rule });
        Some(before)
    }

    /// When control ends that is given now. Where actions of thread control do not restart the idle time, the one that runs goes on. What
    /// restarts it in any case says so with `restart_idle_clock`.
    fn idle_deadline(&self) -> Moment {
        let page = self.asset();
        let fresh = self.now + page.knobs.idle_after;
        let restarts = page.knobs.control_restarts_idle.unwrap_or(page.ruleset.control_restarts_idle);
        if restarts {
            return fresh;
        }
        let held = self.holder().map(|holder| holder.until);
        let since_person = self.thread.last_person_message.map(|last| last + page.knobs.idle_after);
        held.max(since_person).filter(|until| *until > self.now).map_or(fresh, |until| until.min(fresh))
    }

    /// Lets the holder keep control through a longer silence than usual.
    pub fn extend_idle_timeout(&mut self, idle_timeout: Span, rule: RuleId) {
        let until = self.now + idle_timeout;
        let Some(holder) = &mut self.thread.holder else { return };
        (holder.until, holder.idle_timeout) = (until, idle_timeout);
        let owner = holder.app;
        self.push_event(Event::ControlKept { thread: self.key, owner, until, rule });
    }

    /// Ends control. The thread goes to the app that gets uncontrolled threads, if there is one.
    pub fn release_control(&mut self, rule: RuleId) {
        let Ownership { owner: before, because: was, .. } = self.ownership();
        self.forget_pending_route();
        self.thread.holder = None;
        self.thread.uncontrolled_since = Some((self.now, rule));
        let after = self.owner();
        if before != after {
            self.push_event(Event::OwnerChanged { thread: self.key, from: before, to: after, was, at: self.now, rule });
        } else if let Some(app) = before {
            self.push_event(Event::Allowed { thread: self.key, app, rule });
        }
    }

    /// Follows a route. Returns the app that became the owner, and the app that held control before.
    pub fn follow_route(&mut self, route: Route) -> Option<(AppKey, Option<AppKey>)> {
        let held = self.holder().map(|holder| holder.app);
        let (app, rule) = match route {
            Route::To(app, rule) => (Some(app), rule),
            Route::Keep(rule) => (held, rule),
            Route::Nobody(rule) => (None, rule),
        };
        self.push_event(Event::Routed { thread: self.key, app, rule });
        match route {
            Route::To(app, rule) => {
                let given = self.give_control(app, rule, None);
                // A route begins at something that the person does.
                self.restart_idle_clock();
                given.map(|_| (app, held))
            }
            Route::Keep(_) | Route::Nobody(_) => None,
        }
    }

    /// Restarts the idle time of the holder, as a message or tap of the person does.
    pub fn restart_idle_clock(&mut self) {
        if let Some(holder) = &mut self.thread.holder {
            holder.until = holder.until.max(self.now + holder.idle_timeout);
        }
    }

    /// Opens the standard messaging window.
    pub fn open_window(&mut self) {
        if !messaging_window::is_open(&self.thread, self.now) {
            self.push_event(Event::WindowOpened { thread: self.key, rule: rules::WINDOW_OPENED });
        }
        self.thread.window_opened = Some(self.now);
    }

    /// Adds a message to the thread and remembers it.
    pub fn write_message(&mut self, author: Author, draft: Draft) -> Arc<Message> {
        let message = Arc::new(Message {
            mid: self.new_message_id(),
            thread: self.key,
            author,
            at: self.thread.next_timestamp(self.now),
            content: draft.content,
            quick_reply: draft.quick_reply,
            reply_to: draft.reply_to,
            story: draft.story,
            metadata: draft.metadata,
            edits: 0,
            is_unsent: false,
            prior_user_ref: draft.prior_user_ref,
            accepts_request: draft.accepts_request,
        });
        self.thread.record_message(author, message.at);
        self.written.push(message.clone());
        message
    }

    /// Puts a changed message in the place of the one with its id.
    pub fn rewrite_message(&mut self, changed: Message) {
        self.rewritten = Some(Arc::new(changed));
    }

    pub fn new_message_id(&mut self) -> Arc<str> {
        self.thread.id_counter += 1;
        let counter = u64::from(self.thread.id_counter);
        match self.is_on_instagram() {
            true => instagram_message_id(self.seed, &self.config.asset(self.key.asset).id, self.key, counter),
            false => message_id(self.seed, self.key, counter),
        }
    }

    /// Saves a reusable attachment of the page. Returns its id.
    pub fn save_attachment(&mut self, attachment: Attachment) -> Box<str> {
        let counter = (u64::from(self.thread.id_counter) << 16) | u64::from(self.key.asset.0);
        let id =
            IdStream::new(self.seed, IdKind::Attachment, u64::from(self.key.person.0), counter).digits(16).to_string();
        self.saved_attachment = Some((id.as_str().into(), attachment));
        id.into()
    }

    /// A new token that names the person of this thread.
    pub fn new_token(&mut self, prefix: &str) -> Box<str> {
        self.new_ids(IdKind::RecipientId).letters_and_digits(prefix, TOKEN_LENGTH)
    }

    /// A new number of 15 digits.
    pub fn new_number(&mut self) -> Box<str> {
        self.new_ids(IdKind::RecipientId).digits(15).to_string().into()
    }

    /// The stream of a new id.
    pub fn new_ids(&mut self, kind: IdKind) -> IdStream {
        self.thread.id_counter += 1;
        let owner = (u64::from(self.key.asset.0) << 32) | u64::from(self.key.person.0);
        IdStream::new(self.seed, kind, owner, u64::from(self.thread.id_counter))
    }

    pub fn is_on_instagram(&self) -> bool {
        self.config.platform(self.key.asset) == Platform::Instagram
    }

    /// The token for notification messages about a topic. It is always the same for a topic.
    pub fn notification_token(&self, topic: &str) -> Box<str> {
        let owner = format!("{}/{}/{topic}", self.key.asset.0, self.key.person.0);
        IdStream::named(self.seed, IdKind::RecipientId, &owner, 0).digits(18).to_string().into()
    }

    /// The recipient id of the page with this text.
    pub fn recipient_id(&self, id: &str) -> Option<&'w RecipientId> {
        self.settings.recipient_ids.get(self.key.asset, id)
    }

    /// Adds or updates a recipient id.
    pub fn put_recipient_id(&mut self, id: Box<str>, recipient_id: RecipientId) {
        self.recipient_ids.push((id, recipient_id));
    }

    /// Counts the message of this transaction against a bound of its account.
    pub fn count_message(&mut self, kind: RateKind) {
        self.counted = Some(kind);
    }

    /// Adds, updates or removes a post or a comment.
    pub fn put_publication(&mut self, id: Box<str>, publication: Option<Publication>) {
        self.publications.push((id, publication));
    }

    /// Emits a change on the page, to every app that subscribes its field.
    pub fn emit_change(&mut self, change: PageChange) {
        let payload = WebhookPayload::Change(Box::new(change));
        let decisions = self.audience().decide_for_change(&payload);
        self.webhook_event(self.now, payload, decisions);
    }

    /// Emits a webhook event to the owner and to the app that caused it.
    pub fn emit_to_concerned(&mut self, by: Option<AppKey>, payload: WebhookPayload) {
        let at = self.thread.next_timestamp(self.now);
        let decisions = self.audience().decide_for_concerned(by, &payload);
        self.webhook_event(at, payload, decisions);
    }

    /// Emits a webhook event to the apps of the thread.
    pub fn emit(&mut self, payload: WebhookPayload) {
        let at = self.thread.next_timestamp(self.now);
        self.emit_at(at, payload, None);
    }

    /// Emits a webhook event to the apps of the thread, with a given timestamp.
    pub fn emit_at(&mut self, at: Moment, payload: WebhookPayload, button: Option<ButtonOwner>) {
        let decisions = self.audience().decide_for_thread(&payload, button);
        self.webhook_event(at, payload, decisions);
    }

    /// Emits a webhook event to one app.
    pub fn emit_to_app(&mut self, app: AppKey, rule: RuleId, payload: WebhookPayload) {
        let at = self.thread.next_timestamp(self.now);
        let decisions = self.audience().decide_for_app(app, rule, &payload);
        self.webhook_event(at, payload, decisions);
    }

    /// Emits a webhook event to every app that subscribes it, no matter which app owns the thread.
    pub fn emit_to_all(&mut self, rule: RuleId, payload: WebhookPayload) {
        let at = self.thread.next_timestamp(self.now);
        let decisions = self.audience().decide_for_all(rule, &payload);
        self.webhook_event(at, payload, decisions);
    }

    /// Emits a handover event to the app that it concerns, or to those that the knob `handover_fanout` names.
    pub fn emit_handover(&mut self, app: AppKey, rule: RuleId, payload: WebhookPayload) {
        let at = self.thread.next_timestamp(self.now);
        let decisions = self.audience().decide_for_handover(app, rule, &payload);
        self.webhook_event(at, payload, decisions);
    }

    fn audience(&self) -> Audience<'w> {
        Audience {
            config: self.config,
            settings: self.settings,
            asset: self.key.asset,
            owner: self.owner(),
            person: Some(self.key.person),
            lead: self.lead(),
        }
    }

    fn webhook_event(&mut self, at: Moment, payload: WebhookPayload, decisions: Decisions) {
        let context =
            self.holder().map(|holder| HopContext { app: holder.app, metadata: holder.metadata.as_deref().cloned() });
        self.push_event(Event::WebhookEvent(Arc::new(WebhookEvent {
            scope: Scope::Thread(self.key),
            platform: self.config.platform(self.key.asset),
            person: Some(self.config.psid(self.key)),
            at,
            context,
            payload,
            decisions,
        })));
    }

    /// Takes control for an app. The app that loses it gets a webhook.
    pub fn take_control(&mut self, app: AppKey, rule: RuleId, metadata: Option<Arc<str>>) {
        let previous = self.previous_owner();
        if let (Some(_), Some(previous)) = (self.give_control(app, rule, metadata.clone()), previous) {
            self.emit_handover(
                previous,
                rules::WEBHOOK_TO_PREVIOUS_OWNER,
                WebhookPayload::Taken { previous, new: app, metadata },
            );
        }
    }

    /// Sends an app's request for control to another app. The owner stays the same.
    pub fn request_control(&mut self, by: AppKey, asked: AppKey, rule: RuleId, metadata: Option<Arc<str>>) {
        self.emit_to_app(asked, rule, WebhookPayload::Requested { by, metadata });
        self.push_event(Event::Allowed { thread: self.key, app: by, rule });
    }

    /// Passes control to an app, which gets a webhook.
    pub fn pass_control(&mut self, app: AppKey, rule: RuleId, metadata: Option<Arc<str>>) {
        let previous = self.previous_owner();
        self.forget_pending_route();
        self.give_control(app, rule, metadata.clone());
        self.emit_handover(app, rules::WEBHOOK_TO_NEW_OWNER, WebhookPayload::Passed { previous, new: app, metadata });
    }

    /// A link that waits for the person's first message leads nowhere any more. Its referral, or that of an ad, still goes with that message,
    /// whoever owns the thread then.
    fn forget_pending_route(&mut self) {
        if let Some(pending) = &mut self.thread.pending {
            pending.link = None;
        }
    }

    /// The app that loses control in a handover. Under rulesets with idle threads, the default app does not own an
    /// uncontrolled thread and loses nothing.
    pub fn previous_owner(&self) -> Option<AppKey> {
        match self.asset().ruleset.default_app_owns {
            true => self.owner(),
            false => self.holder().map(|holder| holder.app),
        }
    }

    /// The connected app that a caller named by its id; the default app if it named none.
    pub fn resolve_target(&self, target: Option<Target>) -> Result<AppKey, Refusal> {
        let app = match target {
            Some(Target::App(app)) => Some(app),
            Some(Target::Unknown) => None,
            None => self.asset().default_app,
        };
        let is_nobody = |app: &AppKey| *app == self.config.lead_app() || Some(*app) == self.config.native_app();
        app.filter(|app| self.asset().is_connected(*app) && !is_nobody(app))
            .ok_or_else(|| Refusal::new(Reason::UnknownTarget, rules::PASS_UNKNOWN_APP))
    }

    /// The remembered messages of the thread, newest first.
    pub fn messages(&self) -> impl Iterator<Item = &Arc<Message>> {
        self.written.iter().rev().chain(self.transcript.back_from(self.thread.last_message))
    }

    /// The message with this id.
    pub fn message_by_id(&self, mid: &str) -> Option<&Arc<Message>> {
        self.messages().find(|message| &*message.mid == mid)
    }

    /// The newest message with this text: a script can name a message by its text.
    pub fn message_by_text(&self, text: &str) -> Option<&Arc<Message>> {
        self.messages().find(|message| message.content.text.as_deref() == Some(text))
    }

    /// Takes the entry that waits for the person's first message or tap. An entry that is older than the idle time is
    /// dropped.
    pub fn take_pending_entry(&mut self) -> Option<Box<PendingEntry>> {
        let (now, idle_timeout) = (self.now, self.asset().knobs.idle_after);
        self.thread.pending.take().filter(|pending| now < pending.since + idle_timeout)
    }
}
