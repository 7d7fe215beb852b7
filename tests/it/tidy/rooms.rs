//! A room knows only the rooms below it, and inside a room the same holds for its parts.

use super::circles::CRATE;

/// The rooms, from the bottom to the top. A room may use rooms that stand before it.
const ORDER: &[&str] = &[
    "text",
    "domain",
    "wire",
    "certificates",
    "response_fault",
    "server_stop",
    "server",
    "inspector",
    "engine",
    "delivery",
    "graph",
    "journal",
    "lint",
    "language",
    "runner",
    "compare",
    "explain",
    "archive",
    "report",
    "control",
];

/// A room, and the rooms that it may use.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("text", &["text", "domain"]),
    ("domain", &["domain"]),
    ("wire", &["wire", "domain"]),
    ("engine", &["engine", "domain", "wire"]),
    ("delivery", &["delivery", "engine", "wire", "domain"]),
    ("graph", &["graph", "engine", "domain", "wire", "text", "response_fault"]),
    ("journal", &["journal", "graph", "engine", "domain", "wire", "text"]),
    ("lint", &["lint", "journal", "graph", "engine", "domain"]),
    ("language", &["language", "lint", "graph", "engine", "domain", "wire", "text"]),
    (
        "runner",
        &["runner", "language", "journal", "lint", "graph", "engine", "domain", "wire", "text", "response_fault"],
    ),
    ("compare", &["compare", "runner", "language", "journal", "lint", "graph", "engine", "domain", "wire", "text"]),
    ("report", &["report", "compare", "runner", "language", "journal", "lint", "domain", "text"]),
    ("explain", &["explain", "journal", "graph", "engine", "domain", "wire", "text"]),
    ("archive", &["archive", "runner", "language", "journal", "text", "graph", "engine", "domain", "wire"]),
    (
        "control",
        &[
            "control",
            "archive",
            "certificates",
            "explain",
            "inspector",
            "lint",
            "runner",
            "language",
            "journal",
            "engine",
            "domain",
            "wire",
            "text",
            "server_stop",
        ],
    ),
    ("inspector", &["inspector"]),
    ("certificates", &["certificates"]),
    ("server", &["server", "certificates", "response_fault", "server_stop"]),
];

/// Parts of a room, from the top to the bottom. Parts in one list are beside each other.
const PARTS: &[(&str, &[&[&str]])] = &[
    ("graph", &[&["routes"], &["edges"], &["send", "read"], &["http"], &["errors"]]),
    ("domain", &[&["world"], &["handlers"], &["thread_tx"], &["policy"], &["model"]]),
];

#[test]
fn rooms_use_only_the_rooms_below_them() {
    for (from, to) in CRATE.arrows() {
        let Some((room, allowed)) = MAY_NAME.iter().find(|(room, _)| *room == part(from, 0)) else { continue };
        let used = part(to, 0);
        assert!(*room == used || allowed.contains(&used), "{from} uses {to}, but {room} may not use {used}");
    }
    let place = |room: &str| ORDER.iter().position(|other| *other == room);
    for (room, allowed) in MAY_NAME {
        // Text and domain stand beside each other.
        let is_below = |other: &&str| *room == "text" || *other == *room || place(other) < place(room);
        assert!(allowed.iter().all(is_below), "{room} may use a room above it");
    }
}

#[test]
fn parts_of_a_room_use_only_the_parts_below_them() {
    let mut wrong = Vec::new();
    for (from, to) in CRATE.arrows() {
        for (_, parts) in PARTS.iter().filter(|(room, _)| part(from, 0) == *room && part(to, 0) == *room) {
            let level = |file: &str| parts.iter().position(|beside| beside.contains(&part(file, 1)));
            let (Some(above), Some(below)) = (level(from), level(to)) else { continue };
            let keeps_answer = above == below && part(from, 1) != part(to, 1);
            if above > below || keeps_answer {
                wrong.push((from, to));
            }
        }
    }
    assert!(wrong.is_empty(), "against the order of the parts: {wrong:#?}");
}

/// The folder of a file at a depth, or the file itself without its ending.
fn part(file: &str, depth: usize) -> &str {
    file.split('/').nth(depth).unwrap_or_default().trim_end_matches(".rs")
}
