//! What `calls` says of an app: any Graph call, with its path, query and body.

use serde_json::Value;

use super::read_node::{json, one_verb};
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;

/// A Graph call that a puppet makes, or that a real app must make.
#[derive(Debug, Clone)]
pub struct CallPattern {
    pub method: &'static str,
    /// The path without the version: text, or a matcher.
    pub path: Value,
    /// What the parameters of the query are like.
    pub query: Option<Value>,
    /// What the parameters are like, wherever they stand.
    pub body: Option<Value>,
    /// What the answer must be like.
    pub returns: Option<Value>,
}

/// Reads the value of `calls`, and `returns` beside it.
pub(super) fn read_call_pattern(step: &Node, calls: &Node) -> Result<CallPattern, Diagnostic> {
    let (method, path) = match one_verb(calls, "calls", &["get", "post", "delete"])? {
        Some(("get", path)) => ("GET", path),
        Some(("delete", path)) => ("DELETE", path),
        Some((_, path)) => ("POST", path),
        None => return Err(calls.mistake("`calls` has `get`, `post` or `delete` with a path")),
    };
    if !path.is_map() && !path.text().is_some_and(|path| path.starts_with('/')) {
        let mistake = path.mistake("a path begins with `/`");
        return Err(mistake.note("like /me/messages, without a version; for other paths a matcher: { matches: … }"));
    }
    Ok(CallPattern {
        method,
        path: path.json(),
        query: json(calls, "query"),
        body: json(calls, "body"),
        returns: json(step, "returns"),
    })
}
