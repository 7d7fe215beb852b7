//! Answers a request for a file of the page.

use bytes::Bytes;
use hyper::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY,
};
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

/// The file, packed for those who take that.
fn answer_file(file: &PageFile, headers: &HeaderMap) -> Response<Bytes> {
    let packed = file.packed().filter(|_| takes_gzip(headers));
    let bytes = packed.map_or_else(|| Bytes::from(file.bytes()), Bytes::from_static);
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..16]));
    let is_known = knows(headers, &etag);
    let mut response = Response::new(if is_known { Bytes::new() } else { bytes });
    let answer = response.headers_mut();
    answer.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        answer.insert(ETAG, etag);
    }
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type()));
    if packed.is_some() {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// True if the caller names gzip, and not to refuse it.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|codings| codings.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
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

#[cfg(test)]
mod tests {
    use hyper::http::header::ACCEPT_ENCODING;
    use hyper::http::{HeaderMap, HeaderValue};

    use super::takes_gzip;

    #[test]
    fn a_packed_file_is_for_those_who_name_gzip() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(takes("gzip") && takes("deflate, GZIP;q=0.5, br") && takes("br,gzip"));
        assert!(
            !takes("br") && !takes("gzip;q=0") && !takes("gzip; q=0.0") && !takes("") && !takes_gzip(&HeaderMap::new())
        );
    }
}
