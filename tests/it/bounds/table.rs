//! The table of bounds in docs/RELIABILITY.md: each with its value, how it is changed, and what happens beyond it. The values come from the
//! constants that the code uses.

use std::path::Path;

use graphdouble::internals::bounds::{
    DEFAULT_MEMORY, Limits, MAX_ATTACHMENTS, MAX_BODIES, MAX_BUNDLE, MAX_BUNDLE_VALUES, MAX_CROWDS,
    MAX_DESCRIBED_PSIDS, MAX_DRAWN, MAX_EVICTED_COMMANDS, MAX_EXPANDED_BYTES, MAX_EXPANDED_NODES, MAX_FAULTS,
    MAX_FILLED_STEP, MAX_ITEMS, MAX_KEPT_BODY, MAX_LABELS, MAX_MEMBERS, MAX_NODES, MAX_PARTS, MAX_PEOPLE, MAX_PERSONAS,
    MAX_PSIDS, MAX_RECORDED_BODY, MAX_RESPONSE_BODY, MAX_RETIRED, MAX_SAVED, MAX_SAVED_BYTES, MAX_SCENARIOS,
    MAX_SESSIONS, MAX_SNAPSHOT, MAX_SNAPSHOT_VALUES, MAX_SOURCE, MAX_TEMPLATES, MAX_VALUES, MAX_WELCOME_FLOWS,
    MAX_WORLDS, format_byte_size,
};
use graphdouble::internals::server::ServerSettings;

const GENERATED: &str = "<!-- what follows is written by tests/it/bounds/table.rs from the constants: UPDATE_DOCS=1 cargo test --test it current -->\n\n";

/// What is bounded, its value, what changes it, and what happens beyond it.
type Bound = (&'static str, String, &'static str, &'static str);

fn count(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
    groups.collect::<Vec<_>>().join(",")
}

fn bytes(number: usize) -> String {
    format_byte_size(number as u64)
}

fn kept() -> Vec<Bound> {
    let limits = Limits::default();
    let dropped = "the oldest is dropped";
    vec![
        (
            "all worlds of a process",
            format_byte_size(DEFAULT_MEMORY),
            "`--memory`",
            "no world and no person is added; a world that grows drops its oldest ledger entries until it has no more than an equal share",
        ),
        ("worlds of a process", count(MAX_WORLDS), "", "no world is added"),
        ("worlds that only answer late calls", count(MAX_RETIRED), "", dropped),
        (
            "ledger entries of a world",
            count(limits.ledger),
            "`limits: { ledger }`",
            "the oldest is dropped; who asks for it is told so",
        ),
        (
            "bytes of them",
            bytes(limits.ledger_bytes),
            "`limits: { ledger_bytes }`",
            "the oldest are dropped; who asks for one is told so",
        ),
        (
            "body, and answer, of one call in the ledger",
            format!("a quarter of these bytes, a quarter of `--memory`, and {}", bytes(MAX_RECORDED_BODY)),
            "`limits: { ledger_bytes }`, `--memory`",
            "its long texts are cut, and the entry says how long it was (`cut`, `answer_cut`); the call is answered as ever",
        ),
        (
            "commands kept beyond the ledger",
            count(MAX_EVICTED_COMMANDS),
            "",
            "all are dropped, and the world can no longer be put into a snapshot",
        ),
        ("bytes of them", bytes(limits.ledger_bytes), "`limits: { ledger_bytes }`", "the same"),
        ("messages of a world", count(limits.messages), "`limits: { messages }`", "the oldest is forgotten"),
        ("bytes of them", bytes(limits.message_bytes), "`limits: { message_bytes }`", "the oldest are forgotten"),
        (
            "webhooks of an app on a page that wait to be sent again",
            count(limits.waiting),
            "`limits: { waiting }`",
            "the oldest is given up",
        ),
        ("people with names in a world", count(MAX_PEOPLE), "", "refused; crowds have no such bound"),
        ("people with names × pages", count(MAX_PSIDS), "", "refused"),
        (
            "people with names × pages in the description of a world",
            count(MAX_DESCRIBED_PSIDS),
            "",
            "the others are counted (`more_people`), and listed page by page",
        ),
        ("members of crowds", count(MAX_MEMBERS as usize), "", "refused"),
        ("crowds", count(MAX_CROWDS), "", "refused"),
        (
            "saved attachments of a page",
            count(MAX_ATTACHMENTS),
            "",
            "the oldest is dropped. Of a file only a URL is kept; the file itself stands in the call in the ledger, if that is not cut.",
        ),
        (
            "personas, templates, labels, welcome message flows of a page",
            [MAX_PERSONAS, MAX_TEMPLATES, MAX_LABELS, MAX_WELCOME_FLOWS].map(count).join(", "),
            "",
            "refused with an error of the Graph API",
        ),
        ("bytes of the values that a session saves", bytes(MAX_SAVED_BYTES), "", "the step that saves more fails"),
        ("armed faults", count(MAX_FAULTS), "", "refused"),
        (
            "sessions of a world, values that one saves",
            format!("{}, {}", count(MAX_SESSIONS), count(MAX_SAVED)),
            "",
            "refused",
        ),
    ]
}

fn read() -> Vec<Bound> {
    let server = ServerSettings::default();
    vec![
        ("connections", count(server.max_connections), "`--connections`", "the next wait"),
        (
            "streams, steps and other calls that wait",
            "half of the connections".to_owned(),
            "`--connections`",
            "the next wait",
        ),
        ("body of a Graph call", bytes(server.max_graph_body), "", "error 100"),
        ("bodies of more than 64 KiB, together", bytes(MAX_BODIES), "", "the next waits, within the time for its body"),
        ("body of a call to the control API", bytes(server.max_control_body), "", "413"),
        (
            "100 times the bodies of more than 64 KiB of calls to the control API that are read at the same time",
            bytes(MAX_BODIES),
            "",
            "the next waits; one is always read",
        ),
        ("values of a Graph call", count(MAX_VALUES), "", "error 100, before they are made"),
        (
            "values of a document: a world, a scenario file, a body of the control API",
            count(MAX_NODES),
            "",
            "refused at the first one that is too many",
        ),
        (
            "a snapshot, and its values",
            format!("{}, {}", bytes(MAX_SNAPSHOT), count(MAX_SNAPSHOT_VALUES)),
            "",
            "it is neither written nor read: the values are counted before they are made",
        ),
        ("a bundle, and its values", format!("{}, {}", bytes(MAX_BUNDLE), count(MAX_BUNDLE_VALUES)), "", "the same"),
        ("values of all steps of a file with the rows of `cases` put in", count(MAX_EXPANDED_NODES), "", "refused"),
        ("bytes of them", bytes(MAX_EXPANDED_BYTES), "", "refused"),
        ("bytes of a step with its `${names}` filled in", bytes(MAX_FILLED_STEP), "", "the step is not performed"),
        (
            "parts of a multipart body, items of a batch",
            format!("{}, {}", count(MAX_PARTS), count(MAX_ITEMS)),
            "",
            "error 100",
        ),
        (
            "answer of an app to a webhook",
            format!("{}, of which {} are kept", bytes(MAX_RESPONSE_BODY), bytes(MAX_KEPT_BODY)),
            "",
            "the connection is closed; the webhook counts as accepted",
        ),
        ("a file", format_byte_size(MAX_SOURCE), "", "refused"),
        ("scenarios and rows of a file", count(MAX_SCENARIOS), "", "refused"),
        ("mistakes that are drawn", count(MAX_DRAWN), "", "the others are counted"),
    ]
}

fn table(title: &str, bounds: &[Bound]) -> String {
    let mut table = format!("### {title}\n\n| what | at most | changed by | beyond |\n|---|---|---|---|\n");
    for (what, most, flag, beyond) in bounds {
        table.push_str(&format!("| {what} | {most} | {flag} | {beyond} |\n"));
    }
    table + "\n"
}

#[test]
fn the_table_of_bounds_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RELIABILITY.md");
    let written = std::fs::read_to_string(&path).expect("docs/RELIABILITY.md");
    let (by_hand, generated) = written.split_once(GENERATED).expect("the line above the tables");
    let current = table("What is kept", &kept()) + table("What is read", &read()).trim_end() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{by_hand}{GENERATED}{current}")).expect("docs/RELIABILITY.md");
        return;
    }
    assert!(generated == current, "docs/RELIABILITY.md is old: UPDATE_DOCS=1 cargo test --test it current writes it");
}
