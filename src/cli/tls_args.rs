//! Cli room: the certificates of a server: whose CA, and for which names. `serve` enters.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::certificates::{Certificates, Origin, parse_name};

use super::exit::Exit;
use super::terminal::fail;

/// With what clients that speak TLS are met.
#[derive(Debug, Clone, Args)]
pub struct TlsArgs {
    /// A CA of yours that signs the certificate for HTTPS, as PEM. Without it one is made at each start.
    #[arg(long, env = "GRAPHDOUBLE_CA_CERT", value_name = "FILE", requires = "ca_key")]
    ca_cert: Option<PathBuf>,
    /// The key of that CA, as PEM (PKCS #8).
    #[arg(long, env = "GRAPHDOUBLE_CA_KEY", value_name = "FILE", requires = "ca_cert")]
    ca_key: Option<PathBuf>,
    /// Derive the CA from a number: always the same for the same number, so that an image can trust it beforehand. Its key is no
    /// secret: whoever trusts it trusts everybody. For images that run tests and nothing else.
    #[arg(long, env = "GRAPHDOUBLE_CA_SEED", value_name = "N", conflicts_with = "ca_cert")]
    ca_seed: Option<u64>,
    /// Write the certificate of the CA to a file before the server is ready. `GET /_control/ca.pem` answers the same.
    #[arg(long, env = "GRAPHDOUBLE_CA_OUT", value_name = "FILE")]
    ca_out: Option<PathBuf>,
    /// A host that clients ask for by HTTPS, beside graph.facebook.com, graph.instagram.com and those of the loopback.
    #[arg(long = "tls-name", env = "GRAPHDOUBLE_TLS_NAME", value_name = "NAME", value_delimiter = ',', value_parser = parse_name)]
    tls_names: Vec<String>,
}

impl TlsArgs {
    /// The certificates. They are made when a client needs them, unless a file takes part: then mistakes are told now.
    pub fn certificates(&self) -> Result<Arc<Certificates>, Exit> {
        let certificates = Certificates::new(self.origin()?, &self.tls_names);
        if self.ca_cert.is_some() || self.ca_out.is_some() {
            let pem = certificates.ca_pem().map_err(|error| fail(Exit::Invalid, &error.to_string()))?;
            self.ca_out.as_deref().map_or(Ok(()), |path| write(path, pem))?;
        }
        Ok(Arc::new(certificates))
    }

    fn origin(&self) -> Result<Origin, Exit> {
        Ok(match (&self.ca_cert, &self.ca_key, self.ca_seed) {
            (Some(certificate), Some(key), _) => Origin::Given { certificate: read(certificate)?, key: read(key)? },
            (_, _, Some(seed)) => Origin::Seed(seed),
            _ => Origin::Fresh,
        })
    }
}

fn read(path: &Path) -> Result<String, Exit> {
    std::fs::read_to_string(path)
        .map_err(|error| fail(Exit::CouldNotRun, &format!("cannot read {}: {error}", path.display())))
}

fn write(path: &Path, text: &str) -> Result<(), Exit> {
    std::fs::write(path, text)
        .map_err(|error| fail(Exit::CouldNotRun, &format!("cannot write {}: {error}", path.display())))
}
