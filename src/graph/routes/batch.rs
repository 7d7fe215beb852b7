//! Handles a `POST` with the parameter `batch`: several calls in one. Each item is a call of its own, and succeeds or fails by itself.
//! An item may use what another one answered.

use std::time::Duration;

use bytes::Bytes;
use hyper::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use hyper::http::request::{Builder, Parts};
use hyper::http::{HeaderName, HeaderValue, Method, Request, Response};
use serde_json::{Value, json};

use crate::engine::fault::MAX_LATENCY;
use crate::response_fault::ResponseFault;

use super::batch_references::{self, NamedBodies};
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::auth::TokenIsParameter;
use crate::graph::http::form;
use crate::graph::http::graph_response::BatchItems;
use crate::graph::http::multipart::FilePart;
use crate::graph::http::param_value::{ParamMap, ParamValue};
use crate::graph::http::params::{Params, scalar};
use crate::graph::http::relaxed_json::structured;

/// The most items of a batch.
pub const MAX_ITEMS: usize = 50;

/// Marks a call that is an item of a batch. Such a call cannot be a batch itself.
#[derive(Debug, Clone, Copy)]
pub struct IsBatchItem;

#[derive(Debug, Default)]
struct BatchItem {
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

/// True if a call is a batch. Its path does not matter.
pub fn is_batch(method: &Method, params: &Params<'_>) -> bool {
    *method == Method::POST && params.get("batch").is_some()
}

/// Answers all items, one after another. `answer_item` answers one of them; it gets `None` for an item that is not an HTTP request.
pub async fn answer<F>(
    head: &Parts,
    params: &Params<'_>,
    answer_item: impl Fn(Option<Request<Bytes>>) -> F,
) -> Result<BatchItems, GraphError>
where
    F: Future<Output = Response<Bytes>>,
{
    let items = items(params)?;
    let with_headers = !matches!(params.text("include_headers")?.as_deref(), Some("false" | "0"));
    let mut named = NamedBodies::new();
    let mut answers = Vec::new();
    let mut delay = Duration::ZERO;
    for item in items {
        let answer = match fill_references(&item, &named) {
            Some((url, body)) => Some(answer_item(request_of(head, params, &item, &url, body)).await),
            None => None,
        };
        let response_fault = answer.as_ref().and_then(|answer| answer.extensions().get::<ResponseFault>()).cloned();
        let ResponseFault { delay: late, wire_fault, .. } = response_fault.unwrap_or_default();
        delay = MAX_LATENCY.min(delay + late);
        // A fault on the wire breaks the answer of its item alone.
        let answer = answer.filter(|_| wire_fault.is_none());
        let succeeded = answer.as_ref().is_some_and(|answer| answer.status().is_success());
        if let Some(name) = &item.name {
            let body =
                answer.as_ref().filter(|_| succeeded).and_then(|answer| serde_json::from_slice(answer.body()).ok());
            named.insert(name.clone(), body);
        }
        answers.push(match answer {
            Some(_) if succeeded && item.omits_response == Some(true) => Value::Null,
            Some(answer) => response_json(&answer, with_headers),
            None => Value::Null,
        });
    }
    Ok(BatchItems { items: answers, delay })
}

fn items(params: &Params<'_>) -> Result<Vec<BatchItem>, GraphError> {
    let wrong = || catalogue::PARAM_MUST_BE.with(&[("param", "batch"), ("kind", "an array")]);
    let batch = params.get("batch").and_then(structured).ok_or_else(wrong)?;
    let ParamValue::List(items) = batch.as_ref() else { return Err(wrong()) };
    if items.len() > MAX_ITEMS {
        return Err(catalogue::BATCH_TOO_LARGE.error());
    }
    let mut read: Vec<BatchItem> = Vec::new();
    for (index, value) in items.iter().enumerate() {
        let value = structured(value);
        let Some(ParamValue::Object(map)) = value.as_deref() else { return Err(wrong()) };
        let item = item(index, map, params)?;
        check_dependency(index, &item, &read)?;
        read.push(item);
    }
    omit_referenced(&mut read);
    Ok(read)
}

/// Fails if an item depends on one that does not stand before it.
fn check_dependency(index: usize, item: &BatchItem, before: &[BatchItem]) -> Result<(), GraphError> {
    match &item.depends_on {
        Some(name) if !before.iter().any(|before| before.name.as_ref() == Some(name)) => {
            Err(catalogue::BATCH_DEPENDS_ON.with(&[("index", &index.to_string()), ("name", name)]))
        }
        _ => Ok(()),
    }
}

fn item(index: usize, map: &ParamMap<'_>, params: &Params<'_>) -> Result<BatchItem, GraphError> {
    let text = |key: &str| map.get(key).and_then(scalar).map(|text| text.into_owned());
    let method = text("method").unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase();
    let url = text("relative_url")
        .ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", &format!("batch[{index}][relative_url]"))]))?;
    let attached = text("attached_files").unwrap_or_default();
    let is_attached = |file: &&FilePart| attached.split(',').any(|name| name.trim() == file.name);
    Ok(BatchItem {
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

/// The response to an item that others refer to is left out by default.
fn omit_referenced(items: &mut [BatchItem]) {
    let used: Vec<String> = items
        .iter()
        .flat_map(|item| batch_references::names(&item.url).chain(batch_references::names(&item.body)))
        .collect();
    for item in items.iter_mut().filter(|item| item.name.as_ref().is_some_and(|name| used.contains(name))) {
        item.omits_response.get_or_insert(true);
    }
}

/// The headers of an item: objects with `name` and `value`, or lines. Those that we set ourselves are left out.
fn headers(value: Option<&ParamValue<'_>>) -> Vec<(HeaderName, HeaderValue)> {
    let Some(ParamValue::List(list)) = value else { return Vec::new() };
    let pair = |item: &ParamValue<'_>| match item {
        ParamValue::Text(line) => line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned())),
        _ => Some((text_of(item, "name")?, text_of(item, "value")?)),
    };
    let read = |(name, value): (String, String)| Some((name.parse::<HeaderName>().ok()?, value.parse().ok()?));
    let is_ours = |name: &HeaderName| [AUTHORIZATION, CONTENT_TYPE, HOST, CONTENT_LENGTH].contains(name);
    list.iter().filter_map(pair).filter_map(read).filter(|(name, _)| !is_ours(name)).collect()
}

fn text_of(item: &ParamValue<'_>, key: &str) -> Option<String> {
    match item.as_object()?.get(key)? {
        ParamValue::Text(text) => Some(text.clone().into_owned()),
        _ => None,
    }
}

/// URL and body of an item with all references filled in. `None` if it depends on an item that failed.
fn fill_references(item: &BatchItem, named: &NamedBodies) -> Option<(String, String)> {
    if item.depends_on.as_ref().is_some_and(|name| named.get(name).is_none_or(Option::is_none)) {
        return None;
    }
    Some((batch_references::fill(&item.url, named)?, batch_references::fill(&item.body, named)?))
}

/// The item as an HTTP request, if it can be one.
fn request_of(head: &Parts, params: &Params<'_>, item: &BatchItem, url: &str, body: String) -> Option<Request<Bytes>> {
    let mut uri = format!("/{}", encode_url(url.trim_start_matches('/')));
    let mut request = Request::builder().method(&item.method).extension(IsBatchItem);
    if let Some(headers) = request.headers_mut() {
        headers.extend(item.headers.iter().cloned());
        headers.extend(head.headers.get(HOST).map(|host| (HOST, host.clone())));
    }
    let has_token = |text: &str| text.split(['?', '&']).any(|part| part.starts_with("access_token="));
    let whole = params.text("access_token").ok().flatten();
    match (&item.token, whole) {
        _ if has_token(url) || has_token(&body) => {}
        (Some(token), _) => request = with_token(request, token),
        (None, Some(token)) => {
            request = with_token(request, &token);
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
        false => multipart_body(&body, &item.files),
    };
    request.header(CONTENT_TYPE, content_type).uri(uri).body(body).ok()
}

/// The request with a token that the batch has as a parameter.
fn with_token(request: Builder, token: &str) -> Builder {
    request.header(AUTHORIZATION, format!("Bearer {token}")).extension(TokenIsParameter)
}

/// Adds the `appsecret_proof` of the batch's own token.
fn add_proof(uri: &mut String, params: &Params<'_>) {
    let proof = params.text("appsecret_proof").ok().flatten();
    if let (Some(proof), false) = (proof, uri.contains("appsecret_proof=")) {
        uri.push(if uri.contains('?') { '&' } else { '?' });
        uri.push_str(&format!("appsecret_proof={}", encode_url(&proof)));
    }
}

/// A URL as clients write it, with quotes, braces and spaces, as a valid one.
fn encode_url(url: &str) -> String {
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

/// A form and files as a `multipart/form-data` body, and its content type.
fn multipart_body(body: &str, files: &[FilePart]) -> (String, Bytes) {
    let boundary = boundary(files);
    let mut parts: Vec<u8> = Vec::new();
    for (name, value) in form::byte_pairs(body.as_bytes()) {
        let name = quoted(&String::from_utf8_lossy(&name));
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        parts.extend_from_slice(head.as_bytes());
        parts.extend_from_slice(&value);
        parts.extend_from_slice(b"\r\n");
    }
    for file in files {
        let content_type = file.content_type.as_deref().unwrap_or("application/octet-stream");
        // The part has another name in the batch. The call expects Meta's.
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

/// A boundary that occurs in none of the files.
fn boundary(files: &[FilePart]) -> String {
    let occurs = |line: &str| files.iter().any(|file| contains(&file.bytes, line.as_bytes()));
    (0..).map(|number: u32| format!("part-of-a-batch-{number}")).find(|line| !occurs(line)).unwrap_or_default()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn quoted(name: &str) -> String {
    name.replace(['"', '\r', '\n'], "")
}

/// An item of the answer, as Meta writes it: the body is text.
fn response_json(answer: &Response<Bytes>, with_headers: bool) -> Value {
    let body = match answer.body().is_empty() {
        true => Value::Null,
        false => json!(String::from_utf8_lossy(answer.body())),
    };
    let mut described = json!({ "code": answer.status().as_u16() });
    if with_headers {
        described["headers"] = answer.headers().iter().map(header_json).collect();
    }
    described["body"] = body;
    described
}

fn header_json((name, value): (&HeaderName, &HeaderValue)) -> Value {
    // Meta labels every answer in a batch as a script.
    let value = match *name == CONTENT_TYPE {
        true => "text/javascript; charset=UTF-8".into(),
        false => String::from_utf8_lossy(value.as_bytes()),
    };
    json!({ "name": capitalized(name.as_str()), "value": value })
}

/// A header's name as Meta writes it: `Content-Type`.
fn capitalized(name: &str) -> String {
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
