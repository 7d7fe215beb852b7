//! A Graph call as the edges see it: method, path, parameters, and the app that calls.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::http::header::{CONTENT_TYPE, HOST, IF_NONE_MATCH};
use hyper::http::request::Parts;
use hyper::http::uri::Scheme;
use hyper::http::{Method, StatusCode};

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::access::{Permission, TokenKey};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::platform::{Login, Platform};
use crate::domain::policy::access::is_granted;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::engine::armed::Fired;
use crate::engine::fault::FaultPoint;
use crate::engine::ledger_entry::{Actor, GraphCall, RawCall, Record, WarningKind};
use crate::engine::subjects::subjects_of_command;
use crate::engine::{ActiveWorld, Engine, Executed, InFlightCall, NotExecuted, Principal};

use super::auth::{self, Credential, TokenPlace};
use super::client_credentials;
use super::param_text::is_id;
use super::params::Params;
use super::path::{Path, Segments, Version};
use super::recorded_body::{RecordedBody, recorded_answer, recorded_body};
use super::response::{self, AnswerBody};
use super::surface::Surface;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::errors::refusals;
use crate::response_fault::{ResponseFault, WireFault};
use crate::text::suggest;

/// The most characters of the caller's text that a warning quotes.
const MAX_QUOTED: usize = 100;

/// The host in links when the call has no `Host` header. It does not resolve.
const NO_HOST: &str = "graphdouble.invalid";

/// As much of a text as a warning quotes.
fn cut(text: &str) -> String {
    text.chars().take(MAX_QUOTED).collect()
}

/// A request as the ledger records it, with at most this many bytes of its body.
pub fn raw_call(head: &Parts, body: &Bytes, most: usize) -> RawCall {
    // Almost every target is a path with a query. A client of a proxy sends a whole URL.
    let target = match (head.uri.scheme(), head.uri.path_and_query()) {
        (None, Some(target)) => target.as_str().into(),
        _ => head.uri.to_string().into(),
    };
    let content_type = head.headers.get(CONTENT_TYPE).map(|value| match value.as_bytes() {
        // What most clients send is not copied.
        b"application/json" => Cow::Borrowed(&b"application/json"[..]),
        other => Cow::Owned(other.to_vec()),
    });
    let said = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let RecordedBody { bytes, cut, is_json } = recorded_body(said, body, most);
    let content_type = if is_json { Some(Cow::Borrowed(&b"application/json"[..])) } else { content_type };
    RawCall { target, content_type, body: bytes, cut }
}

/// The parameters by which a caller asks for the body in another form; `response_options` applies them.
const FORM_OPTIONS: [&str; 3] = ["callback", "debug", "pretty"];

/// It borrows from the request.
#[derive(Debug)]
pub struct Call<'r> {
    /// The HTTP method, or the parameter `method`, which overrides it.
    pub method: Method,
    /// The path without the version: node and edge.
    pub segments: Segments<'r>,
    pub params: Params<'r>,
    /// The app, page or user that the token belongs to.
    pub holder: Principal,
    pub token: TokenKey,
    head: &'r Parts,
    body: &'r Bytes,
    version: Version,
    /// Answered with `debug=all`.
    warnings: Mutex<Vec<Box<str>>>,
    /// Counts the call as in flight.
    in_flight: InFlightCall,
    /// The config when the call came.
    config: Arc<Config>,
    pub surface: Surface,
    /// The world's generation when the call came.
    generation: u64,
    /// Method and path, for the ledger.
    text: Arc<str>,
    /// True if the token's app was connected to its page when the call came.
    connected: bool,
    /// The ledger entry of the command that the call became; 0 before that.
    cause: AtomicU64,
    /// True if a fault changes the answer.
    pub meets_fault: bool,
}

impl<'r> Call<'r> {
    pub fn read(engine: &Engine, head: &'r Parts, path: Path<'r>, body: &'r Bytes) -> Result<Self, Box<Failure>> {
        let params = Params::of_request(head, body).map_err(Failure::boxed)?;
        let host = Surface::of_host(head);
        let (credential, is_login) = match client_credentials::are_used_at(&path.segments) {
            true if client_credentials::is_instagram_login(engine, host, &params) => {
                (client_credentials::authenticate_on_instagram(engine, &params), true)
            }
            true => (client_credentials::authenticate(engine, &params), false),
            false => (auth::authenticate(engine, head, &path, &params), false),
        };
        let Credential { grant, connected } = credential.map_err(|failure| {
            let surface = if is_login { Some(Surface::InstagramLogin) } else { host };
            Box::new(surface.unwrap_or(Surface::Facebook).failure(failure))
        })?;
        let config = grant.world.config();
        let surface = if is_login { Surface::InstagramLogin } else { Surface::of_token(&config, grant.holder) };
        if host.is_some_and(|host| host != surface) {
            // A token of the other host.
            let failure = Failure::by_rule(catalogue::INSTAGRAM_TOKEN.error(), rules::INSTAGRAM_TOKEN_HOST);
            return Err(Box::new(failure));
        }
        let method = match params.text("method").map_err(Failure::boxed)? {
            Some(method) => Method::from_bytes(method.to_ascii_uppercase().as_bytes()).map_err(|_| {
                Failure::boxed(catalogue::PARAM_MUST_BE.with(&[("param", "method"), ("kind", "a method")]))
            })?,
            None => head.method.clone(),
        };
        let call = Self {
            text: [method.as_str(), " ", head.uri.path()].concat().into(),
            method,
            head,
            body,
            version: path.version,
            warnings: Mutex::default(),
            segments: path.segments,
            params,
            holder: grant.holder,
            token: grant.token,
            generation: grant.world.generation(),
            config,
            surface,
            connected,
            cause: AtomicU64::new(0),
            meets_fault: false,
            in_flight: InFlightCall::begin(grant.world, grant.holder),
        };
        call.warn_about_undeclared_json();
        Ok(call)
    }

    /// Scheme, host and version as the client called them. Links in answers begin with it, so they lead back here and not to Meta.
    pub fn base_url(&self) -> String {
        let scheme = self.head.extensions.get::<Scheme>().unwrap_or(&Scheme::HTTP);
        let host = self.head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or(NO_HOST);
        format!("{scheme}://{host}/{}", self.version.served_version())
    }

    /// The header `If-None-Match`.
    pub fn known_etag(&self) -> Option<&str> {
        self.head.headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok())
    }

    /// The token as it came.
    pub fn token_text(&self) -> Option<Box<str>> {
        auth::token_text(self.head, &self.params).ok().flatten().map(Into::into)
    }

    /// Where the call has its token.
    pub fn token_place(&self) -> TokenPlace {
        auth::token_place(self.head, &self.params)
    }

    /// The warnings about this call so far.
    pub fn warnings(&self) -> Vec<Box<str>> {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(cause) = self.cause() else { return warnings };
        self.world().read(|_, ledger, _| {
            let entries = ledger.after(cause).into_iter().flatten().filter(|entry| entry.cause == cause);
            warnings.extend(entries.filter_map(|entry| entry.record.warning()).map(Box::<str>::from));
        });
        warnings
    }

    pub fn world(&self) -> &Arc<ActiveWorld> {
        self.in_flight.world()
    }

    /// The config of the world, with the people who were in it when the call came.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    pub fn app(&self) -> AppKey {
        self.holder.app()
    }

    /// The page of the token. Any other token is an error.
    pub fn page(&self) -> Result<AssetKey, Failure> {
        match self.holder {
            Principal::Asset(page, _) if self.connected => Ok(page),
            Principal::Asset(_, app) => {
                let id = self.config().app(app).id.to_string();
                let error = catalogue::TOKEN_APP_REMOVED.with(&[("app", &id)]);
                Err(Failure::by_rule(error, rules::APP_CONNECTED))
            }
            Principal::App(_) | Principal::User(..) => Err(catalogue::PAGE_TOKEN_NEEDED.error().into()),
        }
    }

    /// The source of the call's ledger entries.
    pub fn source(&self) -> Actor {
        Actor::Graph { app: self.app(), call: self.text.clone() }
    }

    /// The thread of a PSID on the token's page.
    pub fn thread(&self, psid: &str) -> Result<ThreadKey, Failure> {
        let page = self.page()?;
        if psid.is_empty() || psid.bytes().all(|byte| byte == b'0') {
            return Err(catalogue::NOT_A_USER.error().into());
        }
        let thread = self.config().people.thread_of(psid).filter(|thread| self.reaches(page, thread.asset));
        thread.inspect(|thread| self.is_about(*thread)).ok_or_else(|| self.unknown_person(psid))
    }

    /// The thread of a person on this asset. The error for anybody else is that of its platform.
    pub fn thread_on(&self, asset: AssetKey, psid: &str) -> Result<ThreadKey, Failure> {
        match (self.thread(psid), self.config().platform(asset)) {
            (Ok(thread), _) if thread.asset == asset => Ok(thread),
            (_, Platform::Instagram) => Err(unknown_on_instagram()),
            (Err(failure), Platform::Messenger) => Err(failure),
            (Ok(_), Platform::Messenger) => Err(self.unknown_person(psid)),
        }
    }

    /// Meta's error for the id of a person whom the token cannot reach.
    pub fn unknown_person(&self, id: &str) -> Failure {
        let asset = self.config().people.thread_of(id).map(|thread| thread.asset);
        let is_of_instagram = asset.is_some_and(|asset| self.config().platform(asset) == Platform::Instagram);
        match is_of_instagram || self.surface == Surface::Instagram {
            true => unknown_on_instagram(),
            false => Failure::by_rule(catalogue::NO_MATCHING_USER.error(), rules::UNKNOWN_PERSON),
        }
    }

    /// True if the token of one asset is good for another: that of a page also for its Instagram account, with Facebook Login.
    pub fn reaches(&self, own: AssetKey, other: AssetKey) -> bool {
        let asset = self.config().asset(other);
        own == other || (asset.linked_page() == Some(own) && asset.login_of(self.app()) == Login::Facebook)
    }

    /// The thread of a PSID that stands in a parameter. Only what is nobody's PSID must at least be a number.
    pub fn thread_of_param(&self, param: &str, psid: &str) -> Result<ThreadKey, Failure> {
        let is_known = self.config().people.thread_of(psid).is_some();
        match is_known || is_id(psid) {
            true => self.thread(psid),
            false => Err(catalogue::PARAM_ID.with(&[("param", param)]).into()),
        }
    }

    /// The thread of the call is known. From now on it is in flight for that thread alone.
    pub fn is_about(&self, thread: ThreadKey) {
        self.in_flight.is_about(thread);
    }

    fn is_about_thread_of(&self, command: &Command) {
        if let Some(thread) = subjects_of_command(command).thread {
            self.is_about(thread);
        }
    }

    /// The ledger entry of the command that the call became, if it became one.
    pub fn cause(&self) -> Option<u64> {
        Some(self.cause.load(Ordering::Relaxed)).filter(|cause| *cause > 0)
    }

    /// The request as the ledger records it.
    pub fn raw(&self) -> RawCall {
        raw_call(self.head, self.body, self.world().max_recorded_body())
    }

    /// Executes a command; a refusal becomes Meta's error. A call that came before a reset of the world fails.
    pub fn execute(&self, command: Command) -> Result<Executed, Failure> {
        if self.world().is_stale(self.generation) {
            return Err(catalogue::UNAVAILABLE.error().into());
        }
        self.is_about_thread_of(&command);
        let executed = self.world().execute(self.source(), command);
        let (Ok(Executed { cause, .. }) | Err(NotExecuted { cause, .. })) = &executed;
        self.cause.store(*cause, Ordering::Relaxed);
        executed.map_err(|refused| self.failure(&refused.refusal))
    }

    /// Executes a command, and answers with what `body` makes of the reply. If nothing can change that answer any more, the command and the
    /// call are recorded in one go, so that a send takes the world's lock once for both.
    pub fn execute_and_answer(&self, command: Command, body: impl Fn(&Reply) -> Vec<u8>) -> response::Result {
        let is_final = !self.meets_fault && FORM_OPTIONS.iter().all(|option| self.params.get(option).is_none());
        if !is_final || self.world().is_stale(self.generation) {
            return Ok(AnswerBody::Open(body(&self.execute(command)?.answer)));
        }
        self.is_about_thread_of(&command);
        let answered = self.world().execute_call(self.source(), command, |executed| {
            let answer = Bytes::from(body(&executed.answer));
            let (kept, answer_cut) = recorded_answer(&answer, self.world().max_recorded_body());
            let call = GraphCall {
                by: self.source(),
                request: self.raw(),
                status: StatusCode::OK.as_u16(),
                answer: kept,
                answer_cut,
                error: None,
                rule: None,
                fault: None,
                lost: None,
            };
            (answer, Record::GraphCall(Box::new(call)))
        });
        match answered {
            Ok(answer) => Ok(AnswerBody::Recorded(answer)),
            Err(NotExecuted { refusal, cause }) => {
                self.cause.store(cause, Ordering::Relaxed);
                Err(self.failure(&refusal))
            }
        }
    }

    /// Fires the fault that is armed for this call, if any.
    pub fn trigger(&self, point: &FaultPoint) -> Option<Fired> {
        self.world().trigger(self.generation, point)
    }

    /// The fault for the server to apply to the response. The call stays in flight while the response is delayed.
    pub fn response_fault(&self, delay: Duration, wire_fault: Option<WireFault>) -> ResponseFault {
        ResponseFault { delay, wire_fault, keeps: Some(Arc::new(self.in_flight.clone())) }
    }

    /// A refusal as Meta's error.
    pub fn failure(&self, refusal: &Refusal) -> Failure {
        let config = self.config();
        let app = config.app(self.app()).id.to_string();
        let (platform, knobs) = match self.in_flight.thread().map(|thread| config.asset(thread.asset)) {
            Some(asset) => (asset.platform(), asset.knobs),
            None => (Platform::Messenger, self.knobs()),
        };
        let error = refusals::graph_error(refusal, &app, &knobs, platform);
        Failure { error, rule: refusal.rule }
    }

    /// Meta's error for an object that does not exist, or that the token cannot see.
    pub fn unknown_object(&self, id: &str) -> Failure {
        let method = self.method.as_str().to_ascii_lowercase();
        catalogue::UNKNOWN_OBJECT.with(&[("method", &method), ("id", id)]).into()
    }

    /// The thread of a conversation's id, on any page, and whether or not anything happened in it.
    pub fn thread_of_conversation(&self, id: &str) -> Option<ThreadKey> {
        self.config().thread_of_conversation(id)
    }

    /// True if the calling app is granted the permission.
    pub fn has_permission(&self, permission: Permission) -> bool {
        !self.config().strict_permissions
            || self.world().read(|world, _, _| is_granted(world.config(), world.settings(), self.app(), permission))
    }

    /// The knobs of the asset that the call is about, or of the token's. An app's or user's token has the defaults.
    pub fn knobs(&self) -> Knobs {
        if let Some(thread) = self.in_flight.thread() {
            return self.config().asset(thread.asset).knobs;
        }
        match self.holder {
            Principal::Asset(page, _) => self.config().asset(page).knobs,
            Principal::App(_) | Principal::User(..) => Knobs::default(),
        }
    }

    /// Writes a ledger entry.
    pub fn record(&self, cause: Option<u64>, record: Record) {
        self.world().write_of(self.generation, cause, record);
    }

    /// Records a read and the rule that decided its answer.
    pub fn record_read(&self, rule: rules::RuleId) {
        self.record(None, Record::Read { by: self.source(), rule });
    }

    /// Warns in the ledger about a body that Meta does not read as what it is.
    fn warn_about_undeclared_json(&self) {
        if !self.params.has_undeclared_json {
            return;
        }
        let declared = match self.head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
            Some(content_type) => format!("its content type is {}", cut(content_type)),
            None => "it has no content type".to_owned(),
        };
        self.warn(format!(
            "{}: the body is JSON, but {declared}, so that Meta reads a form and finds no parameters in it; send `Content-Type: application/json`",
            self.text
        ));
    }

    /// Warns in the ledger about parameters that Meta silently ignores: at most one warning for each call.
    pub fn warn_about_unknown_params(&self, known: &[&str]) {
        if self.params.has_undeclared_json {
            return;
        }
        let unknown: Vec<&str> = self.params.unknown(known).collect();
        let Some(first) = unknown.first() else { return };
        let nearest = suggest::did_you_mean(first, known.iter().copied());
        let others = if unknown.len() > 1 { format!(" (and {} more)", unknown.len() - 1) } else { String::new() };
        let first = cut(first);
        self.warn(format!("{}: unknown parameter `{first}`{others} was ignored{nearest}", self.text));
    }

    /// Writes a warning into the ledger, and into the answer with `debug=all`.
    pub fn warn(&self, text: impl Into<Box<str>>) {
        self.write_warning(WarningKind::Problem, text.into());
    }

    /// Warns that nothing is ever sent of what an app subscribes. The call itself is right.
    pub fn warn_never_sent(&self, what: &str) {
        self.write_warning(WarningKind::NeverSent, format!("graphdouble never sends a webhook of {what}").into());
    }

    fn write_warning(&self, kind: WarningKind, text: Box<str>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(text.clone());
        self.record(None, Record::Warning { app: Some(self.app()), kind, text });
    }
}

fn unknown_on_instagram() -> Failure {
    Failure::by_rule(catalogue::NO_MATCHING_INSTAGRAM_USER.error(), rules::INSTAGRAM_UNKNOWN_PERSON)
}
