//! Faults on the command line: `serve --fault` and `run --fault`, in the words of a step.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use graphdouble::internals::engine::Engine;
use graphdouble::internals::engine::armed::MAX_FAULTS;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::runner::faults;
use graphdouble::internals::text::source::SourceText;

use crate::support::{BAKERY, Connection, files, get};

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");
const SCENARIO: &str = "
world:
  apps: { support: {}, sales: {} }
  pages: { bakery: { default_app: support, apps: { support: {}, sales: {} } } }
  people: { alice: {} }
scenarios:
  - name: over the limit
    steps:
      - { user: alice, says: Hi }
      - { app: support, sends: Hello!, refused: { code: 613 } }
";

fn graphdouble(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1");
    command
}

/// Runs the scenario from a file of this name.
fn run(name: &str, arguments: &[&str]) -> (Option<i32>, String) {
    run_text(name, SCENARIO, arguments)
}

fn run_text(name: &str, text: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let path = files::file("faults", name, text);
    let output: Output = graphdouble(&["run"]).args(arguments).arg(&path).output().expect("the binary");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_run_begins_each_scenario_with_its_faults() {
    let (code, said) = run("begins.yaml", &[]);
    assert_eq!(code, Some(4), "{said}");
    for faults in [
        &["--fault", "{ at: send, reply: rate_limited }"][..],
        &["--fault", "[{ at: pass, breaks: hang }, { at: send, reply: rate_limited }]"],
        &["--fault", "{ at: pass, breaks: hang }", "--fault", r#"{ "at": "send", "reply": "rate_limited" }"#],
    ] {
        let (code, said) = run("begins.yaml", faults);
        assert_eq!(code, Some(0), "one that does not fire fails nothing: {said}");
        let unfired = r#"this fault of --fault never fired: {"at":"pass","breaks":"hang"}"#;
        assert_eq!(said.contains(unfired), faults.concat().contains("pass"), "{said}");
    }
}

#[test]
fn a_fault_that_no_world_understands_ends_the_run_before_it_begins() {
    for (fault, why) in [
        ("{ at: send, app: suport, breaks: hang }", "did you mean `support`?"),
        ("{ at: send, brakes: hang }", "did you mean `breaks`?"),
        ("{ at: send", "--fault"),
    ] {
        let (code, said) = run("mistaken.yaml", &["--fault", fault]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why) && said.contains("--fault:1"), "{said}");
    }
}

/// The binary as a server, ended when it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = graphdouble(&["serve", "--listen", "127.0.0.1:0", "--world", "fixtures/bakery.yaml"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().expect("the binary");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("the ready line");
        let address = line.trim().strip_prefix("graphdouble listens on http://").expect("the ready line").to_owned();
        Self { child, address }
    }

    async fn me(&self) -> u16 {
        let request = get("/me").bearer("EAAsupport").bytes(&self.address);
        Connection::open(&self.address).await.ask(&request).await.status
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it runs until now");
    }
}

#[tokio::test]
async fn a_server_begins_with_its_faults() {
    let server = Served::start(&["--fault", "{ at: page_read, html: 503, nth: 2 }"]);
    assert_eq!([server.me().await, server.me().await, server.me().await], [200, 503, 200]);
}

#[test]
fn a_server_refuses_a_fault_that_makes_no_sense() {
    let refused = |arguments: &[&str]| {
        let output = graphdouble(&["serve", "--listen", "127.0.0.1:0"]).args(arguments).output().expect("the binary");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (code, said) = refused(&["--world", "fixtures/bakery.yaml", "--fault", "{ at: send, latency: 2 }"]);
    assert!(code == Some(2) && said.contains("a length of time"), "{said}");
    let (code, said) = refused(&["--fault", "{ at: sent, breaks: hang }"]);
    assert!(code == Some(2) && said.contains("did you mean"), "the demo world has faults, too: {said}");
}

#[tokio::test]
async fn of_several_faults_none_is_armed_where_one_is_too_many() {
    let node = |text: &str| Node::parse(&SourceText::inline("the text", text)).expect("YAML");
    let config = read_world::read(&node(BAKERY), &WorldOverrides::default()).expect("a world");
    let world = Engine::new(None).add("full", config, Mode::Frozen).expect("a new name");
    let fault = Arc::new(node("{ at: send, reply: rate_limited }"));
    let armed = |count: usize| faults::arm(&world, &vec![fault.clone(); count]);
    assert_eq!(armed(3).expect("room for them"), [1, 2, 3]);
    let mistakes = armed(MAX_FAULTS - 2).expect_err("one too many");
    assert!(mistakes[0].message.contains("at most 10000 faults"), "{mistakes:?}");
    assert_eq!(world.faults().len(), 3);
    assert_eq!(armed(MAX_FAULTS - 3).expect("room for them").len(), MAX_FAULTS - 3);
}

#[test]
fn a_run_warns_of_webhooks_that_still_wait_when_a_scenario_ends() {
    let scenario = |steps: &str| {
        format!(
            "world: {{ clock: 2026-03-02T09:00:00Z, apps: {{ support: {{}} }}, people: {{ alice: {{}}, bob: {{}} }}, \
             pages: {{ bakery: {{ default_app: support, apps: {{ support: {{}} }} }} }} }}\n\
             scenarios: [{{ name: left, steps: [{steps}] }}]"
        )
    };
    let hi = "{ user: alice, says: Hi }, { user: bob, says: Hi }";
    let one = "a webhook to app `support` still waits when the scenario ends, until 2026-03-02T09:05:00Z";
    let two = "2 webhooks to app `support` still wait when the scenario ends, until 2026-03-02T09:00:01Z";
    for (fault, warning) in [("late: 5m", one), ("batch: 3", two), ("fails: 500, times: 2", two)] {
        let fault = format!("{{ fault: {{ webhook: messages, {fault} }} }}");
        let (code, said) = run_text("waits.yaml", &scenario(&format!("{fault}, {hi}")), &[]);
        assert_eq!(code, Some(0), "it fails nothing: {said}");
        assert!(said.contains(warning), "{fault}: {said}");
        let (_, said) = run_text("waits-no-more.yaml", &scenario(&format!("{fault}, {hi}, {{ clock: +5m }}")), &[]);
        assert!(!said.contains("still wait"), "{fault}: {said}");
    }
}
