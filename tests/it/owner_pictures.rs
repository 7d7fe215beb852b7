//! The pictures of owners in docs/ROUTING.md. Each is drawn from a run of the scenario above it: UPDATE_DOCS=1 cargo test --test it pictures.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::files;

const DOCUMENT: &str = "docs/ROUTING.md";
/// Colours of apps, in the order in which they become owners. They differ in lightness, too, and a letter stands beside each.
const COLOURS: [&str; 4] = ["#0b5cad", "#b35c00", "#12703a", "#8a2d8f"];
const NOBODY: &str = "#8a9099";
const ROW: usize = 26;
const WIDTH: usize = 760;

/// A scenario of the document, and the picture below it.
struct Illustrated {
    scenario: String,
    picture: String,
    alt: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn illustrated() -> Vec<Illustrated> {
    let text = std::fs::read_to_string(root().join(DOCUMENT)).expect("the document");
    let mut found = Vec::new();
    for part in text.split("```yaml\n").skip(1) {
        let (scenario, after) = part.split_once("```").expect("the end of a block");
        let Some(picture) = after.trim_start().strip_prefix("![") else { continue };
        let (alt, path) = picture.split_once("](").expect("a picture");
        let (path, _) = path.split_once(')').expect("the end of a path");
        found.push(Illustrated { scenario: scenario.to_owned(), picture: format!("docs/{path}"), alt: alt.to_owned() });
    }
    found
}

/// The ledger of the only scenario in a text.
fn ledger_of(name: &str, scenario: &str) -> Vec<Value> {
    let text = scenario.replace("world: fixtures/", &format!("world: {}/fixtures/", root().display()));
    let file = files::file("owner_pictures", &format!("{name}.yaml"), &text);
    let ledger = files::folder("owner_pictures").join(format!("{name}.jsonl"));
    let output = Command::new(env!("CARGO_BIN_EXE_graphdouble"))
        .args(["run", "--no-bundle", "--allow-read"])
        .arg(root())
        .arg(&file)
        .arg("--ledger")
        .arg(&ledger)
        .output()
        .expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let lines = std::fs::read_to_string(ledger).expect("the ledger");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &Value| line["kind"].is_string())
        .collect()
}

/// A row of a picture.
enum Row {
    /// Somebody does something; the time of the world, and what.
    Act(String, String),
    /// The owner is another one from here on: who, and the rule.
    Owner(Option<String>, String),
    /// The clock is turned, by so many minutes.
    Jump(i64),
}

fn text_of<'a>(entry: &'a Value, member: &str) -> &'a str {
    entry[member].as_str().unwrap_or_default()
}

/// Minutes since the beginning of the month, which no scenario here leaves.
fn minutes(at: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| at[range].parse::<i64>().expect("a number");
    (number(8..10) * 24 + number(11..13)) * 60 + number(14..16)
}

fn rows(ledger: &[Value]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut now = minutes(text_of(&ledger[0], "at"));
    for entry in ledger {
        let at = text_of(entry, "at");
        if minutes(at) > now {
            rows.push(Row::Jump(minutes(at) - now));
            now = minutes(at);
        }
        match text_of(entry, "kind") {
            "command" => rows.push(Row::Act(at[11..16].to_owned(), act(text_of(entry, "text")))),
            "owner_changed" => {
                let row = Row::Owner(entry["to"].as_str().map(str::to_owned), text_of(entry, "rule").to_owned());
                // Silence is found out at the next act, and was over before it.
                let place =
                    if text_of(entry, "rule").starts_with("control.idle") { rows.len() - 1 } else { rows.len() };
                rows.insert(place, row);
            }
            _ => {}
        }
    }
    rows
}

/// `sales POST messages: sends "Hello"` without the path of the call.
fn act(text: &str) -> String {
    match text.split_once(" POST ").and_then(|(app, rest)| Some((app, rest.split_once(": ")?.1))) {
        Some((app, what)) => format!("{app} {what}"),
        None => text.to_owned(),
    }
}

fn first_owner(ledger: &[Value]) -> Option<String> {
    let change = ledger.iter().find(|entry| entry["kind"] == "owner_changed").expect("an owner");
    change["from"].as_str().map(str::to_owned)
}

fn jump(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("+{rest} min"),
        (hours, 0) => format!("+{hours} h"),
        (hours, rest) => format!("+{hours} h {rest} min"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Colour and letter of each owner of a picture, which are given as they come.
#[derive(Default)]
struct Signs(Vec<(String, char)>);

impl Signs {
    fn of(&mut self, owner: Option<&str>) -> (&'static str, char) {
        let Some(owner) = owner else { return (NOBODY, '–') };
        let place = self.0.iter().position(|(known, _)| known == owner).unwrap_or_else(|| {
            let free = |letter: &char| self.0.iter().all(|(_, taken)| taken != letter);
            let letter = owner.to_ascii_uppercase().chars().find(free).unwrap_or('?');
            self.0.push((owner.to_owned(), letter));
            self.0.len() - 1
        });
        (COLOURS[place % COLOURS.len()], self.0[place].1)
    }
}

fn draw(picture: &Illustrated, ledger: &[Value]) -> String {
    let rows = rows(ledger);
    let height = rows.len() * ROW + 16;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escaped(&picture.alt)
    );
    let mut signs = Signs::default();
    let mut owner = first_owner(ledger);
    for (number, row) in rows.iter().enumerate() {
        if let Row::Owner(to, _) = row {
            owner.clone_from(to);
        }
        draw_row(&mut svg, row, 8 + number * ROW, owner.as_deref(), signs.of(owner.as_deref()));
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_row(svg: &mut String, row: &Row, top: usize, owner: Option<&str>, (colour, letter): (&str, char)) {
    let base = top + 17;
    let name = owner.unwrap_or("nobody");
    let written = match row {
        Row::Jump(minutes) => write!(
            svg,
            "<rect x=\"72\" y=\"{top}\" width=\"26\" height=\"{ROW}\" fill=\"{colour}\" opacity=\"0.35\"/>\n\
             <line x1=\"8\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#5a6270\" stroke-width=\"4\"/>\n\
             <rect x=\"112\" y=\"{top}\" width=\"96\" height=\"{ROW}\" fill=\"#fff\"/>\n\
             <text x=\"120\" y=\"{base}\" font-weight=\"600\" fill=\"#5a6270\">{}</text>\n",
            WIDTH - 8,
            jump(*minutes),
            y = top + ROW / 2,
        ),
        Row::Owner(_, rule) => write!(
            svg,
            "<rect x=\"72\" y=\"{top}\" width=\"26\" height=\"{ROW}\" fill=\"{colour}\"/>\n\
             <text x=\"85\" y=\"{base}\" fill=\"#fff\" font-weight=\"700\" text-anchor=\"middle\">{letter}</text>\n\
             <text x=\"112\" y=\"{base}\" fill=\"{colour}\"><tspan font-weight=\"700\">{} owns the thread</tspan><tspan fill=\"#5a6270\" dx=\"12\">{}</tspan></text>\n",
            escaped(name),
            escaped(rule),
        ),
        Row::Act(time, what) => write!(
            svg,
            "<rect x=\"72\" y=\"{top}\" width=\"26\" height=\"{ROW}\" fill=\"{colour}\"/>\n\
             <text x=\"14\" y=\"{base}\" fill=\"#5a6270\">{time}</text>\n\
             <text x=\"112\" y=\"{base}\" fill=\"#1b1e24\">{}</text>\n",
            escaped(what),
        ),
    };
    written.expect("a String takes all");
}

#[test]
fn the_pictures_of_owners_are_current() {
    let all = illustrated();
    assert!(all.len() >= 4, "{DOCUMENT} has {} pictures below a scenario", all.len());
    for each in &all {
        let name = each.picture.rsplit('/').next().expect("a name").replace(".svg", "");
        let drawn = draw(each, &ledger_of(&name, &each.scenario));
        let path = root().join(&each.picture);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &drawn).expect("a picture");
        }
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(drawn == current, "{} is old: UPDATE_DOCS=1 cargo test --test it pictures draws it", each.picture);
    }
}
