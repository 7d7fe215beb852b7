//! An app that calls with its id and secret in the place of a token, as the two `/oauth/…` edges want it.

use crate::domain::model::ids::AppId;
use crate::engine::{Engine, Grant};

use super::auth::{self, Credential};
use super::params::Params;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;

/// True for the edges that take an id and a secret.
pub fn are_needed(segments: &[String]) -> bool {
    matches!(segments, [oauth, edge] if oauth == "oauth" && ["access_token", "client_code"].contains(&edge.as_str()))
}

/// The app whose id and secret the call has. Worlds may share an app: the token or code of the call says which world is meant.
pub fn authenticate(engine: &Engine, params: &Params) -> Result<Credential, Failure> {
    let id = params.text("client_id")?.ok_or_else(|| catalogue::CLIENT_ID_MISSING.error())?;
    let secret = params.text("client_secret")?.ok_or_else(|| catalogue::CLIENT_SECRET_MISSING.error())?;
    let text = format!("{id}|{secret}");
    let mut grants = engine.grants(&text);
    // The opaque token begins with the id as well, and is no secret of the app.
    grants.retain(|grant| *grant.world.config().app(grant.holder.app()).secret == *secret);
    let (exchanged, code) = (params.text("fb_exchange_token")?, params.text("code")?);
    let borne = params.text("access_token")?;
    let knows_code = |grant: &&Grant| {
        let knows =
            |code: &str| grant.world.read(|world, _, _| world.settings().tokens.knows_code(grant.holder.app(), code));
        code.as_deref().is_some_and(knows)
    };
    let by_code = grants.iter().find(knows_code).filter(|_| exchanged.is_none()).cloned();
    let grant = by_code.or_else(|| auth::meant(engine, &grants, exchanged.as_deref().or(borne.as_deref())));
    let grant = grant.ok_or_else(|| match id.parse().is_ok_and(|id| engine.knows_app(AppId(id))) {
        true => catalogue::CLIENT_SECRET_WRONG.error(),
        false => catalogue::CLIENT_UNKNOWN.error(),
    })?;
    Ok(Credential { grant, text: text.into() })
}
