//! Method and path of a Graph call, without the version of the Graph API.

use crate::domain::model::config::Config;
use crate::engine::ledger_entry::{Actor, GraphCall};

/// Method and path of a call, without the version of the Graph API: `POST`, `/me/messages`.
pub fn method_and_path(call: &GraphCall) -> (&str, &str) {
    let Actor::Graph { call, .. } = &call.by else { return ("", "") };
    let (method, path) = call.split_once(' ').unwrap_or((call, ""));
    (method, without_version(path))
}

/// A path without the version at its beginning.
pub fn without_version(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/v") else { return path };
    let (version, _) = rest.split_once('/').unwrap_or((rest, ""));
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_version { &rest[version.len()..] } else { path }
}

/// True if a call is at this path. `/me/…` is the same as with the id of a page or of the app; a word without a slash is the last part of
/// the path.
pub fn is_at(config: &Config, call: &GraphCall, wanted: &str) -> bool {
    let (_, path) = method_and_path(call);
    let wanted = without_version(wanted);
    if !wanted.contains('/') {
        return path.rsplit('/').next() == Some(wanted);
    }
    path == wanted || as_me(config, call, path) == as_me(config, call, wanted)
}

/// A path with `/me` in the place of the id of a page, or of the app that calls.
pub fn as_me(config: &Config, call: &GraphCall, path: &str) -> String {
    let rest = path.strip_prefix('/').unwrap_or(path);
    let (node, edge) = rest.split_once('/').map_or((rest, None), |(node, edge)| (node, Some(edge)));
    let is_page = || config.assets.iter().any(|page| page.id.to_string() == node);
    let is_app = || call.by.app().is_some_and(|app| config.app(app).id.to_string() == node);
    let node = if is_page() || is_app() { "me" } else { node };
    edge.map_or_else(|| format!("/{node}"), |edge| format!("/{node}/{edge}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_version_and_nothing_else() {
        assert_eq!(without_version("/v25.0/me/messages"), "/me/messages");
        assert_eq!(without_version("/me/messages"), "/me/messages");
        assert_eq!(without_version("/vip/messages"), "/vip/messages");
        assert_eq!(without_version("/v25.0"), "");
    }
}
