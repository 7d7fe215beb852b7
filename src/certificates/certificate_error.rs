//! The error of this room.

/// Why the certificates cannot be made, in words for people.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct CertificateError(String);

impl CertificateError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<rcgen::Error> for CertificateError {
    fn from(error: rcgen::Error) -> Self {
        Self(format!("cannot make a certificate: {error}"))
    }
}

impl From<rustls::Error> for CertificateError {
    fn from(error: rustls::Error) -> Self {
        Self(format!("cannot use the certificate: {error}"))
    }
}
