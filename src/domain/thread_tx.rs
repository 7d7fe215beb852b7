//! Domain room: one command at work in one thread. Holds a copy of the thread, what surrounds it, and the events so far; the acts
//! in `acts/` are written in its verbs. Only `World` opens a turn.

use std::sync::Arc;

use super::command::Target;
use super::event::{Event, HopContext, ReceiverDecision, Scope, WebhookEvent, WebhookPayload};
use super::model::config::Config;
use super::model::ids::{AppKey, IdKind, IdStream, ThreadKey, message_id};
use super::model::message::{Attachment, Author, Content, Message, ReplyTo};
use super::model::recipient_ids::RecipientId;
use super::model::settings::{PageSettings, Settings};
use super::model::thread::{ControlHolder, PendingEntry, Thread};
use super::model::time::{Moment, Span};
use super::model::transcript::Transcript;
use super::policy::entry_points::Route;
use super::policy::fan_out::{Audience, ButtonOwner};
use super::policy::messaging_window;
use super::policy::ownership::{self, Ownership};
use super::refusal::{Reason, Refusal};
use super::rules::{self, RuleId};

/// Characters of a token, after its prefix.
const TOKEN_LENGTH: usize = 60;

/// One command at work in one thread.
#[derive(Debug)]
pub(crate) struct ThreadTx<'w> {
    pub config: &'w Config,
    pub settings: &'w Settings,
    transcript: &'w Transcript,
    written: Vec<Arc<Message>>,
    pub key: ThreadKey,
    pub thread: Thread,
    pub now: Moment,
    seed: u64,
    events: Vec<Event>,
    saved: Option<(Box<str>, Attachment)>,
    recipient_ids: Vec<(Box<str>, RecipientId)>,
}

/// What is left of a turn.
#[derive(Debug)]
pub(crate) struct Finished {
    pub thread: Thread,
    pub events: Vec<Event>,
    /// Messages to remember, oldest first.
    pub written: Vec<Arc<Message>>,
    /// An attachment to keep, with its id.
    pub saved: Option<(Box<str>, Attachment)>,
    /// RecipientIds to keep.
    pub recipient_ids: Vec<(Box<str>, RecipientId)>,
}

/// What a new message is made of, beside its author.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub content: Content,
    pub quick_reply: Option<Box<str>>,
    pub reply_to: Option<ReplyTo>,
    pub metadata: Option<Box<str>>,
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
            written: Vec::new(),
            key,
            thread,
            now,
            seed,
            events: Vec::with_capacity(4),
            saved: None,
            recipient_ids: Vec::new(),
        }
    }

    pub fn finish(self) -> Finished {
        let Self { thread, events, written, saved, recipient_ids, .. } = self;
        Finished { thread, events, written, saved, recipient_ids }
    }

    pub fn page(&self) -> &'w PageSettings {
        self.settings.page(self.key.page)
    }

    pub fn push_event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The owner now.
    pub fn owner(&self) -> Option<AppKey> {
        self.ownership().owner
    }

    fn ownership(&self) -> Ownership {
        ownership::owner_at(&self.thread, self.page(), self.now)
    }

    /// The app that holds the thread now; not the default app that merely stands in.
    pub fn holder(&self) -> Option<&ControlHolder> {
        ownership::holder_at(&self.thread, self.page(), self.now)
    }

    /// While a lead-generation ad asks its questions: the app that it lets interrupt, if it lets one.
    pub fn lead(&self) -> Option<Option<AppKey>> {
        let flow = self.thread.lead.as_ref()?;
        self.holder().filter(|holder| holder.app == self.config.lead_app())?;
        let ad = self.config.ad(flow.ad);
        let may_interrupt = ad.lead.as_ref().is_some_and(|form| form.interruptible);
        Some(ad.app.filter(|app| may_interrupt && self.page().is_connected(*app)))
    }

    /// Control that lapsed since the last turn is written down now, dated when it happened.
    pub fn record_lapse(&mut self) {
        let Some(holder) = self.thread.holder.as_ref() else { return };
        if self.holder().is_some() {
            return;
        }
        let (from, was) = (holder.app, holder.because);
        let after = ownership::owner_at(&self.thread, self.page(), self.now);
        let at = after.since.unwrap_or(self.now);
        self.thread.holder = None;
        self.thread.uncontrolled_since = Some((at, after.because));
        let change = |from, to, was, at, rule| Event::OwnerChanged { thread: self.key, from, to, was, at, rule };
        let because = after.because;
        // Nobody looked while the page changed its default app: the one of then had the thread in between.
        let steps = match self.page().former_default_app(at) {
            Some((then, until)) if then != from => vec![
                change(Some(from), Some(then), was, at, because),
                change(Some(then), after.owner, because, until, rules::DEFAULT_APP_SET),
            ],
            Some((then, until)) if after.owner != Some(then) => {
                vec![change(Some(then), after.owner, because, until, rules::DEFAULT_APP_SET)]
            }
            _ if after.owner != Some(from) => vec![change(Some(from), after.owner, was, at, because)],
            _ => Vec::new(),
        };
        self.events.extend(steps);
    }

    /// Gives the thread to an app, with fresh 24 hours. Returns the owner before, if that was another.
    pub fn give_control(&mut self, app: AppKey, rule: RuleId, metadata: Option<Arc<str>>) -> Option<Option<AppKey>> {
        let Ownership { owner: before, because: was, .. } = self.ownership();
        let mut holder = ownership::hold(app, self.page(), self.now, rule);
        holder.metadata = metadata;
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

    /// The holder may keep the thread through a longer silence than usual.
    pub fn extend_idle_timeout(&mut self, idle_timeout: Span, rule: RuleId) {
        let until = self.now + idle_timeout;
        let Some(holder) = &mut self.thread.holder else { return };
        (holder.until, holder.idle_timeout) = (until, idle_timeout);
        let owner = holder.app;
        self.push_event(Event::ControlKept { thread: self.key, owner, until, rule });
    }

    /// Takes the thread from whoever holds it and leaves it to whom the page gives such threads.
    pub fn release_control(&mut self, rule: RuleId) {
        let Ownership { owner: before, because: was, .. } = self.ownership();
        self.thread.pending = None;
        self.thread.holder = None;
        self.thread.uncontrolled_since = Some((self.now, rule));
        let after = self.owner();
        if before != after {
            self.push_event(Event::OwnerChanged { thread: self.key, from: before, to: after, was, at: self.now, rule });
        } else if let Some(app) = before {
            self.push_event(Event::Allowed { thread: self.key, app, rule });
        }
    }

    /// Follows a route. Returns the app that held the thread before, if an app got it that did not own it.
    pub fn follow_route(&mut self, route: Route) -> Option<(AppKey, Option<AppKey>)> {
        let held = self.holder().map(|holder| holder.app);
        let (app, rule) = match route {
            Route::To(app, rule) => (Some(app), rule),
            Route::Keep(rule) => (held, rule),
            Route::Nobody(rule) => (None, rule),
        };
        self.push_event(Event::Routed { thread: self.key, app, rule });
        match route {
            Route::To(app, rule) => self.give_control(app, rule, None).map(|_| (app, held)),
            Route::Keep(_) | Route::Nobody(_) => None,
        }
    }

    /// The person spoke: the holder's time of idle_timeout begins anew.
    pub fn restart_idle_clock(&mut self) {
        if let Some(holder) = &mut self.thread.holder {
            holder.until = holder.until.max(self.now + holder.idle_timeout);
        }
    }

    /// The person did something that opens the standard messaging window.
    pub fn open_window(&mut self) {
        if !messaging_window::is_open(&self.thread, self.now) {
            self.push_event(Event::WindowOpened { thread: self.key, rule: rules::WINDOW_OPENED });
        }
        self.thread.window_opened = Some(self.now);
    }

    /// A new message of the thread, remembered.
    pub fn write_message(&mut self, author: Author, draft: Draft) -> Arc<Message> {
        let message = Arc::new(Message {
            mid: self.new_message_id(),
            thread: self.key,
            author,
            at: self.thread.timestamp(self.now),
            content: draft.content,
            quick_reply: draft.quick_reply,
            reply_to: draft.reply_to,
            metadata: draft.metadata,
        });
        self.thread.note_message(author, message.at);
        self.written.push(message.clone());
        message
    }

    /// A fresh message id.
    pub fn new_message_id(&mut self) -> Box<str> {
        self.thread.id_counter += 1;
        message_id(self.seed, self.key, u64::from(self.thread.id_counter))
    }

    /// Keeps an attachment for later messages of the page; returns its id.
    pub fn save_attachment(&mut self, attachment: Attachment) -> Box<str> {
        let counter = (u64::from(self.thread.id_counter) << 16) | u64::from(self.key.page.0);
        let owner = u64::from(self.key.person.0);
        let id = IdStream::new(self.seed, IdKind::Attachment, owner, counter).digits(16).to_string();
        self.saved = Some((id.as_str().into(), attachment));
        id.into()
    }

    /// A fresh token that leads to this thread.
    pub fn new_token(&mut self, prefix: &str) -> Box<str> {
        self.thread.id_counter += 1;
        let owner = (u64::from(self.key.page.0) << 32) | u64::from(self.key.person.0);
        let mut stream = IdStream::new(self.seed, IdKind::RecipientId, owner, u64::from(self.thread.id_counter));
        stream.letters_and_digits(prefix, TOKEN_LENGTH)
    }

    /// A fresh number of 15 digits.
    pub fn new_number(&mut self) -> Box<str> {
        self.thread.id_counter += 1;
        let owner = (u64::from(self.key.page.0) << 32) | u64::from(self.key.person.0);
        let mut stream = IdStream::new(self.seed, IdKind::RecipientId, owner, u64::from(self.thread.id_counter));
        stream.digits(15).to_string().into()
    }

    /// The token for notification messages about a topic: always the same.
    pub fn notification_token(&self, topic: &str) -> Box<str> {
        let owner = format!("{}/{}/{topic}", self.key.page.0, self.key.person.0);
        IdStream::named(self.seed, IdKind::RecipientId, &owner, 0).digits(18).to_string().into()
    }

    /// What this id is on the page.
    pub fn recipient_id(&self, id: &str) -> Option<&'w RecipientId> {
        self.settings.recipient_ids.get(self.key.page, id)
    }

    /// Keeps an address of the person, or what became of it.
    pub fn keep_recipient_id(&mut self, id: Box<str>, address: RecipientId) {
        self.recipient_ids.push((id, address));
    }

    /// A webhook event at its own, later timestamp, told to the owner and to the app that brought it about.
    pub fn emit_to_concerned(&mut self, by: Option<AppKey>, payload: WebhookPayload) {
        let at = self.thread.timestamp(self.now);
        let decisions = self.audience().decide_for_concerned(by, &payload);
        self.webhook_event(at, payload, decisions);
    }

    /// A webhook event at its own, later timestamp, told to the whole thread.
    pub fn emit(&mut self, payload: WebhookPayload) {
        let at = self.thread.timestamp(self.now);
        self.emit_at(at, payload, None);
    }

    /// A webhook event at a given timestamp, told to the whole thread.
    pub fn emit_at(&mut self, at: Moment, payload: WebhookPayload, button: Option<ButtonOwner>) {
        let decisions = self.audience().decide_for_thread(&payload, button);
        self.webhook_event(at, payload, decisions);
    }

    /// A webhook event at its own, later timestamp, told to one app.
    pub fn emit_to_app(&mut self, app: AppKey, rule: RuleId, payload: WebhookPayload) {
        let at = self.thread.timestamp(self.now);
        let decisions = self.audience().decide_for_app(app, rule, &payload);
        self.webhook_event(at, payload, decisions);
    }

    /// A webhook event at its own, later timestamp, told to everybody who listens for it, whoever owns the thread.
    pub fn emit_to_all(&mut self, rule: RuleId, payload: WebhookPayload) {
        let at = self.thread.timestamp(self.now);
        let decisions = self.audience().decide_for_all(rule, &payload);
        self.webhook_event(at, payload, decisions);
    }

    /// A webhook event of a hand-over, told to the app that it concerns, or wider where the page is switched so.
    pub fn emit_handover(&mut self, app: AppKey, rule: RuleId, payload: WebhookPayload) {
        let at = self.thread.timestamp(self.now);
        let decisions = self.audience().decide_for_handover(app, rule, &payload);
        self.webhook_event(at, payload, decisions);
    }

    fn audience(&self) -> Audience<'w> {
        Audience {
            config: self.config,
            settings: self.settings,
            page: self.key.page,
            owner: self.owner(),
            person: Some(self.key.person),
            lead: self.lead(),
        }
    }

    fn webhook_event(&mut self, at: Moment, payload: WebhookPayload, decisions: Vec<ReceiverDecision>) {
        let context = self.holder().map(|holder| HopContext { app: holder.app, metadata: holder.metadata.clone() });
        self.push_event(Event::WebhookEvent(Arc::new(WebhookEvent {
            scope: Scope::Thread(self.key),
            at,
            context,
            payload,
            decisions,
        })));
    }

    /// An app takes the thread; the one that loses it is told.
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

    /// An app asks another for control, which moves nothing.
    pub fn request_control(&mut self, by: AppKey, asked: AppKey, rule: RuleId, metadata: Option<Arc<str>>) {
        self.emit_to_app(asked, rule, WebhookPayload::Requested { by, metadata });
        self.push_event(Event::Allowed { thread: self.key, app: by, rule });
    }

    /// Control is passed; the app that gets it is told.
    pub fn pass_control(&mut self, app: AppKey, rule: RuleId, metadata: Option<Arc<str>>) {
        let previous = self.previous_owner();
        self.thread.pending = None;
        self.give_control(app, rule, metadata.clone());
        self.emit_handover(app, rules::WEBHOOK_TO_NEW_OWNER, WebhookPayload::Passed { previous, new: app, metadata });
    }

    /// Who loses a thread that changes hands. Where idle threads exist, the default app that stands in for nobody loses nothing.
    pub fn previous_owner(&self) -> Option<AppKey> {
        match self.page().ruleset.default_app_owns {
            true => self.owner(),
            false => self.holder().map(|holder| holder.app),
        }
    }

    /// The connected app that a caller named by its id, or the default app if it named none.
    pub fn resolve_target(&self, target: Option<Target>) -> Result<AppKey, Refusal> {
        let app = match target {
            Some(Target::App(app)) => Some(app),
            Some(Target::Unknown) => None,
            None => self.page().default_app,
        };
        app.filter(|app| self.page().is_connected(*app) && *app != self.config.lead_app())
            .ok_or_else(|| Refusal::new(Reason::UnknownTarget, rules::PASS_UNKNOWN_APP))
    }

    /// The messages of the thread that are remembered, newest first.
    pub fn messages(&self) -> impl Iterator<Item = &Arc<Message>> {
        self.written.iter().rev().chain(self.transcript.back_from(self.thread.last_message))
    }

    /// The message of this id: what an app may ask for.
    pub fn message_by_id(&self, mid: &str) -> Option<&Arc<Message>> {
        self.messages().find(|message| &*message.mid == mid)
    }

    /// Whether less time than this has passed since a message. In seconds: where the clock stands, timestamps rise all the same.
    pub fn is_recent(&self, message: &Message, span: Span) -> bool {
        let seconds = |moment: Moment| moment.0 / 1000;
        seconds(self.now) < seconds(message.at + span)
    }

    /// The newest message of this very text: how a person points at one.
    pub fn message_by_text(&self, text: &str) -> Option<&Arc<Message>> {
        self.messages().find(|message| message.content.text.as_deref() == Some(text))
    }

    /// The entry that waits for the person's first word, taken out. An entry of yesterday no longer counts.
    pub fn take_pending_entry(&mut self) -> Option<Box<PendingEntry>> {
        let (now, idle_timeout) = (self.now, self.page().knobs.idle_after);
        self.thread.pending.take().filter(|pending| now < pending.since + idle_timeout)
    }
}
