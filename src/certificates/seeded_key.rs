//! A key that is derived from a seed.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use rcgen::{PKCS_ECDSA_P256_SHA256, PublicKeyData, SignatureAlgorithm};
use sha2::{Digest, Sha256};

use super::certificate_error::CertificateError;

/// Separates these keys from everything else that is derived from the same seed.
const PURPOSE: &[u8] = b"graphdouble certificate authority";

/// A P-256 key, which every client can verify. `ring` draws keys from the system's randomness, and its signatures differ each time. With
/// this key both are the same for the same seed.
pub(super) struct SeededKey {
    key: SigningKey,
    public: Box<[u8]>,
}

impl SeededKey {
    pub(super) fn new(seed: u64) -> Result<Self, CertificateError> {
        // A few numbers are outside the range of the curve. Then the next one is tried.
        let mut keys = (0u64..).map(|attempt| SigningKey::from_slice(&secret(seed, attempt)));
        let key =
            keys.find_map(Result::ok).ok_or_else(|| CertificateError::new("no key can be derived from this seed"))?;
        let public = key.verifying_key().to_sec1_point(false).as_bytes().into();
        Ok(Self { key, public })
    }
}

fn secret(seed: u64, attempt: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(PURPOSE);
    hash.update(seed.to_be_bytes());
    hash.update(attempt.to_be_bytes());
    hash.finalize().into()
}

impl PublicKeyData for SeededKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for SeededKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: Signature = self.key.try_sign(message).map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signature.to_der().as_bytes().to_vec())
    }
}
