//! Certificates room: an authority that was made elsewhere, as people keep it in files. Only `authority` enters.

use rcgen::{DistinguishedName, KeyIdMethod, KeyPair, PublicKeyData};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{NoCertificates, der};

/// How a key is brought into the only form that is read.
const CONVERT: &str = "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// An authority as it was given.
pub(super) struct Given {
    pub(super) name: DistinguishedName,
    pub(super) subject: Vec<u8>,
    pub(super) key_id: KeyIdMethod,
    pub(super) key: KeyPair,
    /// The certificates of the file as PEM, and nothing else that may stand there: some keep the key beside them.
    pub(super) pem: String,
    /// All certificates of the file but those that sign themselves: whoever trusts such a one has it.
    pub(super) chain: Vec<CertificateDer<'static>>,
}

/// Reads it; the first certificate is the authority's.
pub(super) fn read(file: &str, key: &str) -> Result<Given, NoCertificates> {
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(file.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| NoCertificates::new(format!("the CA certificate is no PEM: {error}")))?;
    let first = certificates.first();
    let first =
        first.ok_or_else(|| NoCertificates::new("the CA certificate is no PEM: it has no `BEGIN CERTIFICATE`"))?;
    let parts = der::read(first)?;
    if !parts.is_ca {
        return Err(NoCertificates::new(
            "the CA certificate is none of a CA: its basic constraints do not say `CA:TRUE`",
        ));
    }
    let key = read_key(key)?;
    if key.subject_public_key_info() != parts.public_key {
        return Err(NoCertificates::new("the CA key is not the one of the CA certificate"));
    }
    let mut chain = Vec::new();
    for certificate in &certificates {
        let parts = der::read(certificate)?;
        if parts.issuer != parts.subject {
            chain.push(certificate.clone());
        }
    }
    Ok(Given {
        name: der::read_name(&parts.subject)?,
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

fn read_key(pem: &str) -> Result<KeyPair, NoCertificates> {
    match PrivateKeyDer::from_pem_slice(pem.as_bytes()) {
        Ok(key @ PrivateKeyDer::Pkcs8(_)) => KeyPair::try_from(&key).map_err(|_| {
            NoCertificates::new("the CA key is of no kind that is known here: RSA, ECDSA with P-256 or P-384, Ed25519")
        }),
        Ok(_) => Err(NoCertificates::new(format!(
            "the CA key is not in PKCS #8 (`BEGIN PRIVATE KEY`); convert it: {CONVERT}"
        ))),
        Err(error) => Err(NoCertificates::new(format!("the CA key is no PEM without a passphrase: {error}"))),
    }
}
