//! Flags for HTTPS: which CA signs the certificate of a server, and for which names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::certificates::{Certificates, Origin, parse_name};
use crate::text::bounded_file;

use super::exit::Exit;
use super::output_files::{CommandOutput, write_in_folder};
use super::terminal::fail;

/// The CA and the host names of the HTTPS certificate.
#[derive(Debug, Clone, Args)]
pub struct TlsArgs {
    /// Sign the HTTPS certificate with this CA, a PEM file. Without this option the server creates a CA at each start.
    #[arg(long, env = "GRAPHDOUBLE_CA_CERT", value_name = "FILE", requires = "ca_key")]
    ca_cert: Option<PathBuf>,
    /// The private key of that CA, a PEM file (PKCS #8).
    #[arg(long, env = "GRAPHDOUBLE_CA_KEY", value_name = "FILE", requires = "ca_cert")]
    ca_key: Option<PathBuf>,
    /// Derive the CA from this number. The same number gives the same CA, so that an image can trust it in advance.
    ///
    /// The key of this CA is public: anybody can sign certificates with it. Use it only in images that run tests.
    #[arg(long, env = "GRAPHDOUBLE_CA_SEED", value_name = "N", conflicts_with = "ca_cert")]
    ca_seed: Option<u64>,
    /// Write the certificate of the CA to this file before the server starts. `GET /_control/ca.pem` returns the same
    /// certificate.
    #[arg(long, env = "GRAPHDOUBLE_CA_OUT", value_name = "FILE")]
    ca_out: Option<PathBuf>,
    /// One more host name in the HTTPS certificate, beside graph.facebook.com, graph.instagram.com and the names of the
    /// loopback address.
    #[arg(long = "tls-name", env = "GRAPHDOUBLE_TLS_NAME", value_name = "NAME", value_delimiter = ',', value_parser = parse_name)]
    tls_names: Vec<String>,
}

impl TlsArgs {
    /// The certificates. They are created when a client first needs them. If a file is involved, they are created now,
    /// so that mistakes show at the start.
    pub fn certificates(&self) -> Result<Arc<Certificates>, Exit> {
        let certificates = Certificates::new(self.origin()?, &self.tls_names);
        if self.ca_cert.is_some() || self.ca_out.is_some() {
            let pem = certificates.ca_pem().map_err(|error| fail(Exit::Invalid, &error.to_string()))?;
            self.ca_out.as_deref().map_or(Ok(()), |path| write(path, pem))?;
        }
        Ok(Arc::new(certificates))
    }

    /// The file with the certificate of the CA.
    pub fn outputs(&self) -> impl Iterator<Item = CommandOutput> {
        self.ca_out.as_deref().map(|path| CommandOutput::file("--ca-out", path)).into_iter()
    }

    fn origin(&self) -> Result<Origin, Exit> {
        Ok(match (&self.ca_cert, &self.ca_key, self.ca_seed) {
            (Some(certificate), Some(key), _) => Origin::Given { certificate: read(certificate)?, key: read(key)? },
            (_, _, Some(seed)) => Origin::Seed(seed),
            _ => Origin::Fresh,
        })
    }
}

/// The most bytes of a file with certificates or a key.
pub(super) const MAX_PEM: u64 = 4 * 1024 * 1024;
/// How a certificate begins.
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

fn read(path: &Path) -> Result<String, Exit> {
    bounded_file::read_text(path, MAX_PEM).map_err(|error| fail(Exit::CouldNotRun, &error))
}

/// Writes over nothing but a certificate.
fn write(path: &Path, text: &str) -> Result<(), Exit> {
    let is_other = |now: Vec<u8>| !now.is_empty() && !now.starts_with(CERTIFICATE);
    if path.is_file() && std::fs::read(path).is_ok_and(is_other) {
        let message = format!("--ca-out {}: there is a file that is no certificate: name another one", path.display());
        return Err(fail(Exit::Usage, &message));
    }
    write_in_folder(path, text.as_bytes()).map_err(|error| fail(Exit::CouldNotRun, &error))
}
