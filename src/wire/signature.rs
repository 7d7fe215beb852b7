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
    Signatures {
        sha1: labelled_hex("sha1=", &sha1(secret, body)),
        sha256: labelled_hex("sha256=", &sha256(secret, body)),
    }
}

/// Label and digits in one string of its exact length.
fn labelled_hex(label: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(label.len() + 2 * bytes.len());
    text.push_str(label);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The `appsecret_proof` of a token. If there is an `appsecret_time`, it is signed, too.
pub fn appsecret_proof(secret: &str, token: &str, time: Option<&str>) -> String {
    match time {
        Some(time) => labelled_hex("", &sha256(secret, format!("{token}|{time}").as_bytes())),
        None => labelled_hex("", &sha256(secret, token.as_bytes())),
    }
}

fn sha256(secret: &str, body: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| any_key_fits());
    mac.update(body);
    mac.finalize().into_bytes().into()
}

fn sha1(secret: &str, body: &[u8]) -> [u8; 20] {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| any_key_fits());
    mac.update(body);
    mac.finalize().into_bytes().into()
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
