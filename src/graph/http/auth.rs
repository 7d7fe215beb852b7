//! Graph room: whose call it is. Finds the token wherever a client puts it, asks the world whether it is good now, and checks its
//! proof.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::header::AUTHORIZATION;
use hyper::http::request::Parts;

use crate::domain::model::access::TokenKey;
use crate::domain::model::ids::AppId;
use crate::domain::model::knobs::Knobs;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::engine::{Engine, Grant};
use crate::wire::signature::appsecret_proof;

use super::params::Params;
use super::path::Path;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;
use crate::graph::errors::refusals;

/// A good token, and what it is good for.
#[derive(Debug)]
pub struct Credential {
    /// What it is good for.
    pub grant: Grant,
    /// The token.
    pub text: Box<str>,
}

/// The call's token. A parameter wins over the header.
pub fn authenticate(engine: &Engine, head: &Parts, path: &Path, params: &Params) -> Result<Credential, Failure> {
    let Some(text) = token_text(head, params)? else {
        let grant = without_token(engine, path).ok_or_else(|| catalogue::TOKEN_MISSING.error())?;
        return Ok(Credential { grant, text: "".into() });
    };
    let about = params.text("input_token")?;
    let grant = meant(engine, &engine.grants(&text), about.as_deref()).ok_or_else(|| unknown(&text))?;
    check_standing(&grant, &text)?;
    check_proof(&grant, &text, params)?;
    Ok(Credential { grant, text: text.into() })
}

/// Worlds may share an app, whose own token is then good in all of them: another token that the call is about says which world is
/// meant.
pub fn meant(engine: &Engine, grants: &[Grant], about: Option<&str>) -> Option<Grant> {
    let world = about.and_then(|token| engine.grant(token)).map(|grant| grant.world);
    let of_world = |grant: &&Grant| world.as_ref().is_some_and(|world| Arc::ptr_eq(world, &grant.world));
    grants.iter().find(of_world).or(grants.first()).cloned()
}

/// Events are reported by phones, which have no token of the app.
fn without_token(engine: &Engine, path: &Path) -> Option<Grant> {
    match path.segments.as_slice() {
        [app, edge] if edge == "activities" || edge == "page_activities" => engine.app_grant(AppId(app.parse().ok()?)),
        _ => None,
    }
}

/// What the token of a call stands for that cannot be answered, where anything still says which it is.
pub fn whose(engine: &Engine, head: &Parts, body: &Bytes) -> Option<Grant> {
    let params = Params::read(head, body).unwrap_or_else(|_| Params::of_query(head));
    engine.grant(&token_text(head, &params).ok()??)
}

fn token_text(head: &Parts, params: &Params) -> Result<Option<String>, GraphError> {
    Ok(params.text("access_token")?.map(|text| text.into_owned()).or_else(|| header_token(head)))
}

fn header_token(head: &Parts) -> Option<String> {
    let value = head.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim().to_owned())
}

/// The error for a token that nobody has. An Instagram user's is known by its looks.
pub fn unknown(text: &str) -> GraphError {
    match text.starts_with("IGAA") {
        true => catalogue::INSTAGRAM_TOKEN.error(),
        false => catalogue::TOKEN_INVALID.error(),
    }
}

/// Whether the token is good now.
pub fn check_standing(grant: &Grant, text: &str) -> Result<(), Failure> {
    let standing = grant.world.read(|world, _, now| {
        let known = world.token(grant.token);
        // An app's token has two forms. What was issued before a reset is none of the world's any more.
        let known = known.filter(|known| matches!(grant.token, TokenKey::App(_)) || known.text == text);
        known.map(|known| known.standing(now))
    });
    match standing {
        Some(Ok(())) => Ok(()),
        Some(Err(refusal)) => Err(refused(grant, &refusal)),
        None => Err(unknown(text).into()),
    }
}

/// A refusal in Meta's words, for an app that is not calling yet.
pub fn refused(grant: &Grant, refusal: &Refusal) -> Failure {
    let app = grant.world.config().app(grant.holder.app()).id.to_string();
    Failure { error: refusals::error(refusal, &app, Knobs::default().disabled_error), rule: refusal.rule }
}

/// How old `appsecret_time` is does not matter: it is told by the clock of the bot, which is not the world's.
fn check_proof(grant: &Grant, token: &str, params: &Params) -> Result<(), Failure> {
    let app = grant.world.config().app(grant.holder.app());
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
