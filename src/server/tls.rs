//! Server room: TLS on the port of plain HTTP: told apart by the first byte, and when it fails, why. Only `accept` enters.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::server::Acceptor;
use rustls::{AlertDescription, Error};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::ServerSettings;
use crate::certificates::Certificates;

/// The first byte of every TLS connection, and of no HTTP request.
const HANDSHAKE: u8 = 0x16;

/// What a client speaks.
pub(super) enum Opened {
    /// HTTP as it is.
    Plain(TcpStream),
    /// HTTP inside TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

/// Finds out what the client speaks. None, if it says nothing in time or fails to shake hands; why is in the log then.
pub(super) async fn open(stream: TcpStream, settings: &ServerSettings) -> Option<Opened> {
    let Some(certificates) = &settings.certificates else {
        return Some(Opened::Plain(stream));
    };
    // A connection that breaks off, or that nobody uses, is nobody's concern.
    if !timeout(settings.head_timeout, speaks_tls(&stream)).await.ok()?.ok()? {
        return Some(Opened::Plain(stream));
    }
    let limit = settings.handshake_timeout;
    let local = stream.local_addr().ok()?;
    let result = timeout(limit, shake_hands(stream, certificates)).await;
    let why = match result {
        Ok(Ok(stream)) => return Some(Opened::Tls(Box::new(stream))),
        Ok(Err(error)) => words(&error, local),
        Err(_) => format!("it did not end within {} s", limit.as_secs_f64()),
    };
    tracing::warn!("a TLS handshake failed: {why}");
    None
}

async fn speaks_tls(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    let count = stream.peek(&mut first).await?;
    Ok(count == 1 && first[0] == HANDSHAKE)
}

async fn shake_hands(stream: TcpStream, certificates: &Arc<Certificates>) -> io::Result<TlsStream<TcpStream>> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    // A client that means an address names nothing.
    if let Some(name) = start.client_hello().server_name().filter(|name| !certificates.cover(name)) {
        tracing::warn!(
            "a client asks for https://{name}, which our certificate is not for: add it with --tls-name {name} or \
             GRAPHDOUBLE_TLS_NAME={name}"
        );
    }
    let config = certificates.config().map_err(io::Error::other)?;
    start.into_stream(config).await
}

/// What went wrong, and what helps.
fn words(error: &io::Error, local: SocketAddr) -> String {
    let error = match error.get_ref().and_then(|error| error.downcast_ref::<Error>()) {
        Some(error) => error,
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            return "the client hung up in the middle of it; its own log may say why".to_owned();
        }
        None => return error.to_string(),
    };
    match error {
        Error::AlertReceived(alert) if is_about_trust(*alert) => format!(
            "the client does not trust our CA (it says {alert:?}): give it http://{local}/_control/ca.pem, by \
             NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE or what else it reads"
        ),
        Error::AlertReceived(alert) => format!("the client refuses: {alert:?}"),
        Error::PeerIncompatible(why) => {
            format!("the client takes none of what we offer, which is TLS 1.2 and 1.3 with ECDSA ({why:?})")
        }
        Error::NoApplicationProtocol => "the client wants another protocol than HTTP/1.1".to_owned(),
        error => format!("the client does not speak TLS as it should: {error}"),
    }
}

/// What clients say of a certificate of an unknown CA; libraries differ.
fn is_about_trust(alert: AlertDescription) -> bool {
    use AlertDescription::{BadCertificate, CertificateUnknown, DecryptError, UnknownCA, UnsupportedCertificate};
    matches!(alert, UnknownCA | BadCertificate | CertificateUnknown | UnsupportedCertificate | DecryptError)
}
