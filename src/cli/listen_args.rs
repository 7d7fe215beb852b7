//! Flags that say where a server listens, for `serve` and `run`, and the server once its ports are bound.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use crate::engine::Engine;
use crate::runner::Timeouts;
use crate::server::{self, ServerSettings};
use crate::site::EngineSite;

use super::exit::Exit;
use super::terminal::fail;
#[cfg(feature = "tls")]
use super::tls_args::TlsArgs;

/// Where a server listens, and to whom.
#[derive(Debug, Clone, Args)]
pub struct ListenArgs {
    /// Where to listen. Anything but a loopback address can be reached from outside this machine.
    #[arg(long, env = "GRAPHDOUBLE_LISTEN", default_value = "127.0.0.1:4004")]
    pub listen: String,
    /// Where to listen too: 0.0.0.0:443 for clients that cannot be pointed elsewhere. All ports answer the same.
    #[arg(long = "also-listen", env = "GRAPHDOUBLE_ALSO_LISTEN", value_name = "LISTEN", value_delimiter = ',')]
    pub also_listen: Vec<String>,
    /// A host name under which the control API may be called, beside those of the loopback; `*` for any.
    #[arg(long = "allow-host", env = "GRAPHDOUBLE_ALLOW_HOST", value_delimiter = ',')]
    pub allow_host: Vec<String>,
    /// With what clients that speak TLS are met.
    #[cfg(feature = "tls")]
    #[command(flatten)]
    pub tls: TlsArgs,
}

/// A server that has its ports and lets nobody in yet.
pub struct BoundServer {
    /// Where it listens, the first first.
    pub addresses: Vec<SocketAddr>,
    listeners: Vec<TcpListener>,
    site: EngineSite,
    pub settings: ServerSettings,
}

impl ListenArgs {
    /// Binds the ports.
    pub async fn bind(&self, engine: Arc<Engine>, timeouts: Timeouts) -> Result<BoundServer, Exit> {
        let (mut listeners, mut addresses) = (Vec::new(), Vec::new());
        for place in std::iter::once(&self.listen).chain(&self.also_listen) {
            let refused = |error| fail(Exit::CouldNotRun, &format!("cannot listen on {place}: {error}"));
            let listener = TcpListener::bind(place).await.map_err(refused)?;
            addresses.push(listener.local_addr().map_err(refused)?);
            listeners.push(listener);
        }
        let site = EngineSite::new(engine, timeouts);
        let settings = self.settings(&addresses);
        #[cfg(feature = "tls")]
        let (site, settings) = {
            let certificates = self.tls.certificates()?;
            (site.showing(certificates.clone()), ServerSettings { certificates: Some(certificates), ..settings })
        };
        Ok(BoundServer { addresses, listeners, site, settings })
    }

    /// What the server takes from whom.
    fn settings(&self, addresses: &[SocketAddr]) -> ServerSettings {
        ServerSettings {
            allowed_hosts: self.allow_host.clone(),
            // Whoever listens to a network means its neighbours to call, by the names that a container network gives them.
            allow_local_names: addresses.iter().any(|address| !address.ip().is_loopback()),
            ..ServerSettings::default()
        }
    }
}

impl BoundServer {
    /// Serves until `stop` is over.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        server::serve(self.listeners, Arc::new(self.site), self.settings, stop).await;
    }
}
