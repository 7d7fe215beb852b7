//! What graphdouble costs beside a bare server, measured side by side in one run: `cargo bench --bench ratios`. docs/PERFORMANCE.md
//! says what each figure means. Nothing fails because it is slow.

mod callgrind;
mod calm;
mod child;
mod crowds;
mod events;
mod figures;
mod growth;
mod load;
mod roles;
mod sends;
mod start;
mod worlds;

use std::io::Write;
use std::process::ExitCode;

use figures::Figure;

/// What could not be measured, and why.
type Measured<T> = Result<T, String>;

/// A group of figures, by the word that chooses it.
type Group = (&'static str, fn() -> Measured<Vec<Figure>>);

const GROUPS: &[Group] = &[
    ("sends", sends::measure),
    ("events", events::measure),
    ("crowds", crowds::measure),
    ("start", start::measure),
    ("worlds", worlds::measure),
    ("growth", growth::measure),
    ("instructions", callgrind::measure),
];
/// Valgrind takes its time, so this group runs only where it is asked for.
const ON_DEMAND: &str = "instructions";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((role, rest)) = arguments.split_first().filter(|(first, _)| first.starts_with(child::ROLE_PREFIX)) {
        return roles::play(role, rest);
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        say("figures need an optimised build of their own: cargo bench --bench ratios");
        return ExitCode::SUCCESS;
    }
    let asked: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = asked.iter().find(|asked| !GROUPS.iter().any(|(name, _)| name == *asked)) {
        let known: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
        say(&format!("there is no group `{unknown}`: known are {}", known.join(", ")));
        return ExitCode::from(1);
    }
    say(&Figure::headline());
    for (name, measure) in GROUPS {
        let wanted = if asked.is_empty() { *name != ON_DEMAND } else { asked.iter().any(|asked| asked == name) };
        if !wanted {
            continue;
        }
        match measure() {
            Ok(figures) => figures.iter().for_each(|figure| say(&figure.line())),
            Err(why) => say(&format!("{name}: not measured: {why}")),
        }
    }
    ExitCode::SUCCESS
}

/// Prints a line. A reader that has gone away is no mistake.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap_or_default();
}
