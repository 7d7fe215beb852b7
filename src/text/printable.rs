//! Text of others made safe for people's eyes and for logs: no character controls a terminal, and no line gives a command to the system that
//! shows a log.

use std::borrow::Cow;
use std::fmt::{Display, Write};

/// The text without characters that control a terminal or change the direction of writing: they are shown as `\u{1b}`. Line ends and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\r' if rest.peek() == Some(&'\n') => {}
            control if is_control(control) => {
                // Writing to a String never fails.
                write!(shown, "\\u{{{:x}}}", u32::from(control)).unwrap_or_default();
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

fn is_control(character: char) -> bool {
    let turns =
        matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    turns || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// The text with a backslash in each place where GitHub Actions, Azure Pipelines or TeamCity would find a command: `::` at the beginning of a
/// line, and `##[` or `##word[` anywhere.
pub fn without_commands(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let lines: Vec<String> = text.split('\n').map(line_without_commands).collect();
    Cow::Owned(lines.join("\n"))
}

fn line_without_commands(line: &str) -> String {
    let words = line.trim_start();
    let mut safe = match words.starts_with("::") {
        true => format!("{}\\{words}", &line[..line.len() - words.len()]),
        false => line.to_owned(),
    };
    let mut from = 0;
    while let Some(at) = safe[from..].find("##").map(|at| from + at) {
        let word = safe[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
        if word.starts_with('[') {
            safe.insert(at + 1, '\\');
        }
        from = at + 1;
    }
    safe
}

/// JSON on one line, in which no system that shows a log finds a command. It means the same: `#` occurs in texts only.
pub fn json_for_log(json: &impl Display) -> String {
    json.to_string().replace("##", "#\\u0023")
}

/// Both: for what is printed.
pub fn for_log(text: &str) -> String {
    without_commands(&printable(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_controls_a_terminal_is_shown() {
        assert_eq!(printable("a\tb\r\nc é 🎉"), "a\tb\nc é 🎉");
        assert_eq!(printable("\u{1b}[2J\0\u{7f}\u{9b}1m\rx"), "\\u{1b}[2J\\u{0}\\u{7f}\\u{9b}1m\\u{d}x");
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
        assert!(matches!(printable("plain\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn no_line_is_a_command() {
        for (text, safe) in [
            ("::error::x", "\\::error::x"),
            ("fine\n  ::stop-commands::t", "fine\n  \\::stop-commands::t"),
            ("a::b", "a::b"),
            ("x ##[error]y", "x #\\#[error]y"),
            ("###[group]", "##\\#[group]"),
            ("##vso[task.setvariable]", "#\\#vso[task.setvariable]"),
            ("## Title", "## Title"),
        ] {
            assert_eq!(without_commands(text), safe);
        }
    }
}
