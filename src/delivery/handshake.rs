//! The verification handshake: asks a callback URL whether it wants webhooks.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::ext::ReasonPhrase;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderValue, USER_AGENT};
use hyper::{Request, Response, StatusCode};

use crate::engine::{Handshake, HandshakeError};

use super::client::HttpClient;
use super::destination::Destination;
use super::failure::ExchangeFailure;

const ANY_TYPE: HeaderValue = HeaderValue::from_static("*/*");
const ENCODINGS: HeaderValue = HeaderValue::from_static("deflate, gzip");
const VERIFIER: HeaderValue = HeaderValue::from_static("facebookplatform/1.0 (+http://developers.facebook.com)");

/// Makes the handshake. The response must be 200 with exactly the challenge as its body.
pub(super) async fn verify(handshake: Handshake, client: &HttpClient, limit: Duration) -> Result<(), HandshakeError> {
    let no_answer = |failure: ExchangeFailure| {
        let (number, text) = failure.curl_number_and_text();
        HandshakeError::NoAnswer(number, text, failure.to_string().into())
    };
    let destination = Destination::parse(&handshake.challenge_url()).map_err(no_answer)?;
    let response = client.exchange_once(&destination, request(&destination), limit).await.map_err(no_answer)?;
    if response.head.status() != StatusCode::OK {
        let body = String::from_utf8_lossy(&response.body).into();
        return Err(HandshakeError::Status(response.head.status().as_u16(), reason_phrase(&response.head), body));
    }
    if response.body != handshake.challenge.to_string().as_bytes() {
        return Err(HandshakeError::WrongChallenge(String::from_utf8_lossy(&response.body).into()));
    }
    Ok(())
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
