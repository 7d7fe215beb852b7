//! Bodies of several parts: the first line is what the body is said to be, behind `multipart/form-data`; the rest is the body.
#![no_main]

use bytes::Bytes;
use graphdouble_fuzz::answer;
use hyper::http::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (head, body) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let content_type = [b"multipart/form-data", head].concat();
    for uri in ["/me/message_attachments", "/me/messages"] {
        let request = Request::post(uri).header("authorization", "Bearer EAAsupport");
        if let Ok(request) = request.header("content-type", &content_type[..]).body(Bytes::copy_from_slice(body)) {
            answer(request);
        }
    }
});
