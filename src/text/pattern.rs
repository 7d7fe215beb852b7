//! Regular expressions of scenarios and of the control API. They may come from anybody, so their length and their size when compiled are bounded.

use regex::{Regex, RegexBuilder};

/// The most characters of a pattern.
pub const MAX_PATTERN: usize = 1000;
/// The most bytes of a compiled pattern. A class of all letters has about fifteen thousand.
pub const MAX_COMPILED: usize = 256 * 1024;

/// Compiles a pattern. The error says in one line why it is none, or that it is too large.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().nth(MAX_PATTERN).is_some() {
        return Err(format!("it has more than {MAX_PATTERN} characters"));
    }
    let compiled = RegexBuilder::new(pattern).size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large: repeat less, or smaller classes".to_owned(),
        other => last_line(&other.to_string()).to_owned(),
    })
}

/// The library draws the pattern first and says in the last line what is wrong.
fn last_line(text: &str) -> &str {
    let line = text.lines().last().unwrap_or_default().trim();
    line.strip_prefix("error: ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_too_much_is_no_pattern() {
        assert!(compile(r"^\w+ #\d{4,8}$").is_ok_and(|regex| regex.is_match("Order #12345")));
        assert!(compile(r"^(\pL{100}){9}x$").is_err_and(|error| error.contains("too large")));
        assert!(compile(&"a".repeat(MAX_PATTERN + 1)).is_err_and(|error| error.contains("characters")));
        assert_eq!(compile("(").map(drop), Err("unclosed group".to_owned()));
    }
}
