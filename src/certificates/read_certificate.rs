//! Reads the parts of a certificate (DER) that this room needs: subject, issuer, key, and whether it may sign others.

use rcgen::{DistinguishedName, DnType, DnValue};
use rustls::pki_types::CertificateDer;
use yasna::models::ObjectIdentifier;
use yasna::tags::{TAG_IA5STRING, TAG_PRINTABLESTRING, TAG_UTF8STRING};
use yasna::{ASN1Error, ASN1ErrorKind, ASN1Result, BERReader, BERReaderSeq, Tag};

use super::certificate_error::CertificateError;

const SUBJECT_KEY_ID: &[u64] = &[2, 5, 29, 14];
const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];

/// Parts of a certificate. Names and key are the raw bytes.
#[derive(Debug, Default)]
pub(super) struct CertificateParts {
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) public_key: Vec<u8>,
    pub(super) key_id: Option<Vec<u8>>,
    pub(super) is_ca: bool,
}

pub(super) fn read_certificate(certificate: &CertificateDer<'_>) -> Result<CertificateParts, CertificateError> {
    yasna::parse_der(certificate, |reader| {
        reader.read_sequence(|reader| {
            let parts = reader.next().read_sequence(read_parts)?;
            // Skips the algorithm and the signature.
            reader.next().read_der()?;
            reader.next().read_der()?;
            Ok(parts)
        })
    })
    .map_err(|error| CertificateError::new(format!("this is no X.509 certificate: {error}")))
}

fn read_parts(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<CertificateParts> {
    let mut parts = CertificateParts::default();
    // Skips version, serial number and algorithm.
    reader.read_optional(|reader| reader.read_tagged(Tag::context(0), |reader| reader.read_i64()))?;
    reader.next().read_der()?;
    reader.next().read_der()?;
    parts.issuer = reader.next().read_der()?;
    // Skips the validity.
    reader.next().read_der()?;
    parts.subject = reader.next().read_der()?;
    parts.public_key = reader.next().read_der()?;
    for unique_id in [1, 2] {
        let unique_id = Tag::context(unique_id);
        reader.read_optional(|reader| reader.read_tagged_implicit(unique_id, |reader| reader.read_bitvec_bytes()))?;
    }
    reader.read_optional(|reader| {
        reader.read_tagged(Tag::context(3), |reader| {
            reader.read_sequence_of(|reader| reader.read_sequence(|reader| read_extension(reader, &mut parts)))
        })
    })?;
    Ok(parts)
}

fn read_extension(reader: &mut BERReaderSeq<'_, '_>, parts: &mut CertificateParts) -> ASN1Result<()> {
    let id = reader.next().read_oid()?;
    reader.read_default(false, |reader| reader.read_bool())?;
    let value = reader.next().read_bytes()?;
    match id.components().as_slice() {
        SUBJECT_KEY_ID => parts.key_id = Some(yasna::parse_der(&value, |reader| reader.read_bytes())?),
        BASIC_CONSTRAINTS => {
            parts.is_ca = yasna::parse_der(&value, |reader| {
                reader.read_sequence(|reader| {
                    let is_ca = reader.read_default(false, |reader| reader.read_bool())?;
                    reader.read_optional(|reader| reader.read_u32())?;
                    Ok(is_ca)
                })
            })?;
        }
        _ => {}
    }
    Ok(())
}

/// Reads a name, such as the subject of a certificate.
pub(super) fn read_name(name: &[u8]) -> Result<DistinguishedName, CertificateError> {
    let mut parts = DistinguishedName::new();
    yasna::parse_der(name, |reader| {
        reader.read_sequence_of(|reader| {
            reader.read_set_of(|reader| {
                let (kind, value) = reader.read_sequence(|reader| {
                    let kind: ObjectIdentifier = reader.next().read_oid()?;
                    Ok((kind, read_text(reader.next())?))
                })?;
                parts.push(DnType::from_oid(kind.components()), value);
                Ok(())
            })
        })
    })
    .map_err(|error| CertificateError::new(format!("the subject of the CA cannot be read: {error}")))?;
    Ok(parts)
}

fn read_text(reader: BERReader<'_, '_>) -> ASN1Result<DnValue> {
    let invalid = |_| ASN1Error::new(ASN1ErrorKind::Invalid);
    match reader.lookahead_tag()? {
        TAG_UTF8STRING => reader.read_utf8string().map(DnValue::Utf8String),
        TAG_PRINTABLESTRING => {
            reader.read_printable_string()?.try_into().map(DnValue::PrintableString).map_err(invalid)
        }
        TAG_IA5STRING => reader.read_ia5_string()?.try_into().map(DnValue::Ia5String).map_err(invalid),
        _ => Err(ASN1Error::new(ASN1ErrorKind::Invalid)),
    }
}
