//! `serve` as programs and people start it: the ready line, the demo world, the end of standard input, bots that it starts, and what goes
//! wrong at the start.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

use crate::support::{LANGUAGES, command_of, files};

const BINARY: &str = env!("CARGO_BIN_EXE_graphdouble");

/// A started server. It ends with the test.
struct Served {
    process: Child,
    stdout: BufReader<ChildStdout>,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        Self::start_in(arguments, &[])
    }

    fn start_in(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(BINARY)
            .envs(variables.iter().copied())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let stdout = BufReader::new(process.stdout.take().expect("its output"));
        Self { process, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line");
        line
    }

    /// The URL of the ready line in text.
    fn url(&mut self) -> String {
        let line = self.line();
        let url =
            line.trim().strip_prefix("graphdouble listens on ").unwrap_or_else(|| panic!("{line}{}", self.error()));
        url.to_owned()
    }

    fn signal(&self) {
        let kill = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().expect("kill");
        assert!(kill.success());
    }

    /// What it still prints, what it says of errors, and how it ends.
    fn end(&mut self) -> (String, String, Option<i32>) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("text");
        (rest, self.error(), self.process.wait().expect("its end").code())
    }

    fn error(&mut self) -> String {
        let mut error = String::new();
        let stderr = self.process.stderr.as_mut().expect("its errors");
        stderr.read_to_string(&mut error).expect("text");
        error
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
    }
}

fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(BINARY).arg("serve").args(arguments).stdin(Stdio::null()).output().expect("the binary");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn shell(script: &str) -> Output {
    Command::new("sh").args(["-c", script]).output().expect("sh")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn ask(url: &str) -> Value {
    let output = shell(&format!("curl -sf '{url}'"));
    serde_json::from_str(&text(&output)).unwrap_or_else(|error| panic!("{url}: {error}: {output:?}"))
}

/// A port on which nobody listens.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

#[test]
fn the_ready_line_in_json_is_the_only_line_and_the_end_of_standard_input_ends_the_server() {
    let mut served = Served::start(&["--ready", "json", "--until-stdin-ends"]);
    let ready: Value = serde_json::from_str(&served.line()).expect("JSON");
    assert_eq!(ready["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(ready["pid"], served.process.id());
    let url = ready["url"].as_str().expect("a URL").to_owned();
    let inspector = ready.get("inspector").and_then(Value::as_str).map(str::to_owned);
    assert_eq!(inspector, cfg!(feature = "inspector").then(|| format!("{url}/_inspector/#/default/")));
    assert_eq!(ready.as_object().map(serde_json::Map::len), Some(if inspector.is_some() { 4 } else { 3 }));
    assert_eq!(ask(&format!("{url}/_control/health"))["status"], "ok");
    drop(served.process.stdin.take());
    let (rest, error, code) = served.end();
    assert_eq!((rest.as_str(), error.as_str(), code), ("", "", Some(0)));
}

#[test]
fn a_server_without_a_world_has_a_demo_world_whose_banner_can_be_pasted() {
    let mut served = Served::start(&[]);
    let url = served.url();
    let mut banner = String::new();
    while !banner.contains("/webhook\" }'") {
        banner.push_str(&served.line());
    }
    let world = ask(&format!("{url}/_control/worlds/default"));
    for value in [
        &world["graph_url"],
        &world["pages"]["shop"]["apps"]["bot"]["token"],
        &world["pages"]["shop"]["id"],
        &world["apps"]["bot"]["secret"],
        &world["apps"]["bot"]["verify_token"],
        &world["apps"]["bot"]["id"],
        &world["people"]["alice"]["psids"]["shop"],
    ] {
        let value = value.as_str().expect("a text");
        assert!(banner.contains(value), "{value} is not in\n{banner}");
    }
    let commands: Vec<&str> = banner.lines().filter(|line| line.trim_start().starts_with("curl ")).collect();
    assert_eq!(commands.len(), 4, "{banner}");
    let said: Vec<String> = commands.iter().map(|command| text(&shell(command))).collect();
    assert!(said[0].contains("\"how\":\"acted\""), "{}", said[0]);
    assert!(said[1].contains("message_id"), "{}", said[1]);
    assert!(said[2].contains("Hello!") && said[2].contains("Hi"), "{}", said[2]);
    assert!(said[3].contains("http://127.0.0.1:5001/webhook"), "{}", said[3]);
}

#[test]
fn a_server_starts_a_bot_once_the_world_is_there_and_ends_it() {
    for language in LANGUAGES {
        let mut served = Served::start(&[
            "--frozen",
            "--app",
            "bot=http://127.0.0.1:${PORT}/webhook",
            "--exec",
            &command_of(language),
        ]);
        let url = served.url();
        let step = |step: &str| {
            let reply = text(&shell(&format!("curl -s {url}/_control/worlds/default/steps -d \"{step}\"")));
            assert!(!reply.contains("\"error\""), "{language}: {step}: {reply}");
            reply
        };
        step("{ user: alice, says: Hi }");
        let observed = step(&format!("{{ app: bot, to: alice, sends: {{ text: 'Hello from {language}: Hi' }} }}"));
        assert!(observed.contains("\"how\":\"observed\""), "{observed}");
        served.signal();
        let (_, error, code) = served.end();
        assert_eq!(code, Some(0), "{error}");
        let said = error.lines().find_map(|line| line.strip_prefix("bot | the bot takes webhooks at http://"));
        let address = said.unwrap_or_else(|| panic!("{error}")).trim_end_matches("/webhook");
        assert!(TcpListener::bind(address).is_ok(), "{language}: the bot has ended with the server");
    }
}

#[test]
fn a_bot_that_ends_ends_the_server_and_is_named() {
    let mut served = Served::start(&["--exec", "sh -c 'echo my token is wrong >&2; exit 7'"]);
    let (_, error, code) = served.end();
    assert_eq!(code, Some(3), "{error}");
    assert!(error.contains("bot | my token is wrong\n"), "{error}");
    assert!(error.contains("graphdouble: the bot ended (exit status: 7)"), "{error}");
    let webhook = format!("bot=http://127.0.0.1:{}/webhook", free_port());
    let mut served = Served::start(&["--app", &webhook, "--exec", "sh -c 'exit 1'"]);
    let (rest, error, code) = served.end();
    assert_eq!((rest.as_str(), code), ("", Some(3)), "it was never ready: {error}");
    assert!(error.contains("the bot ended before it listened (exit status: 1)"), "{error}");
    let mut served = Served::start(&["--exec", "no-such-program --flag"]);
    let (_, error, code) = served.end();
    assert!(code == Some(3) && error.contains("cannot start `no-such-program`"), "{error}");
}

#[test]
fn what_keeps_a_server_from_starting_is_said_in_one_line_with_its_exit_code() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let nothing = files::file("serve", "nothing.pem", "nothing");
    let free = ["--listen", "127.0.0.1:0"];
    let with = |more: &[&'static str]| [&free[..], more].concat();
    let rows = [
        (vec!["--listen", &address], 3, "cannot listen on 127.0.0.1:"),
        (with(&["--app", "bto=http://127.0.0.1:1/"]), 1, "the world has no app `bto`, did you mean `bot`?"),
        (with(&["--app", "bot=http://127.0.0.1:1/", "--app", "bot=http://127.0.0.1:2/"]), 1, "--app names `bot` twice"),
        (with(&["--app", "bot=http://127.0.0.1:0/"]), 1, "names port 0"),
        (with(&["--app", "bot=ftp://127.0.0.1/"]), 1, "is no http"),
        (with(&["--ready", "yaml"]), 1, "[possible values: text, json]"),
        (with(&["--world", "nowhere.yaml"]), 3, "nowhere.yaml"),
        (with(&["--exec", "node 'bot.js"]), 3, "has an unclosed quote"),
        #[cfg(feature = "tls")]
        (vec!["--webhook-ca", "nowhere.pem"], 3, "cannot read nowhere.pem"),
        #[cfg(feature = "tls")]
        (vec!["--webhook-ca", &nothing], 2, "there is no certificate in it"),
    ];
    for (arguments, code, said) in rows {
        let (ended, printed) = refused(&arguments);
        assert_eq!(ended, Some(code), "{arguments:?}: {printed}");
        assert!(printed.contains(said), "{arguments:?}: {printed}");
    }
    drop((taken, nothing));
}

/// The first lines of standard error.
fn first_errors(served: &mut Served, count: usize) -> Vec<String> {
    let stderr = BufReader::new(served.process.stderr.take().expect("its errors"));
    stderr.lines().take(count).map(|line| line.expect("text")).collect()
}

#[test]
fn the_end_of_standard_input_ends_a_server_whose_bot_is_not_ready_yet() {
    let bot = "sh -c 'echo up; exec sleep 600'";
    let app = "bot=http://127.0.0.1:${PORT}/webhook";
    let mut served = Served::start(&["--until-stdin-ends", "--exec", bot, "--app", app]);
    assert_eq!(first_errors(&mut served, 1), ["bot | up"]);
    drop(served.process.stdin.take());
    let mut rest = String::new();
    served.stdout.read_to_string(&mut rest).expect("text");
    // A bot that is not ready in time would lead to 3.
    assert_eq!((rest.as_str(), served.process.wait().expect("its end").code()), ("", Some(0)));
}

#[test]
fn a_warning_is_a_plain_line() {
    let bot = "sh -c 'echo up; exec sleep 600'";
    let mut served = Served::start(&["--until-stdin-ends", "--exec", bot]);
    let lines = first_errors(&mut served, 1);
    let warning = "graphdouble: warning: --exec: no app has a webhook URL yet, so the bot gets no webhooks: set it with --app NAME=URL";
    assert_eq!(lines, [warning]);
    drop(served.process.stdin.take());
    assert_eq!(served.process.wait().expect("its end").code(), Some(0));
}

/// Starts a server with a browser that notes what it is to open, or with none.
#[cfg(feature = "inspector")]
fn opened(name: &str, browser: Option<&str>) -> (String, String, Served) {
    let folder = files::empty_folder("serve", name);
    if let Some(browser) = browser {
        let path = folder.join("xdg-open");
        std::fs::write(&path, browser.replace("FOLDER", &folder.display().to_string())).expect("a browser");
        assert!(Command::new("chmod").arg("+x").arg(&path).status().is_ok_and(|status| status.success()));
    }
    let mut served = Served::start_in(&["--open", "--until-stdin-ends"], &[("PATH", &folder.display().to_string())]);
    let url = served.url();
    (folder.join("opened").display().to_string(), url, served)
}

#[cfg(all(feature = "inspector", target_os = "linux"))]
#[test]
fn the_browser_opens_the_inspector_once_the_server_is_ready() {
    let pipe = "#!/bin/sh\necho \"$1\" > FOLDER/opened.part && /bin/mv FOLDER/opened.part FOLDER/opened\n";
    let (file, url, served) = opened("open", Some(pipe));
    let address = shell(&format!("until [ -e '{file}' ]; do :; done; cat '{file}'"));
    assert_eq!(text(&address).trim(), format!("{url}/_inspector/#/default/"));
    drop(served);
}

#[cfg(all(feature = "inspector", target_os = "linux"))]
#[test]
fn without_a_browser_the_server_goes_on_and_says_so_in_a_line() {
    let (_, url, mut served) = opened("open-none", None);
    assert_eq!(ask(&format!("{url}/_control/health"))["status"], "ok");
    let mut line = String::new();
    BufReader::new(served.process.stderr.take().expect("its errors")).read_line(&mut line).expect("a line");
    assert!(line.contains("--open: cannot start `xdg-open`") && line.contains(&url), "{line}");
    drop(served.process.stdin.take());
    assert_eq!(served.process.wait().expect("its end").code(), Some(0));
}

#[cfg(feature = "inspector")]
#[test]
fn people_see_where_the_inspector_is() {
    let world = files::file("serve", "inspected.yaml", "{ apps: { bot: {} }, pages: { shop: { apps: { bot: {} } } } }");
    let mut served = Served::start(&["--world", &world]);
    let url = served.url();
    assert_eq!(served.line(), format!("the inspector is at {url}/_inspector/#/default/\n"));
    let mut served = Served::start(&[]);
    let url = served.url();
    let mut banner = String::new();
    while !banner.contains("inspector ") {
        banner.push_str(&served.line());
    }
    assert!(banner.contains(&format!("  inspector      {url}/_inspector/#/default/")), "{banner}");
}
