//! Every lint finds what it looks for, and nothing in an app that behaves; the bundled scenarios have no findings but those that they allow.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use graphdouble::internals::domain::event::{Decision, WebhookPayload};
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger::Ledger;
use graphdouble::internals::engine::ledger_entry::{DeliveryAttempt, DeliveryResult, LedgerEntry, Record, WarningKind};
use graphdouble::internals::engine::{ActiveWorld, Engine, Webhook, WebhookRequest};
use graphdouble::internals::graph;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::language::{Node, files};
use graphdouble::internals::lint::{self, Finding, LINTS, LintContext};
use graphdouble::internals::runner::events::{Reporter, RunEvent};
use graphdouble::internals::runner::{RunSettings, Session, Timeouts, run};
use graphdouble::internals::text::source::SourceText;
use graphdouble::internals::wire::PostOptions;

use Do::{Call, Delivered, Ends, Step};

/// Two apps that share a page, and one of them not well.
const BAKERY: &str = "{ clock: 2026-03-02T09:00:00Z, apps: { support: {}, sales: {}, deaf: {} }, pages: { bakery: { default_app: support, \
    apps: { support: { token: EAAsupport }, sales: { token: EAAsales }, deaf: { token: EAAdeaf, fields: [messages] } } } }, \
    ads: { tulips: { page: bakery, app: sales } }, people: { alice: { psids: { bakery: 3001 } }, bob: { psids: { bakery: 3002 } } } }";
/// The same page without `deaf`, where sales hears nothing of others.
const QUIET: &str = "{ apps: { support: {}, sales: { id: 1002 } }, pages: { bakery: { default_app: support, \
    apps: { support: { token: EAAsupport }, sales: { token: EAAsales, standby: false } } } }, \
    people: { alice: { psids: { bakery: 3001 } } } }";
/// A page on which nobody is the default app.
const STALL: &str = "{ apps: { support: {}, sales: {} }, pages: { bakery: { routing: zero_config, \
    apps: { support: { token: EAAsupport }, sales: { token: EAAsales } } } }, people: { alice: { psids: { bakery: 3001 } } } }";

/// Something that happens in a world.
enum Do {
    /// A step of a script.
    Step(&'static str),
    /// A call that an app makes by itself: its name, the path, the body.
    Call(&'static str, &'static str, &'static str),
    /// An attempt to deliver to an app what the person said or another app asked for last is over, after so many milliseconds.
    Delivered(&'static str, u64),
    /// The scenario ends.
    Ends,
}

const HI: Do = Step("{ user: alice, says: Hi }");
const AD: Do = Step("{ user: alice, taps_ad: tulips, says: Hi }");
const TAKEN: Do = Delivered("sales", 1);
const A_DAY: Do = Step("{ clock: +25h }");
const TO_ALICE: &str = r#"{ "recipient": { "id": "3001" }, "message": { "text": "Hello!" } }"#;
const ALICE: &str = r#"{ "recipient": { "id": "3001" } }"#;

/// A lint, a world, what it finds something in, and what it finds nothing in.
type Row = (&'static str, &'static str, &'static [Do], &'static [Do]);

const ROWS: &[Row] = &[
    (
        "send_outside_window",
        QUIET,
        &[HI, A_DAY, Call("support", "messages", TO_ALICE)],
        &[HI, Call("support", "messages", TO_ALICE), A_DAY],
    ),
    (
        "send_without_control",
        QUIET,
        &[HI, Call("sales", "messages", TO_ALICE)],
        &[HI, Call("support", "messages", TO_ALICE), Step("{ app: sales, sends: No, refused: { code: 10 } }")],
    ),
    (
        "answers_standby",
        BAKERY,
        &[HI, Call("sales", "messages", TO_ALICE)],
        &[AD, Call("sales", "messages", TO_ALICE), Call("deaf", "messages", TO_ALICE)],
    ),
    (
        "control_without_ownership",
        QUIET,
        &[HI, Call("sales", "release_thread_control", ALICE)],
        &[HI, Call("support", "messages", TO_ALICE)],
    ),
    (
        "control_type_missing",
        QUIET,
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Bye" }, "thread_control": { "app_id": "1002" } }"#,
            ),
        ],
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Bye" }, "thread_control": { "control_type": "release" } }"#,
            ),
        ],
    ),
    (
        "control_in_vain",
        STALL,
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Bye" }, "thread_control": { "control_type": "release" } }"#,
            ),
        ],
        &[HI, Call("support", "messages", TO_ALICE)],
    ),
    // The app that sent last waits for the person, as every bot does.
    ("control_kept", BAKERY, &[AD, TAKEN, A_DAY], &[AD, Call("sales", "messages", TO_ALICE), A_DAY, HI, A_DAY]),
    ("standby_not_subscribed", BAKERY, &[HI], &[Step("{ admin: bakery, sets_standby: { deaf: false } }"), HI]),
    ("slow_answer", QUIET, &[HI, Delivered("support", 5001)], &[HI, Delivered("support", 5000)]),
    (
        "answered_twice",
        QUIET,
        &[
            HI,
            Delivered("support", 1),
            Call("support", "messages", TO_ALICE),
            Delivered("support", 1),
            Call("support", "messages", TO_ALICE),
        ],
        &[
            HI,
            Delivered("support", 1),
            Call("support", "messages", TO_ALICE),
            Delivered("support", 1),
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Anything else?" } }"#,
            ),
            HI,
            Delivered("support", 1),
            Call("support", "messages", TO_ALICE),
        ],
    ),
    (
        "messaging_ignored",
        BAKERY,
        &[
            AD,
            Delivered("sales", 1),
            Step("{ user: bob, says: Hi }"),
            Call("sales", "messages", r#"{ "recipient": { "id": "3002" }, "message": { "text": "Hello!" } }"#),
        ],
        &[
            AD,
            Delivered("sales", 1),
            Call("sales", "messages", TO_ALICE),
            Step("{ user: bob, says: Hi }"),
            Call("sales", "messages", r#"{ "recipient": { "id": "3002" }, "message": { "text": "Hello!" } }"#),
        ],
    ),
    (
        "deprecated_call",
        QUIET,
        &[HI, Call("sales", "take_thread_control", ALICE)],
        &[HI, Call("support", "release_thread_control", ALICE)],
    ),
    (
        "late_call",
        QUIET,
        &[HI, Ends, Call("support", "messages", TO_ALICE)],
        &[HI, Call("support", "messages", TO_ALICE), Ends],
    ),
    ("unasked_message", QUIET, &[HI, Call("support", "messages", TO_ALICE), Ends], &[HI, Ends]),
    (
        "version_gone",
        QUIET,
        &[HI, Call("support", "/v2.6/me/messages", TO_ALICE)],
        &[HI, Call("support", "/v25.0/me/messages", TO_ALICE)],
    ),
    (
        "ignored_input",
        QUIET,
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Hi" }, "mesaging_type": "RESPONSE" }"#,
            ),
        ],
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Hi" }, "messaging_type": "RESPONSE" }"#,
            ),
        ],
    ),
    (
        "title_truncated",
        QUIET,
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Well?", "quick_replies": [{ "content_type": "text", "title": "Yes, please, and soon", "payload": "Y" }] } }"#,
            ),
        ],
        &[
            HI,
            Call(
                "support",
                "messages",
                r#"{ "recipient": { "id": "3001" }, "message": { "text": "Well?", "quick_replies": [{ "content_type": "text", "title": "Yes, please, at once", "payload": "Y" }] } }"#,
            ),
        ],
    ),
    (
        "refused_call",
        QUIET,
        &[HI, Call("support", "messages", r#"{ "recipient": { "id": "3001" }, "message": { "text": "" } }"#)],
        // Another lint says why.
        &[HI, A_DAY, Call("support", "messages", TO_ALICE), Call("sales", "take_thread_control", ALICE)],
    ),
];

struct LintedWorld {
    engine: Arc<Engine>,
    world: Arc<ActiveWorld>,
    stage: Session,
    /// The newest entry when the scenario ended.
    ended: Option<u64>,
}

impl LintedWorld {
    fn start(world: &str) -> Self {
        let node = Node::parse(&SourceText::inline("the world", world)).expect("YAML");
        let config = read_world::read(&node, &WorldOverrides::default()).expect("a world");
        let engine = Arc::new(Engine::new(None));
        let world = engine.add("lint", config, Mode::Frozen).expect("a world of its own");
        let stage = Session::new(engine.clone(), world.clone(), Timeouts::default());
        Self { engine, world, stage, ended: None }
    }

    async fn does(&mut self, what: &Do) {
        match what {
            Step(step) => {
                let node = Node::parse(&SourceText::inline("the step", step)).expect("YAML");
                let step = self.stage.read_step(&node).expect("a step");
                self.stage.perform(&step).await.unwrap_or_else(|mistake| panic!("{}", mistake.render(false)));
            }
            Call(app, edge, body) => {
                let path = if edge.starts_with('/') { (*edge).to_owned() } else { format!("/me/{edge}") };
                let request = hyper::Request::post(path)
                    .header("authorization", format!("Bearer EAA{app}"))
                    .header("content-type", "application/json")
                    .body(Bytes::from(*body));
                graph::answer(&self.engine, request.expect("a request")).await;
            }
            Ends => self.ended = Some(self.world.read(|_, ledger, _| ledger.next_cursor() - 1)),
            Delivered(app, millis) => self.delivered(app, Duration::from_millis(*millis)),
        }
    }

    fn delivered(&self, app: &str, took: Duration) {
        let app = self.world.config().app_by_name(app).expect("an app");
        let message = |entry: &LedgerEntry| {
            let (webhook_event, decision) = entry.record.webhook()?;
            let Decision::Deliver(channel, view) = decision.decision else { return None };
            let is_meant = decision.app == app
                && matches!(webhook_event.payload, WebhookPayload::Message { .. } | WebhookPayload::Requested { .. });
            is_meant.then(|| Webhook {
                entry: entry.cursor,
                cause: entry.cause,
                event: webhook_event.clone(),
                channel,
                view,
            })
        };
        let last = |ledger: &Ledger| ledger.all().rev().find_map(message);
        let first = self.world.read(|_, ledger, _| last(ledger)).expect("a webhook");
        let delivered = DeliveryAttempt {
            request: WebhookRequest { app, first, more: Vec::new() },
            options: PostOptions::default(),
            url: Some("http://127.0.0.1:1/".into()),
            attempt: 1,
            fault: None,
            result: DeliveryResult::Answered(200),
            said: Box::default(),
            took,
        };
        self.world.write(Some(delivered.webhook()), Record::DeliveryAttempt(Box::new(delivered)));
    }

    /// What is found where every app is a real one.
    fn findings(&self) -> Vec<Finding> {
        let provoked = self.stage.provoked();
        // Once the scenario has ended, no step can ask for anything.
        let is_never_asked = |_: u64| false;
        let is_asked = self.ended.map(|_| &is_never_asked as &dyn Fn(u64) -> bool);
        self.world.read(|world, ledger, now| {
            lint::lint(&LintContext {
                world,
                ledger,
                now,
                is_real: &|_| true,
                provoked: &provoked,
                ended: self.ended,
                is_asked,
            })
            .findings
        })
    }
}

async fn found(world: &str, deeds: &[Do]) -> Vec<Finding> {
    let mut world = LintedWorld::start(world);
    for deed in deeds {
        world.does(deed).await;
    }
    world.findings()
}

#[tokio::test]
async fn every_lint_finds_what_it_looks_for_and_nothing_in_an_app_that_behaves() {
    for (name, world, wrong, right) in ROWS {
        let findings = found(world, wrong).await;
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.lint.name == *name).collect();
        assert_eq!(own.len(), 1, "{name} finds one thing: {findings:#?}");
        assert!(!own[0].entries.is_empty() && own[0].what.contains(&own[0].app), "{findings:#?}");
        let findings = found(world, right).await;
        assert!(findings.iter().all(|finding| finding.lint.name != *name), "{name} finds nothing: {findings:#?}");
    }
    let tried: BTreeSet<&str> = ROWS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(tried, lint::NAMES.into_iter().collect(), "every lint has a row");
}

#[tokio::test]
async fn what_happens_again_and_again_is_one_finding() {
    let wrong = Call("sales", "messages", TO_ALICE);
    let findings = found(QUIET, &[HI, Call("sales", "messages", TO_ALICE), wrong]).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].times, findings[0].entries.len()), (2, 2));
    assert_eq!(
        findings[0].text(),
        "`sales` sent into the thread of alice@bakery while another app owned the thread (2 times) (send.refused.not_owner)"
    );
}

#[tokio::test]
async fn control_that_lapsed_is_one_change_of_owner() {
    let kept = |findings: &[Finding]| -> Vec<String> {
        let kept = findings.iter().filter(|finding| finding.lint.name == "control_kept");
        kept.map(|finding| finding.what.clone()).collect()
    };
    let left_alone = "`sales` kept control until it lapsed, and left the person without an answer";
    assert_eq!(kept(&found(BAKERY, &[AD, TAKEN, A_DAY]).await), [left_alone]);
    assert_eq!(kept(&found(BAKERY, &[AD, TAKEN, A_DAY, HI]).await), [left_alone]);
    let lost = Step("{ fault: { webhook: any, app: sales, goes: lost, times: always } }");
    assert_eq!(
        kept(&found(BAKERY, &[lost, AD, A_DAY, HI]).await),
        Vec::<String>::new(),
        "it never heard of the person"
    );
    let answered_and_asked = [AD, Call("sales", "messages", TO_ALICE), Call("support", "messages", TO_ALICE), A_DAY];
    let asked = "`sales` kept control until it lapsed, and left another app waiting for it";
    assert_eq!(kept(&found(BAKERY, &answered_and_asked).await), [asked]);
    // On a page where nobody is the default app the first request gives the thread, and the next goes to the app that has it.
    const FIRST: Do = Step("{ app: support, requests: true }");
    const NEXT: Do = Step("{ app: sales, requests: true }");
    let unheard = [HI, FIRST, Call("support", "messages", TO_ALICE), NEXT, A_DAY];
    assert_eq!(kept(&found(STALL, &unheard).await), Vec::<String>::new(), "it never heard of the request");
    let heard = [HI, FIRST, Call("support", "messages", TO_ALICE), NEXT, Delivered("support", 1), A_DAY];
    assert_eq!(kept(&found(STALL, &heard).await), [asked.replace("sales", "support")]);
    let released = [AD, Call("sales", "release_thread_control", ALICE), A_DAY, HI];
    assert_eq!(kept(&found(BAKERY, &released).await), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_fault_did_is_no_fault_of_the_app() {
    let limit = Step("{ fault: { at: send, reply: rate_limited } }");
    let findings = found(QUIET, &[HI, limit, Call("support", "messages", TO_ALICE)]).await;
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn lints_name_rules_that_there_are() {
    for lint in LINTS {
        let is_rule = !lint.source.contains(' ');
        let exists = graphdouble::internals::domain::rules::RuleId::parse(lint.source).is_some();
        assert!(!is_rule || exists, "{}: there is no rule {}", lint.name, lint.source);
        assert!(lint.says.ends_with('.') && !lint.advice.ends_with('.'), "{}", lint.name);
    }
}

#[derive(Default)]
struct Findings(Vec<String>);

impl Reporter for Findings {
    fn report(&mut self, event: &RunEvent) {
        let RunEvent::ScenarioFinished(report) = event else { return };
        for found in &report.findings {
            let line = found.place.line_and_column().0;
            let file = report.file.rsplit_once("scenarios/").map_or(&*report.file, |(_, file)| file);
            self.0.push(format!("{file}:{line} {}", found.finding.lint.name));
        }
    }
}

/// Those that are about what a lint looks for say so with `allow_lints`. No other app in them has a finding.
#[tokio::test]
async fn the_bundled_scenarios_have_no_findings_but_those_that_they_allow() {
    let paths = crate::support::files::bundled_scenarios();
    let scenarios = paths.iter().flat_map(|path| files::read(path).expect("a valid scenario file")).collect();
    let mut findings = Findings::default();
    run(scenarios, None, &RunSettings::default(), &mut findings).await;
    assert_eq!(findings.0, Vec::<String>::new());
}

#[tokio::test]
async fn a_subscription_of_which_nothing_is_sent_is_no_ignored_input_whatever_its_words() {
    let subscribes = Call("support", "subscribed_apps", r#"{ "subscribed_fields": "messages,calls" }"#);
    assert!(found(QUIET, &[subscribes]).await.is_empty());
    let world = LintedWorld::start(QUIET);
    let app = world.world.config().app_by_name("support");
    for kind in [WarningKind::NeverSent, WarningKind::Problem] {
        world
            .world
            .write(None, Record::Warning { app, kind, text: "graphdouble never sends a webhook of calls".into() });
    }
    assert_eq!(world.findings().len(), 1);
}
