//! `serve -v` prints what happens, and a server prints what is surely a mistake.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::support::files;

use super::BINARY;

const WORLD: &str = "
apps: { bot: { id: 1001, webhook: { url: 'http://127.0.0.1:9/' } }, desk: {} }
pages: { shop: { default_app: bot, apps: { bot: { token: EAAbot }, desk: {} } } }
people: { alice: {} }
";

fn post(address: &str, path: &str, body: &str) {
    let mut stream = TcpStream::connect(address).expect("a server");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
}

/// What the server prints on standard error while a bot makes calls.
fn printed(arguments: &[&str]) -> String {
    let world = files::file("seeing", "served.yaml", WORLD);
    let mut server = Command::new(BINARY)
        .args(["serve", "--listen", "127.0.0.1:0", "--world", &world, "--until-stdin-ends"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("output")).read_line(&mut line).expect("a line");
    let address = line.trim().rsplit_once("http://").expect("a URL").1.to_owned();
    post(&address, "/_control/worlds/default/steps", r#"{"user":"alice","says":"Hi"}"#);
    post(&address, "/v25.0/me/messages?access_token=EAAbot", r#"{"recipient":{"id":"1"},"message":{"text":"Hello"}}"#);
    post(&address, "/v25.0/me/mesages?access_token=EAAbot", "{}");
    post(&address, "/v25.0/me/messages?access_token=EAAwrong", "{}");
    drop(server.stdin.take());
    let output = server.wait_with_output().expect("an end");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn each_call_and_webhook_is_a_line() {
    let text = printed(&["-v"]);
    assert!(text.contains("bot ← messages alice  "), "{text}");
    assert!(
        text.contains(
            r##"bot → POST /me/messages  400 100/2018001 (#100) No matching user found  {"recipient":{"id":"1"}"##
        ),
        "{text}"
    );
    assert!(!text.contains("EAAbot") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn mistakes_are_printed_without_being_asked() {
    let text = printed(&[]);
    assert!(text.contains("mistake: bot did not answer a webhook (messages) at http://127.0.0.1:9/"), "{text}");
    assert!(text.contains("mistake: bot called POST /me/mesages, which is no path of the Graph API"), "{text}");
    assert!(text.contains("mistake: a call matched no world: POST /v25.0/me/messages"), "{text}");
    assert!(!text.contains("bot → POST"), "{text}");
}

#[test]
fn a_line_comes_while_the_server_runs() {
    let world = files::file("seeing", "at-once.yaml", WORLD);
    let mut server = Command::new(BINARY)
        .args(["serve", "--listen", "127.0.0.1:0", "--world", &world, "--until-stdin-ends", "-v"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mut ready = String::new();
    BufReader::new(server.stdout.take().expect("output")).read_line(&mut ready).expect("a line");
    let address = ready.trim().rsplit_once("http://").expect("a URL").1.to_owned();
    let mut lines = BufReader::new(server.stderr.take().expect("errors")).lines();
    for text in ["one", "two"] {
        let body = format!(r#"{{"recipient":{{"id":"1"}},"message":{{"text":"{text}"}}}}"#);
        post(&address, "/v25.0/me/messages?access_token=EAAbot", &body);
        let line = lines.next().expect("a line").expect("text");
        assert!(line.contains("bot → POST /me/messages  400") && line.contains(text), "{line}");
    }
    drop(server.stdin.take());
    assert!(server.wait().expect("an end").success());
}
