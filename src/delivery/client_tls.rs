//! TLS to bots: which CAs are trusted, and what is said of a certificate that is not.

use std::io;
use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::destination::Destination;
use super::failure::ExchangeFailure;

/// CAs that are trusted beside those of the machine.
#[derive(Debug, Clone, Default)]
pub struct TrustedCas(Vec<CertificateDer<'static>>);

impl TrustedCas {
    /// Reads the certificates of a PEM file.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let certificates = certificates.map_err(|error| format!("this is no PEM: {error}"))?;
        if certificates.is_empty() {
            return Err("there is no certificate in it: a PEM file has `-----BEGIN CERTIFICATE-----`".to_owned());
        }
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(|error| format!("a certificate in it cannot be used: {error}"))?;
        }
        Ok(Self(certificates))
    }
}

/// Makes TLS connections to bots.
#[derive(Debug, Default)]
pub(super) struct ClientTls {
    given: TrustedCas,
    /// Made when the first bot is called by HTTPS, because reading the CAs of a machine takes time.
    config: OnceLock<Result<Arc<ClientConfig>, Box<str>>>,
}

impl ClientTls {
    pub(super) fn new(given: TrustedCas) -> Self {
        Self { given, config: OnceLock::new() }
    }

    pub(super) async fn connect(
        &self,
        stream: TcpStream,
        destination: &Destination,
    ) -> Result<Box<TlsStream<TcpStream>>, ExchangeFailure> {
        let host = &*destination.host;
        let failed = |text: String| ExchangeFailure::Tls { curl: (35, text.clone().into()), text: text.into() };
        let config = self.config.get_or_init(|| self.make_config().map_err(|error| error.to_string().into()));
        let config = config.clone().map_err(|error| failed(format!("TLS cannot be used: {error}")))?;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| failed(format!("`{host}` is no name that a certificate can have")))?;
        let connected = TlsConnector::from(config).connect(name, stream).await;
        connected.map(Box::new).map_err(|error| describe(&error, destination))
    }

    fn make_config(&self) -> Result<Arc<ClientConfig>, Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.given.0.iter().cloned());
        // Certificates of the machine that cannot be read are as good as none: what they would have signed is not trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }
}

/// Says what is wrong with the TLS of a bot, in our words and in curl's.
fn describe(error: &io::Error, destination: &Destination) -> ExchangeFailure {
    let (host, port) = (&*destination.host, destination.port);
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let (number, curl, text) = match tls {
        Some(Error::InvalidCertificate(error)) => {
            let (curl, text) = certificate_texts(error, host);
            (60, curl, text)
        }
        Some(Error::InvalidMessage(_)) => {
            let text = format!("port {port} of {host} does not speak TLS: does its URL begin with http://?");
            (35, "TLS connect error: wrong version number".to_owned(), text)
        }
        Some(error) => {
            (35, format!("TLS connect error: {error}"), format!("the TLS handshake with {host} failed: {error}"))
        }
        None => {
            let text = format!("the connection to port {port} of {host} ended in the middle of the TLS handshake");
            (35, "TLS connect error: unexpected eof while reading".to_owned(), text)
        }
    };
    ExchangeFailure::Tls { curl: (number, curl.into()), text: text.into() }
}

fn certificate_texts(error: &CertificateError, host: &str) -> (String, String) {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "SSL certificate problem: certificate has expired".to_owned(),
            format!("the certificate of {host} has expired: make a new one"),
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "SSL certificate problem: certificate is not yet valid".to_owned(),
            format!("the certificate of {host} is not valid yet: look at the clock of this machine"),
        ),
        CertificateError::UnknownIssuer => (
            "SSL certificate problem: unable to get local issuer certificate".to_owned(),
            format!(
                "the certificate of {host} is signed by a CA that is not trusted here: give that CA with --webhook-ca FILE"
            ),
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = match error {
                CertificateError::NotValidForNameContext { presented, .. } => {
                    presented.iter().map(|name| bare_name(name)).collect::<Vec<_>>().join(", ")
                }
                _ => String::new(),
            };
            (
                format!("SSL: no alternative certificate subject name matches target host name '{host}'"),
                format!("the certificate is not for {host}; it is for: {names}"),
            )
        }
        error if error.to_string().contains("CaUsedAsEndEntity") => (
            "SSL certificate problem: a CA's certificate is used as that of a server".to_owned(),
            format!(
                "the certificate of {host} is that of a CA (CA:TRUE): make one for the server, without CA:TRUE, that a CA of yours has signed, and give that CA with --webhook-ca FILE"
            ),
        ),
        error => (
            format!("SSL certificate problem: {error}"),
            format!("the certificate of {host} cannot be accepted: {error}"),
        ),
    }
}

/// `bot.example` of `DnsName("bot.example")`, as rustls writes the names of a certificate.
fn bare_name(shown: &str) -> &str {
    let inner = shown.split_once('(').map_or(shown, |(_, inner)| inner.trim_end_matches(')'));
    inner.trim_matches('"')
}
