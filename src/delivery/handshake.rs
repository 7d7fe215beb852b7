//! Delivery room: asks a callback URL whether it wants webhooks. Only `courier` enters.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::ext::ReasonPhrase;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response, StatusCode};

use crate::engine::{Handshake, HandshakeError};

use super::client::exchange_once;
use super::destination::Destination;
use super::headers::{ANYTHING, ENCODINGS};

const VERIFIER: HeaderValue = HeaderValue::from_static("facebookplatform/1.0 (+http://developers.facebook.com)");

/// Asks. The answer must be 200 with exactly the challenge.
pub(super) async fn verify(handshake: Handshake, limit: Duration) -> Result<(), HandshakeError> {
    let no_answer = |failure: super::failure::Failure| {
        let (number, words) = failure.in_curl_words();
        HandshakeError::NoAnswer(number, words)
    };
    let destination = Destination::parse(&question(&handshake)).map_err(no_answer)?;
    let answer = exchange_once(&destination, request(&destination), limit).await.map_err(no_answer)?;
    if answer.head.status() != StatusCode::OK {
        return Err(HandshakeError::Status(answer.head.status().as_u16(), reason(&answer.head)));
    }
    if answer.body != handshake.challenge.to_string().as_bytes() {
        return Err(HandshakeError::WrongChallenge(String::from_utf8_lossy(&answer.body).into()));
    }
    Ok(())
}

/// The URL with the question behind the query that it already has.
fn question(handshake: &Handshake) -> String {
    let url = handshake.url.split('#').next().unwrap_or_default();
    let mut question = url.to_owned();
    match url.split_once('?') {
        None => question.push('?'),
        Some((_, "")) => {}
        Some(_) => question.push('&'),
    }
    let start = question.len();
    form_urlencoded::Serializer::for_suffix(question, start)
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", &handshake.challenge.to_string())
        .append_pair("hub.verify_token", &handshake.verify_token)
        .finish()
}

fn request(destination: &Destination) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::default());
    *request.uri_mut() = destination.target.clone();
    let headers = request.headers_mut();
    headers.insert(HOST, destination.authority.clone());
    headers.insert(USER_AGENT, VERIFIER);
    headers.insert(ACCEPT, ANYTHING);
    headers.insert(ACCEPT_ENCODING, ENCODINGS);
    request
}

fn reason(head: &Response<()>) -> Box<str> {
    match head.extensions().get::<ReasonPhrase>() {
        Some(reason) => String::from_utf8_lossy(reason.as_bytes()).into(),
        None => head.status().canonical_reason().unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(url: &str) -> String {
        question(&Handshake { url: url.into(), verify_token: "open & shut".into(), challenge: 1_158_201_444 })
    }

    #[test]
    fn the_question_stands_behind_the_query_that_is_there() {
        let asks = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open+%26+shut";
        assert_eq!(asked("http://bot/hook"), format!("http://bot/hook?{asks}"));
        assert_eq!(asked("http://bot/hook?"), format!("http://bot/hook?{asks}"));
        assert_eq!(asked("http://bot/hook?page=1#top"), format!("http://bot/hook?page=1&{asks}"));
    }
}
