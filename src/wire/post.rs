//! The POST request that carries a webhook: its body and its headers, with the signatures.

use std::borrow::Cow;

use super::escape::Escaping;
use super::signature::{Signatures, sign};
use super::webhook::{WebhookEntry, webhook_bytes};
use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;
use crate::domain::model::platform::Login;

/// How a POST is built. The default is what Meta does; a fault may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostOptions {
    /// The signatures.
    pub signed: Signed,
    /// True if a proxy on the way has re-encoded the JSON, so that the signature does not match the bytes.
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
    /// The words for the wrong ones.
    pub const WORDS: &'static [&'static str] = &["wrong_secret", "sha1", "not"];

    /// The wrong one that this word names.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::WithWrongSecret, Self::BySha1, Self::Not].into_iter().find(|one| one.word() == Some(word))
    }

    /// The word, for a wrong one.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Properly => None,
            Self::WithWrongSecret => Some("wrong_secret"),
            Self::BySha1 => Some("sha1"),
            Self::Not => Some("not"),
        }
    }
}

/// A POST to an app, without what follows from its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Headers, with names in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    pub body: Vec<u8>,
}

const SHA1: &str = "x-hub-signature";
const SHA256: &str = "x-hub-signature-256";

/// Builds the POST with these entries for an app.
pub fn build_post<'e>(
    config: &'e Config,
    app: AppKey,
    entries: impl Iterator<Item = WebhookEntry<'e>> + Clone,
    options: PostOptions,
) -> Post {
    let body = webhook_bytes(config, entries.clone(), Escaping::Webhook);
    let mut headers = Vec::with_capacity(6);
    headers.extend([
        ("accept", Cow::Borrowed("*/*")),
        ("accept-encoding", Cow::Borrowed("deflate, gzip")),
        ("content-type", Cow::Borrowed("application/json")),
        ("user-agent", Cow::Borrowed("facebookexternalua")),
    ]);
    headers.extend(signature_headers(secret(config, app, entries.clone()), &body, options.signed));
    let body = if options.re_encoded { webhook_bytes(config, entries, Escaping::ReEncoded) } else { body };
    Post { headers, body }
}

/// The secret that signs: that of the app, or that of the same app on Instagram for an account that it reaches by Instagram Login.
fn secret<'e>(config: &'e Config, app: AppKey, mut entries: impl Iterator<Item = WebhookEntry<'e>>) -> &'e str {
    let app_config = config.app(app);
    let login = entries.next().map(|entry| config.asset(entry.event.scope.asset()).login_of(app));
    if login == Some(Login::Instagram) { &app_config.instagram.secret } else { &app_config.secret }
}

fn signature_headers(
    secret: &str,
    body: &[u8],
    signed: Signed,
) -> impl Iterator<Item = (&'static str, Cow<'static, str>)> {
    let signatures = match signed {
        Signed::Not => None,
        Signed::WithWrongSecret => Some(sign(&format!("not {secret}"), body)),
        Signed::Properly | Signed::BySha1 => Some(sign(secret, body)),
    };
    let both = signatures.map(|Signatures { sha1, sha256 }| [(SHA1, sha1), (SHA256, sha256)]);
    let wanted = move |name: &str| signed != Signed::BySha1 || name == SHA1;
    both.into_iter().flatten().filter(move |(name, _)| wanted(name)).map(|(name, text)| (name, Cow::Owned(text)))
}
