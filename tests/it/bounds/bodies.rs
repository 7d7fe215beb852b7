//! Reading a body costs a small multiple of it: one with far more values than any bot sends is refused before its values are made.
#![cfg(target_os = "linux")]

use serde_json::json;

use super::{Served, world};
use crate::support::{Request, files, post, put};

const MESSAGES: &str = "/v25.0/me/messages";
/// What a call may cost beside a few copies of its body.
const SLACK_KIB: u64 = 48 * 1024;

impl Served {
    fn status(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("a process");
        let line = status.lines().find_map(|found| found.strip_prefix(line)).expect("a line");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Sends a request and returns the status of its reply, and its text. It fails if the process needs far more memory meanwhile.
    async fn ask_cheaply(&self, what: &str, request: Request) -> (u16, String) {
        std::fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5").expect("the peak is forgotten");
        let (before, body) = (self.status("VmRSS:"), request.bytes("x").len() as u64 / 1024);
        let reply = self.ask(request).await;
        let cost = self.status("VmHWM:").saturating_sub(before);
        assert!(cost <= SLACK_KIB + 6 * body, "{what}: {cost} KiB for a body of {body} KiB");
        (reply.status, reply.text().to_owned())
    }
}

#[tokio::test]
async fn a_graph_call_with_a_million_values_costs_little_and_is_refused() {
    let path = files::file("bounds", "bodies.json", &world(&json!({ "ledger": 5 })));
    let served = Served::start(&["--world", &path]);
    let send = || post(MESSAGES).bearer("EAAbot");
    let many = |value: &str| value.repeat(1_000_000);
    let names: Vec<String> = (0..300_000).map(|number| format!("{number:x}=1")).collect();
    let brackets: Vec<String> = (0..50_000).map(|number| format!("a[{number}][b][c][d][e][f][g][h]=1")).collect();
    let cases = [
        ("a list", send().json(format!("{{\"message\":[{}1]}}", many("1,")))),
        ("objects", send().json(format!("{{\"message\":[{}{{}}]}}", many("{},")))),
        ("a list in a form", send().form(&format!("message=[{}1]", many("1,")))),
        ("a list in a text", send().json(format!("{{\"message\":\"[{}1]\"}}", many("1,")))),
        ("names", send().form(&names.join("&"))),
        ("brackets", send().form(&brackets.join("&"))),
    ];
    for (what, request) in cases {
        let (status, text) = served.ask_cheaply(what, request).await;
        assert_eq!(status, 400, "{what}: {text}");
        assert!(text.contains("(#100) The request has more values than the allowable limit"), "{what}: {text}");
    }
    let relaxed = send().form(&format!("recipient={{id:'3001'}}&message=['x',{}a]", many("a,")));
    let (status, text) = served.ask_cheaply("a relaxed list", relaxed).await;
    assert_eq!(status, 400, "{text}");
    let long = format!("{{\"recipient\":{{\"id\":\"3001\"}},\"message\":{{\"text\":\"{}\"}}}}", many(",["));
    let (_, text) = served.ask_cheaply("a long text", send().json(long)).await;
    assert!(text.contains("2000"), "what stands in a text is no value: {text}");
}

#[tokio::test]
async fn a_control_call_with_a_million_values_costs_little_and_is_refused() {
    let path = files::file("bounds", "control.json", &world(&json!({ "ledger": 5 })));
    let served = Served::start(&["--world", &path]);
    let many = |value: &str| value.repeat(1_000_000);
    let (worlds, steps) = ("/_control/worlds", "/_control/worlds/default/steps");
    let cases = [
        ("a list", worlds, format!("{{\"world\":[{}1]}}", many("1,"))),
        ("maps", worlds, format!("[{}{{}}]", many("{},"))),
        ("YAML", worlds, format!("world:\n{}", many("- 1\n"))),
        (
            "a body of a call",
            steps,
            format!("{{\"app\":\"bot\",\"calls\":{{\"post\":\"/me/messages\",\"body\":[{}1]}}}}", many("1,")),
        ),
    ];
    for (what, path, body) in cases {
        let (status, text) = served.ask_cheaply(what, post(path).body(body)).await;
        assert_eq!(status, 400, "{what}: {text}");
        assert!(text.contains("a document has at most 250000 values"), "{what}: {text}");
    }
}

#[tokio::test]
async fn a_snapshot_with_millions_of_values_costs_little_and_is_refused() {
    let path = files::file("bounds", "snapshot.json", &world(&json!({ "ledger": 5 })));
    let served = Served::start(&["--world", &path]);
    for (what, content) in [("a list", "1,".repeat(4_000_000) + "1"), ("maps", "{},".repeat(2_000_000) + "{}")] {
        let body = format!("{{\"graphdouble\":\"snapshot\",\"content\":[{content}]}}");
        let snapshot = put("/_control/worlds/default/snapshot").body(body);
        let (status, text) = served.ask_cheaply(what, snapshot).await;
        assert_eq!(status, 400, "{what}: {text}");
        assert!(text.contains("this snapshot has more than 1000000 values"), "{what}: {text}");
    }
}

#[tokio::test]
async fn a_value_that_a_step_repeats_is_bounded() {
    let path = files::file("bounds", "filled.json", &world(&json!({ "ledger": 5 })));
    let served = Served::start(&["--world", &path]);
    let steps = "/_control/worlds/default/steps";
    let save = "{ user: alice, says: Hi, save: { a: /mid } }";
    let (status, text) = served.ask_cheaply("a saved value", post(steps).body(save)).await;
    assert_eq!(status, 200, "{text}");
    let said = "${a}".repeat(200_000);
    let step = json!({ "user": "alice", "says": said }).to_string();
    let (status, text) = served.ask_cheaply("a text of saved values", post(steps).body(step)).await;
    assert!(
        status >= 400 && text.contains("more than 4194304 bytes once its `${names}` are filled in"),
        "{status} {text}"
    );
}
