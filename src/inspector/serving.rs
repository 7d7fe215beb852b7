//! Answers a request for a file of the page.

use bytes::Bytes;
use hyper::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use hyper::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::page_files::{INDEX, PageFile};
use super::{INSPECTOR_PATH, IS_BUILT};

/// Headers of every answer. Nothing comes from elsewhere, nobody may put the page into a frame, and a page that opened it has no hold of it.
const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Answers a request at `/_inspector` or below it.
pub fn answer(request: &Request<Bytes>) -> Response<Bytes> {
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => answer_read(request),
        ref other => {
            let mut response =
                problem(StatusCode::METHOD_NOT_ALLOWED, &format!("the inspector takes GET, not {other}"));
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
    };
    for (name, value) in ALWAYS {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}

fn answer_read(request: &Request<Bytes>) -> Response<Bytes> {
    let path = request.uri().path();
    if !IS_BUILT {
        return problem(
            StatusCode::NOT_FOUND,
            "this build has no inspector page (the cargo feature `inspector`); the control API is below /_control \
             (/_control/openapi.json describes it)",
        );
    }
    let Some(name) = path.strip_prefix(INSPECTOR_PATH) else { return redirect() };
    match PageFile::find(if name.is_empty() { INDEX } else { name }) {
        Some(file) => answer_file(file, request.headers()),
        None => problem(
            StatusCode::NOT_FOUND,
            &format!(
                "the inspector has no file `{path}`: the page is at {INSPECTOR_PATH}, and what it shows is below /_control \
                 (/_control/openapi.json describes it)"
            ),
        ),
    }
}

fn answer_file(file: &PageFile, headers: &HeaderMap) -> Response<Bytes> {
    let bytes = Bytes::from(file.bytes().into_owned());
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..16]));
    let is_known = knows(headers, &etag);
    let mut response = Response::new(if is_known { Bytes::new() } else { bytes });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type()));
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

/// True if the caller has the file of this tag.
fn knows(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|tags| tags.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// Leads to the page.
pub fn redirect() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(INSPECTOR_PATH));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An error in the form of the control API.
pub fn problem(status: StatusCode, message: &str) -> Response<Bytes> {
    let body = json!({ "error": { "message": message } }).to_string();
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a Graph call where a run that is over is only looked at.
pub fn refuse_graph_call() -> Response<Bytes> {
    problem(StatusCode::FORBIDDEN, "this server shows a run that is over, and answers no Graph calls")
}
