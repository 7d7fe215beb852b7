//! Certificates room: an authority: how it comes about, and the certificate that it signs. Only `mod` enters.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SignatureAlgorithm, SigningKey, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::seeded::SeededKey;
use super::{NoCertificates, Origin, der, mounted};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long ago a certificate became valid, for clients in tests that let their clock stand in the past.
const BEFORE: Duration = DAY.saturating_mul(30);
/// How long a certificate is valid, all in all. Some clients refuse one of more than 398 days.
const LEAF: Duration = DAY.saturating_mul(397);
/// How long a fresh authority is valid, all in all.
const FRESH_CA: Duration = DAY.saturating_mul(3650);
/// From when and up to when an authority out of a seed is valid: always the same, for else it were not the same authority.
const SEEDED_CA: [(i32, u8, u8); 2] = [(2020, 1, 1), (2049, 12, 31)];

/// The key of an authority.
enum Key {
    /// Made or read.
    Pair(KeyPair),
    /// Derived.
    Seeded(SeededKey),
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        match self {
            Self::Pair(key) => key.der_bytes(),
            Self::Seeded(key) => key.der_bytes(),
        }
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self {
            Self::Pair(key) => key.algorithm(),
            Self::Seeded(key) => key.algorithm(),
        }
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match self {
            Self::Pair(key) => key.sign(message),
            Self::Seeded(key) => key.sign(message),
        }
    }
}

/// Who signs certificates.
pub(super) struct Authority {
    issuer: Issuer<'static, Key>,
    /// The subject as it stands in the certificate of the authority.
    subject: Vec<u8>,
    pem: String,
    /// What goes out after each certificate, so that a client finds its way to what it trusts.
    chain: Vec<CertificateDer<'static>>,
}

impl Authority {
    pub(super) fn of(origin: &Origin) -> Result<Self, NoCertificates> {
        match origin {
            Origin::Fresh => Self::fresh(),
            Origin::Seed(seed) => Self::seeded(*seed),
            Origin::Given { certificate, key } => Self::given(certificate, key),
        }
    }

    fn fresh() -> Result<Self, NoCertificates> {
        let key = KeyPair::generate()?;
        // A name of its own: of two authorities with one name, clients that trust the other report a bad signature.
        let id = hex::encode(&CertificateParams::default().key_identifier(&key)[..4]);
        let mut params = authority_params(format!("graphdouble CA {id}"));
        (params.not_before, params.not_after) = valid_for(FRESH_CA);
        Self::new(params, Key::Pair(key))
    }

    fn seeded(seed: u64) -> Result<Self, NoCertificates> {
        let mut params = authority_params(format!("graphdouble CA of the seed {seed}, whose key is no secret"));
        let [from, until] = SEEDED_CA.map(|(year, month, day)| date_time_ymd(year, month, day));
        (params.not_before, params.not_after) = (from, until);
        Self::new(params, Key::Seeded(SeededKey::new(seed)?))
    }

    /// Signs itself.
    fn new(params: CertificateParams, key: Key) -> Result<Self, NoCertificates> {
        let certificate = params.self_signed(&key)?;
        let subject = der::read(certificate.der())?.subject;
        Ok(Self { pem: certificate.pem(), subject, issuer: Issuer::new(params, key), chain: Vec::new() })
    }

    fn given(certificate: &str, key: &str) -> Result<Self, NoCertificates> {
        let given = mounted::read(certificate, key)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = given.name;
        params.key_identifier_method = given.key_id;
        Ok(Self {
            issuer: Issuer::new(params, Key::Pair(given.key)),
            subject: given.subject,
            pem: given.pem,
            chain: given.chain,
        })
    }

    /// The certificate of the authority.
    pub(super) fn into_pem(self) -> String {
        self.pem
    }

    /// A certificate for these names, what goes out with it, and its key.
    pub(super) fn certify(
        &self,
        names: &[String],
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), NoCertificates> {
        let mut params = CertificateParams::new(names.to_vec())?;
        params.distinguished_name = common_name(names.first().cloned().unwrap_or_default());
        (params.not_before, params.not_after) = valid_for(LEAF);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Strict clients, as Python from 3.13 on, want to be told which key of the authority it was.
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        if der::read(certificate.der())?.issuer != self.subject {
            return Err(NoCertificates::new(
                "the subject of the CA cannot be written again byte for byte: use a CA whose subject has each attribute \
                 once, as UTF-8 or printable text",
            ));
        }
        let mut chain = vec![certificate.der().clone()];
        chain.extend(self.chain.iter().cloned());
        Ok((chain, key.into()))
    }
}

fn authority_params(name: String) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = common_name(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn common_name(name: String) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

/// From [`BEFORE`] on, for so long.
fn valid_for<T>(length: Duration) -> (T, T)
where
    T: From<SystemTime>,
{
    let from = SystemTime::now().checked_sub(BEFORE).unwrap_or(UNIX_EPOCH);
    (from.into(), (from + length).into())
}
