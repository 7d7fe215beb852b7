//! Authentication of a call: finds the token, checks that it is valid now, and checks `appsecret_proof`.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use hyper::http::header::AUTHORIZATION;
use hyper::http::request::Parts;

use crate::domain::model::access::TokenKey;
use crate::domain::model::ids::AppId;
use crate::domain::model::knobs::Knobs;
use crate::domain::model::platform::Platform;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::engine::{Engine, Grant, Principal};
use crate::wire::signature::appsecret_proof;

use super::late_call;
use super::params::Params;
use super::path::Path;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;
use crate::graph::errors::refusals;

/// What a valid token grants.
#[derive(Debug)]
pub struct Credential {
    pub grant: Grant,
    /// True if the token is one of a page and its app is connected to that page.
    pub connected: bool,
}

/// Where a request has its token. Meta answers a bad one with another status in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPlace {
    /// `access_token` in the query or the body; or nowhere.
    Parameter,
    /// The header `Authorization`.
    Header,
}

/// Marks a request that we make ourselves. It carries in the header a token that its maker has as a parameter, as bots have it.
#[derive(Debug, Clone, Copy)]
pub struct TokenIsParameter;

/// Where a request has its token.
pub fn token_place(head: &Parts, params: &Params<'_>) -> TokenPlace {
    let is_ours = head.extensions.get::<TokenIsParameter>().is_some();
    match head.headers.contains_key(AUTHORIZATION) && !is_ours && params.get("access_token").is_none() {
        true => TokenPlace::Header,
        false => TokenPlace::Parameter,
    }
}

/// The parameters of a request, or those of its query if the body cannot be read.
pub fn readable_params<'r>(head: &'r Parts, body: &'r Bytes) -> Params<'r> {
    Params::of_request(head, body).unwrap_or_else(|_| Params::of_query(head.uri.query()))
}

/// The credential of a call. The parameter `access_token` wins over the header.
pub fn authenticate(
    engine: &Engine,
    head: &Parts,
    path: &Path<'_>,
    params: &Params<'_>,
) -> Result<Credential, Failure> {
    let Some(text) = token_text(head, params)? else {
        let grant = grant_without_token(engine, path).ok_or_else(|| catalogue::TOKEN_MISSING.error())?;
        return Ok(Credential { grant, connected: false });
    };
    let grant = match params.text("input_token")? {
        None => engine.grant(&text),
        Some(other_token) => pick_grant(engine, &engine.grants(&text), Some(&other_token)),
    };
    let grant = grant.ok_or_else(|| unknown_token(&text))?;
    let grant = match engine.has_retired() {
        true => late_call::grant(engine, grant, &text, (path, params)),
        false => grant,
    };
    let connected = check_valid(&grant, &text)?;
    check_proof(&grant, &text, params)?;
    Ok(Credential { grant, connected })
}

/// Picks the grant of a token. Worlds may share an app, and its token is valid in all of them; then `other_token`, the token that the call
/// is about, decides which world is called.
pub fn pick_grant(engine: &Engine, grants: &[Grant], other_token: Option<&str>) -> Option<Grant> {
    let world = other_token.and_then(|token| engine.grant(token)).map(|grant| grant.world);
    let of_world = |grant: &&Grant| world.as_ref().is_some_and(|world| Arc::ptr_eq(world, &grant.world));
    grants.iter().find(of_world).or(grants.first()).cloned()
}

/// Phones report app events. They have no token of the app.
fn grant_without_token(engine: &Engine, path: &Path<'_>) -> Option<Grant> {
    match path.segments.as_slice() {
        [app, edge] if edge == "activities" || edge == "page_activities" => engine.app_grant(AppId(app.parse().ok()?)),
        _ => None,
    }
}

/// The grant of a request that could not be read as a call, if it has a known token.
pub fn grant_of(engine: &Engine, head: &Parts, body: &Bytes) -> Option<Grant> {
    engine.grant(&token_text(head, &readable_params(head, body)).ok()??)
}

/// The token of a request, if it has one.
pub fn token_text<'p>(head: &'p Parts, params: &'p Params<'_>) -> Result<Option<Cow<'p, str>>, GraphError> {
    Ok(params.text("access_token")?.or_else(|| header_token(head).map(Cow::Borrowed)))
}

fn header_token(head: &Parts) -> Option<&str> {
    let value = head.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim())
}

/// The error for an unknown token. A token of Instagram is recognized by its prefix.
pub fn unknown_token(text: &str) -> GraphError {
    match text.starts_with("IGAA") {
        true => catalogue::INSTAGRAM_TOKEN.error(),
        false => catalogue::TOKEN_INVALID.error(),
    }
}

/// Checks that the token is valid now. Returns true if it is one of a page to which its app is connected.
pub fn check_valid(grant: &Grant, text: &str) -> Result<bool, Failure> {
    let is_of_page = matches!(grant.holder, Principal::Asset(..));
    let version = grant.world.access_version();
    // Nothing has changed since an earlier call found the same, so the lock of the world need not be taken for it.
    if grant.is_known_valid(version) {
        return Ok(is_of_page);
    }
    let standing = grant.world.read(|world, _, now| {
        let known = world.token(grant.token);
        // A token that was issued before a reset has another text. An app's own token has two valid forms.
        let known = known.filter(|known| matches!(grant.token, TokenKey::App(_)) || known.text == text);
        let connected = match grant.holder {
            Principal::Asset(page, app) => world.is_connected(page, app),
            Principal::App(_) | Principal::User(..) => false,
        };
        known.map(|known| known.check(now).map(|()| (connected, known.expires.is_some())))
    });
    match standing {
        Some(Ok((connected, expires))) => {
            if connected == is_of_page && !expires {
                grant.note_valid(version);
            }
            Ok(connected)
        }
        Some(Err(refusal)) => Err(refusal_failure(grant, &refusal)),
        None => Err(unknown_token(text).into()),
    }
}

/// A refusal as Meta's error, before there is a [`Call`](super::call::Call).
pub fn refusal_failure(grant: &Grant, refusal: &Refusal) -> Failure {
    let app = grant.world.declared_config().app(grant.holder.app()).id.to_string();
    Failure { error: refusals::graph_error(refusal, &app, &Knobs::default(), Platform::Messenger), rule: refusal.rule }
}

/// The age of `appsecret_time` is not checked: it comes from the bot's clock, which is not the world's.
fn check_proof(grant: &Grant, token: &str, params: &Params<'_>) -> Result<(), Failure> {
    let app = grant.world.declared_config().app(grant.holder.app());
    let Some(proof) = params.text("appsecret_proof")? else {
        return match app.require_proof {
            true => Err(Failure::by_rule(catalogue::PROOF_NEEDED.error(), rules::PROOF_REQUIRED)),
            false => Ok(()),
        };
    };
    let time = params.text("appsecret_time")?;
    let expected = appsecret_proof(&app.secret, token, time.as_deref());
    if proof.eq_ignore_ascii_case(&expected) { Ok(()) } else { Err(catalogue::PROOF_INVALID.error().into()) }
}
