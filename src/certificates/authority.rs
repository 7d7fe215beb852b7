//! A certificate authority (CA): fresh, derived from a seed, or given. It signs the server's certificate.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SignatureAlgorithm, SigningKey, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::certificate_error::CertificateError;
use super::given_authority::read_given_authority;
use super::origin::Origin;
use super::read_certificate::read_certificate;
use super::seeded_key::SeededKey;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long ago a certificate became valid. Clients in tests may set their clock to the past.
const BEFORE: Duration = DAY.saturating_mul(30);
/// How long a certificate is valid in total. Some clients refuse more than 398 days.
const LEAF: Duration = DAY.saturating_mul(397);
/// How long a fresh authority is valid in total.
const FRESH_CA: Duration = DAY.saturating_mul(3650);
/// The validity of an authority that is derived from a seed. It is fixed, so that the certificate is the same each time.
const SEEDED_CA: [(i32, u8, u8); 2] = [(2020, 1, 1), (2049, 12, 31)];

enum AuthorityKey {
    /// Generated or given.
    Pair(KeyPair),
    Seeded(SeededKey),
}

impl PublicKeyData for AuthorityKey {
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

impl SigningKey for AuthorityKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match self {
            Self::Pair(key) => key.sign(message),
            Self::Seeded(key) => key.sign(message),
        }
    }
}

pub(super) struct Authority {
    issuer: Issuer<'static, AuthorityKey>,
    /// The subject, byte for byte as in the authority's certificate.
    subject: Vec<u8>,
    pem: String,
    /// Certificates that are sent after the server's own, so that a client finds a path to a certificate that it trusts.
    chain: Vec<CertificateDer<'static>>,
}

impl Authority {
    pub(super) fn new(origin: &Origin) -> Result<Self, CertificateError> {
        match origin {
            Origin::Fresh => Self::generate(),
            Origin::Seed(seed) => Self::from_seed(*seed),
            Origin::Given { certificate, key } => Self::from_pem(certificate, key),
        }
    }

    fn generate() -> Result<Self, CertificateError> {
        let key = KeyPair::generate()?;
        // The name is unique. If two authorities had one name, a client that trusts the other would report a bad signature.
        let id = hex::encode(&CertificateParams::default().key_identifier(&key)[..4]);
        let mut params = authority_params(format!("graphdouble CA {id}"));
        (params.not_before, params.not_after) = valid_for(FRESH_CA);
        Self::self_signed(params, AuthorityKey::Pair(key))
    }

    fn from_seed(seed: u64) -> Result<Self, CertificateError> {
        let mut params = authority_params(format!("graphdouble CA of the seed {seed}, whose key is no secret"));
        let [from, until] = SEEDED_CA.map(|(year, month, day)| date_time_ymd(year, month, day));
        (params.not_before, params.not_after) = (from, until);
        Self::self_signed(params, AuthorityKey::Seeded(SeededKey::new(seed)?))
    }

    fn self_signed(params: CertificateParams, key: AuthorityKey) -> Result<Self, CertificateError> {
        let certificate = params.self_signed(&key)?;
        let subject = read_certificate(certificate.der())?.subject;
        Ok(Self { pem: certificate.pem(), subject, issuer: Issuer::new(params, key), chain: Vec::new() })
    }

    fn from_pem(certificate: &str, key: &str) -> Result<Self, CertificateError> {
        let given = read_given_authority(certificate, key)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = given.name;
        params.key_identifier_method = given.key_id;
        Ok(Self {
            issuer: Issuer::new(params, AuthorityKey::Pair(given.key)),
            subject: given.subject,
            pem: given.pem,
            chain: given.chain,
        })
    }

    /// The authority's own certificate.
    pub(super) fn into_pem(self) -> String {
        self.pem
    }

    /// Issues a certificate for these names. Returns it with the chain to send after it, and its key.
    pub(super) fn certify(
        &self,
        names: &[String],
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), CertificateError> {
        let mut params = CertificateParams::new(names.to_vec())?;
        params.distinguished_name = common_name(names.first().cloned().unwrap_or_default());
        (params.not_before, params.not_after) = valid_for(LEAF);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Strict clients, such as Python since 3.13, demand the id of the authority's key.
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        if read_certificate(certificate.der())?.issuer != self.subject {
            return Err(CertificateError::new(
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
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// The validity from [`BEFORE`] on, for this length.
fn valid_for<T>(length: Duration) -> (T, T)
where
    T: From<SystemTime>,
{
    let from = SystemTime::now().checked_sub(BEFORE).unwrap_or(UNIX_EPOCH);
    (from.into(), (from + length).into())
}
