//! Where a certificate authority comes from.

/// Where a certificate authority comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is generated, and nobody else has its key.
    Fresh,
    /// It is derived from a number. The same number gives the same authority, byte for byte, so everybody can have its key.
    Seed(u64),
    /// It was made elsewhere. Both are PEM. Further certificates of the first text are sent along with ours.
    Given {
        /// The certificate.
        certificate: String,
        /// The key.
        key: String,
    },
}
