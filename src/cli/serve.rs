//! Cli room: `serve`: the Graph API and the control API on one port, until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::delivery::{Courier, DeliverySettings};
use crate::engine::Engine;
use crate::engine::clock::{Mode, wall_now};
use crate::scenario::language::Node;
use crate::scenario::language::diagnostic::{Diagnostic, render_all};
use crate::scenario::language::source::Source;
use crate::scenario::language::world::{self, Changes};
use crate::scenario::run::Patience;
use crate::server::{self, ServerSettings};
use crate::site::EngineSite;

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
}

/// Where a server listens, and to whom.
#[derive(Debug, Clone, Args)]
pub struct Listening {
    /// Where to listen. Anything but a loopback address can be reached from outside this machine.
    #[arg(long, env = "GRAPHDOUBLE_LISTEN", default_value = "127.0.0.1:4004")]
    pub listen: String,
    /// A host name under which the control API may be called, beside those of the loopback; `*` for any.
    #[arg(long = "allow-host", env = "GRAPHDOUBLE_ALLOW_HOST", value_delimiter = ',')]
    pub allow_host: Vec<String>,
}

impl Listening {
    /// Binds the port.
    pub async fn bind(&self) -> Result<(TcpListener, SocketAddr), String> {
        let error = |error| format!("cannot listen on {}: {error}", self.listen);
        let listener = TcpListener::bind(&self.listen).await.map_err(error)?;
        let address = listener.local_addr().map_err(error)?;
        Ok((listener, address))
    }

    /// What the server takes from whom.
    pub fn settings(&self, address: SocketAddr) -> ServerSettings {
        ServerSettings {
            allowed_hosts: self.allow_host.clone(),
            // Whoever listens to a network means its neighbours to call, by the names that a container network gives them.
            allow_local_names: !address.ip().is_loopback(),
            ..ServerSettings::default()
        }
    }
}

impl Serve {
    /// Serves.
    pub async fn execute(self) -> Exit {
        let stop = match stop_signal() {
            Ok(stop) => stop,
            Err(error) => return complain(Exit::CouldNotRun, &format!("cannot listen to signals: {error}")),
        };
        let engine = Arc::new(Engine::new(Some(Courier::new(DeliverySettings::default()))));
        if let Some(Err(exit)) = self.world.as_ref().map(|path| self.add_world(&engine, path)) {
            return exit;
        }
        let (listener, address) = match self.listening.bind().await {
            Ok(bound) => bound,
            Err(error) => return complain(Exit::CouldNotRun, &error),
        };
        print(&format!("graphdouble listens on http://{address}"));
        let site = Arc::new(EngineSite::new(engine, Patience::default()));
        server::serve(listener, site, self.listening.settings(address), stop).await;
        Exit::Ok
    }

    fn add_world(&self, engine: &Engine, path: &std::path::Path) -> Result<(), Exit> {
        let source = Source::read(path).map_err(|error| complain(Exit::CouldNotRun, &error))?;
        let invalid = |mistakes: &[Diagnostic]| {
            print(&render_all(mistakes, colors()));
            Exit::Invalid
        };
        let node = Node::parse(&source).map_err(|mistake| invalid(&[mistake]))?;
        let mode = if self.frozen { Mode::Frozen } else { Mode::Follow };
        let default_clock = (mode == Mode::Follow).then(wall_now);
        let changes = Changes { default_clock, ..Changes::default() };
        let config = world::read(&node, &changes).map_err(|mistakes| invalid(&mistakes))?;
        match engine.add(DEFAULT_WORLD, config, mode) {
            Ok(_) => Ok(()),
            Err(error) => Err(complain(Exit::CouldNotRun, &error.to_string())),
        }
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
