//! What the rows of a scenario make of its steps is bounded before it is made.

use std::process::Command;

use crate::support::files;

const WORLD: &str =
    "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }";

/// What `check` says of a scenario with these columns and steps.
fn check(name: &str, cases: &str, steps: &str) -> (Option<i32>, String) {
    let text = format!("world: {WORLD}\nscenarios: [{{ name: a, cases: {cases}, steps: [{steps}] }}]\n");
    let path = files::file("bounds", name, &text);
    let output = Command::new(env!("CARGO_BIN_EXE_graphdouble")).args(["check", &path]).output().expect("the binary");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn rows_times_steps_are_bounded() {
    let rows = format!("{{ word: [{}] }}", (0..9_000).map(|row| format!("w{row}")).collect::<Vec<_>>().join(","));
    let steps = "{ user: alice, says: '${word}' },".repeat(1_000);
    let (code, said) = check("rows.yaml", &rows, &steps);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("with the rows of `cases` put in, have at most 1000000 values and 33554432 bytes"), "{said}");
}

#[test]
fn values_that_stand_for_values_are_bounded() {
    let letters: Vec<char> = ('a'..='p').collect();
    let column = |pair: &[char]| format!("{}: ['{}']", pair[0], format!("${{{}}}", pair[1]).repeat(100));
    let columns: Vec<String> = letters.windows(2).map(column).collect();
    let cases = format!("{{ {}, p: [lol] }}", columns.join(", "));
    let (code, said) = check("laughs.yaml", &cases, "{ user: alice, says: 'x ${a}' }");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("have at most 1000000 values"), "{said}");
}
