//! What an edge returns: the body of a success, or a failure.

use std::pin::Pin;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::graph::errors::failure::Failure;
use crate::wire::escape::{Escaping, to_bytes};

/// The body of a success, or the failure that an error body is made from.
pub type Result = std::result::Result<AnswerBody, Failure>;

/// The body of a success.
#[derive(Debug)]
pub enum AnswerBody {
    /// Options and faults may still change it. After that, the call is recorded.
    Open(Vec<u8>),
    /// It is final, and the call is in the ledger.
    Recorded(Bytes),
}

/// What a handler returns that waits.
pub type ResultFuture<'c> = Pin<Box<dyn Future<Output = Result> + Send + 'c>>;

/// A value as JSON.
pub fn json<T: Serialize>(value: &T) -> Result {
    Ok(AnswerBody::Open(to_bytes(value, Escaping::Answer)))
}

/// An object of texts, without those that are missing. Every send is answered with one, so it is written by hand.
pub fn texts(pairs: &[(&str, Option<&str>)]) -> Vec<u8> {
    let length: usize = pairs.iter().map(|(name, text)| name.len() + text.map_or(0, str::len) + 6).sum();
    let mut body = Vec::with_capacity(length + 2);
    body.push(b'{');
    for (name, text) in pairs.iter().filter_map(|(name, text)| Some((name, (*text)?))) {
        if body.len() > 1 {
            body.push(b',');
        }
        for part in [b"\"", name.as_bytes(), b"\":"] {
            body.extend_from_slice(part);
        }
        put_text(&mut body, text);
    }
    body.push(b'}');
    body
}

fn put_text(body: &mut Vec<u8>, text: &str) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    // Without an early end, the compiler checks many bytes at once.
    match text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        true => [b"\"", text.as_bytes(), b"\""].into_iter().for_each(|part| body.extend_from_slice(part)),
        false => body.extend_from_slice(&to_bytes(&text, Escaping::Answer)),
    }
}

/// `{"success":true}`.
pub fn success() -> Result {
    Ok(AnswerBody::Open(br#"{"success":true}"#.to_vec()))
}

/// `{"result":"success"}`.
pub fn result_success() -> Result {
    Ok(AnswerBody::Open(br#"{"result":"success"}"#.to_vec()))
}

/// `{"data":[…]}`.
pub fn data(items: Vec<Value>) -> Result {
    json(&serde_json::json!({ "data": items }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_texts_is_the_json_of_serde() {
        for text in ["", "3001", "a \"b\" \\ \u{7f}\u{1}", "ä😀/<%@"] {
            let by_serde = |value: Value| to_bytes(&value, Escaping::Answer);
            assert_eq!(texts(&[("a", Some(text)), ("b", None), ("c", Some("x"))]), {
                by_serde(serde_json::json!({ "a": text, "c": "x" }))
            });
            assert_eq!(texts(&[("a", None)]), by_serde(serde_json::json!({})));
        }
    }
}
