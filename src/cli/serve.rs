//! Cli room: `serve`: the Graph API and the control API on the same ports, until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::delivery::{DeliverySettings, WebhookSender};
use crate::engine::Engine;
use crate::engine::clock::{Mode, wall_now};
use crate::language::Node;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::runner::{Timeouts, faults};
use crate::server::{self, ServerSettings};
use crate::site::EngineSite;
use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::source::SourceText;

use super::faults::Faults;
#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{Exit, colors, complain, print};

/// The world that a server starts with.
pub const DEFAULT_WORLD: &str = "default";

/// Serves the Graph API and the control API.
#[derive(Debug, Args)]
pub struct Serve {
    /// The world to start with, under the name `default`.
    #[arg(long, env = "GRAPHDOUBLE_WORLD")]
    world: Option<PathBuf>,
    #[command(flatten)]
    listening: Listening,
    /// Stop the clock of the world until it is turned.
    #[arg(long, env = "GRAPHDOUBLE_FROZEN", value_parser = BoolishValueParser::new())]
    frozen: bool,
    #[command(flatten)]
    faults: Faults,
}

/// Where a server listens, and to whom.
#[derive(Debug, Clone, Args)]
pub struct Listening {
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
    pub tls: Tls,
}

/// A server that has its ports and lets nobody in yet.
pub struct Bound {
    /// Where it listens, the first first.
    pub addresses: Vec<SocketAddr>,
    listeners: Vec<TcpListener>,
    site: EngineSite,
    settings: ServerSettings,
}

impl Listening {
    /// Binds the ports.
    pub async fn bind(&self, engine: Arc<Engine>, patience: Timeouts) -> Result<Bound, Exit> {
        let (mut listeners, mut addresses) = (Vec::new(), Vec::new());
        for place in std::iter::once(&self.listen).chain(&self.also_listen) {
            let refused = |error| complain(Exit::CouldNotRun, &format!("cannot listen on {place}: {error}"));
            let listener = TcpListener::bind(place).await.map_err(refused)?;
            addresses.push(listener.local_addr().map_err(refused)?);
            listeners.push(listener);
        }
        let site = EngineSite::new(engine, patience);
        let settings = self.settings(&addresses);
        #[cfg(feature = "tls")]
        let (site, settings) = {
            let certificates = self.tls.certificates()?;
            (site.showing(certificates.clone()), ServerSettings { certificates: Some(certificates), ..settings })
        };
        Ok(Bound { addresses, listeners, site, settings })
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

impl Bound {
    /// Serves until `stop` is over.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        server::serve(self.listeners, Arc::new(self.site), self.settings, stop).await;
    }
}

impl Serve {
    /// Serves.
    pub async fn execute(self) -> Exit {
        let stop = match stop_signal() {
            Ok(stop) => stop,
            Err(error) => return complain(Exit::CouldNotRun, &format!("cannot listen to signals: {error}")),
        };
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
        if let Some(Err(exit)) = self.world.as_ref().map(|path| self.add_world(&engine, path)) {
            return exit;
        }
        if self.world.is_none() && !self.faults.is_empty() {
            return complain(Exit::Usage, "--fault needs a world to arm it in: say which with --world FILE");
        }
        let bound = match self.listening.bind(engine.clone(), Timeouts::default()).await {
            Ok(bound) => bound,
            Err(exit) => return exit,
        };
        for address in &bound.addresses {
            print(&format!("graphdouble listens on http://{address}"));
        }
        let grace = bound.settings.grace;
        bound.serve(stop).await;
        // What was told before the end still goes out.
        let left = engine.finish(grace).await;
        if left > 0 {
            tracing::warn!("{left} webhooks were cut off after a grace of {grace:?}");
        }
        Exit::Ok
    }

    fn add_world(&self, engine: &Engine, path: &std::path::Path) -> Result<(), Exit> {
        let source = SourceText::read(path).map_err(|error| complain(Exit::CouldNotRun, &error))?;
        let invalid = |mistakes: &[Diagnostic]| {
            print(&render_all(mistakes, colors()));
            Exit::Invalid
        };
        let node = Node::parse(&source).map_err(|mistake| invalid(&[mistake]))?;
        let mode = if self.frozen { Mode::Frozen } else { Mode::Follow };
        let default_clock = (mode == Mode::Follow).then(wall_now);
        let changes = WorldOverrides { default_clock, ..WorldOverrides::default() };
        let config = read_world::read(&node, &changes).map_err(|mistakes| invalid(&mistakes))?;
        let world =
            engine.add(DEFAULT_WORLD, config, mode).map_err(|error| complain(Exit::CouldNotRun, &error.to_string()))?;
        faults::arm(&world, &self.faults.read()?).map(drop).map_err(|mistakes| invalid(&mistakes))
    }
}

/// SIGTERM and SIGINT, listened to from now on.
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
