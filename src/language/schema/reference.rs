//! The vocabulary as Markdown tables, for docs/SCENARIOS.md. A test keeps the document current.

use std::fmt::Write;

use super::shape::{Object, Shape, Tagged, describe};
use super::vocabulary;

/// Every word of the language, with a table for each kind of map.
pub fn reference() -> String {
    let mut text = String::new();
    let mut seen: Vec<&'static str> = Vec::new();
    for (heading, objects) in [
        ("Scenario files", vec![&vocabulary::FILE]),
        ("Steps", vocabulary::STEP.objects.to_vec()),
        ("Expectations", vocabulary::EXPECTATION.objects.to_vec()),
        ("Worlds", vec![&vocabulary::WORLD]),
    ] {
        let _ = write!(text, "## {heading}\n\n");
        for object in objects {
            write_table(object, &mut text, &mut seen);
        }
    }
    text
}

fn write_table(object: &'static Object, text: &mut String, seen: &mut Vec<&'static str>) {
    if object.keys.is_empty() || seen.contains(&object.title) {
        return;
    }
    seen.push(object.title);
    let _ = write!(text, "### {}\n\n| key | value | meaning |\n|---|---|---|\n", capital(object.title));
    for key in object.keys {
        let needed = if key.needed { " (needed)" } else { "" };
        let _ = writeln!(text, "| `{}` | {}{needed} | {} |", key.name, value(&key.shape), key.doc);
    }
    text.push('\n');
    for key in object.keys {
        write_inner_tables(&key.shape, text, seen);
    }
}

/// Writes the tables of maps inside a map. Steps and expectations have theirs already.
fn write_inner_tables(shape: &'static Shape, text: &mut String, seen: &mut Vec<&'static str>) {
    match shape {
        Shape::Object(object) => write_table(object, text, seen),
        Shape::List(item) | Shape::MapOf(_, item) => write_inner_tables(item, text, seen),
        Shape::MapOrScalar(map, _) => write_inner_tables(map, text, seen),
        Shape::Tagged(kinds) if kinds.title == vocabulary::FAULT_KINDS.title => {
            kinds.objects.iter().for_each(|object| write_table(object, text, seen));
        }
        _ => {}
    }
}

fn value(shape: &Shape) -> String {
    match shape {
        Shape::List(item) => format!("a list: {}", value(item)),
        Shape::MapOf(Some(kind), item) => format!("a map from {}: {}", kind.words(), value(item)),
        Shape::MapOf(None, item) => format!("a map from names: {}", value(item)),
        Shape::MapOrScalar(map, scalar) => format!("{}, or {}", value(scalar), value(map)),
        Shape::Matcher => "a matcher".to_owned(),
        Shape::TextMatcher => "a text, or a matcher".to_owned(),
        Shape::Tagged(Tagged { title, .. }) => (*title).to_owned(),
        other => describe(other).replace('|', "\\|"),
    }
}

fn capital(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
