//! Options that work on every successful response: `debug`, `pretty`, `callback`, and `If-None-Match`.

use std::borrow::Cow;

use hyper::http::Method;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::wire::escape::{Escaping, to_bytes, to_pretty_bytes};

use super::call::Call;

/// A success body with the options applied.
pub struct ShapedBody {
    pub body: Vec<u8>,
    /// Only responses to `GET` have one.
    pub etag: Option<String>,
    /// True if the caller already has this body.
    pub is_not_modified: bool,
    /// True if the body is a script that calls `callback`.
    pub is_script: bool,
}

pub fn apply_response_options(call: &Call, body: Vec<u8>) -> ShapedBody {
    let callback = text(call, "callback").filter(|name| is_script_name(name));
    let body = with_debug_and_indent(call, body);
    let body = match &callback {
        Some(name) => script(name, &body),
        None => body,
    };
    let etag = (call.method == Method::GET).then(|| format!("\"{}\"", hex::encode(Sha1::digest(&body))));
    let known = call.known_etag();
    let is_same = |etag: &str, one: &str| one == "*" || one.trim_start_matches("W/") == etag;
    let is_not_modified =
        etag.as_deref().zip(known).is_some_and(|(etag, known)| known.split(',').any(|one| is_same(etag, one.trim())));
    ShapedBody { body, etag, is_not_modified, is_script: callback.is_some() }
}

fn text<'c>(call: &'c Call<'_>, name: &str) -> Option<Cow<'c, str>> {
    call.params.text(name).ok().flatten()
}

fn with_debug_and_indent(call: &Call, body: Vec<u8>) -> Vec<u8> {
    let debugs = text(call, "debug").is_some_and(|level| ["all", "info", "warning"].contains(&&*level));
    let is_pretty = text(call, "pretty").is_some_and(|flag| ["1", "true"].contains(&&*flag));
    if !debugs && !is_pretty {
        return body;
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(&body) else { return body };
    if let (true, Value::Object(map)) = (debugs, &mut value) {
        let warnings = call.warnings();
        let messages: Vec<Value> = warnings.iter().map(|text| json!({ "message": text, "type": "warning" })).collect();
        map.insert("__debug__".to_owned(), json!({ "messages": messages }));
    }
    match is_pretty {
        true => to_pretty_bytes(&value, Escaping::Answer),
        false => to_bytes(&value, Escaping::Answer),
    }
}

fn is_script_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.$".contains(c))
}

fn script(name: &str, body: &[u8]) -> Vec<u8> {
    [b"/**/ ", name.as_bytes(), b"(", body, b");"].concat()
}
