//! Parameters: the first line is a query, the second what the body is said to be, the rest the body.
#![no_main]

use bytes::Bytes;
use graphdouble::internals::engine::ledger_entry::RawCall;
use graphdouble::internals::graph;
use graphdouble_fuzz::answer;
use hyper::http::{HeaderValue, Request, Uri};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (query, content_type, body) = (line(), line(), line());
    let Ok(uri) = Uri::try_from([b"/me/messages?", query].concat()) else { return };
    let content_type = HeaderValue::from_bytes(content_type).ok();
    let raw = RawCall {
        target: uri.to_string().into(),
        content_type: content_type.as_ref().map(|value| value.as_bytes().to_vec().into()),
        body: body.into(),
        cut: None,
    };
    assert!(graph::parameters(&raw).is_object() || graph::parameters(&raw).is_null());
    let mut request = Request::post(uri).header("authorization", "Bearer EAAsupport");
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    if let Ok(request) = request.body(Bytes::copy_from_slice(body)) {
        answer(request);
    }
});
