//! What a browser shows at `/`: the inspector or, in a build without it, what this is and where to go on. Programs get the Graph API there.

use bytes::Bytes;
use hyper::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use hyper::http::{HeaderValue, Method, Request, Response, StatusCode};

use super::IS_BUILT;
use super::serving::{problem, redirect};

const PAGE: &str = concat!(
    r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>graphdouble</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42em; margin: 3em auto; padding: 0 1em; }
code { background: #8882; padding: 0 .2em; }
</style>
</head>
<body>
<h1>graphdouble "#,
    env!("CARGO_PKG_VERSION"),
    r#"</h1>
<p>A local stand-in for Meta's Graph API, for tests of Messenger bots. Point your bot at this address in place of
<code>https://graph.facebook.com</code>.</p>
<ul>
<li><a href="/_control/worlds">The worlds of this server</a>; <code>/_control/worlds/NAME</code> has the ids, tokens and secrets of one.</li>
<li><a href="/_control/openapi.json">The control API</a> as an OpenAPI document: tests act as people by it, and read what happened.</li>
<li><a href="/_control/rules">The rules</a> of Meta that hold here, and <a href="/_control/lints">what a bot should not do</a>.</li>
</ul>
<p>The documents of the project begin with <code>docs/SERVER.md</code>, <code>docs/BOTS.md</code> and <code>docs/CONTROL-API.md</code>.</p>
</body>
</html>
"#
);

/// The answer, if a browser asks for `/`.
pub fn root_page(request: &Request<Bytes>) -> Option<Response<Bytes>> {
    let (uri, headers) = (request.uri(), request.headers());
    let is_root = uri.path() == "/" && request.method() == Method::GET && uri.query().is_none();
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    if !is_root || headers.contains_key(AUTHORIZATION) || !accepted.any(|types| types.contains("text/html")) {
        return None;
    }
    if headers.get_all("sec-fetch-site").iter().any(|site| site == "cross-site") {
        return Some(problem(
            StatusCode::FORBIDDEN,
            "a page of another site may not show this page: open it by its address",
        ));
    }
    if IS_BUILT {
        return Some(redirect());
    }
    let mut response = Response::new(Bytes::from_static(PAGE.as_bytes()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}
