//! Graph room: one call, understood as far as every edge needs it: method, path, parameters, and whose it is.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::Method;
use hyper::http::request::Parts;

use crate::domain::command::Command;
use crate::domain::ids::{AppKey, PageKey, ThreadKey};
use crate::domain::rules;
use crate::engine::ledger::{Record, Source};
use crate::engine::{Engine, GraphCall, Holder, Hosted, Obeyed};

use super::auth;
use super::catalogue;
use super::failure::Failure;
use super::params::Params;
use super::path::Path;
use super::refusals;
use crate::suggest;

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
    pub holder: Holder,
    under_way: GraphCall,
    text: Box<str>,
}

impl Call {
    /// Understands a request.
    pub fn read(engine: &Engine, head: &Parts, path: &Path, body: &Bytes) -> Result<Self, Box<Failure>> {
        let params = Params::read(head, body).map_err(Failure::boxed)?;
        let grant = auth::authenticate(engine, head, &params).map_err(Failure::boxed)?;
        let method = match params.text("method").map_err(Failure::boxed)? {
            Some(method) => Method::from_bytes(method.to_ascii_uppercase().as_bytes()).map_err(|_| {
                Failure::boxed(catalogue::PARAM_MUST_BE.with(&[("param", "method"), ("kind", "a method")]))
            })?,
            None => head.method.clone(),
        };
        Ok(Self {
            text: format!("{method} {}", head.uri.path()).into(),
            method,
            segments: path.segments.clone(),
            params,
            holder: grant.holder,
            under_way: grant.world.begin_call(),
        })
    }

    /// The world that is called.
    pub fn world(&self) -> &Arc<Hosted> {
        self.under_way.world()
    }

    /// The app that calls.
    pub fn app(&self) -> AppKey {
        let (Holder::Page(_, app) | Holder::App(app)) = self.holder;
        app
    }

    /// The page that the token is for.
    pub fn page(&self) -> Result<PageKey, Failure> {
        match self.holder {
            Holder::Page(page, app) if self.world().read(|world, _, _| world.is_connected(page, app)) => Ok(page),
            Holder::Page(_, app) => {
                let id = self.world().config().app(app).id.to_string();
                let error = catalogue::TOKEN_APP_REMOVED.with(&[("app", &id)]);
                Err(Failure::by_rule(error, rules::APP_CONNECTED))
            }
            Holder::App(_) => Err(catalogue::PAGE_TOKEN_NEEDED.error().into()),
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

    /// Has the world obey; a refusal is told in Meta's words.
    pub fn obey(&self, command: Command) -> Result<Obeyed, Failure> {
        self.world().obey(self.source(), command).map_err(|refused| {
            let app = self.world().config().app(self.app()).id.to_string();
            Failure {
                error: refusals::error(&refused.refusal, &app),
                rule: refused.refusal.rule,
                cause: Some(refused.cause),
            }
        })
    }

    /// Notes that something was read, and by which rule it was answered.
    pub fn note_read(&self, rule: rules::RuleId) {
        self.world().write(None, Record::Read { by: self.source(), rule });
    }

    /// Warns in the ledger of parameters that Meta would silently ignore.
    pub fn warn_of_unknown_params(&self, known: &[&str]) {
        for name in self.params.unknown(known) {
            let nearest = suggest::did_you_mean(name, known.iter().copied());
            self.warn(format!("{}: unknown parameter `{name}` was ignored{nearest}", self.text));
        }
    }

    /// Warns in the ledger.
    pub fn warn(&self, text: impl Into<Box<str>>) {
        self.world().write(None, Record::Warning { app: Some(self.app()), text: text.into() });
    }
}
