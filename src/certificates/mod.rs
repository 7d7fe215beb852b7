//! The certificates by which the server proves to be graph.facebook.com: a certificate authority (CA), and one certificate for all names
//! that clients ask for. `server` uses them, `control` hands out the CA, `cli` and `testing` create them.
//!
//! This room opens no files and no sockets. A new source of a CA is a variant of [`Origin`], from which `authority.rs` builds it.

mod authority;
mod certificate_error;
mod given_authority;
mod origin;
mod read_certificate;
mod seeded_key;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;

pub use certificate_error::CertificateError;
pub use origin::Origin;

use authority::Authority;

/// Every certificate covers these names: Meta's hosts and the loopback.
pub const NAMES: [&str; 7] = [
    "graph.facebook.com",
    "graph.instagram.com",
    "api.instagram.com",
    "www.instagram.com",
    "localhost",
    "127.0.0.1",
    "::1",
];

/// The only protocol that a client may select in the handshake (ALPN).
const HTTP: &[u8] = b"http/1.1";

/// An authority and the certificate that it signed. Both are made when they are first needed.
#[derive(Debug)]
pub struct Certificates {
    origin: Origin,
    names: Vec<String>,
    issued: OnceLock<Result<IssuedCertificate, CertificateError>>,
}

#[derive(Debug)]
struct IssuedCertificate {
    ca_pem: String,
    config: Arc<ServerConfig>,
}

impl Certificates {
    /// Certificates for [`NAMES`] and for these names. Nothing is made yet, so a start without TLS pays nothing.
    pub fn new(origin: Origin, names: &[String]) -> Self {
        let mut all: Vec<String> = NAMES.map(str::to_owned).to_vec();
        for name in names {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
        Self { origin, names: all, issued: OnceLock::new() }
    }

    /// The certificate of the authority as PEM. Clients must trust it.
    ///
    /// # Errors
    /// The given authority cannot be used, or the system has no randomness.
    pub fn ca_pem(&self) -> Result<&str, CertificateError> {
        self.issued().map(|issued| &*issued.ca_pem)
    }

    /// The TLS configuration with the certificate.
    ///
    /// # Errors
    /// As [`Certificates::ca_pem`].
    pub fn config(&self) -> Result<Arc<ServerConfig>, CertificateError> {
        self.issued().map(|issued| issued.config.clone())
    }

    /// Whether the certificate is for this name.
    pub fn covers(&self, asked: &str) -> bool {
        self.names.iter().any(|name| name_covers(name, asked))
    }

    fn issued(&self) -> Result<&IssuedCertificate, CertificateError> {
        self.issued.get_or_init(|| self.issue()).as_ref().map_err(Clone::clone)
    }

    fn issue(&self) -> Result<IssuedCertificate, CertificateError> {
        let authority = Authority::new(&self.origin)?;
        let (chain, key) = authority.certify(&self.names)?;
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![HTTP.to_vec()];
        Ok(IssuedCertificate { ca_pem: authority.into_pem(), config: Arc::new(config) })
    }
}

/// A `*` at the beginning matches one label.
fn name_covers(name: &str, asked: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(domain) => asked.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => name.eq_ignore_ascii_case(asked),
    }
}

/// Parses a name that a certificate can cover: a host, with or without `*.` before it, or an address.
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
    fn a_seed_determines_the_authority() {
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
    fn names_match_as_clients_compare_them() {
        let certificates = Certificates::new(Origin::Fresh, &["*.bots.test".to_owned()]);
        for name in ["graph.facebook.com", "Graph.Instagram.com", "localhost", "a.bots.test", "::1"] {
            assert!(certificates.covers(name), "{name}");
        }
        for name in ["facebook.com", "bots.test", "a.b.bots.test", ""] {
            assert!(!certificates.covers(name), "{name}");
        }
    }

    #[test]
    fn only_names_are_accepted() {
        for name in ["graph.example.com", "graphdouble", "*.example.com", "10.0.0.1", "::1", "[::1]"] {
            assert!(parse_name(name).is_ok(), "{name}");
        }
        assert_eq!(parse_name("Graph.Example.COM").as_deref(), Ok("graph.example.com"));
        for name in ["", "https://graph.example.com", "graph.example.com:443", "a b", "*", "*.", "a.*.com", "é.com"] {
            assert!(parse_name(name).is_err(), "{name}");
        }
    }
}
