//! The verification handshake: asks a callback URL whether it wants webhooks.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::ext::ReasonPhrase;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response, StatusCode};

use crate::engine::{Handshake, HandshakeError};

use super::client::exchange_once;
use super::destination::Destination;
use super::failure::ExchangeFailure;

const ANY_TYPE: HeaderValue = HeaderValue::from_static("*/*");
const ENCODINGS: HeaderValue = HeaderValue::from_static("deflate, gzip");
const VERIFIER: HeaderValue = HeaderValue::from_static("facebookplatform/1.0 (+http://developers.facebook.com)");

/// Makes the handshake. The response must be 200 with exactly the challenge as its body.
pub(super) async fn verify(handshake: Handshake, limit: Duration) -> Result<(), HandshakeError> {
    let no_answer = |failure: ExchangeFailure| {
        let (number, text) = failure.curl_number_and_text();
        HandshakeError::NoAnswer(number, text)
    };
    let destination = Destination::parse(&challenge_url(&handshake)).map_err(no_answer)?;
    let response = exchange_once(&destination, request(&destination), limit).await.map_err(no_answer)?;
    if response.head.status() != StatusCode::OK {
        return Err(HandshakeError::Status(response.head.status().as_u16(), reason_phrase(&response.head)));
    }
    if response.body != handshake.challenge.to_string().as_bytes() {
        return Err(HandshakeError::WrongChallenge(String::from_utf8_lossy(&response.body).into()));
    }
    Ok(())
}

/// The URL with the `hub.` parameters after the query that it already has.
fn challenge_url(handshake: &Handshake) -> String {
    let url = handshake.url.split('#').next().unwrap_or_default();
    let mut target = url.to_owned();
    match url.split_once('?') {
        None => target.push('?'),
        Some((_, "")) => {}
        Some(_) => target.push('&'),
    }
    let start = target.len();
    form_urlencoded::Serializer::for_suffix(target, start)
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
    headers.insert(ACCEPT, ANY_TYPE);
    headers.insert(ACCEPT_ENCODING, ENCODINGS);
    request
}

fn reason_phrase(head: &Response<()>) -> Box<str> {
    match head.extensions().get::<ReasonPhrase>() {
        Some(reason) => String::from_utf8_lossy(reason.as_bytes()).into(),
        None => head.status().canonical_reason().unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge_url_of(url: &str) -> String {
        challenge_url(&Handshake { url: url.into(), verify_token: "open & shut".into(), challenge: 1_158_201_444 })
    }

    #[test]
    fn the_challenge_follows_an_existing_query() {
        let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open+%26+shut";
        assert_eq!(challenge_url_of("http://bot/hook"), format!("http://bot/hook?{query}"));
        assert_eq!(challenge_url_of("http://bot/hook?"), format!("http://bot/hook?{query}"));
        assert_eq!(challenge_url_of("http://bot/hook?page=1#top"), format!("http://bot/hook?page=1&{query}"));
    }
}
