//! Tests of the verification handshake.

use std::io::Write;

use super::*;
use crate::engine::{Handshake, HandshakeError, Outbox};

async fn verify(url: &str) -> Result<(), HandshakeError> {
    verify_within(BUDGET, url).await
}

async fn verify_within(limit: Duration, url: &str) -> Result<(), HandshakeError> {
    let sender = WebhookSender::new(with_timeout(limit));
    let asked = Handshake { url: url.into(), verify_token: "open-sesame".into(), challenge: 1_158_201_444 };
    sender.handshake(asked).await.map_err(|error| match error {
        HandshakeError::NoAnswer(number, text, _) => HandshakeError::NoAnswer(number, text, Box::default()),
        error => error,
    })
}

fn no_answer(number: u32, text: &str) -> Result<(), HandshakeError> {
    Err(HandshakeError::NoAnswer(number, text.into(), Box::default()))
}

#[tokio::test]
async fn a_callback_that_returns_the_challenge_is_verified() {
    let mut bot = TestBot::answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1158201444");
    assert_eq!(verify(&format!("{}?page=1", bot.url)).await, Ok(()));
    let request = bot.requests.recv().await.expect("a request");
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open-sesame";
    assert_eq!(request.head.lines().next(), Some(&*format!("GET /webhook?page=1&{query} HTTP/1.1")));
    assert_eq!(request.header("User-Agent"), "facebookplatform/1.0 (+http://developers.facebook.com)");
    assert_eq!(request.header("Content-Length"), "");
}

#[tokio::test]
async fn any_other_response_fails() {
    let status = |number, reason: &str, body: &str| Err(HandshakeError::Status(number, reason.into(), body.into()));
    let wrong = |text: &str| Err(HandshakeError::WrongChallenge(text.into()));
    let cases = [
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", status(403, "Forbidden", "")),
        ("HTTP/1.1 403 Wrong token\r\nContent-Length: 0\r\n\r\n", status(403, "Wrong token", "")),
        ("HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n1158201444", status(201, "Created", "1158201444")),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", status(302, "Found", "")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nError", wrong("Error")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n1158201444\n", wrong("1158201444\n")),
    ];
    for (answer, error) in cases {
        assert_eq!(verify(&TestBot::answering(answer).url).await, error);
    }
}

#[tokio::test]
async fn a_missing_response_is_described_in_curls_words() {
    let silent = TestBot::new(|_, _| true);
    assert_eq!(verify_within(Duration::from_millis(50), &silent.url).await, no_answer(28, "Operation timed out"));
    let rude = TestBot::new(|_, _| false);
    assert_eq!(verify(&rude.url).await, no_answer(52, "Empty reply from server"));
    let babbling = TestBot::new(|_, stream| stream.write_all(b"what?\r\n\r\n").is_err());
    assert_eq!(verify(&babbling.url).await, no_answer(1, "Received HTTP/0.9 when not allowed"));
    assert_eq!(verify("ftp://bot/").await, no_answer(1, "Protocol \"ftp\" not supported"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let text = format!("Failed to connect to 127.0.0.1 port {port}: Connection refused");
    assert_eq!(verify(&format!("http://127.0.0.1:{port}/")).await, no_answer(7, &text));
}
