//! The façade for Rust tests: a server on a port of its own with one world, and the verbs of the scenarios. Everyone outside enters
//! here.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::archive::SnapshotFile;
#[cfg(feature = "tls")]
use crate::certificates::{CertificateError, Certificates, Origin};
use crate::delivery::{DeliverySettings, WebhookSender};
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, Engine};
use crate::journal::entry_json::{Durations, json_lines};
use crate::language::Node;
use crate::language::world::declared::DeclaredWorld;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::lint::Finding;
use crate::runner::{Performed, Session, Timeouts};
use crate::server::{self, ServerSettings};
use crate::site::EngineSite;
use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::source::SourceText;

/// A running emulator with one world, whose clock stands still until a step turns it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), graphdouble::EmulatorError> {
/// let mut emulator = graphdouble::Emulator::start(
///     "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }",
/// )
/// .await?;
/// // Point the code under test at emulator.url(), with the token emulator.token("shop", "bot").
/// emulator.step("{ user: alice, says: Hi }").await?;
/// emulator.step("{ expect: [ { app: bot, gets: messages, text: Hi }, { owner: bot } ] }").await?;
/// emulator.step("{ clock: +24h }").await?;
/// emulator.step("{ expect: [ { window: closed } ] }").await?;
/// emulator.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    url: String,
    world: Arc<ActiveWorld>,
    session: Session,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    #[cfg(feature = "tls")]
    certificates: Arc<Certificates>,
}

/// What went wrong, in words for people.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The world or the step makes no sense, or an expectation failed.
    #[error("{0}")]
    Mistakes(String),
    /// No port could be had.
    #[error("cannot listen: {0}")]
    Listen(#[from] std::io::Error),
}

impl From<Vec<Diagnostic>> for EmulatorError {
    fn from(mistakes: Vec<Diagnostic>) -> Self {
        Self::Mistakes(format!("\n{}", render_all(&mistakes, false)))
    }
}

/// The world's name in the control API.
const WORLD: &str = "default";

impl Emulator {
    /// Starts on a free port of the loopback, with a world as it stands in a world file.
    ///
    /// # Errors
    /// All mistakes of the world, drawn at their places.
    pub async fn start(world: &str) -> Result<Self, EmulatorError> {
        let node = Node::parse(&SourceText::inline("the world", world)).map_err(|mistake| vec![mistake])?;
        let config = read_world::read(&node, &WorldOverrides::default())?;
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
        let world =
            engine.add(WORLD, config, Mode::Frozen).map_err(|error| EmulatorError::Mistakes(error.to_string()))?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let (site, settings) = (EngineSite::new(engine.clone(), Timeouts::default()), ServerSettings::default());
        #[cfg(feature = "tls")]
        let certificates = Arc::new(Certificates::new(Origin::Fresh, &[]));
        #[cfg(feature = "tls")]
        let (site, settings) = (
            site.showing(certificates.clone()),
            ServerSettings { certificates: Some(certificates.clone()), ..settings },
        );
        let until_stopped = async move {
            // Dropping the emulator stops the server as well.
            stopped.await.unwrap_or_default();
        };
        let server = tokio::spawn(server::serve(vec![listener], Arc::new(site), settings, until_stopped));
        let session = Session::new(engine, world.clone(), Timeouts::default());
        Ok(Self {
            url,
            world,
            session,
            stop,
            server,
            #[cfg(feature = "tls")]
            certificates,
        })
    }

    /// Where the Graph API listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate, as PEM, of the CA that a client must trust to call by HTTPS, which the same port answers. It is made anew for
    /// each emulator, and proves graph.facebook.com, graph.instagram.com and the names of the loopback.
    ///
    /// # Errors
    /// The system has no randomness.
    #[cfg(feature = "tls")]
    pub fn ca_pem(&self) -> Result<&str, CertificateError> {
        self.certificates.ca_pem()
    }

    /// The access token of an app on a page, by their names.
    pub fn token(&self, page: &str, app: &str) -> Option<&str> {
        let config = self.world.config();
        let app = config.app_by_name(app)?;
        let page = config.page(config.page_by_name(page)?);
        page.connections.iter().find(|connection| connection.app == app).map(|connection| &*connection.token)
    }

    /// The access token of a user for an app, by their names.
    pub fn user_token(&self, user: &str, app: &str) -> Option<&str> {
        let config = self.world.config();
        let user = config.user(config.user_by_name(user)?);
        let token = user.tokens.get(config.app_by_name(app)?.index()).filter(|token| token.issued);
        token.map(|token| &*token.text)
    }

    /// The PSID of a person on a page, by their names.
    pub fn psid(&self, page: &str, person: &str) -> Option<&str> {
        let config = self.world.config();
        let page = config.page_by_name(page)?;
        let person = config.person_by_name(person)?;
        Some(&config.person(person).psids[page.index()])
    }

    /// Performs a step, as it stands in a scenario.
    ///
    /// # Errors
    /// The step's mistakes, or the expectation that failed, drawn at their places.
    pub async fn step(&mut self, step: &str) -> Result<Performed, EmulatorError> {
        let node = Node::parse(&SourceText::inline("the step", step)).map_err(|mistake| vec![mistake])?;
        let step = self.session.read_step(&node)?;
        Ok(self.session.perform(&step).await.map_err(|mistake| vec![mistake])?)
    }

    /// What apps did wrong so far though nothing failed: sends that Meta refuses, webhooks that are answered slowly, and more. What a step
    /// asked for with `refused` is no finding.
    pub fn findings(&self) -> Vec<Finding> {
        self.session.lint().findings
    }

    /// Everything that happened, as JSON Lines without real time: the same steps give the same lines, so a test may keep them.
    pub fn ledger(&self) -> String {
        let config = self.world.config();
        let lines = self.world.read(|_, ledger, _| json_lines(config, ledger.all(), Durations::LeftOut));
        String::from_utf8_lossy(&lines).into_owned()
    }

    /// The whole world as a file, once nothing is under way: [`Emulator::restore`] puts it back, here or in another process.
    ///
    /// # Errors
    /// Something does not come to an end, or too much has happened.
    pub async fn snapshot(&self) -> Result<Vec<u8>, EmulatorError> {
        let Timeouts { budget, .. } = Timeouts::default();
        // Whoever is still busy afterwards is told of below.
        self.world.settle(Duration::ZERO, budget).await;
        let mistake = |error: &dyn std::error::Error| EmulatorError::Mistakes(error.to_string());
        let snapshot = self.world.snapshot().map_err(|error| mistake(&error))?;
        Ok(SnapshotFile::of(&self.world, &snapshot).map_err(|error| mistake(&error))?.write())
    }

    /// Puts the world back to a snapshot of it: what follows is what followed the first time, byte for byte. What steps have saved is
    /// forgotten.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), graphdouble::EmulatorError> {
    /// # let world = "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }";
    /// let mut emulator = graphdouble::Emulator::start(world).await?;
    /// let fresh = emulator.snapshot().await?;
    /// emulator.step("{ user: alice, says: Hi }").await?;
    /// let once = emulator.ledger();
    /// emulator.restore(&fresh)?;
    /// emulator.step("{ user: alice, says: Hi }").await?;
    /// assert_eq!(emulator.ledger(), once);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// It is no snapshot of this world. Nothing has changed then.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), EmulatorError> {
        let restored = SnapshotFile::read(snapshot).and_then(SnapshotFile::replay);
        let restored = restored.map_err(|broken| EmulatorError::Mistakes(broken.to_string()))?;
        if !DeclaredWorld::of(self.world.config()).is_ok_and(|declared| declared == restored.declared) {
            return Err(EmulatorError::Mistakes("this is a snapshot of another world".to_owned()));
        }
        let engine = self.session.engine.clone();
        engine.put(&self.world, restored.replayed, restored.answers);
        self.session = Session::new(engine, self.world.clone(), Timeouts::default());
        Ok(())
    }

    /// Ends the server; requests under way are finished.
    pub async fn stop(self) {
        drop(self.stop);
        // A server that panicked is stopped as well.
        self.server.await.unwrap_or_default();
    }
}
