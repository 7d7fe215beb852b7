//! Graph room: several calls in one: a `POST` with `batch`. Each item is a call of its own, which succeeds or fails by itself; one may
//! use what another answered.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use hyper::http::request::Parts;
use hyper::http::{HeaderName, HeaderValue, Method, Request, Response};
use serde_json::{Map, Value, json};

use crate::engine::fault::MAX_LATENCY;
use crate::response_fault::ResponseFault;

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::graph_response::BatchItems;
use crate::graph::http::multipart::FilePart;
use crate::graph::http::params::{Params, scalar, structured};

/// Calls of one batch.
const MAX_ITEMS: usize = 50;
/// Values that one reference may bring.
const MAX_VALUES: usize = 1000;
/// Bytes of an address or a body with everything filled in: as much as a call of its own may have.
const MAX_FILLED: usize = 1 << 20;

/// Marks a call that is an item of a batch. Such a call cannot be a batch itself.
#[derive(Debug, Clone, Copy)]
pub struct IsBatchItem;

/// One call of a batch.
#[derive(Debug, Default)]
struct Item {
    method: Method,
    url: String,
    body: String,
    name: Option<String>,
    depends_on: Option<String>,
    token: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    omits_response: Option<bool>,
    files: Vec<FilePart>,
}

/// What came of the items with a name: their bodies, or nothing where they failed.
type Named = BTreeMap<String, Option<Value>>;

/// Whether a call is a batch, whatever object it goes to.
pub fn is_batch(method: &Method, params: &Params) -> bool {
    *method == Method::POST && params.get("batch").is_some()
}

/// Has all items answered.
///
/// `answer_item` answers one of them; it gets nothing for an item that is no HTTP request.
pub async fn answer<F>(
    head: &Parts,
    params: &Params,
    answer_item: impl Fn(Option<Request<Bytes>>) -> F,
) -> Result<BatchItems, GraphError>
where
    F: Future<Output = Response<Bytes>>,
{
    let items = items(params)?;
    let with_headers = !matches!(params.text("include_headers")?.as_deref(), Some("false" | "0"));
    let mut named = Named::new();
    let mut answers = Vec::new();
    let mut delay = Duration::ZERO;
    for item in items {
        let answer = match prepare(&item, &named) {
            Some((url, body)) => Some(answer_item(request_of(head, params, &item, &url, body)).await),
            None => None,
        };
        let response_fault = answer.as_ref().and_then(|answer| answer.extensions().get::<ResponseFault>()).cloned();
        let ResponseFault { delay: late, wire_fault, .. } = response_fault.unwrap_or_default();
        delay = MAX_LATENCY.min(delay + late);
        // What breaks one answer on the wire breaks that of its item alone; the batch is a call of its own.
        let answer = answer.filter(|_| wire_fault.is_none());
        let succeeded = answer.as_ref().is_some_and(|answer| answer.status().is_success());
        if let Some(name) = &item.name {
            let body =
                answer.as_ref().filter(|_| succeeded).and_then(|answer| serde_json::from_slice(answer.body()).ok());
            named.insert(name.clone(), body);
        }
        answers.push(match answer {
            Some(_) if succeeded && item.omits_response == Some(true) => Value::Null,
            Some(answer) => described(&answer, with_headers),
            None => Value::Null,
        });
    }
    Ok(BatchItems { items: answers, delay })
}

fn items(params: &Params) -> Result<Vec<Item>, GraphError> {
    let wrong = || catalogue::PARAM_MUST_BE.with(&[("param", "batch"), ("kind", "an array")]);
    let batch = params.get("batch").and_then(structured).ok_or_else(wrong)?;
    let Value::Array(items) = batch.as_ref() else { return Err(wrong()) };
    if items.len() > MAX_ITEMS {
        return Err(catalogue::BATCH_TOO_LARGE.error());
    }
    let mut read: Vec<Item> = Vec::new();
    for (index, value) in items.iter().enumerate() {
        let value = structured(value);
        let Some(Value::Object(map)) = value.as_deref() else { return Err(wrong()) };
        read.push(item(index, map, params)?);
    }
    omit_what_others_use(&mut read);
    Ok(read)
}

fn item(index: usize, map: &Map<String, Value>, params: &Params) -> Result<Item, GraphError> {
    let text = |key: &str| map.get(key).and_then(scalar).map(|text| text.into_owned());
    let method = text("method").unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase();
    let url = text("relative_url")
        .ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", &format!("batch[{index}][relative_url]"))]))?;
    let attached = text("attached_files").unwrap_or_default();
    let is_attached = |file: &&FilePart| attached.split(',').any(|name| name.trim() == file.name);
    Ok(Item {
        method: Method::from_bytes(method.as_bytes()).map_err(|_| {
            let param = format!("batch[{index}][method]");
            catalogue::PARAM_MUST_BE.with(&[("param", &param), ("kind", "a method")])
        })?,
        url,
        body: text("body").unwrap_or_default(),
        name: text("name"),
        depends_on: text("depends_on"),
        token: text("access_token"),
        headers: headers(map.get("headers")),
        omits_response: text("omit_response_on_success").map(|flag| flag == "true" || flag == "1"),
        files: params.files().iter().filter(is_attached).cloned().collect(),
    })
}

/// What another item uses is not answered as well, unless the caller says otherwise.
fn omit_what_others_use(items: &mut [Item]) {
    let used: Vec<String> = items.iter().flat_map(|item| references(&item.url).chain(references(&item.body))).collect();
    for item in items.iter_mut().filter(|item| item.name.as_ref().is_some_and(|name| used.contains(name))) {
        item.omits_response.get_or_insert(true);
    }
}

/// Headers of an item: objects with `name` and `value`, or lines. Who calls and what it is made of is not up to them.
fn headers(value: Option<&Value>) -> Vec<(HeaderName, HeaderValue)> {
    let Some(Value::Array(list)) = value else { return Vec::new() };
    let pair = |item: &Value| match item {
        Value::String(line) => line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned())),
        _ => Some((item.get("name")?.as_str()?.to_owned(), item.get("value")?.as_str()?.to_owned())),
    };
    let read = |(name, value): (String, String)| Some((name.parse::<HeaderName>().ok()?, value.parse().ok()?));
    let is_ours = |name: &HeaderName| [AUTHORIZATION, CONTENT_TYPE, HOST, CONTENT_LENGTH].contains(name);
    list.iter().filter_map(pair).filter_map(read).filter(|(name, _)| !is_ours(name)).collect()
}

/// The names in `{result=name:$.path}`.
fn references(text: &str) -> impl Iterator<Item = String> {
    text.split("{result=").skip(1).filter_map(|rest| rest.split_once(':')).map(|(name, _)| name.to_owned())
}

/// Address and body with what other items answered filled in; nothing where one of those failed.
fn prepare(item: &Item, named: &Named) -> Option<(String, String)> {
    if item.depends_on.as_ref().is_some_and(|name| named.get(name).is_none_or(Option::is_none)) {
        return None;
    }
    Some((fill(&item.url, named)?, fill(&item.body, named)?))
}

fn fill(text: &str, named: &Named) -> Option<String> {
    let mut parts = text.split("{result=");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once('}')?;
        let (name, path) = reference.split_once(':')?;
        let values = look_up(named.get(name)?.as_ref()?, path)?;
        // Addresses and bodies are both encoded text, of which a value must not become more than a part.
        let encoded = |value: &&Value| {
            let text = scalar(value)?;
            Some(form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>())
        };
        filled.push_str(&values.iter().filter_map(encoded).collect::<Vec<_>>().join(","));
        filled.push_str(rest);
        if filled.len() > MAX_FILLED {
            return None;
        }
    }
    Some(filled)
}

/// What a JSONPath finds: `$.data.*.id`, `$.data[0].id`, `$.data[*].id`.
fn look_up<'v>(value: &'v Value, path: &str) -> Option<Vec<&'v Value>> {
    let path = path.strip_prefix('$')?.replace('[', ".").replace([']', '\''], "");
    let mut found = vec![value];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        found = found.into_iter().flat_map(|value| below(value, step)).take(MAX_VALUES).collect();
    }
    Some(found)
}

fn below<'v>(value: &'v Value, step: &str) -> Vec<&'v Value> {
    match (value, step) {
        (Value::Array(items), "*") => items.iter().collect(),
        (Value::Object(map), "*") => map.values().collect(),
        (Value::Array(items), place) => {
            place.parse().ok().and_then(|place: usize| items.get(place)).into_iter().collect()
        }
        (Value::Object(map), name) => map.get(name).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The item as a request; nothing if it cannot be one.
fn request_of(head: &Parts, params: &Params, item: &Item, url: &str, body: String) -> Option<Request<Bytes>> {
    let mut uri = format!("/{}", encoded(url.trim_start_matches('/')));
    let mut request = Request::builder().method(&item.method).extension(IsBatchItem);
    if let Some(headers) = request.headers_mut() {
        headers.extend(item.headers.iter().cloned());
        headers.extend(head.headers.get(HOST).map(|host| (HOST, host.clone())));
    }
    let has_token = |text: &str| text.split(['?', '&']).any(|part| part.starts_with("access_token="));
    let whole = params.text("access_token").ok().flatten();
    match (&item.token, whole) {
        _ if has_token(url) || has_token(&body) => {}
        (Some(token), _) => request = request.header(AUTHORIZATION, format!("Bearer {token}")),
        (None, Some(token)) => {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
            add_proof(&mut uri, params);
        }
        (None, None) => {
            if let Some(header) = head.headers.get(AUTHORIZATION) {
                request = request.header(AUTHORIZATION, header);
                add_proof(&mut uri, params);
            }
        }
    }
    let (content_type, body) = match item.files.is_empty() {
        true => ("application/x-www-form-urlencoded".to_owned(), Bytes::from(body)),
        false => with_files(&body, &item.files),
    };
    request.header(CONTENT_TYPE, content_type).uri(uri).body(body).ok()
}

/// The proof of the batch's own token goes with it.
fn add_proof(uri: &mut String, params: &Params) {
    let proof = params.text("appsecret_proof").ok().flatten();
    if let (Some(proof), false) = (proof, uri.contains("appsecret_proof=")) {
        uri.push(if uri.contains('?') { '&' } else { '?' });
        uri.push_str(&format!("appsecret_proof={}", encoded(&proof)));
    }
}

/// An address as callers write it, quotes, braces and spaces included, as one that HTTP knows.
fn encoded(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=31 | 127.. => {
                encoded.push_str(&format!("%{byte:02X}"));
            }
            _ => encoded.push(char::from(byte)),
        }
    }
    encoded
}

/// A form and files as one body of several parts, and what it is.
fn with_files(body: &str, files: &[FilePart]) -> (String, Bytes) {
    let boundary = boundary(files);
    let mut parts: Vec<u8> = Vec::new();
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", quoted(&name));
        parts.extend_from_slice(head.as_bytes());
        parts.extend_from_slice(value.as_bytes());
        parts.extend_from_slice(b"\r\n");
    }
    for file in files {
        let content_type = file.content_type.as_deref().unwrap_or("application/octet-stream");
        // Whatever the part is called in the batch, the call that it is attached to knows it by Meta's name.
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"file\"\r\nContent-Type: {content_type}\r\n\r\n"
        );
        parts.extend_from_slice(head.as_bytes());
        parts.extend_from_slice(&file.bytes);
        parts.extend_from_slice(b"\r\n");
    }
    parts.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), parts.into())
}

/// A line that stands in none of the files.
fn boundary(files: &[FilePart]) -> String {
    let stands_in = |line: &str| files.iter().any(|file| contains(&file.bytes, line.as_bytes()));
    (0..).map(|number: u32| format!("part-of-a-batch-{number}")).find(|line| !stands_in(line)).unwrap_or_default()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn quoted(name: &str) -> String {
    name.replace(['"', '\r', '\n'], "")
}

/// An item's answer as Meta writes it: the body is text.
fn described(answer: &Response<Bytes>, with_headers: bool) -> Value {
    let body = match answer.body().is_empty() {
        true => Value::Null,
        false => json!(String::from_utf8_lossy(answer.body())),
    };
    let mut described = json!({ "code": answer.status().as_u16() });
    if with_headers {
        described["headers"] = answer.headers().iter().map(header).collect();
    }
    described["body"] = body;
    described
}

fn header((name, value): (&HeaderName, &HeaderValue)) -> Value {
    // Inside a batch every answer is called a script, as recorded.
    let value = match *name == CONTENT_TYPE {
        true => "text/javascript; charset=UTF-8".into(),
        false => String::from_utf8_lossy(value.as_bytes()),
    };
    json!({ "name": in_capitals(name.as_str()), "value": value })
}

/// `content-type` as `Content-Type`.
fn in_capitals(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    };
    match name {
        "facebook-api-version" => "Facebook-API-Version".to_owned(),
        "www-authenticate" => "WWW-Authenticate".to_owned(),
        "etag" => "ETag".to_owned(),
        _ => name.split('-').map(capital).collect::<Vec<_>>().join("-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_bring_what_another_call_answered() {
        let answer = json!({ "data": [{ "id": "1" }, { "id": 2 }], "name": "x" });
        let named = Named::from([
            ("friends".to_owned(), Some(answer)),
            ("failed".to_owned(), None),
            ("odd".to_owned(), Some(json!({ "name": "a&b c" }))),
            ("long".to_owned(), Some(json!({ "text": "x".repeat(MAX_FILLED / 2) }))),
        ]);
        let filled = |text: &str| fill(text, &named);
        assert_eq!(filled("?ids={result=friends:$.data.*.id}&a"), Some("?ids=1,2&a".to_owned()));
        assert_eq!(filled("{result=friends:$.data[1].id}/x"), Some("2/x".to_owned()));
        assert_eq!(filled("{result=friends:$.data[*].id}"), Some("1,2".to_owned()));
        assert_eq!(filled("{result=friends:$['name']}"), Some("x".to_owned()));
        assert_eq!(filled("{result=friends:$.nothing}!"), Some("!".to_owned()));
        assert_eq!(filled("{result=odd:$.name}"), Some("a%26b+c".to_owned()), "a value is never more than a part");
        assert_eq!(filled(&"{result=long:$.text}".repeat(3)), None, "what is filled in has a limit");
        assert_eq!(filled("{result=failed:$.id}"), None);
        assert_eq!(filled("{result=unknown:$.id}"), None);
        assert_eq!(filled("{result=friends"), None);
        assert_eq!(filled("plain"), Some("plain".to_owned()));
    }
}
