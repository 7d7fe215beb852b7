//! Flags that say where a server listens, for `serve` and `run`, and the server once its ports are bound.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use crate::control::ShownRecord;
use crate::engine::Engine;
use crate::runner::Timeouts;
use crate::server::{self, MAX_CONNECTIONS, ServerSettings};
use crate::site::EngineSite;

use super::exit::Exit;
use super::output_files::CommandOutput;
use super::terminal::fail;
#[cfg(feature = "tls")]
use super::tls_args::TlsArgs;

/// Where a server listens, and under which host names it answers.
#[derive(Debug, Clone, Args)]
pub struct ListenArgs {
    /// The address and port to listen on. Other machines can reach any address that is not a loopback address.
    #[arg(long, env = "GRAPHDOUBLE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:4004")]
    pub listen: String,
    /// One more address to listen on, with the same answers. Use 0.0.0.0:443 for a client that always calls
    /// graph.facebook.com.
    #[arg(long = "also-listen", env = "GRAPHDOUBLE_ALSO_LISTEN", value_name = "ADDRESS", value_delimiter = ',')]
    pub also_listen: Vec<String>,
    /// Accept calls to the control API under this host name, beside the names of the loopback address. `*` accepts any
    /// name.
    #[arg(long = "allow-host", env = "GRAPHDOUBLE_ALLOW_HOST", value_name = "HOST", value_delimiter = ',')]
    pub allow_host: Vec<String>,
    /// How many requests the server serves at the same time; more of them wait. As many connections may be open, and 64 more:
    /// then the oldest one that rests is closed for a new one.
    #[arg(long, env = "GRAPHDOUBLE_CONNECTIONS", value_name = "COUNT", default_value_t = MAX_CONNECTIONS as u64,
        value_parser = clap::value_parser!(u64).range(1..=MOST_CONNECTIONS))]
    pub connections: u64,
    #[cfg(feature = "tls")]
    #[command(flatten)]
    pub tls: TlsArgs,
}

/// The most that `--connections` may be.
const MOST_CONNECTIONS: u64 = 100_000;

/// A server whose ports are bound. It does not accept connections yet.
pub struct BoundServer {
    pub addresses: Vec<SocketAddr>,
    listeners: Vec<TcpListener>,
    site: EngineSite,
    pub settings: ServerSettings,
}

impl ListenArgs {
    pub async fn bind(&self, engine: Arc<Engine>, timeouts: Timeouts) -> Result<BoundServer, Exit> {
        self.bind_site(EngineSite::new(engine, timeouts)).await
    }

    /// Binds a server that shows a run that is over.
    pub async fn bind_record(&self, engine: Arc<Engine>, record: ShownRecord) -> Result<BoundServer, Exit> {
        self.bind_site(EngineSite::of_record(engine, record)).await
    }

    /// The same flags for one more server beside another: at any free port of the loopback.
    #[must_use]
    pub fn at_any_port(&self) -> Self {
        Self { listen: "127.0.0.1:0".to_owned(), also_listen: Vec::new(), ..self.clone() }
    }

    async fn bind_site(&self, site: EngineSite) -> Result<BoundServer, Exit> {
        let (mut listeners, mut addresses) = (Vec::new(), Vec::new());
        for place in std::iter::once(&self.listen).chain(&self.also_listen) {
            let refused = |error| fail(Exit::CouldNotRun, &format!("cannot listen on {place}: {error}"));
            let listener = server::listen(place).await.map_err(refused)?;
            addresses.push(listener.local_addr().map_err(refused)?);
            listeners.push(listener);
        }
        let settings = self.settings(&addresses);
        #[cfg(feature = "tls")]
        let (site, settings) = {
            let certificates = self.tls.certificates()?;
            (
                site.with_certificates(certificates.clone()),
                ServerSettings { certificates: Some(certificates), ..settings },
            )
        };
        Ok(BoundServer { addresses, listeners, site, settings })
    }

    /// The files that a server writes.
    pub fn outputs(&self) -> impl Iterator<Item = CommandOutput> {
        #[cfg(feature = "tls")]
        let outputs = self.tls.outputs();
        #[cfg(not(feature = "tls"))]
        let outputs = std::iter::empty();
        outputs
    }

    fn settings(&self, addresses: &[SocketAddr]) -> ServerSettings {
        ServerSettings {
            allowed_hosts: self.allow_host.clone(),
            // A server on a network is called by its neighbours, under the names that a container network gives them.
            allow_local_names: addresses.iter().any(|address| !address.ip().is_loopback()),
            max_connections: self.connections as usize,
            ..ServerSettings::default()
        }
    }
}

impl BoundServer {
    /// Serves until `stop` ends.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        server::serve(self.listeners, Arc::new(self.site), self.settings, stop).await;
    }
}
