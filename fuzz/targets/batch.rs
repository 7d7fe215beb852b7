//! Batches: the input is the value of `batch`. Each item's answer has Meta's shape too.
#![no_main]

use bytes::Bytes;
use graphdouble_fuzz::{answer, check};
use hyper::http::Request;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|input: &str| {
    let body = serde_json::to_vec(&json!({ "access_token": "EAAsupport", "batch": input })).expect("JSON");
    let request = Request::post("/").header("content-type", "application/json").body(Bytes::from(body));
    let answered = answer(request.expect("a request"));
    let shown: Value = serde_json::from_slice(answered.body()).expect("an answer is JSON");
    for item in shown.as_array().into_iter().flatten().filter(|item| !item.is_null()) {
        let status = item["code"].as_u64().and_then(|code| u16::try_from(code).ok()).expect("a status");
        check(status, item["body"].as_str().unwrap_or_default().as_bytes());
    }
});
