//! A world for one test in Rust, on a thread of its own: people, apps, administrators and expectations as methods.

use serde_json::Value;

use crate::lint::Finding;

use super::emulator::EmulatorError;
use super::test_app::TestApp;
use super::test_step::{TestAdmin, TestCall, TestExpectation, TestInbox, TestStep, TestUser};
use super::unperformed::Unperformed;
use super::world_thread::WorldThread;

/// A world for one test, with a server on a free port.
///
/// The server has a thread and a runtime of its own. So it goes on when the bot under test blocks, when the test blocks, and when the test
/// pauses its time. Each world is independent of all others, so tests may run in parallel. Dropping it stops the server.
///
/// The methods are the words of the scenarios (`docs/SCENARIOS.md`): whoever acts comes first, and each word behind it is a method. A statement
/// is one step, and is performed when the statement ends. Nothing needs to be unwrapped: what fails panics with the drawn
/// mistake, as an assertion does.
///
/// ```
/// use graphdouble::{TestWorld, json};
///
/// let world = TestWorld::start(
///     "
///     apps: { bot: {}, desk: {} }
///     pages: { shop: { default_app: desk, social: bot, apps: { bot: {}, desk: {} } } }
///     ads: { tulips: { page: shop, app: bot } }
///     people: { alice: {} }
///     ",
/// )?;
///
/// world.user("alice").taps_ad("tulips").says("Hi");
/// world.app("bot").gets("messages").text("Hi").referral(json!({ "source": "ADS" }));
/// world.app("desk").gets("standby");
/// world.app("desk").gets_no("messages");
///
/// world.app("bot").sends("One moment").thread_control(json!({ "payload": "pass_thread_control" }));
/// world.message(json!({ "from": "bot", "to": "alice", "text": "One moment" }));
/// world.owner("desk").because("control.pass.default_app");
///
/// world.clock("+24h");
/// world.window("closed");
/// world.app("desk").sends("Too late").refused(json!({ "code": 10 }));
/// # Ok::<(), graphdouble::EmulatorError>(())
/// ```
///
/// # A real bot
///
/// An app is a puppet until a bot is attached to it. Then its steps and expectations wait for what the bot does.
///
/// ```no_run
/// # fn start_my_bot(env: std::collections::BTreeMap<String, String>) -> String { env["GRAPHDOUBLE_URL"].clone() }
/// # let world = graphdouble::TestWorld::start("apps: { bot: {} }")?;
/// let url = start_my_bot(world.app("bot").env()?); // GRAPHDOUBLE_URL, GRAPHDOUBLE_PAGE_TOKEN, …
/// world.app("bot").attach(&url)?;
/// world.user("alice").says("Hi");
/// world.app("bot").sends("Hello, Alice!").within("5s");
/// # Ok::<(), graphdouble::EmulatorError>(())
/// ```
///
/// # In async tests
///
/// A statement blocks its thread until the step is over. That does no harm to graphdouble, but if the bot runs on the same thread, as in a plain
/// `#[tokio::test]`, it cannot answer meanwhile. With `.await` behind it, a step blocks nobody. It needs no particular runtime.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), graphdouble::EmulatorError> {
/// # let world = graphdouble::TestWorld::start("{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }")?;
/// world.user("alice").says("Hi").await;
/// world.app("bot").gets("messages").text("Hi").await;
/// # Ok(())
/// # }
/// ```
///
/// # When it fails
///
/// A failure is drawn over the step. While the test panics already, nothing more is performed.
///
/// ```
/// # let world = graphdouble::TestWorld::start("{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }")?;
/// world.user("alice").says("Hi");
/// let failure = world.app("bot").gets("messages").text("Bye").outcome().err().map(|failure| failure.to_string());
/// assert!(failure.is_some_and(|drawn| drawn.contains(r#"{"expect":[{"app":"bot","gets":"messages","text":"Bye"}]}"#)));
/// # Ok::<(), graphdouble::EmulatorError>(())
/// ```
#[derive(Debug)]
pub struct TestWorld {
    url: String,
    thread: WorldThread,
}

impl TestWorld {
    /// Starts a server on a free port of the loopback, with the world of this text: YAML or JSON, as in a world file.
    ///
    /// # Errors
    /// The world has mistakes, all of which are drawn at their places; or no port is free.
    pub fn start(world: &str) -> Result<Self, EmulatorError> {
        let (thread, url) = WorldThread::start(world)?;
        Ok(Self { url, thread })
    }

    /// The URL of the Graph API: `http://127.0.0.1:PORT`. The code under test uses it in place of `https://graph.facebook.com`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A person, who does what the words behind it say.
    #[track_caller]
    #[must_use = "a person does what the words behind it say"]
    pub fn user(&self, name: &str) -> TestUser<'_> {
        TestUser(Unperformed::step(&self.thread, "user", name.into()))
    }

    /// An app, which does or gets what the words behind it say.
    #[track_caller]
    #[must_use = "an app does or gets what the words behind it say"]
    pub fn app(&self, name: &str) -> TestApp<'_> {
        TestApp(Unperformed::step(&self.thread, "app", name.into()))
    }

    /// Somebody who administrates a page.
    #[track_caller]
    pub fn admin(&self, page: &str) -> TestAdmin<'_> {
        TestAdmin(Unperformed::step(&self.thread, "admin", page.into()))
    }

    /// Somebody at the Business Suite inbox of a page.
    #[track_caller]
    pub fn inbox(&self, page: &str) -> TestInbox<'_> {
        TestInbox(Unperformed::step(&self.thread, "inbox", page.into()))
    }

    /// Turns the clock, which stands still otherwise: by `+24h`, or to `2026-03-03T09:00:00Z` with `json!({ "to": … })`.
    #[track_caller]
    pub fn clock(&self, moves: impl Into<Value>) -> TestStep<'_> {
        TestStep(Unperformed::step(&self.thread, "clock", moves.into()))
    }

    /// Arms a fault, such as `json!({ "at": "send", "reply": "rate_limited" })`.
    #[track_caller]
    pub fn fault(&self, fault: impl Into<Value>) -> TestStep<'_> {
        TestStep(Unperformed::step(&self.thread, "fault", fault.into()))
    }

    /// Makes a Graph call, such as `json!({ "as": "bot", "get": "/me" })`.
    #[track_caller]
    pub fn call(&self, call: impl Into<Value>) -> TestCall<'_> {
        TestCall(Unperformed::step(&self.thread, "call", call.into()))
    }

    /// Performs a step as it stands in a scenario, in YAML or JSON. What it saves with `save` later steps may use as `${name}`.
    #[track_caller]
    pub fn step(&self, step: &str) -> TestStep<'_> {
        TestStep(Unperformed::whole(&self.thread, step.to_owned()))
    }

    /// Expects several things of one step, as a list of what stands in an `expect` step.
    #[track_caller]
    pub fn expect(&self, expectations: impl Into<Value>) -> TestStep<'_> {
        TestStep(Unperformed::step(&self.thread, "expect", expectations.into()))
    }

    /// Expects that an app owns the thread, or `nobody`.
    #[track_caller]
    pub fn owner(&self, app: &str) -> TestExpectation<'_> {
        TestExpectation(Unperformed::expectation(&self.thread, "owner", app.into()))
    }

    /// Expects a message in the thread, such as `json!({ "from": "bot", "to": "alice", "text": "Hello" })`.
    #[track_caller]
    pub fn message(&self, message: impl Into<Value>) -> TestExpectation<'_> {
        TestExpectation(Unperformed::expectation(&self.thread, "message", message.into()))
    }

    /// Expects that the messaging window is `open` or `closed`.
    #[track_caller]
    pub fn window(&self, state: &str) -> TestExpectation<'_> {
        TestExpectation(Unperformed::expectation(&self.thread, "window", state.into()))
    }

    /// Expects that a rule was applied.
    #[track_caller]
    pub fn rule(&self, rule: &str) -> TestExpectation<'_> {
        TestExpectation(Unperformed::expectation(&self.thread, "rule", rule.into()))
    }

    /// Expects that there is nothing beside what expectations matched: no `webhooks`.
    #[track_caller]
    pub fn nothing(&self, what: &str) -> TestExpectation<'_> {
        TestExpectation(Unperformed::expectation(&self.thread, "nothing", what.into()))
    }

    /// The page access token of an app, by the names of the page and the app in the world.
    ///
    /// # Errors
    /// The server has ended.
    pub fn token(&self, page: &str, app: &str) -> Result<Option<String>, EmulatorError> {
        let (page, app) = (page.to_owned(), app.to_owned());
        self.thread.block_on(move |emulator| Box::pin(async move { emulator.token(&page, &app).map(str::to_owned) }))
    }

    /// The page-scoped id of a person, by the names of the page and the person in the world.
    ///
    /// # Errors
    /// The server has ended.
    pub fn psid(&self, page: &str, person: &str) -> Result<Option<String>, EmulatorError> {
        let (page, person) = (page.to_owned(), person.to_owned());
        self.thread.block_on(move |emulator| Box::pin(async move { emulator.psid(&page, &person) }))
    }

    /// What apps have done wrong so far although nothing failed. What a step expects with `refused` is no finding.
    ///
    /// # Errors
    /// The server has ended.
    pub fn findings(&self) -> Result<Vec<Finding>, EmulatorError> {
        self.thread.block_on(|emulator| Box::pin(async { emulator.findings() }))
    }

    /// Everything that has happened, as JSON Lines without real time.
    ///
    /// # Errors
    /// The server has ended.
    pub fn ledger(&self) -> Result<String, EmulatorError> {
        self.thread.block_on(|emulator| Box::pin(async { emulator.ledger() }))
    }
}
