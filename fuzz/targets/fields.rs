//! `fields` of a page, of its conversations and of several nodes: the first letter picks which.
#![no_main]

use bytes::Bytes;
use graphdouble_fuzz::answer;
use hyper::http::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let mut letters = input.chars();
    let address = match letters.next() {
        Some('c') => "/me/conversations?",
        Some('i') => "/?ids=2001,3001&",
        Some('p') => "/3001?",
        _ => "/me?",
    };
    let escaped: String = letters.as_str().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let uri = format!("{address}access_token=EAAsupport&fields={escaped}");
    if let Ok(request) = Request::get(uri).body(Bytes::new()) {
        answer(request);
    }
});
