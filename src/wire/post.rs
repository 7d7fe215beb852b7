//! Wire room: a whole POST to an app: the body, and the headers that go with it. `delivery` sends it, `control` shows it.

use std::borrow::Cow;

use super::escape::Escaping;
use super::signature::{Signatures, sign};
use super::webhook::{WebhookItem, webhook_bytes};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;

/// How a POST is made. Meta makes each as the default says; a fault may want it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostOptions {
    /// How it is signed.
    pub signed: Signed,
    /// Whether something on the way has written the JSON anew, so that the signature is over other bytes.
    pub re_encoded: bool,
}

/// How a POST is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signed {
    /// Both ways, with the secret of the receiving app.
    #[default]
    Properly,
    /// Both ways, with a secret that is not the app's.
    WithWrongSecret,
    /// With SHA-1 alone, as before 2021.
    BySha1,
    /// Not at all.
    Not,
}

impl Signed {
    /// The words for those that are wrong.
    pub const WORDS: &'static [&'static str] = &["wrong_secret", "sha1", "not"];

    /// The one of this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::WithWrongSecret, Self::BySha1, Self::Not].into_iter().find(|one| one.word() == Some(word))
    }

    /// The word for it, where it is wrong.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Properly => None,
            Self::WithWrongSecret => Some("wrong_secret"),
            Self::BySha1 => Some("sha1"),
            Self::Not => Some("not"),
        }
    }
}

/// A POST to an app, but for what its URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Headers, with names in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Vec<u8>,
}

const SHA1: &str = "x-hub-signature";
const SHA256: &str = "x-hub-signature-256";

/// The POST that tells an app of all this.
pub fn post<'e>(
    config: &'e Config,
    app: AppKey,
    told: impl Iterator<Item = WebhookItem<'e>> + Clone,
    options: PostOptions,
) -> Post {
    let body = webhook_bytes(config, told.clone(), Escaping::Webhook);
    let mut headers = Vec::with_capacity(6);
    headers.extend([
        ("accept", Cow::Borrowed("*/*")),
        ("accept-encoding", Cow::Borrowed("deflate, gzip")),
        ("content-type", Cow::Borrowed("application/json")),
        ("user-agent", Cow::Borrowed("facebookexternalua")),
    ]);
    headers.extend(signatures(&config.app(app).secret, &body, options.signed));
    let body = if options.re_encoded { webhook_bytes(config, told, Escaping::RawResponse) } else { body };
    Post { headers, body }
}

fn signatures(secret: &str, body: &[u8], signed: Signed) -> impl Iterator<Item = (&'static str, Cow<'static, str>)> {
    let signatures = match signed {
        Signed::Not => None,
        Signed::WithWrongSecret => Some(sign(&format!("not {secret}"), body)),
        Signed::Properly | Signed::BySha1 => Some(sign(secret, body)),
    };
    let both = signatures.map(|Signatures { sha1, sha256 }| [(SHA1, sha1), (SHA256, sha256)]);
    let wanted = move |name: &str| signed != Signed::BySha1 || name == SHA1;
    both.into_iter().flatten().filter(move |(name, _)| wanted(name)).map(|(name, text)| (name, Cow::Owned(text)))
}
