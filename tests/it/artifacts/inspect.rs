//! Scenarios that failed, shown in the inspector page: `inspect`, `run --report html=FILE` and `run --inspect`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::WorkFolder;
use crate::support::{Request, delete, get, post};

const FAILS: &str = "{ name: the wrong owner, steps: [{ user: alice, says: 'Hi </script>' }, { app: support, sends: Hello }, { expect: [{ owner: sales }] }] }";
const FAILS_TOO: &str = "{ name: 'a/b: ü', steps: [{ user: alice, says: Hi }, { expect: [{ owner: sales }] }] }";
const PASSES: &str = "{ name: Hi, steps: [{ user: alice, says: Hi }] }";
const BUNDLE: &str = "graphdouble-bundles/talk-the-wrong-owner.bundle.json";

fn failed(name: &str) -> WorkFolder {
    let folder = WorkFolder::new(name);
    folder.scenarios("talk.yaml", &[FAILS, FAILS_TOO, PASSES]);
    assert_eq!(folder.run(&["run", "talk.yaml"]).0, 4);
    folder
}

/// A server that shows a bundle. It ends with the test.
struct Shown {
    process: Child,
    ready: Value,
}

impl Shown {
    fn start(folder: &WorkFolder) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_graphdouble"))
            .args(["inspect", BUNDLE, "--listen", "127.0.0.1:0", "--ready", "json"])
            .current_dir(&folder.0)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        Self { process, ready: serde_json::from_str(&line).expect("JSON") }
    }

    async fn ask(&self, request: Request) -> crate::support::Reply {
        let address = self.ready["url"].as_str().expect("a URL").trim_start_matches("http://");
        let reply = crate::support::Connection::open(address).await.ask(&request.bytes(address)).await;
        crate::support::contract::check(address, &request, &reply).await;
        reply
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}

#[tokio::test]
async fn a_bundle_is_served_to_be_looked_at_and_not_to_be_changed() {
    let shown = Shown::start(&failed("inspect-served"));
    let inspector = shown.ready["inspector"].as_str().expect("an address");
    assert!(inspector.contains("/_inspector/#/the%20wrong%20owner/chat?entry="), "{inspector}");
    assert!(inspector.ends_with("&page=bakery&person=alice"), "{inspector}");
    assert_eq!(shown.ask(get("/_inspector/")).await.status, 200);
    let at = "/_control/worlds/the%20wrong%20owner";
    let world = shown.ask(get(at)).await.json();
    assert_eq!(world["read_only"], json!(true));
    assert!(world["failure"].as_str().is_some_and(|failure| failure.contains("talk.yaml:")), "{world}");
    let thread = shown.ask(get(format!("{at}/threads/bakery/alice"))).await.json();
    assert_eq!(thread["transcript"].as_array().map(Vec::len), Some(2), "{thread}");
    let ledger = shown.ask(get(format!("{at}/ledger"))).await.json();
    for request in [
        post(format!("{at}/steps")).body("{ user: alice, says: Hi }"),
        post(format!("{at}/clock")).body("{ advance: 1h }"),
        post(format!("{at}/reset")),
        delete(format!("{at}/ledger")),
        delete(at),
        post("/_control/worlds").body("{ apps: {} }"),
    ] {
        let reply = shown.ask(request).await;
        assert_eq!(reply.status, 403, "{}", reply.text());
        assert!(reply.text().contains("this server shows a run that is over"), "{}", reply.text());
    }
    for request in [get("/me?access_token=EAAx"), post("/v25.0/me/messages").bearer("EAAx").body("{}")] {
        let reply = shown.ask(request).await;
        assert_eq!(reply.status, 403, "{}", reply.text());
    }
    assert_eq!(shown.ask(get(format!("{at}/ledger"))).await.json(), ledger, "nothing has changed");
    assert_eq!(shown.ask(get("/_control/worlds/nowhere")).await.status, 404);
}

/// The answers that a page has in itself.
fn recorded(page: &str) -> Value {
    let block = page.split("<script type=\"application/json\" id=\"recorded\">").nth(1).expect("the answers");
    let block = block.split("</script>").next().unwrap_or_default();
    assert!(!block.contains('<'), "nothing in them ends the element");
    serde_json::from_str(block).expect("JSON")
}

#[test]
fn a_run_writes_a_page_with_every_scenario_that_failed() {
    let folder = WorkFolder::new("inspect-html");
    let run = |folder: &WorkFolder| {
        folder.scenarios("talk.yaml", &[FAILS, PASSES, FAILS_TOO]);
        folder.scenarios("talk2.yaml", &[FAILS]);
        folder.run(&["run", "talk.yaml", "talk2.yaml", "--no-bundle", "--report", "html=out.html"])
    };
    let (code, said) = run(&folder);
    assert_eq!(code, 4, "{said}");
    let page = folder.read("out.html");
    let recorded = recorded(&page);
    let worlds = recorded["GET /_control/worlds"]["worlds"].as_array().expect("worlds").iter();
    let names: Vec<&str> = worlds.filter_map(|world| world["name"].as_str()).collect();
    assert_eq!(names, ["the wrong owner", "a/b: ü", "the wrong owner (2)"]);
    for (name, said) in [("the%20wrong%20owner", "Hi </script>"), ("a%2Fb%3A%20%C3%BC", "Hi")] {
        let at = |path: &str| &recorded[format!("GET /_control/worlds/{name}{path}")];
        assert_eq!(at("")["read_only"], true, "{name}");
        assert!(at("")["failure"].as_str().is_some_and(|failure| failure.contains("owner")), "{name}");
        let kinds = at("/ledger?limit=1000")["entries"].as_array().map(Vec::len);
        assert!(kinds.is_some_and(|entries| entries > 3), "{name}");
        assert_eq!(at("/threads/bakery/alice")["transcript"][0]["content"]["text"], said, "{name}");
        for path in
            ["/clock", "/faults", "/lint", "/threads", "/threads/bakery/alice/offers", "/threads/bakery/alice/explain"]
        {
            assert!(at(path).is_object(), "{name}{path}");
        }
        assert!(
            at("/scenario").as_str().is_some_and(|file| file.contains("user: alice, says:")),
            "a file is a text: {name}"
        );
    }
    assert!(recorded["GET /_control/rules"]["rules"].is_array());
    assert!(recorded["GET /_control/calls"]["calls"].is_array());
    let again = WorkFolder::new("inspect-html-again");
    run(&again);
    assert!(again.read("out.html") == page, "the same run gives the same bytes");
}

#[test]
fn a_long_ledger_is_recorded_in_the_parts_in_which_it_is_asked_for() {
    let folder = WorkFolder::new("inspect-long");
    let steps = "{ user: alice, says: Hi }, ".repeat(300);
    let long = format!("{{ name: long, steps: [{steps} {{ expect: [{{ owner: sales }}] }}] }}");
    folder.scenarios("talk.yaml", &[&long]);
    assert_eq!(folder.run(&["run", "talk.yaml", "--report", "html=out.html"]).0, 4);
    let recorded = recorded(&folder.read("out.html"));
    let mut entries = 0;
    let mut key = "GET /_control/worlds/long/ledger?limit=1000".to_owned();
    while let Some(page) = recorded.get(&key) {
        entries += page["entries"].as_array().map_or(0, Vec::len);
        key = format!("GET /_control/worlds/long/ledger?after={}&limit=1000", page["after"]);
    }
    assert!(entries > 1000 && entries % 1000 != 0, "{entries}");
    assert_eq!(recorded["GET /_control/worlds"]["worlds"][0]["counts"]["entries"], entries);
}

#[test]
fn a_run_without_failures_writes_a_page_without_worlds_and_a_page_needs_a_file() {
    let folder = WorkFolder::new("inspect-none");
    folder.scenarios("talk.yaml", &[PASSES]);
    let (code, said) = folder.run(&["run", "talk.yaml", "--report", "html=out.html"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(recorded(&folder.read("out.html")), json!({}));
    let (code, said) = folder.run(&["run", "talk.yaml", "--report", "html"]);
    assert!(code == 1 && said.contains("html=report.html"), "{code} {said}");
    let (code, said) = folder.run(&["run", "talk.yaml", "--report", "html=no/folder/out.html"]);
    assert!(code == 3 && said.contains("no/folder/out.html"), "{code} {said}");
}

#[test]
fn one_bundle_becomes_a_page() {
    let folder = failed("inspect-bundle");
    let (code, said) = folder.run(&["inspect", BUNDLE, "--html", "one.html"]);
    assert_eq!((code, said.trim()), (0, "wrote one.html"));
    let recorded = recorded(&folder.read("one.html"));
    assert_eq!(recorded["GET /_control/worlds"]["worlds"][0]["name"], "the wrong owner");
    let bundle = folder.read(BUNDLE);
    let (code, said) = folder.run(&["inspect", BUNDLE, "--html", BUNDLE]);
    assert!(code == 1 && said.contains("would be written over"), "{code} {said}");
    assert_eq!(folder.read(BUNDLE), bundle, "the only way to repeat the failure stays");
    folder.write("no-bundle.json", "{}");
    let (code, said) = folder.run(&["inspect", "no-bundle.json"]);
    assert!(code == 2 && said.contains("no-bundle.json"), "{code} {said}");
}

#[test]
fn nobody_is_waited_for_where_nobody_can_press_enter() {
    let folder = WorkFolder::new("inspect-hold-none");
    folder.scenarios("talk.yaml", &[FAILS]);
    let (code, said) = folder.run(&["run", "talk.yaml", "--inspect"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("standard input is no terminal") && said.contains("--report html=FILE"), "{said}");
}

#[test]
fn on_a_terminal_a_failed_world_stays_until_enter_is_pressed() {
    let folder = WorkFolder::new("inspect-hold");
    folder.scenarios("talk.yaml", &[FAILS, PASSES]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/artifacts/hold.py");
    let output = Command::new("python3")
        .args([script, env!("CARGO_BIN_EXE_graphdouble")])
        .current_dir(&folder.0)
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("the world: ['scenario'], support owns, exit 4"), "{said}");
}
