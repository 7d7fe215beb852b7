//! `docs/FIDELITY.md`: what is known of Meta and how, generated from the tables of errors and rules.

use std::path::Path;
use std::process::{Command, Output};

use graphdouble::internals::domain::model::fields::{Field, OtherObject};
use graphdouble::internals::domain::rules::RULES;
use graphdouble::internals::graph::errors::catalogue::CATALOGUE;
use graphdouble::internals::graph::errors::statuses::rules as statuses;

/// Separates the part that is written by hand from the part that is generated.
const GENERATED: &str = "<!-- what follows is written by tests/it/fidelity.rs from the tables: UPDATE_DOCS=1 cargo test --test it current -->\n\n";

const BASES: [&str; 3] = ["documented", "observed", "inferred"];

fn counts() -> String {
    let row = |what: &str, bases: Vec<&str>| {
        let count = |basis: &&str| bases.iter().filter(|found| *found == basis).count().to_string();
        format!("| {what} | {} |\n", BASES.iter().map(count).collect::<Vec<_>>().join(" | "))
    };
    [
        "## How much rests on what\n\n| | documented | observed | inferred |\n|---|---|---|---|\n".to_owned(),
        row("[rules](RULES.md)", RULES.iter().map(|rule| rule.basis.name()).collect()),
        row("codes and texts of [errors](ERRORS.md)", CATALOGUE.iter().map(|error| error.basis.name()).collect()),
        row("statuses of errors", CATALOGUE.iter().map(|error| error.status_rule().basis.name()).collect()),
    ]
    .concat()
}

fn status_table() -> String {
    let mut table =
        "\n## Statuses of errors\n\n| code | status | with `Authorization` | basis | source |\n|---|---|---|---|---|\n"
            .to_owned();
    for rule in statuses() {
        let codes = match rule.codes {
            [] => "any other".to_owned(),
            codes => codes.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
        };
        let by_header = rule.by_header.map(|status| status.to_string()).unwrap_or_default();
        let (status, basis, source) = (rule.status, rule.basis.name(), rule.source);
        table.push_str(&format!("| {codes} | {status} | {by_header} | {basis} | {source} |\n"));
    }
    table
}

fn object_lists() -> String {
    let object = |object: &OtherObject| {
        let fields: Vec<String> = object.fields().iter().map(|field| format!("`{field}`")).collect();
        format!("- `{}`: {}\n", object.name(), fields.join(", "))
    };
    let lists: String = OtherObject::ALL.iter().map(object).collect();
    format!(
        "\n## Webhook fields of other objects\n\nAn app can subscribe itself to them, and nothing is ever sent of them. The names are those of \
         Meta's reference of webhooks, as far as it could be read; an app that subscribes another one is answered that it is not built.\n\n{lists}"
    )
}

/// The Test button of the dashboard sends an example of every field.
fn field_lists() -> String {
    let names = |is_sent: bool| {
        let fields = Field::ALL.iter().filter(|field| field.is_sent() == is_sent);
        fields.map(|field| format!("`{}`", field.name())).collect::<Vec<_>>().join(", ")
    };
    format!(
        "\n## Webhook fields of a page\n\nSent: {}.\n\nNever sent, but by the Test button: {}.\n",
        names(true),
        names(false)
    )
}

#[test]
fn the_page_on_fidelity_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FIDELITY.md");
    let written = std::fs::read_to_string(&path).expect("docs/FIDELITY.md");
    let (by_hand, generated) = written.split_once(GENERATED).expect("the line above the tables");
    let current = counts() + &status_table() + &field_lists() + &object_lists();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{by_hand}{GENERATED}{current}")).expect("docs/FIDELITY.md");
        return;
    }
    assert!(generated == current, "docs/FIDELITY.md is old: UPDATE_DOCS=1 cargo test --test it current writes it");
}

fn errors(arguments: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_graphdouble")).arg("errors").args(arguments).output();
    command.expect("the command runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn errors_are_filtered_by_how_they_are_known() {
    let printed = |arguments: &[&str]| -> Vec<serde_json::Value> {
        let all = [&["--format", "json"], arguments].concat();
        serde_json::from_str(&text(&errors(&all))).expect("JSON")
    };
    let of = |basis: &str| printed(&["--basis", basis]);
    let counts = ["documented", "observed", "inferred"].map(|basis| {
        assert!(of(basis).iter().all(|error| error["basis"] == basis && error["source"].is_string()));
        of(basis).len()
    });
    assert_eq!(counts.iter().sum::<usize>(), printed(&[]).len());
    assert!(counts.iter().all(|count| *count > 10), "{counts:?}");
    assert_eq!(printed(&["menu", "--basis", "observed"]).len(), 3);
    let one = text(&errors(&["menu_not_primary"]));
    assert!(one.contains("observed (jgorset/facebook-messenger 276, 2022)"), "{one}");
    let none = errors(&["613", "--basis", "inferred"]);
    assert_eq!(none.status.code(), Some(1));
    let mistake = String::from_utf8_lossy(&none.stderr);
    assert!(mistake.contains("no error of `613` is inferred: `rate_limited` is documented"), "{mistake}");
}
