//! Certificates: with what the server proves to be graph.facebook.com: an authority (CA), and one certificate signed by it for all the
//! names that clients ask for. Knows files' contents but no files, and no sockets. `server`, `control`, `cli` and `emulator` enter.

mod authority;
mod der;
mod mounted;
mod seeded;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;

use authority::Authority;

/// The names that every certificate is for: Meta's, and those of the loopback.
pub const NAMES: [&str; 5] = ["graph.facebook.com", "graph.instagram.com", "localhost", "127.0.0.1", "::1"];

/// The protocol that a client may name within the handshake; there is no other here.
const HTTP: &[u8] = b"http/1.1";

/// Why there are no certificates, in words for people.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct NoCertificates(String);

impl NoCertificates {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<rcgen::Error> for NoCertificates {
    fn from(error: rcgen::Error) -> Self {
        Self(format!("cannot make a certificate: {error}"))
    }
}

impl From<rustls::Error> for NoCertificates {
    fn from(error: rustls::Error) -> Self {
        Self(format!("cannot use the certificate: {error}"))
    }
}

/// Where the authority comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is made here, and nobody else has its key.
    Fresh,
    /// It is derived from a number: the same number, the same authority, byte for byte. So everybody has its key.
    Seed(u64),
    /// It was made elsewhere: its certificate and key as PEM. Other certificates of the first text go out with ours.
    Given {
        /// The certificate.
        certificate: String,
        /// The key.
        key: String,
    },
}

/// An authority and a certificate of its, made when they are first needed.
#[derive(Debug)]
pub struct Certificates {
    origin: Origin,
    names: Vec<String>,
    made: OnceLock<Result<Made, NoCertificates>>,
}

#[derive(Debug)]
struct Made {
    ca_pem: String,
    config: Arc<ServerConfig>,
}

impl Certificates {
    /// Certificates for [`NAMES`] and for these names. Nothing is made yet, so this costs a start nothing.
    pub fn new(origin: Origin, names: &[String]) -> Self {
        let mut all: Vec<String> = NAMES.map(str::to_owned).to_vec();
        for name in names {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
        Self { origin, names: all, made: OnceLock::new() }
    }

    /// The certificate of the authority as PEM, which clients must be told to trust.
    ///
    /// # Errors
    /// The authority was given and is none, or the system has no randomness.
    pub fn ca_pem(&self) -> Result<&str, NoCertificates> {
        self.made().map(|made| &*made.ca_pem)
    }

    /// How to speak TLS.
    ///
    /// # Errors
    /// As [`Certificates::ca_pem`].
    pub fn config(&self) -> Result<Arc<ServerConfig>, NoCertificates> {
        self.made().map(|made| made.config.clone())
    }

    /// Whether the certificate is for this name.
    pub fn cover(&self, asked: &str) -> bool {
        self.names.iter().any(|name| covers(name, asked))
    }

    fn made(&self) -> Result<&Made, NoCertificates> {
        self.made.get_or_init(|| self.make()).as_ref().map_err(Clone::clone)
    }

    fn make(&self) -> Result<Made, NoCertificates> {
        let authority = Authority::of(&self.origin)?;
        let (chain, key) = authority.certify(&self.names)?;
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![HTTP.to_vec()];
        Ok(Made { ca_pem: authority.into_pem(), config: Arc::new(config) })
    }
}

/// A `*` stands for one word at the beginning.
fn covers(name: &str, asked: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(domain) => asked.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(asked),
    }
}

/// A name that a certificate can be for: of a host, with or without `*.` before it, or an address.
///
/// # Errors
/// It is none.
pub fn parse_name(text: &str) -> Result<String, String> {
    let name = text.trim_start_matches('[').trim_end_matches(']');
    let is_address = name.parse::<IpAddr>().is_ok();
    match is_address || ServerName::try_from(name.strip_prefix("*.").unwrap_or(name)).is_ok() {
        true => Ok(name.to_ascii_lowercase()),
        false => Err("a name is that of a host, without scheme and port: graph.example.com".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_authority_and_another_another() {
        let of = |origin| Certificates::new(origin, &[]).ca_pem().expect("an authority").to_owned();
        assert_eq!(of(Origin::Seed(7)), of(Origin::Seed(7)));
        assert_ne!(of(Origin::Seed(7)), of(Origin::Seed(8)));
        assert_ne!(of(Origin::Fresh), of(Origin::Fresh));
    }

    #[test]
    fn an_authority_is_made_once() {
        let certificates = Certificates::new(Origin::Fresh, &[]);
        assert_eq!(certificates.ca_pem().expect("one"), certificates.ca_pem().expect("one"));
        let (one, other) = (certificates.config().expect("one"), certificates.config().expect("one"));
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn names_are_covered_as_clients_compare_them() {
        let certificates = Certificates::new(Origin::Fresh, &["*.bots.test".to_owned()]);
        for name in ["graph.facebook.com", "Graph.Instagram.com", "localhost", "a.bots.test", "::1"] {
            assert!(certificates.cover(name), "{name}");
        }
        for name in ["facebook.com", "bots.test", "a.b.bots.test", ""] {
            assert!(!certificates.cover(name), "{name}");
        }
    }

    #[test]
    fn only_names_are_taken_for_names() {
        for name in ["graph.example.com", "graphdouble", "*.example.com", "10.0.0.1", "::1", "[::1]"] {
            assert!(parse_name(name).is_ok(), "{name}");
        }
        assert_eq!(parse_name("Graph.Example.COM").as_deref(), Ok("graph.example.com"));
        for name in ["", "https://graph.example.com", "graph.example.com:443", "a b", "*", "*.", "a.*.com", "é.com"] {
            assert!(parse_name(name).is_err(), "{name}");
        }
    }
}
