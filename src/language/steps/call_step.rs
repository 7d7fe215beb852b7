//! A `call` step: a raw Graph call, as the script writes it.

use serde_json::Value;

use super::read_node::{json, one_verb, own_text, text};
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;

#[derive(Debug, Clone)]
pub struct CallStep {
    /// The app whose token the call bears.
    pub app: Option<String>,
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    pub body: Option<Value>,
    /// Another token than the app's.
    pub token: Option<String>,
    pub headers: Vec<(String, String)>,
    /// What the answer must be like.
    pub returns: Option<Value>,
}

pub(super) fn read_call_step(node: &Node) -> Result<CallStep, Diagnostic> {
    let call = node.get("call").ok_or_else(|| node.mistake("a `call` step needs `call`"))?;
    let (method, path) = match one_verb(call, "call", &["get", "post", "delete"])? {
        Some(("get", path)) => ("GET", path),
        Some(("delete", path)) => ("DELETE", path),
        Some((_, path)) => ("POST", path),
        None => return Err(call.mistake("a call has `get`, `post` or `delete` with a path")),
    };
    if !path.text().is_some_and(|path| path.starts_with('/')) {
        return Err(path.mistake("a path begins with `/`").note("like /me/messages"));
    }
    Ok(CallStep {
        app: text(call, "as"),
        method,
        path: own_text(path),
        body: json(call, "body"),
        token: text(call, "token"),
        headers: call.pairs("headers"),
        returns: json(node, "returns"),
    })
}
