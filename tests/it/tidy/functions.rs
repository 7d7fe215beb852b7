//! Functions stay short.

use super::{read, root, sources};

/// Lines of a function, from its head to its last brace.
const MAX_LINES: usize = 70;
/// Functions that are tables: one `match` with a row for each command.
const TABLES: &[(&str, &str)] = &[("src/domain/world.rs", "prepare")];

/// A function with the number of its lines. `cargo fmt` puts the closing brace below the head, so indentation finds it.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let heads = lines.iter().enumerate().filter_map(|(at, line)| Some((at, line, function_name(line)?)));
    let ends = |indent: usize, at: usize| {
        let is_end = |line: &&str| line.starts_with('}') || line.trim_end() == format!("{}}}", " ".repeat(indent));
        lines[at..].iter().position(is_end).map_or(1, |end| end + 1)
    };
    let body = |(at, line, name): (usize, &&str, &str)| {
        let indent = line.len() - line.trim_start().len();
        let is_short = line.ends_with(';') || line.ends_with('}');
        (name.to_owned(), if is_short { 1 } else { ends(indent, at) })
    };
    heads.map(body).collect()
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["pub", "pub(crate)", "pub(super)", "const", "async"];
    let is_head = before.split_whitespace().all(|word| words.contains(&word));
    let name = after.split(['(', '<']).next()?;
    is_head.then_some(name)
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for path in sources("src") {
        let file = path.strip_prefix(root()).expect("a file of the project").display().to_string();
        for (name, lines) in functions(&read(&path)) {
            if lines > MAX_LINES && !TABLES.contains(&(file.as_str(), name.as_str())) {
                long.push(format!("{file}: {name} has {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "more than {MAX_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn the_length_of_a_function_is_counted() {
    let text = "impl A {\n    pub async fn one<T>(\n        a: T,\n    ) -> T {\n        a\n    }\n}\n\nfn two() {}\n";
    assert_eq!(functions(text), [("one".to_owned(), 5), ("two".to_owned(), 1)]);
}
