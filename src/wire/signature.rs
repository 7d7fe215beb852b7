//! HMAC signatures of webhooks, and the `appsecret_proof` of access tokens.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// Both signature headers of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures {
    /// `X-Hub-Signature`: `sha1=…`.
    pub sha1: String,
    /// `X-Hub-Signature-256`: `sha256=…`.
    pub sha256: String,
}

/// Signs a body with the receiving app's secret.
pub fn sign(secret: &str, body: &[u8]) -> Signatures {
    Signatures { sha1: sha1_hex("sha1=", secret, body), sha256: sha256_hex("sha256=", secret, body) }
}

/// The `appsecret_proof` of a token. If there is an `appsecret_time`, it is signed, too.
pub fn appsecret_proof(secret: &str, token: &str, time: Option<&str>) -> String {
    match time {
        Some(time) => sha256_hex("", secret, format!("{token}|{time}").as_bytes()),
        None => sha256_hex("", secret, token.as_bytes()),
    }
}

fn sha256_hex(prefix: &str, secret: &str, body: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| any_key_fits());
    mac.update(body);
    hex_after(prefix, &mac.finalize().into_bytes())
}

fn sha1_hex(prefix: &str, secret: &str, body: &[u8]) -> String {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| any_key_fits());
    mac.update(body);
    hex_after(prefix, &mac.finalize().into_bytes())
}

/// The digest in hexadecimal digits, after a prefix.
fn hex_after(prefix: &str, digest: &[u8]) -> String {
    let mut text = vec![b'0'; prefix.len() + 2 * digest.len()];
    let (start, digits) = text.split_at_mut(prefix.len());
    start.copy_from_slice(prefix.as_bytes());
    // It fails only if the lengths differ.
    hex::encode_to_slice(digest, digits).unwrap_or_default();
    String::from_utf8(text).unwrap_or_default()
}

fn any_key_fits<T>() -> T {
    unreachable!("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked against `printf 'what do ya want for nothing?' | openssl dgst -sha256 -hmac Jefe` (RFC 2202 and RFC 4231).
    #[test]
    fn signatures_match_openssl() {
        let signed = sign("Jefe", b"what do ya want for nothing?");
        assert_eq!(signed.sha1, "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(signed.sha256, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
