//! A server on a free port with one world, on the runtime of the test, and steps as texts.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::header::HOST;
use hyper::{Method, Request};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::archive::SnapshotFile;
#[cfg(feature = "tls")]
use crate::certificates::{CertificateError, Certificates, Origin};
use crate::delivery::{DeliverySettings, WebhookSender};
use crate::domain::model::ids::ThreadKey;
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, Engine, IdChoice};
use crate::journal::entry_json::{Durations, json_lines};
use crate::journal::secrets::Secrets;
use crate::language::Node;
use crate::language::world::declared::DeclaredWorld;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;
use crate::lint::Finding;
use crate::runner::{Performed, Session, Timeouts};
use crate::server::{self, ServerSettings, Service};
use crate::site::EngineSite;
use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::source::SourceText;

/// A running graphdouble with one world, for tests in Rust.
///
/// An emulator is a real server on a free port: the bot under test calls it by HTTP in place of `graph.facebook.com`, and gets its webhooks
/// by HTTP. The test says what people do and what must happen, in the words of a scenario step. The clock stands still until a step turns
/// it, so a test never sleeps, and a window of 24 hours closes in an instant.
///
/// Each emulator is independent of all others, so tests may run in parallel. Dropping it stops the server.
///
/// The server runs on the runtime of the test. If the app under test blocks that runtime, or the test pauses its time, use
/// [`TestWorld`](crate::TestWorld), which has a thread and a runtime of its own, and a method for each word.
///
/// # A test
///
/// ```
/// use graphdouble::Emulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), graphdouble::EmulatorError> {
/// // A world: one app, on one page, and a person. This text could also be a file.
/// let mut emulator = Emulator::start(
///     "
///     apps: { bot: {} }
///     pages: { shop: { default_app: bot, apps: { bot: {} } } }
///     people: { alice: {} }
///     ",
/// )
/// .await?;
///
/// // The code under test would be given these.
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// assert!(emulator.token("shop", "bot").is_some_and(|token| token.starts_with("EAA")));
///
/// // A person writes, and the app gets a webhook.
/// emulator.step("{ user: alice, says: Hi }").await?;
/// emulator.step("{ expect: [ { app: bot, gets: messages, text: Hi }, { owner: bot } ] }").await?;
///
/// // A day later, the app may not answer any more.
/// emulator.step("{ clock: +24h }").await?;
/// emulator.step("{ expect: [ { window: closed } ] }").await?;
///
/// // An expectation that does not hold is an error, which shows the step and what happened instead.
/// let wrong = emulator.step("{ expect: [ { window: open } ] }").await;
/// assert!(wrong.is_err_and(|error| error.to_string().contains("window")));
/// # Ok(())
/// # }
/// ```
///
/// # The app under test
///
/// In the world above, `bot` is a *puppet*: it has no webhook URL, so nobody runs it, and steps like `{ app: bot, sends: Hello }` make its
/// calls. To test a real bot, give its app a webhook:
///
/// ```yaml
/// apps: { bot: { webhook: { url: "http://127.0.0.1:3000/webhook", verify_token: secret } } }
/// ```
///
/// Then the same step *waits* until the bot has made that call, and fails if it makes another one. So a test that is written with a
/// puppet also tests the bot.
///
/// The words of worlds and steps are in `docs/SCENARIOS.md`. The control API of [`Emulator::url`] is there, too (`docs/CONTROL-API.md`).
#[derive(Debug)]
pub struct Emulator {
    url: String,
    world: Arc<ActiveWorld>,
    session: Session,
    site: Arc<EngineSite>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    #[cfg(feature = "tls")]
    certificates: Arc<Certificates>,
}

/// What went wrong, in words for people: print it, or return it from the test.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The world or the step has mistakes, the step failed, or the snapshot was refused. Mistakes are drawn at their places.
    #[error("{0}")]
    Mistakes(String),
    /// No port is free.
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
    /// Starts a server on a free port of the loopback, with the world of this text: YAML or JSON, as in a world file.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let error = graphdouble::Emulator::start("{ app: { bot: {} } }").await.err().map(|error| error.to_string());
    /// assert!(error.is_some_and(|error| error.contains("did you mean `apps`?")));
    /// # }
    /// ```
    ///
    /// # Errors
    /// The world has mistakes, all of which are drawn at their places; or no port is free.
    pub async fn start(world: &str) -> Result<Self, EmulatorError> {
        let node = Node::parse(&SourceText::inline("the world", world)).map_err(|mistake| vec![mistake])?;
        let config = read_world::read(&node, &WorldOverrides::default())?;
        let engine = Arc::new(Engine::new(Some(WebhookSender::new(DeliverySettings::default()))));
        let world =
            engine.add(WORLD, config, Mode::Frozen).map_err(|error| EmulatorError::Mistakes(error.to_string()))?;
        let listener = server::listen("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let (site, settings) = (EngineSite::new(engine.clone(), Timeouts::default()), ServerSettings::default());
        #[cfg(feature = "tls")]
        let certificates = Arc::new(Certificates::new(Origin::Fresh, &[]));
        #[cfg(feature = "tls")]
        let (site, settings) = (
            site.with_certificates(certificates.clone()),
            ServerSettings { certificates: Some(certificates.clone()), ..settings },
        );
        let until_stopped = async move {
            // A dropped emulator drops its end of the channel, which stops the server, too.
            stopped.await.unwrap_or_default();
        };
        let site = Arc::new(site);
        let server = tokio::spawn(server::serve(vec![listener], site.clone(), settings, until_stopped));
        let session = Session::new(engine, world.clone(), Timeouts::default());
        Ok(Self {
            url,
            world,
            session,
            site,
            stop,
            server,
            #[cfg(feature = "tls")]
            certificates,
        })
    }

    /// The URL of the Graph API: `http://127.0.0.1:PORT`. The code under test uses it in place of `https://graph.facebook.com`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate of the CA, as PEM. A client that calls by HTTPS must trust it; the port of [`Emulator::url`] answers HTTPS as well. Each
    /// emulator has a CA of its own, for `graph.facebook.com`, `graph.instagram.com` and the names of the loopback.
    ///
    /// # Errors
    /// The system has no randomness.
    #[cfg(feature = "tls")]
    pub fn ca_pem(&self) -> Result<&str, CertificateError> {
        self.certificates.ca_pem()
    }

    /// The page access token of an app, by the names of the page and the app in the world.
    pub fn token(&self, page: &str, app: &str) -> Option<&str> {
        let config = self.world.declared_config();
        let app = config.app_by_name(app)?;
        let page = config.asset(config.asset_by_name(page)?);
        page.connections.iter().find(|connection| connection.app == app).map(|connection| &*connection.token)
    }

    /// The user access token for an app, by the names of the user and the app in the world, if the user has granted one.
    pub fn user_token(&self, user: &str, app: &str) -> Option<&str> {
        let config = self.world.declared_config();
        let user = config.user(config.user_by_name(user)?);
        let token = user.tokens.get(config.app_by_name(app)?.index()).filter(|token| token.issued);
        token.map(|token| &*token.text)
    }

    /// The page-scoped id of a person, by the names of the page and the person in the world.
    pub fn psid(&self, page: &str, person: &str) -> Option<String> {
        let config = self.world.config();
        let page = config.asset_by_name(page)?;
        let person = config.person_by_name(person)?;
        Some(config.psid(ThreadKey { asset: page, person }).to_string())
    }

    /// Performs a step, as it stands in a scenario. What a step saves with `save` later steps may use as `${name}`.
    ///
    /// # Errors
    /// The step has mistakes, an action was refused, or an expectation does not hold; drawn at its place.
    pub async fn step(&mut self, step: &str) -> Result<Performed, EmulatorError> {
        let node = Node::parse(&SourceText::inline("the step", step)).map_err(|mistake| vec![mistake])?;
        let step = self.session.read_step(&node)?;
        Ok(self.session.perform(&step).await.map_err(|mistake| vec![mistake])?)
    }

    /// Calls the control API of this world without a socket. The path begins after the world's name: `/apps/bot`.
    ///
    /// # Errors
    /// The call is refused; with the words of the answer.
    pub(super) async fn control(&self, method: Method, path: &str, body: String) -> Result<Value, EmulatorError> {
        let host = self.url.trim_start_matches("http://");
        let request = Request::builder().method(method).header(HOST, host);
        let request = request.uri(format!("/_control/worlds/{WORLD}{path}")).body(Bytes::from(body));
        let request = request.map_err(|error| EmulatorError::Mistakes(format!("{path}: {error}")))?;
        let response = self.site.answer_control_call(request).await;
        let is_success = response.status().is_success();
        // Nothing in the process can keep the body from coming.
        let body = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        if is_success {
            return Ok(answer);
        }
        let said = answer["error"]["drawn"].as_str().or(answer["error"]["message"].as_str());
        Err(EmulatorError::Mistakes(said.unwrap_or(path).to_owned()))
    }

    /// What apps have done wrong so far although nothing failed: sends that Meta refuses, webhooks that are answered slowly, and more. What
    /// a step expects with `refused` is no finding.
    pub fn findings(&self) -> Vec<Finding> {
        self.session.lint().findings
    }

    /// Everything that has happened, as JSON Lines without real time. The same steps give the same bytes, so a test may keep them and
    /// compare.
    pub fn ledger(&self) -> String {
        let config = self.world.config();
        let lines =
            self.world.read(|_, ledger, _| json_lines(&config, ledger.all(), Durations::LeftOut, Secrets::Masked));
        String::from_utf8_lossy(&lines).into_owned()
    }

    /// The whole world as a file, once nothing is in flight. [`Emulator::restore`] puts it back, in this process or another one.
    ///
    /// # Errors
    /// Something does not come to an end, or too much has happened.
    pub async fn snapshot(&self) -> Result<Vec<u8>, EmulatorError> {
        let Timeouts { budget, .. } = Timeouts::default();
        // The result does not matter: `snapshot` looks again, and says what is in flight.
        self.world.settle(Duration::ZERO, budget).await;
        let mistake = |error: &dyn std::error::Error| EmulatorError::Mistakes(error.to_string());
        let snapshot = self.world.snapshot().map_err(|error| mistake(&error))?;
        let file = SnapshotFile::of(&self.world, &snapshot).map_err(|error| mistake(&error))?;
        file.write().map_err(|error| mistake(&error))
    }

    /// Puts the world back to a snapshot of it. What follows is the same as the first time, byte for byte. What steps have saved is
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
    /// It is not a snapshot of this world; nothing has changed then.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), EmulatorError> {
        let restored = SnapshotFile::read(snapshot).and_then(SnapshotFile::replay);
        let restored = restored.map_err(|broken| EmulatorError::Mistakes(broken.to_string()))?;
        if !DeclaredWorld::of(self.world.declared_config()).is_ok_and(|declared| declared == restored.declared) {
            return Err(EmulatorError::Mistakes("this is a snapshot of another world".to_owned()));
        }
        let engine = self.session.engine.clone();
        engine.put(&self.world, restored.replayed, restored.answers, IdChoice::Same);
        self.session = Session::new(engine, self.world.clone(), Timeouts::default());
        Ok(())
    }

    /// Stops the server, once it has answered the requests that it has got. Dropping the emulator does not wait for them.
    pub async fn stop(self) {
        drop(self.stop);
        // A server that panicked has stopped, too.
        self.server.await.unwrap_or_default();
    }
}
