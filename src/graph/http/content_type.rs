//! The content type of a JSON response: Meta calls it JSON only if the request asks for JSON.

use hyper::http::header::ACCEPT;
use hyper::http::{HeaderMap, HeaderValue};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
/// Also the type of a script that calls `callback`.
pub const SCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=UTF-8");

/// The content type of a JSON response to a request with these headers.
pub fn content_type(request: &HeaderMap) -> HeaderValue {
    let mut accepted = request.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    match accepted.any(|types| types.split(',').any(is_json)) {
        true => JSON,
        false => SCRIPT,
    }
}

/// True if JSON is in a media range, like `*/*;q=0.8`. A range with the quality 0 excludes it.
fn is_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default();
    let has_json = ["application/json", "application/*", "*/*"].iter().any(|known| named.eq_ignore_ascii_case(known));
    let is_excluded = parts.filter_map(|part| part.split_once('=')).any(|(name, quality)| {
        name.trim().eq_ignore_ascii_case("q") && quality.trim().parse::<f32>().is_ok_and(|quality| quality <= 0.0)
    });
    has_json && !is_excluded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_called_so_where_the_request_asks_for_it() {
        for (accept, expected) in [
            (None, SCRIPT),
            (Some(""), SCRIPT),
            (Some("text/html"), SCRIPT),
            (Some("text/*, image/png"), SCRIPT),
            (Some("application/json;q=0"), SCRIPT),
            (Some("application/jsonp"), SCRIPT),
            (Some("*/*"), JSON),
            (Some("application/json"), JSON),
            (Some("Application/JSON ; charset=utf-8"), JSON),
            (Some("application/json, text/plain, */*"), JSON),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), JSON),
            (Some("application/*; q=0.1"), JSON),
        ] {
            let mut headers = HeaderMap::new();
            headers.extend(accept.map(|accept| (ACCEPT, HeaderValue::from_static(accept))));
            assert_eq!(content_type(&headers), expected, "{accept:?}");
        }
    }
}
