//! Authentication of the calls below `/oauth/`: the app sends its id and secret instead of a token.

use std::borrow::Cow;

use crate::domain::model::ids::AppId;
use crate::engine::{Engine, Grant};

use super::auth::{Credential, pick_grant};
use super::param_object::ParamObject;
use super::param_table::ParamKind::Text;
use super::param_table::{ParamTable, needed};
use super::params::Params;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;

const MAX_SECRET: usize = 1000;

/// The text of a code or a token matters only to the call.
static CLIENT: ParamTable = ParamTable::of_call(&[
    needed("client_id", Text(MAX_SECRET), &catalogue::CLIENT_ID_MISSING),
    needed("client_secret", Text(MAX_SECRET), &catalogue::CLIENT_SECRET_MISSING),
]);

/// True for `/oauth/access_token` and `/oauth/client_code`.
pub fn are_used_at(segments: &[Cow<'_, str>]) -> bool {
    matches!(segments, [oauth, edge] if oauth == "oauth" && ["access_token", "client_code"].contains(&&**edge))
}

/// The app whose id and secret the call has. Worlds may share an app; then the code or token to exchange decides which world is called.
pub fn authenticate(engine: &Engine, params: &Params<'_>) -> Result<Credential, Failure> {
    let client = ParamObject::of_call(params, &CLIENT)?;
    let (id, secret) = (client.string("client_id"), client.string("client_secret"));
    let text = format!("{id}|{secret}");
    let mut grants = engine.grants(&text);
    // The app's opaque token also begins with its id. What follows the id there is not the app's secret.
    grants.retain(|grant| *grant.world.declared_config().app(grant.holder.app()).secret == *secret);
    let (exchanged, code) = (params.text("fb_exchange_token")?, params.text("code")?);
    let own_token = params.text("access_token")?;
    let knows_code = |grant: &&Grant| {
        let knows =
            |code: &str| grant.world.read(|world, _, _| world.settings().tokens.knows_code(grant.holder.app(), code));
        code.as_deref().is_some_and(knows)
    };
    let by_code = grants.iter().find(knows_code).filter(|_| exchanged.is_none()).cloned();
    let grant = by_code.or_else(|| pick_grant(engine, &grants, exchanged.as_deref().or(own_token.as_deref())));
    let grant = grant.ok_or_else(|| match id.parse().is_ok_and(|id| engine.knows_app(AppId(id))) {
        true => catalogue::CLIENT_SECRET_WRONG.error(),
        false => catalogue::CLIENT_UNKNOWN.error(),
    })?;
    Ok(Credential { grant, connected: false })
}
