//! Graph room: whose call it is. Finds the token wherever a client puts it, and checks its proof.

use hyper::http::header::AUTHORIZATION;
use hyper::http::request::Parts;

use crate::engine::{Engine, Grant, Holder};
use crate::wire::signature::appsecret_proof;

use super::catalogue::{self, GraphError};
use super::params::Params;

/// The grant that the call's token stands for. A parameter wins over the header.
pub fn authenticate(engine: &Engine, head: &Parts, params: &Params) -> Result<Grant, GraphError> {
    let token = match params.text("access_token")? {
        Some(token) => token,
        None => header_token(head).ok_or_else(|| catalogue::TOKEN_MISSING.error())?.into(),
    };
    let grant = engine.grant(&token).ok_or_else(|| catalogue::TOKEN_INVALID.error())?;
    check_proof(&grant, &token, params)?;
    Ok(grant)
}

/// The grant of a token that stands outside the body, for a call whose body cannot be read.
pub fn from_head(engine: &Engine, head: &Parts) -> Option<Grant> {
    let params = Params::of_query(head);
    let token = params.text("access_token").ok().flatten().or_else(|| header_token(head).map(Into::into))?;
    engine.grant(&token)
}

fn header_token(head: &Parts) -> Option<String> {
    let value = head.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim().to_owned())
}

fn check_proof(grant: &Grant, token: &str, params: &Params) -> Result<(), GraphError> {
    let Some(proof) = params.text("appsecret_proof")? else { return Ok(()) };
    let (Holder::Page(_, app) | Holder::App(app)) = grant.holder;
    let expected = appsecret_proof(&grant.world.config().app(app).secret, token);
    if proof.eq_ignore_ascii_case(&expected) { Ok(()) } else { Err(catalogue::PROOF_INVALID.error()) }
}
