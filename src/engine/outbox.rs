//! The interface through which webhooks leave the engine. `delivery` implements it; without an outbox, webhooks are only recorded.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use crate::domain::model::config::Config;

use super::attempt::{AttemptOutcome, Job};

/// Sends webhooks.
pub trait Outbox: Send + Sync + Debug {
    /// Queues a job, in order per app and thread, and reports it to its world. Called under the world's lock, so it must neither block nor
    /// call back before it returns.
    fn send(&self, job: Job, world: Arc<dyn JobWorld>);

    /// Asks a callback URL whether it wants webhooks: `GET url?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`.
    fn handshake(&self, handshake: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>>;
}

/// The world that a job belongs to, as an outbox sees it.
pub trait JobWorld: Send + Sync + Debug {
    /// The world file, as it was read.
    fn config(&self) -> &Config;

    /// An attempt begins. Returns `false` if the world has been reset since, and the webhook must not be sent.
    fn delivery_started(&self, job: &Job) -> bool;

    /// An attempt ended. Nothing is recorded if the world has been reset since.
    fn delivery_finished(self: Arc<Self>, job: Job, outcome: AttemptOutcome);
}

/// A verification request.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// The callback URL.
    pub url: Box<str>,
    /// What the app said it expects.
    pub verify_token: Box<str>,
    /// What the app must answer, a decimal number.
    pub challenge: u64,
}

impl Handshake {
    /// The URL that is asked: the callback URL, with the `hub.` parameters after the query that it already has.
    pub fn challenge_url(&self) -> String {
        let url = self.url.split('#').next().unwrap_or_default();
        let mut target = url.to_owned();
        match url.split_once('?') {
            None => target.push('?'),
            Some((_, "")) => {}
            Some(_) => target.push('&'),
        }
        let start = target.len();
        form_urlencoded::Serializer::for_suffix(target, start)
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.challenge", &self.challenge.to_string())
            .append_pair("hub.verify_token", &self.verify_token)
            .finish()
    }
}

/// Why a handshake failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandshakeError {
    /// It answered, but not with 200: status, reason phrase and body.
    Status(u16, Box<str>, Box<str>),
    /// It answered 200 with something other than the challenge.
    WrongChallenge(Box<str>),
    /// It did not answer: curl's number for the failure, curl's words, and ours.
    NoAnswer(u32, Box<str>, Box<str>),
}

/// An outbox that sends nothing: in a replay the recorded run has the results of all attempts.
#[derive(Debug)]
pub struct NullOutbox;

impl Outbox for NullOutbox {
    fn send(&self, _: Job, _: Arc<dyn JobWorld>) {}

    fn handshake(&self, _: Handshake) -> Pin<Box<dyn Future<Output = Result<(), HandshakeError>> + Send>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge_url_of(url: &str) -> String {
        Handshake { url: url.into(), verify_token: "open & shut".into(), challenge: 1_158_201_444 }.challenge_url()
    }

    #[test]
    fn the_challenge_follows_an_existing_query() {
        let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open+%26+shut";
        assert_eq!(challenge_url_of("http://bot/hook"), format!("http://bot/hook?{query}"));
        assert_eq!(challenge_url_of("http://bot/hook?"), format!("http://bot/hook?{query}"));
        assert_eq!(challenge_url_of("http://bot/hook?page=1#top"), format!("http://bot/hook?page=1&{query}"));
    }
}
