//! Graph room: one call, understood as far as every edge needs it: method, path, parameters, and whose it is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::http::header::{CONTENT_TYPE, HOST, IF_NONE_MATCH};
use hyper::http::request::Parts;
use hyper::http::uri::Scheme;
use hyper::http::{HeaderValue, Method};

use crate::domain::command::Command;
use crate::domain::model::access::{Permission, TokenKey};
use crate::domain::model::ids::{AppKey, PageKey, ThreadKey, thread_of_conversation};
use crate::domain::model::knobs::Knobs;
use crate::domain::policy::access::is_granted;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::engine::armed::Fired;
use crate::engine::fault::FaultPoint;
use crate::engine::ledger::{RawCall, Record, Source};
use crate::engine::{ActiveWorld, Engine, Executed, Grant, GraphCall, Principal, Refused};

use super::auth::{self, Credential};
use super::client_credentials;
use super::params::Params;
use super::path::{Path, Version};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::errors::refusals;
use crate::response_fault::{ResponseFault, WireFault};
use crate::text::suggest;

/// Characters of a caller's own words that are said back.
const MAX_QUOTED: usize = 100;

fn is_connected(grant: &Grant) -> bool {
    match grant.holder {
        Principal::Page(page, app) => grant.world.read(|world, _, _| world.is_connected(page, app)),
        Principal::App(_) | Principal::User(..) => false,
    }
}

/// A host that resolves nowhere, for calls that came over no socket.
const NOWHERE: &str = "graphdouble.invalid";

/// Scheme, host and version as the caller sees them, so that whoever follows a link stays here and is not sent to Meta.
#[derive(Debug)]
struct Address {
    scheme: Scheme,
    host: Option<HeaderValue>,
    version: Version,
}

impl Address {
    fn of(head: &Parts, path: &Path) -> Self {
        Self {
            scheme: head.extensions.get::<Scheme>().cloned().unwrap_or(Scheme::HTTP),
            host: head.headers.get(HOST).cloned(),
            version: path.version,
        }
    }
}

/// A request as the ledger keeps it.
pub fn raw_call(head: &Parts, body: &Bytes) -> RawCall {
    RawCall { uri: head.uri.clone(), content_type: head.headers.get(CONTENT_TYPE).cloned(), body: body.clone() }
}

/// A Graph call.
#[derive(Debug)]
pub struct Call {
    /// The method, after `method=` had its say.
    pub method: Method,
    /// Node and edge.
    pub segments: Vec<String>,
    /// The parameters.
    pub params: Params,
    /// Whose token it bears.
    pub holder: Principal,
    /// Which token of the world that is.
    pub token: TokenKey,
    /// The token itself.
    pub token_text: Box<str>,
    /// The `ETag` that the caller has already.
    pub known_etag: Option<HeaderValue>,
    address: Address,
    /// What the caller is told with `debug=all`.
    warnings: Mutex<Vec<Box<str>>>,
    under_way: GraphCall,
    generation: u64,
    raw: Arc<RawCall>,
    text: Box<str>,
    /// Whether the token's app was connected to its page when the call came.
    connected: bool,
    /// The entry of the command that it became; 0 before that.
    cause: AtomicU64,
}

impl Call {
    /// Understands a request.
    pub fn read(engine: &Engine, head: &Parts, path: Path, body: &Bytes) -> Result<Self, Box<Failure>> {
        let params = Params::read(head, body).map_err(Failure::boxed)?;
        let credential = match client_credentials::are_needed(&path.segments) {
            true => client_credentials::authenticate(engine, &params),
            false => auth::authenticate(engine, head, &path, &params),
        };
        let Credential { grant, text: token_text } = credential.map_err(Box::new)?;
        let method = match params.text("method").map_err(Failure::boxed)? {
            Some(method) => Method::from_bytes(method.to_ascii_uppercase().as_bytes()).map_err(|_| {
                Failure::boxed(catalogue::PARAM_MUST_BE.with(&[("param", "method"), ("kind", "a method")]))
            })?,
            None => head.method.clone(),
        };
        Ok(Self {
            text: [method.as_str(), " ", head.uri.path()].concat().into(),
            method,
            known_etag: head.headers.get(IF_NONE_MATCH).cloned(),
            address: Address::of(head, &path),
            warnings: Mutex::default(),
            segments: path.segments,
            params,
            holder: grant.holder,
            token: grant.token,
            token_text,
            generation: grant.world.generation(),
            connected: is_connected(&grant),
            cause: AtomicU64::new(0),
            raw: Arc::new(raw_call(head, body)),
            under_way: grant.world.begin_call(),
        })
    }

    /// The address that was called, up to the version: what a link in an answer begins with.
    pub fn base_url(&self) -> String {
        let Address { scheme, host, version } = &self.address;
        let host = host.as_ref().and_then(|host| host.to_str().ok()).unwrap_or(NOWHERE);
        format!("{scheme}://{host}/{}", version.served_version())
    }

    /// What the caller should know although the call went well.
    pub fn warnings(&self) -> Vec<Box<str>> {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(cause) = self.cause() else { return warnings };
        self.world().read(|_, ledger, _| {
            let caused = ledger.after(cause).into_iter().flatten().filter(|entry| entry.cause == cause);
            warnings.extend(caused.filter_map(|entry| entry.record.warning()).map(Box::<str>::from));
        });
        warnings
    }

    /// The world that is called.
    pub fn world(&self) -> &Arc<ActiveWorld> {
        self.under_way.world()
    }

    /// The app that calls.
    pub fn app(&self) -> AppKey {
        self.holder.app()
    }

    /// The page that the token is for.
    pub fn page(&self) -> Result<PageKey, Failure> {
        match self.holder {
            Principal::Page(page, _) if self.connected => Ok(page),
            Principal::Page(_, app) => {
                let id = self.world().config().app(app).id.to_string();
                let error = catalogue::TOKEN_APP_REMOVED.with(&[("app", &id)]);
                Err(Failure::by_rule(error, rules::APP_CONNECTED))
            }
            Principal::App(_) | Principal::User(..) => Err(catalogue::PAGE_TOKEN_NEEDED.error().into()),
        }
    }

    /// Who asks, for the ledger.
    pub fn source(&self) -> Source {
        Source::Graph { app: self.app(), call: self.text.clone() }
    }

    /// The thread of a PSID on the token's page.
    pub fn thread(&self, psid: &str) -> Result<ThreadKey, Failure> {
        let page = self.page()?;
        if psid.is_empty() || psid.bytes().all(|byte| byte == b'0') {
            return Err(catalogue::NOT_A_USER.error().into());
        }
        let thread = self.world().config().people.thread_of(psid).filter(|thread| thread.page == page);
        thread.ok_or_else(|| Failure::by_rule(catalogue::NO_MATCHING_USER.error(), rules::UNKNOWN_PERSON))
    }

    /// The thread of a conversation's id, on whatever page, and whether or not anything happened in it.
    pub fn thread_of_conversation(&self, id: &str) -> Option<ThreadKey> {
        let digits = id.strip_prefix("t_")?.parse().ok()?;
        thread_of_conversation(self.world().config().seed, digits)
    }

    /// True if the calling app is granted the permission.
    pub fn is_granted(&self, permission: Permission) -> bool {
        self.world().read(|world, _, _| is_granted(world.config(), world.settings(), self.app(), permission))
    }

    /// The entry of the command that the call became, if it became one.
    pub fn cause(&self) -> Option<u64> {
        Some(self.cause.load(Ordering::Relaxed)).filter(|cause| *cause > 0)
    }

    /// The call as it came.
    pub fn raw(&self) -> Arc<RawCall> {
        self.raw.clone()
    }

    /// Has the world execute; a refusal is told in Meta's words. A call that waited while the world was reset comes too late.
    pub fn execute(&self, command: Command) -> Result<Executed, Failure> {
        if self.world().is_stale(self.generation) {
            return Err(catalogue::UNAVAILABLE.error().into());
        }
        let executed = self.world().execute(self.source(), command);
        let (Ok(Executed { cause, .. }) | Err(Refused { cause, .. })) = &executed;
        self.cause.store(*cause, Ordering::Relaxed);
        executed.map_err(|refused| self.failure(&refused.refusal))
    }

    /// The fault that meets this call fires.
    pub fn trigger(&self, occasion: &FaultPoint) -> Option<Fired> {
        self.world().trigger(self.generation, occasion)
    }

    /// How its answer is to be spoiled. While it is held back the call counts as under way; one that is never answered does not.
    pub fn response_fault(&self, delay: Duration, wire_fault: Option<WireFault>) -> ResponseFault {
        ResponseFault { delay, wire_fault, keeps: Some(Arc::new(self.under_way.clone())) }
    }

    /// A refusal in Meta's words.
    pub fn failure(&self, refusal: &Refusal) -> Failure {
        let config = self.world().config();
        let app = config.app(self.app()).id.to_string();
        let error = refusals::error(refusal, &app, self.knobs().disabled_error);
        Failure { error, rule: refusal.rule }
    }

    /// The error for an object that the token cannot see, or that knows no such method.
    pub fn unknown_object(&self, id: &str) -> Failure {
        let method = self.method.as_str().to_ascii_lowercase();
        catalogue::UNKNOWN_OBJECT.with(&[("method", &method), ("id", id)]).into()
    }

    /// The switches of the token's page; the usual ones for an app's own token.
    pub fn knobs(&self) -> Knobs {
        match self.holder {
            Principal::Page(page, _) => self.world().config().page(page).knobs,
            Principal::App(_) | Principal::User(..) => Knobs::default(),
        }
    }

    /// Writes an entry of the ledger.
    pub fn note(&self, cause: Option<u64>, record: Record) {
        self.world().write_of(self.generation, cause, record);
    }

    /// Notes that something was read, and by which rule it was answered.
    pub fn note_read(&self, rule: rules::RuleId) {
        self.note(None, Record::Read { by: self.source(), rule });
    }

    /// Warns in the ledger of parameters that Meta would silently ignore: one warning, however many there are.
    pub fn warn_of_unknown_params(&self, known: &[&str]) {
        let unknown: Vec<&str> = self.params.unknown(known).collect();
        let Some(first) = unknown.first() else { return };
        let nearest = suggest::did_you_mean(first, known.iter().copied());
        let others = if unknown.len() > 1 { format!(" (and {} more)", unknown.len() - 1) } else { String::new() };
        let first: String = first.chars().take(MAX_QUOTED).collect();
        self.warn(format!("{}: unknown parameter `{first}`{others} was ignored{nearest}", self.text));
    }

    /// Warns in the ledger.
    pub fn warn(&self, text: impl Into<Box<str>>) {
        let text = text.into();
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(text.clone());
        self.note(None, Record::Warning { app: Some(self.app()), text });
    }
}
