//! Run room: steps that act. A person's action and a setting are commands; what an app does is a Graph call, made in this process
//! with the app's own token, so that a puppet meets every rule that a bot would meet.

use bytes::Bytes;
use hyper::http::Request;
use serde_json::{Map, Value, json};

use crate::domain::Reply;
use crate::domain::command::{AccessChange, Command, InboxAction, SettingChange, SurveyReply, UserAction, UserMessage};
use crate::domain::model::ids::{AppKey, PageKey, ThreadKey};
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Content, Reaction};
use crate::domain::model::time::Span;
use crate::domain::refusal::Refusal;
use crate::engine::Refused;
use crate::engine::ledger::Source;
use crate::graph;
use crate::wire::signature::appsecret_proof;

use super::matcher::differences;
use super::response_view::{error_view, received};
use super::session::{Session, Window};
use crate::language::steps::admin_step::AdminChange;
use crate::language::steps::app_step::{AppStep, AppVerb};
use crate::language::steps::call_step::CallStep;
use crate::language::steps::clock_step::ClockStep;
use crate::language::steps::inbox_step::{InboxStep, InboxVerb};
use crate::language::steps::step::{Step, StepKind};
use crate::language::steps::user_step::{EntryPoint, UserStep, UserVerb};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;
use crate::text::units;

type Acted = Result<Option<Value>, Diagnostic>;

impl Session {
    /// Acts. The answer is what `save` looks at.
    pub(crate) async fn act(&mut self, step: &Step) -> Acted {
        match &step.kind {
            StepKind::User(user) => self.user(step, user),
            StepKind::App(app) => self.puppet(step, app).await,
            StepKind::Admin(changes) => self.admin(step, changes),
            StepKind::Inbox(inbox) => self.inbox(step, inbox),
            StepKind::Clock(clock) => self.clock(step, *clock).await,
            StepKind::Fault(fault) => self.arm(fault, &step.place).map(|()| None),
            StepKind::Call(call) => self.call(step, call).await,
            StepKind::Expect(_) => Ok(None),
        }
    }

    pub(crate) fn fill(&self, text: &str, page: Option<PageKey>, place: &SourcePlace) -> Result<String, Diagnostic> {
        self.scope(page).text(text).map_err(|error| Diagnostic::new(place.clone(), error))
    }

    fn fill_value(&self, value: &Value, page: Option<PageKey>, place: &SourcePlace) -> Result<Value, Diagnostic> {
        self.scope(page).value(value).map_err(|error| Diagnostic::new(place.clone(), error))
    }

    fn command(&mut self, command: Command, place: &SourcePlace) -> Acted {
        match self.world.execute(Source::Script, command) {
            Ok(executed) => Ok(match executed.answer {
                Reply::Sent { mid, .. } => Some(json!({ "mid": mid })),
                Reply::RecipientId(kind, id) => Some(json!({ kind.name(): id })),
                Reply::Code(code) => Some(json!({ "code": code })),
                Reply::Token { text, .. } => Some(json!({ "access_token": text })),
                Reply::Made(_) | Reply::Done => None,
            }),
            Err(Refused { refusal, .. }) => Err(refused(&refusal, place)),
        }
    }

    fn user(&mut self, step: &Step, user: &UserStep) -> Acted {
        let page = self.page_of_entry(step, user);
        let thread = self.thread(Some(&user.person), page.as_deref(), &step.place)?;
        let then = match &user.then {
            Some(verb) => Some(self.action(verb, thread, &step.place)?),
            None => None,
        };
        let action = match (&user.entry, then) {
            (Some(EntryPoint::Ad(ad)), then) => {
                let ad = self.config.ad_by_name(ad).ok_or_else(|| unknown("ad", &step.place))?;
                UserAction::TapsAd(ad, then.map(Box::new))
            }
            (Some(EntryPoint::Link(link)), then) => {
                UserAction::OpensLink(self.link(thread.page, link, &step.place)?, then.map(Box::new))
            }
            (None, Some(action)) => action,
            (None, None) => return Err(unknown("action", &step.place)),
        };
        self.plays(thread);
        self.command(Command::Person(thread, action), &step.place)
    }

    /// An ad or a link says by itself which page it belongs to.
    fn page_of_entry(&self, step: &Step, user: &UserStep) -> Option<String> {
        let page = match &user.entry {
            Some(EntryPoint::Ad(ad)) => self.config.ad_by_name(ad).map(|ad| self.config.page(self.config.ad(ad).page)),
            Some(EntryPoint::Link(link)) => {
                self.config.pages.iter().find(|page| page.links.iter().any(|declared| &*declared.name == link))
            }
            None => None,
        };
        step.page.clone().or_else(|| page.map(|page| page.name.to_string()))
    }

    fn link(&self, page: PageKey, name: &str, place: &SourcePlace) -> Result<usize, Diagnostic> {
        let links = &self.config.page(page).links;
        links.iter().position(|link| &*link.name == name).ok_or_else(|| {
            let page = &self.config.page(page).name;
            Diagnostic::new(place.clone(), format!("the page `{page}` has no link `{name}`"))
        })
    }

    fn action(&self, verb: &UserVerb, thread: ThreadKey, place: &SourcePlace) -> Result<UserAction, Diagnostic> {
        let fill = |text: &String| self.fill(text, Some(thread.page), place).map(String::into_boxed_str);
        let fill_optional = |text: &Option<String>| text.as_ref().map(fill).transpose();
        Ok(match verb {
            UserVerb::Says { text, attachments, replies_to } => UserAction::Says(UserMessage {
                text: fill_optional(text)?,
                attachments: attachments
                    .iter()
                    .map(|attachment| Ok(attachment_of(&self.fill_value(attachment, Some(thread.page), place)?)))
                    .collect::<Result<_, Diagnostic>>()?,
                replies_to: fill_optional(replies_to)?,
            }),
            UserVerb::GetsStarted => UserAction::GetsStarted,
            UserVerb::TapsButton(label) => UserAction::TapsButton(fill(label)?),
            UserVerb::TapsQuickReply(label) => UserAction::TapsQuickReply(fill(label)?),
            UserVerb::TapsIceBreaker(label) => UserAction::TapsIceBreaker(fill(label)?),
            UserVerb::TapsMenu(label) => UserAction::TapsMenu(fill(label)?),
            UserVerb::Reacts { reaction, message } => UserAction::Reacts {
                reaction: fill_optional(reaction)?.map(|word| reaction_of(&word)),
                message: fill_optional(message)?,
            },
            UserVerb::OptsIn { user_ref, reference } => {
                UserAction::OptsIn { user_ref: fill(user_ref)?, reference: fill_optional(reference)? }
            }
            UserVerb::OptsInTo(title) => UserAction::OptsInTo(fill(title)?),
            UserVerb::StopsMessages(topic) => UserAction::StopsMessages(fill(topic)?),
            UserVerb::ResumesMessages(topic) => UserAction::ResumesMessages(fill(topic)?),
            UserVerb::AnswersSurvey { score, text } => {
                UserAction::AnswersSurvey(SurveyReply { score: fill_optional(score)?, text: fill_optional(text)? })
            }
            UserVerb::OpensCoupon(title) => UserAction::OpensCoupon(fill(title)?),
            UserVerb::Comments(text) => UserAction::Comments(fill(text)?),
            UserVerb::Posts(text) => UserAction::Posts(fill(text)?),
            UserVerb::OpensLogin => UserAction::OpensLogin,
            UserVerb::LinksAccount(code) => UserAction::LinksAccount(fill(code)?),
            UserVerb::UnlinksAccount => UserAction::UnlinksAccount,
            UserVerb::Reads => UserAction::Reads,
            UserVerb::Blocks => UserAction::Blocks,
            UserVerb::Unblocks => UserAction::Unblocks,
        })
    }

    fn admin(&mut self, step: &Step, changes: &[AdminChange]) -> Acted {
        let page = self.page(step.page.as_deref()).ok_or_else(|| unknown("page", &step.place))?;
        let acts = changes.iter().map(|change| self.admin_act(page, change, &step.place)).collect::<Result<_, _>>()?;
        self.command(Command::Admin(page, acts), &step.place)
    }

    fn admin_act(&self, page: PageKey, change: &AdminChange, place: &SourcePlace) -> Result<SettingChange, Diagnostic> {
        let app = |name: &String| self.app_key(name).ok_or_else(|| unknown("app", place));
        let optional = |name: &Option<String>| name.as_ref().map(app).transpose();
        Ok(match change {
            AdminChange::DefaultApp(name) => SettingChange::SetsDefaultApp(optional(name)?),
            AdminChange::Primary(name) => SettingChange::SetsPrimary(optional(name)?),
            AdminChange::Standby(name, on) => SettingChange::SetsStandby(app(name)?, *on),
            AdminChange::TakeControl(name, on) => SettingChange::SetsTakeControl(app(name)?, *on),
            AdminChange::Link(link, name) => SettingChange::SetsLink(self.link(page, link, place)?, optional(name)?),
            AdminChange::Social(name) => SettingChange::SetsSocial(optional(name)?),
            AdminChange::Connects(name) => SettingChange::ConnectsApp(app(name)?),
            AdminChange::Disconnects(name) => SettingChange::DisconnectsApp(app(name)?),
            AdminChange::HandoverApis(blocked) => SettingChange::SetsHandoverApis { blocked: *blocked },
            AdminChange::ExpiresToken(name) => SettingChange::Access(AccessChange::ExpiresToken(app(name)?)),
            AdminChange::RevokesToken(name, end) => SettingChange::Access(AccessChange::RevokesToken(app(name)?, *end)),
            AdminChange::Permits { app: name, granted: true, permissions } => {
                SettingChange::Access(AccessChange::Grants(app(name)?, *permissions))
            }
            AdminChange::Permits { app: name, granted: false, permissions } => {
                SettingChange::Access(AccessChange::Withdraws(app(name)?, *permissions))
            }
            AdminChange::Publishes(name, on) => SettingChange::Access(AccessChange::Publishes(app(name)?, *on)),
            AdminChange::IssuesCode { app: name, user } => {
                let user = self.config.user_by_name(user).ok_or_else(|| unknown("user", place))?;
                SettingChange::Access(AccessChange::IssuesCode(app(name)?, user))
            }
        })
    }

    fn inbox(&mut self, step: &Step, inbox: &InboxStep) -> Acted {
        let thread = self.thread(inbox.to.as_deref(), step.page.as_deref(), &step.place)?;
        let act = match &inbox.verb {
            InboxVerb::Replies(text) => {
                InboxAction::Replies(Content::text(self.fill(text, Some(thread.page), &step.place)?))
            }
            InboxVerb::MovesToMain => InboxAction::MovesToMain,
            InboxVerb::MovesToDone => InboxAction::MovesToDone,
        };
        self.plays(thread);
        self.command(Command::Inbox(thread, act), &step.place)
    }

    /// Before time goes on, everything that is under way at the old time must be over.
    async fn clock(&mut self, step: &Step, clock: ClockStep) -> Acted {
        self.settle(&step.place, self.patience.quiet).await?;
        let now = self.world.now();
        let to = match clock {
            ClockStep::By(span) => now + span,
            ClockStep::To(moment) if moment < now => {
                let now = units::format_moment(now);
                return Err(Diagnostic::new(
                    step.place.clone(),
                    format!("time does not run backwards: it is {now} already"),
                ));
            }
            ClockStep::To(moment) => moment,
        };
        if to > units::LAST_MOMENT {
            return Err(Diagnostic::new(step.place.clone(), "the calendar ends with the year 9999"));
        }
        self.window = Window::Since(self.newest_entry());
        while self.world.advance_to(to).is_none() {
            self.settle(&step.place, self.patience.quiet).await?;
        }
        self.settle(&step.place, self.patience.quiet).await?;
        Ok(None)
    }

    /// Plays an app: makes the call that the app would make.
    async fn puppet(&mut self, step: &Step, app: &AppStep) -> Acted {
        let Some(key) = self.app_key(&app.app) else { return Err(unknown("app", &step.place)) };
        if matches!(app.verb, AppVerb::StaysSilent(_)) {
            return Ok(None);
        }
        let thread = self.thread(app.to.as_deref(), step.page.as_deref(), &step.place)?;
        self.plays(thread);
        let (edge, body) = self.puppet_call(&app.verb, thread, &step.place)?;
        let token = self.token(thread.page, key, &step.place)?;
        let called = self.config.app(key);
        let proof = called.require_proof.then(|| appsecret_proof(&called.secret, &token, None));
        let path = proof.map_or_else(|| format!("/me/{edge}"), |proof| format!("/me/{edge}?appsecret_proof={proof}"));
        let request = request("POST", &path, Some(&token), &[], Some(body.to_string()))
            .map_err(|error| Diagnostic::new(step.place.clone(), error))?;
        let before = self.newest_entry();
        let answer = received(&graph::answer(&self.engine, request).await);
        self.judges_calls_of(key, before);
        self.judge_loss(step, app)?;
        if app.response_lost {
            return Ok(None);
        }
        let refused = match &app.refused {
            Some(refused) => Some(self.fill_value(refused, Some(thread.page), &step.place)?),
            None => None,
        };
        self.judge(step, app, refused.as_ref(), &answer)?;
        Ok(Some(answer))
    }

    fn judge(&self, step: &Step, app: &AppStep, refused: Option<&Value>, answer: &Value) -> Result<(), Diagnostic> {
        let error = error_view(answer, self.rule_of_refusal());
        match (refused, error) {
            (None, None) => Ok(()),
            (Some(wanted), Some(error)) => {
                let different = differences(wanted, Some(&error), "refused");
                if different.is_empty() {
                    return Ok(());
                }
                let mut mistake =
                    Diagnostic::new(step.place.clone(), format!("app `{}` was refused with another error", app.app));
                for mismatch in different {
                    mistake = mistake.note(mismatch.to_string());
                }
                Err(mistake.note(format!("the answer was {answer}")))
            }
            (Some(wanted), None) => {
                let message =
                    format!("app `{}` should have been refused with {wanted}, but the call succeeded", app.app);
                Err(Diagnostic::new(step.place.clone(), message).note(format!("the answer was {answer}")))
            }
            (None, Some(error)) => {
                // What is no error of Meta's has but a status.
                let status = || format!("HTTP status {}", error.get("status").cloned().unwrap_or_default());
                let text = error.get("message").and_then(Value::as_str).map_or_else(status, str::to_owned);
                let mut mistake = Diagnostic::new(step.place.clone(), format!("app `{}` was refused: {text}", app.app));
                for note in self.why_refused() {
                    mistake = mistake.note(note);
                }
                let key = if error.get("code").is_some() { "code" } else { "status" };
                Err(mistake.note(format!("if that is what should happen, say so with `refused: {{ {key}: … }}`")))
            }
        }
    }

    pub(crate) fn token(&self, page: PageKey, app: AppKey, place: &SourcePlace) -> Result<String, Diagnostic> {
        let declared = self.config.page(page).connections.iter().find(|connection| connection.app == app);
        // An app whose token has died bears the one that it was given since.
        let good = self.world.read(|world, _, now| {
            world.settings().tokens.page_token_of_app(&self.config, page, app, now).map(str::to_owned)
        });
        let token = good.or_else(|| declared.map(|connection| connection.token.to_string()));
        token.ok_or_else(|| {
            let (app, page) = (&self.config.app(app).name, &self.config.page(page).name);
            Diagnostic::new(place.clone(), format!("app `{app}` has no token for the page `{page}`"))
                .note("list it under the page's `apps`")
        })
    }

    fn puppet_call(
        &self,
        verb: &AppVerb,
        thread: ThreadKey,
        place: &SourcePlace,
    ) -> Result<(&'static str, Value), Diagnostic> {
        let page = Some(thread.page);
        let mut body = Map::new();
        body.insert("recipient".into(), json!({ "id": self.config.psid(thread) }));
        let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
        let metadata =
            |metadata: &Option<String>| metadata.as_ref().map(|text| self.fill(text, page, place)).transpose();
        let edge = match verb {
            AppVerb::Sends { message, tag, thread_control, metadata: text } => {
                let message = self.fill_value(message, page, place)?;
                put("messaging_type", json!(if tag.is_some() { "MESSAGE_TAG" } else { "RESPONSE" }));
                if let Some(tag) = tag {
                    put("tag", json!(self.fill(tag, page, place)?));
                }
                if let Some(control) = thread_control {
                    put("thread_control", self.fill_value(control, page, place)?);
                }
                put_message(&mut body, message, metadata(text)?);
                "messages"
            }
            AppVerb::Passes { app, metadata: text } => {
                if let Some(app) = app.as_ref().and_then(|app| self.app_key(app)) {
                    put("target_app_id", json!(self.config.app(app).id.0));
                }
                if let Some(text) = metadata(text)? {
                    put("metadata", json!(text));
                }
                "pass_thread_control"
            }
            AppVerb::Releases => "release_thread_control",
            AppVerb::Takes(text) | AppVerb::Requests(text) => {
                if let Some(text) = metadata(text)? {
                    put("metadata", json!(text));
                }
                if matches!(verb, AppVerb::Takes(_)) { "take_thread_control" } else { "request_thread_control" }
            }
            AppVerb::Extends(Span(millis)) => {
                put("duration", json!(millis / 1000));
                "extend_thread_control"
            }
            AppVerb::Types(on) => {
                put("sender_action", json!(if *on { "typing_on" } else { "typing_off" }));
                "messages"
            }
            AppVerb::MarksSeen | AppVerb::StaysSilent(_) => {
                put("sender_action", json!("mark_seen"));
                "messages"
            }
        };
        Ok((edge, Value::Object(body)))
    }

    async fn call(&mut self, step: &Step, call: &CallStep) -> Acted {
        let page = self.page(step.page.as_deref());
        let token = match (&call.token, call.app.as_ref().and_then(|app| self.app_key(app)), page) {
            (Some(token), _, _) => Some(self.fill(token, page, &step.place)?),
            (None, Some(app), Some(page)) => Some(self.token(page, app, &step.place)?),
            (None, Some(_), None) => return Err(unknown("page", &step.place)),
            (None, None, _) => None,
        };
        let path = self.fill(&call.path, page, &step.place)?;
        let body = match &call.body {
            Some(Value::String(text)) => Some(self.fill(text, page, &step.place)?),
            Some(body) => Some(self.fill_value(body, page, &step.place)?.to_string()),
            None => None,
        };
        let request = request(call.method, &path, token.as_deref(), &call.headers, body)
            .map_err(|error| Diagnostic::new(step.place.clone(), error))?;
        let before = self.newest_entry();
        let answer = received(&graph::answer(&self.engine, request).await);
        let app = call.app.as_ref().and_then(|app| self.app_key(app));
        self.made_raw_call(app, before);
        self.claim_call_of(app, self.window.start());
        if let Some(returns) = &call.returns {
            let returns = self.fill_value(returns, page, &step.place)?;
            let different = differences(&returns, Some(&answer), "");
            if !different.is_empty() {
                let mut mistake = Diagnostic::new(step.place.clone(), "the answer is not as `returns` says");
                for mismatch in different {
                    mistake = mistake.note(mismatch.to_string());
                }
                let mistake = mistake.note(format!("the answer was {answer}"));
                return Err(self.why_refused().into_iter().chain(self.warnings()).fold(mistake, Diagnostic::note));
            }
        }
        Ok(Some(answer))
    }
}

/// The message, in the two forms that a step may give: text or content, or a whole body with `message` inside.
fn put_message(body: &mut Map<String, Value>, message: Value, metadata: Option<String>) {
    let mut message = match message {
        Value::Object(map) if map.contains_key("message") => {
            body.extend(map);
            body.remove("message").unwrap_or_default()
        }
        Value::Object(map) => Value::Object(map),
        Value::String(text) => json!({ "text": text }),
        other => json!({ "text": other.to_string() }),
    };
    if let (Some(metadata), Value::Object(map)) = (metadata, &mut message) {
        map.insert("metadata".to_owned(), json!(metadata));
    }
    body.insert("message".to_owned(), message);
}

fn attachment_of(value: &Value) -> Attachment {
    let text = |key: &str| value.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let number = |key| text(key).and_then(|text| text.parse().ok()).unwrap_or_default();
    match text("type").as_deref().and_then(MediaKind::parse) {
        Some(kind) => Attachment::Media { kind, url: text("url").unwrap_or_default().into(), reusable: false },
        None => Attachment::Location { latitude: number("lat"), longitude: number("long") },
    }
}

/// Meta's word for a reaction, or `other` for any other emoji.
fn reaction_of(word: &str) -> Reaction {
    const KNOWN: [(&str, &str); 7] = [
        ("smile", "\u{1f606}"),
        ("angry", "\u{1f620}"),
        ("sad", "\u{1f622}"),
        ("wow", "\u{1f62e}"),
        ("love", "\u{2764}\u{fe0f}"),
        ("like", "\u{1f44d}"),
        ("dislike", "\u{1f44e}"),
    ];
    let known = KNOWN.iter().find(|(name, emoji)| *name == word || *emoji == word);
    known.map_or_else(
        || Reaction { name: "other".into(), emoji: word.into() },
        |(name, emoji)| Reaction { name: (*name).into(), emoji: (*emoji).into() },
    )
}

fn unknown(what: &str, place: &SourcePlace) -> Diagnostic {
    Diagnostic::new(place.clone(), format!("which {what} is meant?"))
        .note("name the page with `page:` in a world of several")
}

fn refused(refusal: &Refusal, place: &SourcePlace) -> Diagnostic {
    let mistake = Diagnostic::new(place.clone(), refusal.reason.to_string());
    match refusal.rule {
        Some(rule) => mistake.note(format!("{rule}: {}", rule.rule().statement)),
        None => mistake,
    }
}

fn request(
    method: &str,
    path: &str,
    token: Option<&str>,
    headers: &[(String, String)],
    body: Option<String>,
) -> Result<Request<Bytes>, String> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Bytes::from(body.unwrap_or_default())).map_err(|error| format!("this is no HTTP request: {error}"))
}
