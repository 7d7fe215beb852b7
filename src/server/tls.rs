//! TLS on the port of plain HTTP. The first byte of a connection says which of the two it is. A failed handshake is logged with its
//! reason and with a remedy.

use std::io;
use std::net::SocketAddr;

use rustls::server::Acceptor;
use rustls::{AlertDescription, Error};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::settings::ServerSettings;
use crate::certificates::Certificates;

/// The first byte of every TLS connection, and of no HTTP request.
const TLS_HANDSHAKE: u8 = 0x16;

/// A connection whose protocol is known.
pub(super) enum Opened {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Finds out whether the client speaks TLS, and makes the handshake. Returns `None` if the client sends nothing in time or if the
/// handshake fails; the reason is logged.
pub(super) async fn open(stream: TcpStream, settings: &ServerSettings) -> Option<Opened> {
    let Some(certificates) = &settings.certificates else {
        return Some(Opened::Plain(stream));
    };
    // A connection that breaks off or stays silent is not worth a line in the log.
    if !timeout(settings.head_timeout, speaks_tls(&stream)).await.ok()?.ok()? {
        return Some(Opened::Plain(stream));
    }
    let limit = settings.handshake_timeout;
    // The future is boxed because it is large; plain connections do not pay for its size.
    let result = timeout(limit, Box::pin(shake_hands(stream, certificates))).await;
    let why = match result {
        Ok(Ok(stream)) => return Some(Opened::Tls(Box::new(stream))),
        Ok(Err(why)) => why,
        Err(_) => format!("it did not end within {} s", limit.as_secs_f64()),
    };
    tracing::warn!("a TLS handshake failed: {why}");
    None
}

async fn speaks_tls(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    let count = stream.peek(&mut first).await?;
    Ok(count == 1 && first[0] == TLS_HANDSHAKE)
}

async fn shake_hands(stream: TcpStream, certificates: &Certificates) -> Result<TlsStream<TcpStream>, String> {
    let local = stream.local_addr().map_err(|error| error.to_string())?;
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await.map_err(|error| describe(&error))?;
    // A client that connects to an address sends no name.
    if let Some(name) = start.client_hello().server_name().filter(|name| !certificates.covers(name)) {
        tracing::warn!(
            "a client asks for https://{name}, which our certificate is not for: add it with --tls-name {name} or \
             GRAPHDOUBLE_TLS_NAME={name}"
        );
    }
    let config = certificates.config().map_err(|error| error.to_string())?;
    start.into_stream(config).await.map_err(|error| describe_after_certificate(&error, local))
}

/// Describes an error that came after the client had seen our certificate, and what helps.
fn describe_after_certificate(error: &io::Error, local: SocketAddr) -> String {
    let trust = |how: &str| {
        format!(
            "the client does not trust our CA ({how}): give it http://{local}/_control/ca.pem, by NODE_EXTRA_CA_CERTS, \
             SSL_CERT_FILE, REQUESTS_CA_BUNDLE or what else it reads"
        )
    };
    match tls_error(error) {
        Some(Error::AlertReceived(alert)) if is_about_trust(*alert) => trust(&format!("it says {alert:?}")),
        None if is_hang_up(error) => trust("it hung up without a word, as Node does"),
        _ => describe(error),
    }
}

fn describe(error: &io::Error) -> String {
    match tls_error(error) {
        Some(Error::AlertReceived(alert)) => format!("the client refuses: {alert:?}"),
        Some(Error::PeerIncompatible(why)) => {
            format!("the client takes none of what we offer, which is TLS 1.2 and 1.3 with ECDSA ({why:?})")
        }
        Some(Error::NoApplicationProtocol) => "the client wants another protocol than HTTP/1.1".to_owned(),
        Some(error) => format!("the client does not speak TLS as it should: {error}"),
        None if is_hang_up(error) => "the client hung up in the middle of its first words".to_owned(),
        None => error.to_string(),
    }
}

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn is_hang_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | BrokenPipe)
}

/// True for the alerts that clients send about a certificate of an unknown CA. Libraries differ.
fn is_about_trust(alert: AlertDescription) -> bool {
    use AlertDescription::{BadCertificate, CertificateUnknown, DecryptError, UnknownCA, UnsupportedCertificate};
    matches!(alert, UnknownCA | BadCertificate | CertificateUnknown | UnsupportedCertificate | DecryptError)
}
