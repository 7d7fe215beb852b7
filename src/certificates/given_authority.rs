//! Reads a certificate authority that was made elsewhere, from its PEM files.

use rcgen::{DistinguishedName, KeyIdMethod, KeyPair, PublicKeyData};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::certificate_error::CertificateError;
use super::read_certificate::{read_certificate, read_name};

/// Converts a key into PKCS #8, the only form that we read.
const CONVERT_COMMAND: &str = "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

pub(super) struct GivenAuthority {
    pub(super) name: DistinguishedName,
    pub(super) subject: Vec<u8>,
    pub(super) key_id: KeyIdMethod,
    pub(super) key: KeyPair,
    /// The certificates of the file as PEM, and nothing else of it: some people keep the key in the same file.
    pub(super) pem: String,
    /// All certificates of the file but the self-signed ones. A client that trusts a self-signed certificate has it already.
    pub(super) chain: Vec<CertificateDer<'static>>,
}

/// Reads an authority. Its own certificate is the first of the file.
pub(super) fn read_given_authority(file: &str, key: &str) -> Result<GivenAuthority, CertificateError> {
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(file.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| CertificateError::new(format!("the CA certificate is not PEM: {error}")))?;
    let first = certificates.first();
    let first =
        first.ok_or_else(|| CertificateError::new("the CA certificate is not PEM: it has no `BEGIN CERTIFICATE`"))?;
    let parts = read_certificate(first)?;
    if !parts.is_ca {
        return Err(CertificateError::new(
            "the CA certificate does not belong to a CA: its basic constraints do not say `CA:TRUE`",
        ));
    }
    let key = read_key(key)?;
    if key.subject_public_key_info() != parts.public_key {
        return Err(CertificateError::new("the CA key is not the one of the CA certificate"));
    }
    let mut chain = Vec::new();
    for certificate in &certificates {
        let parts = read_certificate(certificate)?;
        if parts.issuer != parts.subject {
            chain.push(certificate.clone());
        }
    }
    Ok(GivenAuthority {
        name: read_name(&parts.subject)?,
        subject: parts.subject,
        key_id: parts.key_id.map_or(KeyIdMethod::Sha256, KeyIdMethod::PreSpecified),
        key,
        pem: only_certificates(file),
        chain,
    })
}

fn only_certificates(file: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in file.lines() {
        inside |= line.starts_with(BEGIN);
        if inside {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= !line.starts_with(END);
    }
    kept
}

fn read_key(pem: &str) -> Result<KeyPair, CertificateError> {
    match PrivateKeyDer::from_pem_slice(pem.as_bytes()) {
        Ok(key @ PrivateKeyDer::Pkcs8(_)) => KeyPair::try_from(&key).map_err(|_| {
            CertificateError::new(
                "the kind of the CA key is not supported: use RSA, ECDSA with P-256 or P-384, or Ed25519",
            )
        }),
        Ok(_) => Err(CertificateError::new(format!(
            "the CA key is not in PKCS #8 (`BEGIN PRIVATE KEY`); convert it: {CONVERT_COMMAND}"
        ))),
        Err(error) => Err(CertificateError::new(format!("the CA key is not PEM without a passphrase: {error}"))),
    }
}
