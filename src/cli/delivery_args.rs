//! Flags that say how webhooks are sent, for `serve`, `run` and `load`.

#[cfg(feature = "tls")]
use std::path::PathBuf;

use clap::Args;

use crate::delivery::DeliverySettings;
#[cfg(feature = "tls")]
use crate::delivery::TrustedCas;

use super::exit::Exit;
#[cfg(feature = "tls")]
use super::terminal::fail;
#[cfg(feature = "tls")]
use super::tls_args::MAX_PEM;
#[cfg(feature = "tls")]
use crate::text::bounded_file;

/// How webhooks are sent.
#[derive(Debug, Clone, Args)]
pub struct DeliveryArgs {
    /// Trust the CAs of this PEM file, beside those of this machine, when webhooks go to https:// URLs.
    #[cfg(feature = "tls")]
    #[arg(long, env = "GRAPHDOUBLE_WEBHOOK_CA", value_name = "FILE")]
    webhook_ca: Option<PathBuf>,
}

impl DeliveryArgs {
    /// The settings. The file is read now, so that a mistake shows at the start.
    pub fn settings(&self) -> Result<DeliverySettings, Exit> {
        #[cfg(feature = "tls")]
        if let Some(path) = &self.webhook_ca {
            let text = bounded_file::read_text(path, MAX_PEM).map_err(|error| fail(Exit::CouldNotRun, &error))?;
            let trusted_cas = TrustedCas::from_pem(&text)
                .map_err(|error| fail(Exit::Invalid, &format!("--webhook-ca {}: {error}", path.display())))?;
            return Ok(DeliverySettings { trusted_cas, ..DeliverySettings::default() });
        }
        Ok(DeliverySettings::default())
    }
}
