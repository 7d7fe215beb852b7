//! `explain`: the story of a thread in words, and that what it says of permissions is what happens when an app tries.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use graphdouble::internals::domain::model::ids::ThreadKey;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::{ActiveWorld, Engine};
use graphdouble::internals::explain::explanation::{Consequence, DryRun, Explanation};
use graphdouble::internals::explain::text::text;
use graphdouble::internals::explain::thread_names::parse_thread;
use graphdouble::internals::explain::{explain, json_with_text};
use graphdouble::internals::language::Node;
use graphdouble::internals::language::files;
use graphdouble::internals::language::files::read_for;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world::read;
use graphdouble::internals::runner::{Session, Timeouts};
use graphdouble::internals::text::source::SourceText;
use serde_json::{Value, json};

use crate::support::{TestServer, files as written};

/// An app for ads, a default app that hears on standby, and an app that has turned standby off.
const WORLD: &str = "
clock: 2026-03-02T09:00:00Z
apps: { support: { id: 1001 }, sales: { id: 1002 }, loyalty: { id: 1003 } }
pages:
  bakery: { id: 2001, default_app: support, apps: { support: {}, sales: {}, loyalty: { standby: false } } }
ads: { tulips: { id: 4001, page: bakery, app: sales } }
people: { alice: { psids: { bakery: 3001 } }, bob: { psids: { bakery: 3002 } } }
";

const STEPS: &str = r#"
- { user: alice, taps_ad: tulips, says: Hi }
- { app: sales, sends: Hello! }
- { clock: +25h }
- { app: sales, sends: "Still there?", refused: { code: 10 } }
"#;

/// A world in which steps have been performed.
struct Played {
    stage: Session,
    world: Arc<ActiveWorld>,
}

async fn played(world: &str, steps: &str) -> Played {
    let world = Arc::new(Node::parse(&SourceText::inline("world", world)).expect("YAML"));
    let config = read(&world, &WorldOverrides::default()).expect("a world");
    let scenarios = read_for(&SourceText::inline("steps", steps), &world).expect("steps");
    let engine = Arc::new(Engine::new(None));
    let hosted = engine.add("explained", config, Mode::Frozen).expect("a world");
    let mut stage = Session::new(engine, hosted.clone(), Timeouts::default());
    for step in &scenarios[0].steps {
        stage.perform(step).await.unwrap_or_else(|failure| panic!("{}", failure.render(false)));
    }
    Played { stage, world: hosted }
}

impl Played {
    fn explain(&self, thread: &str) -> Explanation {
        explain(&self.world, parse_thread(&self.world.config(), thread).expect("a thread"))
    }

    async fn perform(&mut self, step: &str) -> Result<(), String> {
        let node = Node::parse(&SourceText::inline("the step", step)).expect("YAML");
        let step = self.stage.read_step(&node).expect("a step");
        self.stage.perform(&step).await.map(|_| ()).map_err(|failure| failure.render(false))
    }
}

/// The chapters of a story, each in a line with the owners that changed in it.
fn owners(explanation: &Explanation) -> Vec<String> {
    let shown = explanation.json();
    let chapter = |chapter: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("nobody").to_owned();
        let changes = chapter["outcome"].as_array().into_iter().flatten().filter(|one| one["kind"] == "owner_changed");
        let changes: Vec<String> = changes
            .map(|one| format!("{} → {} ({})", text(&one["from"]), text(&one["to"]), text(&one["rule"])))
            .collect();
        format!("{} {}: {}", text(&chapter["at"]), text(&chapter["what"]), changes.join(", "))
    };
    shown["story"].as_array().into_iter().flatten().map(chapter).collect()
}

#[tokio::test]
async fn a_thread_is_explained_in_words() {
    insta::assert_snapshot!("story", text(&played(WORLD, STEPS).await.explain("alice@bakery"), false));
}

#[tokio::test]
async fn colours_change_nothing_but_colours() {
    let explanation = played(WORLD, STEPS).await.explain("alice");
    let mut painted = text(&explanation, true);
    assert!(painted.contains("\u{1b}[1malice@bakery\u{1b}[0m"));
    for code in ["0", "1", "2", "31", "32", "33"] {
        painted = painted.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(painted, text(&explanation, false));
}

#[tokio::test]
async fn a_thread_in_which_nothing_happened_has_a_standing_too() {
    let explanation = played(WORLD, "[]").await.explain("bob");
    assert!(text(&explanation, false).contains("owner        support, from the beginning, until an app gets it"));
    assert!(text(&explanation, false).contains("nothing has happened"));
    let shown = explanation.json();
    assert_eq!(
        (&shown["story"], &shown["window"]["open"], &shown["because"]),
        (&json!([]), &json!(false), &json!("control.always_an_owner"))
    );
}

#[tokio::test]
async fn control_that_lapsed_is_dated_when_it_did_also_where_no_turn_has_noticed_it() {
    let lapsed =
        "2026-03-03T09:00:00Z time passes: control of sales lapses: sales → support (control.idle.default_app)";
    let mut played = played(WORLD, "[{ user: alice, taps_ad: tulips }, { clock: +30h }]").await;
    assert_eq!(owners(&played.explain("alice"))[1..], [lapsed]);
    played.perform("{ user: alice, says: Hi }").await.expect("a step");
    let noticed = owners(&played.explain("alice"));
    assert_eq!(noticed[1..], [lapsed, "2026-03-03T15:00:00Z alice says \"Hi\": "]);
}

#[tokio::test]
async fn owners_that_settings_moved_are_explained_though_no_entry_has_them() {
    let steps = "
- { user: alice, says: Hi }
- { clock: +25h }
- { admin: bakery, sets_default_app: loyalty }
- { admin: bakery, sets_default_app: sales }
- { user: bob, taps_ad: tulips, says: Hi }
- { admin: bakery, sets_default_app: support }
- { admin: bakery, disconnects_app: sales }
- { user: bob, says: Hi }
";
    let played = played(WORLD, steps).await;
    insta::assert_snapshot!(owners(&played.explain("alice")).join("\n"), @r#"
    2026-03-02T09:00:00Z alice says "Hi": 
    2026-03-03T10:00:00Z admin of bakery: default app loyalty: support → loyalty (routing.default_app.set)
    2026-03-03T10:00:00Z admin of bakery: default app sales: loyalty → sales (routing.default_app.set)
    2026-03-03T10:00:00Z admin of bakery: default app support: sales → support (routing.default_app.set)
    2026-03-03T10:00:00Z admin of bakery: disconnects sales: 
    "#);
    insta::assert_snapshot!(owners(&played.explain("bob")).join("\n"), @r#"
    2026-03-03T10:00:00Z admin of bakery: default app loyalty: support → loyalty (routing.default_app.set)
    2026-03-03T10:00:00Z admin of bakery: default app sales: loyalty → sales (routing.default_app.set)
    2026-03-03T10:00:00Z bob taps the ad tulips and says "Hi": 
    2026-03-03T10:00:00Z admin of bakery: default app support: 
    2026-03-03T10:00:00Z admin of bakery: disconnects sales: sales → support (page.app.disconnected)
    2026-03-03T10:00:00Z bob says "Hi": 
    "#);
}

#[tokio::test]
async fn a_call_that_became_no_command_belongs_to_the_thread_of_its_recipient() {
    let call = "{ call: { as: sales, post: /me/messages, body: { recipient: { id: '3001' }, message: {} } } }";
    let shown = played(WORLD, &format!("[{call}]")).await;
    let chapter = shown.explain("alice").json()["story"][0].clone();
    assert_eq!(chapter["what"], "sales POST messages");
    assert!(chapter["refused"]["reason"].as_str().is_some_and(|reason| reason.starts_with("answered 400 100")));
    assert!(shown.explain("bob").story.is_empty());
}

#[tokio::test]
async fn a_story_whose_beginning_the_ledger_has_dropped_says_so() {
    let world = WORLD.replace("people:", "limits: { ledger: 5 }\npeople:");
    let text =
        text(&played(&world, &format!("{STEPS}- {{ user: alice, says: Hello }}\n")).await.explain("alice"), false);
    assert!(text.contains("… the ledger keeps the newest 5 entries: everything before entry"), "{text}");
    assert!(text.contains("something that the ledger no longer has"), "{text}");
    // The thread itself remembers who held it last.
    let silent = played(&world, "[{ user: alice, taps_ad: tulips, says: Hi }, { clock: +25h }]").await;
    assert!(silent.explain("alice").forgotten.is_some());
    assert!(
        owners(&silent.explain("alice"))
            .last()
            .is_some_and(|last| last.ends_with("sales → support (control.idle.default_app)"))
    );
}

fn scenario_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the scenarios") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => scenario_files(&path, found),
            false => found.push(path),
        }
    }
}

/// The app that loses the thread had it, and the app that got it last has it now.
fn check_owners(explanation: &Explanation) {
    let changes = explanation.story.iter().flat_map(|chapter| &chapter.outcome).filter_map(|outcome| match outcome {
        Consequence::OwnerChanged { from, to, .. } => Some((from, to)),
        _ => None,
    });
    let mut owner = None;
    for (from, to) in changes {
        assert!(owner.is_none_or(|owner| owner == from), "{}", text(explanation, false));
        owner = Some(to);
    }
    assert!(owner.is_none_or(|owner| *owner == explanation.status.owner), "{}", text(explanation, false));
}

#[tokio::test]
async fn in_every_bundled_scenario_the_owners_of_the_story_lead_to_the_owner_of_now() {
    let mut paths = Vec::new();
    scenario_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut paths);
    let mut explained = 0;
    for scenario in paths.iter().flat_map(|path| files::read(path).expect("a valid scenario file")) {
        let changes = WorldOverrides { routing: scenario.routing.clone(), ..WorldOverrides::default() };
        let engine = Arc::new(Engine::new(None));
        let world =
            engine.add("explained", read(&scenario.world, &changes).expect("a world"), Mode::Frozen).expect("a world");
        let mut stage = Session::new(engine, world.clone(), Timeouts::default());
        for step in &scenario.steps {
            stage.perform(step).await.unwrap_or_else(|failure| panic!("{}", failure.render(false)));
            let threads: Vec<ThreadKey> = world.read(|world, _, _| world.threads().collect());
            for thread in threads {
                check_owners(&explain(&world, thread));
                explained += 1;
            }
        }
    }
    assert!(explained > 100);
}

/// Several states of a thread: the world, and what happened in it.
fn states() -> Vec<(String, &'static str)> {
    let toggled = WORLD.replace("loyalty: { standby: false }", "loyalty: { take_control: true }");
    let with = |rules: &str| toggled.replace("default_app: support,", rules);
    let roles = "routing: handover_protocol, primary: support,";
    let mut states = Vec::new();
    for world in [
        WORLD.to_owned(),
        toggled.clone(),
        with("default_app: support, rules: 2025-09,"),
        with("routing: zero_config,"),
        with(roles),
        with("routing: handover_protocol,"),
        with(roles).replace("app: sales }", "app: sales, lead: { questions: [Who?], interruptible: true } }"),
    ] {
        for steps in [
            "[]",
            "[{ user: alice, says: Hi }]",
            "[{ user: alice, taps_ad: tulips }]",
            "[{ user: alice, taps_ad: tulips, says: Hi }]",
            "[{ user: alice, taps_ad: tulips, says: Hi }, { clock: +25h }]",
            "[{ user: alice, taps_ad: tulips }, { clock: +8d }]",
            "[{ user: alice, says: Hi }, { user: alice, blocks: true }]",
            "[{ user: alice, says: Hi }, { admin: bakery, sets_handover_apis: blocked }]",
        ] {
            states.push((world.clone(), steps));
        }
    }
    states
}

/// The step that is an attempt of a puppet.
fn step_of(app: &str, may: &DryRun) -> String {
    let verb = match may.what.as_str() {
        "send" => "sends: Hello".to_owned(),
        "send with HUMAN_AGENT" => "sends: Hello, tag: HUMAN_AGENT".to_owned(),
        "pass" | "pass to default" => "passes: default".to_owned(),
        "extend by 1d" => "extends: 1d".to_owned(),
        verb @ ("release" | "take" | "request") => format!("{verb}s: true"),
        pass => format!("passes: {}", pass.strip_prefix("pass to ").expect("an attempt")),
    };
    let refused = match may.rule {
        Some(rule) if !may.allowed => format!(", refused: {{ because: {rule} }}"),
        _ => String::new(),
    };
    format!("{{ app: {app}, {verb}, to: alice{refused} }}")
}

#[tokio::test]
async fn what_is_said_of_permissions_is_what_happens_when_an_app_tries() {
    let mut tried = 0;
    for (world, steps) in states() {
        let explanation = played(&world, steps).await.explain("alice");
        for app in &explanation.may {
            for may in &app.attempts {
                let mut played = played(&world, steps).await;
                let step = step_of(&app.app, may);
                let went = played.perform(&step).await;
                assert!(went.is_ok(), "{steps}\n{step}\n{}", went.unwrap_err());
                let after = played.explain("alice").status;
                assert_eq!(after.owner, may.owner, "{steps}\n{step}");
                assert!(may.until.is_none() || may.until == after.until, "{steps}\n{step}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 7 * 8 * 3 * 8);
}

fn graphdouble(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_graphdouble"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary")
}

fn file(name: &str, text: &str) -> String {
    written::file("explain", name, text)
}

#[tokio::test]
async fn the_command_line_explains_what_the_control_api_would() {
    let (world, steps) = (file("explained.yaml", WORLD), file("steps.yaml", STEPS));
    let explanation = played(WORLD, STEPS).await.explain("alice");
    let output = graphdouble(&["explain", &world, "--after", &steps]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), text(&explanation, false));
    let json = graphdouble(&["explain", &world, "--after", &steps, "--thread", "alice@bakery", "--format", "json"]);
    assert_eq!(serde_json::from_slice::<Value>(&json.stdout).expect("JSON"), json_with_text(&explanation));
}

#[test]
fn a_scenario_is_picked_by_its_name_and_plays_in_the_world_that_was_named() {
    let world = file("explained-scenarios.yaml", WORLD);
    let scenarios = "
world: a/world/that/is/not/there.yaml
scenarios:
  - { name: first, steps: [{ user: alice, says: Hi }] }
  - { name: second, cases: { word: [x, y] }, steps: [{ user: bob, says: '${word}' }] }
";
    let scenarios = file("scenarios.yaml", scenarios);
    let picked = graphdouble(&["explain", &world, "--after", &scenarios, "--scenario", "second [word: y]"]);
    let text = String::from_utf8_lossy(&picked.stdout).into_owned();
    assert!(text.starts_with("bob@bakery") && text.contains(r#"bob says "y""#), "{text}");
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let world = file("explained-wrongly.yaml", WORLD);
    let steps = file("steps-wrongly.yaml", STEPS);
    let both = file("both.yaml", "[{ user: alice, says: Hi }, { user: bob, says: Hi }]");
    let two = "world: x\nscenarios: [{ name: one, steps: [{ clock: +1h }] }, { name: two, steps: [{ clock: +1h }] }]";
    let two = file("two.yaml", two);
    let failing = file("failing-steps.yaml", "[{ user: alice, says: Hi }, { app: sales, sends: No }]");
    let mistaken = file("mistaken.yaml", "[{ user: alcie, says: Hi }, { app: sales, sens: No }]");
    let no_list = file("no-list.yaml", "{ user: alice, says: Hi }");
    let invalid = file("invalid-world.yaml", "apps: 1");
    let mut shown = String::new();
    for (arguments, code) in [
        (vec![&*world, "--after", &steps, "--thread", "alcie"], 1),
        (vec![&world, "--after", &steps, "--thread", "alice@bakry"], 1),
        (vec![&world], 1),
        (vec![&world, "--after", &both], 1),
        (vec![&world, "--after", &two], 1),
        (vec![&world, "--after", &two, "--scenario", "tow"], 1),
        (vec![&world, "--after", &steps, "--scenario", "one"], 1),
        (vec![&world, "--scenario", "one"], 1),
        (vec![&invalid], 2),
        (vec![&world, "--after", &mistaken], 2),
        (vec![&world, "--after", &no_list], 2),
        (vec!["nowhere.yaml"], 3),
        (vec![&world, "--after", "nowhere.yaml"], 3),
        (vec![&world, "--after", &failing], 4),
    ] {
        let output = graphdouble(&[&["explain"], &*arguments].concat());
        let said = [output.stdout, output.stderr].concat();
        let said = written::without_folder("explain", &String::from_utf8_lossy(&said));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{said}");
        shown.push_str(&format!("{code}: {}\n", said.trim_end()));
    }
    insta::assert_snapshot!("mistakes", shown);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_part_of_the_story() {
    let steps = "
- { user: alice, says: Hi }
- { fault: { at: send, breaks: reset, after: true } }
- { app: support, sends: one, response_lost: true }
- { fault: { at: send, breaks: hang } }
- { app: support, sends: two, response_lost: true }
- { fault: { at: send, html: 502 } }
- { app: support, sends: three, refused: { status: 502 } }
";
    let shown = text(&played(WORLD, steps).await.explain("alice"), false);
    for part in ["lost the answer: reset by fault 1", "lost the answer: hang by fault 2", "answered 502 by fault 3"] {
        assert!(shown.contains(part), "no {part} in\n{shown}");
    }
}

/// Runs `explain` beside the server of a test; its exit code, and what it printed.
async fn explain_beside(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_graphdouble"));
    command.arg("explain").args(arguments).env("GRAPHDOUBLE_WORLD", "fixtures/bakery.yaml");
    let output = command.output().await.expect("the binary");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[tokio::test]
async fn a_running_server_explains_its_threads() {
    let server = TestServer::after(WORLD, &["{ user: alice, taps_ad: tulips, says: Hi }"]).await;
    let url = server.emulator.url();
    let shown = server.control("/threads/bakery/alice/explain").await;
    let story = (Some(0), format!("{}\n", shown["text"].as_str().unwrap_or_default()));
    assert!(story.1.contains("alice taps the ad tulips and says \"Hi\""), "{}", story.1);
    assert_eq!(explain_beside(&["--server", url]).await, story);
    assert_eq!(explain_beside(&["--server", url, "--thread", "alice"]).await, story);
    assert_eq!(explain_beside(&["--server", url, "--world", "default", "--thread", "alice@bakery"]).await, story);
    let (code, json) = explain_beside(&["--server", url, "--format", "json"]).await;
    assert_eq!((code, serde_json::from_str::<Value>(&json).ok()), (Some(0), Some(shown)));
}

#[tokio::test]
async fn what_a_server_cannot_explain_it_says() {
    let mut server = TestServer::start(WORLD).await;
    let url = server.emulator.url().to_owned();
    let nobody_there = "http://127.0.0.1:1";
    let mut rows = vec![
        (vec!["--server", &url], 1, "the world has no thread yet"),
        (vec!["--server", &url, "--thread", "bob"], 1, "the world has no thread of `bob` yet"),
        (vec!["--server", &url, "--thread", "alice@bakry"], 1, "there is no page `bakry`, did you mean `bakery`?"),
        (vec!["--server", &url, "--world", "defualt"], 1, "there is no world `defualt`, did you mean `default`?"),
        (vec!["--server", nobody_there], 3, "cannot connect to 127.0.0.1:1"),
        (vec!["--server", "127.0.0.1:4004"], 1, "is not the URL of a server"),
        (vec!["--server", &url, "Cargo.toml"], 1, "leave out Cargo.toml"),
        (vec!["Cargo.toml", "--world", "default"], 1, "--server <URL>"),
    ];
    for (arguments, code, error) in rows.drain(..) {
        let said = explain_beside(&arguments).await;
        assert!(said.0 == Some(code) && said.1.contains(error), "{arguments:?}: {said:?}");
    }
    server.step("{ user: alice, says: Hi }").await;
    server.step("{ user: bob, says: Hi }").await;
    let said = explain_beside(&["--server", &url]).await;
    assert!(said.1.contains("There are alice@bakery, bob@bakery: name it with --thread"), "{said:?}");
}
