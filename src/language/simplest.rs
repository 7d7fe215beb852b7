//! The simplest value that a matcher matches. A puppet says it where a step says only what the words of a bot are like.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use super::node::Node;
use crate::text::diagnostic::Diagnostic;
use crate::text::pattern;

/// The words that make a map a matcher, if it has no other key.
pub const OPERATORS: [&str; 5] = ["contains", "matches", "any", "absent", "one_of"];

/// What is said where anything will do.
const ANY_TEXT: &str = "any text";
/// The longest text that is made for a pattern, in bytes: a message cannot be longer either.
const MAX_LENGTH: usize = 2000;

/// A matcher, if a value is one: its word and what stands behind it.
pub fn operator(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (key, operand) = map.iter().next()?;
    OPERATORS.contains(&key.as_str()).then_some((key.as_str(), operand))
}

/// The value with the simplest value that matches in the place of each matcher. Fails if a pattern has none.
pub fn simplest(value: &Value) -> Result<Value, String> {
    Ok(simplest_for("text", value)?.unwrap_or_default())
}

/// `None` if the key must be absent.
fn simplest_for(key: &str, value: &Value) -> Result<Option<Value>, String> {
    Ok(Some(match (operator(value), value) {
        (Some(("absent", _)), _) => return Ok(None),
        (Some(("any", _)), _) => anything(key),
        (Some(("matches", pattern)), _) => json!(simplest_text(pattern.as_str().unwrap_or_default())?),
        (Some(("one_of", options)), _) => match options.as_array().and_then(|options| options.first()) {
            Some(first) => return simplest_for(key, first),
            None => return Err("`one_of` needs a list with at least one item".to_owned()),
        },
        (Some((_, part)), _) => container_of(part)?,
        (None, Value::Object(map)) => {
            let mut simple = Map::new();
            for (key, value) in map {
                if let Some(value) = simplest_for(key, value)? {
                    simple.insert(key.clone(), value);
                }
            }
            Value::Object(simple)
        }
        (None, Value::Array(items)) => {
            let simple = items.iter().map(|item| simplest_for(key, item)).collect::<Result<Vec<_>, _>>()?;
            Value::Array(simple.into_iter().flatten().collect())
        }
        (None, scalar) => scalar.clone(),
    }))
}

/// The simplest text or list that contains this.
fn container_of(part: &Value) -> Result<Value, String> {
    Ok(match part {
        Value::Object(_) | Value::Array(_) => Value::Array(vec![simplest(part)?]),
        Value::String(text) if text.is_empty() => json!(ANY_TEXT),
        scalar => json!(scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned)),
    })
}

/// Anything that may stand at this key of a message.
fn anything(key: &str) -> Value {
    match key {
        "quick_replies" => json!([{ "content_type": "text", "title": ANY_TEXT, "payload": ANY_TEXT }]),
        "attachment" => json!({ "type": "image", "payload": { "url": "https://example.com/any.png" } }),
        _ => json!(ANY_TEXT),
    }
}

/// The simplest text that matches a regular expression, and is not empty.
pub fn simplest_text(pattern: &str) -> Result<String, String> {
    let regex =
        pattern::compile(pattern).map_err(|error| format!("`{pattern}` is not a regular expression: {error}"))?;
    let parsed = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
    let mut words = Vec::new();
    for least in [0, 1] {
        let mut text = String::new();
        if write_simplest(&parsed, least, &mut text).is_some() {
            words.push(text);
        }
    }
    words.push(ANY_TEXT.to_owned());
    let found = words.into_iter().find(|word| !word.is_empty() && regex.is_match(word));
    found.ok_or_else(|| format!("no simple text was found that matches `{pattern}`"))
}

/// Writes a text that should match. What may be left out is written `least` times. `None` if the text gets too long or nothing matches.
fn write_simplest(hir: &Hir, least: u32, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = || class.iter().map(|range| (range.start(), range.end()));
            text.push(simplest_letter(ranges)?);
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges = || class.iter().map(|range| (char::from(range.start()), char::from(range.end())));
            text.push(simplest_letter(ranges)?);
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..repetition.min.max(least).min(most) {
                write_simplest(&repetition.sub, least, text)?;
            }
        }
        HirKind::Capture(capture) => write_simplest(&capture.sub, least, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write_simplest(part, least, text))?,
        HirKind::Alternation(parts) => write_simplest(parts.first()?, least, text)?,
    }
    (text.len() <= MAX_LENGTH).then_some(())
}

/// A letter or digit of a class if it has one, and otherwise its first character.
fn simplest_letter<R: Iterator<Item = (char, char)>>(ranges: impl Fn() -> R) -> Option<char> {
    let has = |letter: &char| ranges().any(|(from, to)| (from..=to).contains(letter));
    let simple = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain([' ']).find(has);
    simple.or_else(|| ranges().next().map(|(from, _)| from))
}

/// Checks every matcher below a part of a file: whether a puppet can say something that matches.
pub fn check_matchers(node: &Node) -> Result<(), Diagnostic> {
    node.items().iter().try_for_each(check_matchers)?;
    node.entries().iter().try_for_each(|(_, value)| check_matchers(value))?;
    let value = node.json();
    if operator(&value).is_none() || value.to_string().contains("${") {
        return Ok(());
    }
    simplest(&value)
        .map(drop)
        .map_err(|error| node.mistake(error).note("a puppet says the simplest text that matches, so there must be one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simplest_text_of_a_pattern_matches_it() {
        for (pattern, expected) in [
            ("Hello", "Hello"),
            ("^Order [0-9]{4} (shipped|lost)$", "Order 0000 shipped"),
            ("(?i)hello", "hello"),
            (r"\bHi\b.*", "Hi"),
            (".*", "a"),
            (".+", "a"),
            (r"^\d+ €$", "0 €"),
            ("a?", "a"),
            (r"[^a-z]", "A"),
        ] {
            assert_eq!(simplest_text(pattern).as_deref(), Ok(expected), "{pattern}");
        }
        for pattern in ["(", "^$", "a{5000}", r"\Bz\B"] {
            assert!(simplest_text(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn the_simplest_message_has_no_matchers_left() {
        let message = json!({
            "text": { "contains": "Hello" },
            "metadata": { "one_of": [{ "matches": "^a+$" }, "b"] },
            "quick_replies": { "contains": { "title": { "any": true }, "payload": "GO" } },
            "attachment": { "absent": true },
        });
        let expected =
            json!({ "text": "Hello", "metadata": "a", "quick_replies": [{ "title": "any text", "payload": "GO" }] });
        assert_eq!(simplest(&message), Ok(expected));
    }
}
