//! Calls that come late: to a person of an earlier world, whose token a later world has taken over. The earlier world answers them, and
//! they stand in its ledger.

use std::borrow::Cow;

use super::param_value::ParamValue;
use super::params::{Params, scalar};
use super::path::Path;
use super::relaxed_json::structured;
use crate::engine::{ActiveWorld, Engine, Grant};

/// What the token gives access to in the world that the call is about: that of the grant, unless the call names a person or a message that only an earlier world of the token knows.
pub fn grant(engine: &Engine, grant: Grant, token: &str, (path, params): (&Path<'_>, &Params<'_>)) -> Grant {
    let named = ids(path, params);
    let is_late = |id: &Cow<'_, str>| !knows(&grant.world, id);
    let earlier =
        named.iter().filter(|id| is_late(id)).find_map(|id| engine.retired_grant(token, |world| knows(world, id)));
    earlier.unwrap_or(grant)
}

/// Everything in a call that may be the id of a person or a message.
fn ids<'c>(path: &'c Path<'_>, params: &'c Params<'_>) -> Vec<Cow<'c, str>> {
    let of_path = path.segments.iter().map(|segment| Cow::Borrowed(&**segment));
    let of_params = params.iter().filter(|(name, _)| *name != "access_token").flat_map(|(_, value)| ids_in(value));
    of_path.chain(of_params).filter(|id| may_be_id(id)).collect()
}

/// A value itself, what a list has, and the `id` or `mid` of an object.
fn ids_in<'c>(value: &'c ParamValue<'c>) -> Vec<Cow<'c, str>> {
    let Some(parsed) = structured(value) else { return scalar(value).into_iter().collect() };
    let inner: Vec<&ParamValue<'_>> = match &*parsed {
        ParamValue::List(items) => items.iter().collect(),
        ParamValue::Object(map) => ["id", "mid", "message_id"].iter().filter_map(|key| map.get(key)).collect(),
        _ => Vec::new(),
    };
    inner.into_iter().filter_map(scalar).map(|id| Cow::Owned(id.into_owned())).collect()
}

fn may_be_id(text: &str) -> bool {
    text.starts_with("m_") || (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn knows(world: &ActiveWorld, id: &str) -> bool {
    match id.starts_with("m_") {
        true => world.read(|world, _, _| world.message(id).is_some()),
        false => world.config().people.thread_of(id).is_some(),
    }
}
