//! Compares a value of a scenario with what was found. Scalars must be equal; a map must contain the expected keys; a
//! list must have equal items. `{contains}`, `{matches}`, `{any}`, `{absent}` and `{one_of}` say more.

use serde_json::Value;

use crate::language::simplest::{OPERATORS, operator};
use crate::text::pattern;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The path, as `message.text`.
    pub path: String,
    pub expected: String,
    pub found: String,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = if self.path.is_empty() { "it" } else { &self.path };
        write!(formatter, "{path}: expected {}, found {}", self.expected, self.found)
    }
}

/// All differences between the expected and the found value. Empty if they match.
pub fn differences(expected: &Value, found: Option<&Value>, path: &str) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    compare(expected, found, path, &mut mismatches);
    mismatches
}

fn compare(expected: &Value, found: Option<&Value>, path: &str, mismatches: &mut Vec<Mismatch>) {
    if let Some((operator, operand)) = operator(expected) {
        if let Some(wanted) = apply(operator, operand, found) {
            mismatches.push(mismatch(path, wanted, found));
        }
        return;
    }
    match (expected, found) {
        (Value::Object(wanted), Some(Value::Object(_))) => {
            for (key, value) in wanted {
                compare(value, found.and_then(|found| found.get(key)), &join(path, key), mismatches);
            }
        }
        (Value::Array(wanted), Some(Value::Array(items))) if wanted.len() == items.len() => {
            for (index, (value, item)) in wanted.iter().zip(items).enumerate() {
                compare(value, Some(item), &format!("{path}[{index}]"), mismatches);
            }
        }
        (Value::Array(wanted), Some(Value::Array(items))) => {
            let counts = format!("{} items: {expected}", wanted.len());
            mismatches.push(Mismatch {
                path: path.to_owned(),
                expected: counts,
                found: format!("{} items: {}", items.len(), Value::Array(items.clone())),
            });
        }
        (expected, Some(found)) if scalar_equal(expected, found) => {}
        _ => mismatches.push(mismatch(path, expected.to_string(), found)),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn mismatch(path: &str, expected: String, found: Option<&Value>) -> Mismatch {
    let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
    Mismatch { path: path.to_owned(), expected, found }
}

/// Meta writes ids as numbers in some places and as text in others. A scenario may use either.
fn scalar_equal(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
            text.len() > 3 && number.to_string() == *text
        }
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        _ => expected == found,
    }
}

/// Fails if no text can ever be like this: an unknown operator, or a pattern that is none.
pub fn check_text(expected: &Value) -> Result<(), String> {
    match (expected, operator(expected)) {
        (Value::Object(_), Some(("matches", text))) => pattern::compile(text.as_str().unwrap_or_default())
            .map(drop)
            .map_err(|error| format!("{text} is not a regular expression ({error})")),
        (Value::Object(_), Some(_)) | (Value::String(_) | Value::Number(_), _) => Ok(()),
        _ => Err(format!("expected a text, or a map with one of {}", OPERATORS.join(", "))),
    }
}

/// `None` if the operator holds, else a description of what was expected.
fn apply(operator: &str, operand: &Value, found: Option<&Value>) -> Option<String> {
    let holds = match operator {
        "any" => found.is_some_and(|found| !found.is_null()),
        "absent" => found.is_none_or(Value::is_null),
        "one_of" => operand
            .as_array()
            .is_some_and(|options| options.iter().any(|option| differences(option, found, "").is_empty())),
        "matches" => match pattern::compile(operand.as_str().unwrap_or_default()) {
            Ok(regex) => found.is_some_and(|found| regex.is_match(&as_text(found))),
            Err(error) => {
                return Some(format!("text that matches {operand}, which is not a regular expression ({error})"));
            }
        },
        _ => found.is_some_and(|found| contains(found, operand)),
    };
    let wanted = || match operator {
        "any" => "anything".to_owned(),
        "absent" => "nothing".to_owned(),
        "one_of" => format!("one of {operand}"),
        "matches" => format!("text that matches {operand}"),
        _ => format!("something that contains {operand}"),
    };
    (!holds).then(wanted)
}

fn contains(found: &Value, operand: &Value) -> bool {
    match found {
        Value::Array(items) => items.iter().any(|item| differences(operand, Some(item), "").is_empty()),
        found => as_text(found).contains(&as_text(operand)),
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_matches_and_what_does_not() {
        let found = json!({"text": "Hello there", "n": 1, "list": [1, {"a": 2, "b": 3}], "id": 263902037430900u64});
        for (expected, matches) in [
            (json!({"text": "Hello there"}), true),
            (json!({"text": "Hello"}), false),
            (json!({"text": {"contains": "there"}}), true),
            (json!({"text": {"matches": "^Hel+o"}}), true),
            (json!({"text": {"matches": "^hel+o"}}), false),
            (json!({"text": {"matches": "("}}), false),
            (json!({"n": 1, "gone": {"absent": true}}), true),
            (json!({"n": {"absent": true}}), false),
            (json!({"n": {"any": true}}), true),
            (json!({"gone": {"any": true}}), false),
            (json!({"n": {"one_of": [2, 1]}}), true),
            (json!({"n": {"one_of": [2, 3]}}), false),
            (json!({"list": [1, {"a": 2}]}), true),
            (json!({"list": [1]}), false),
            (json!({"list": {"contains": {"b": 3}}}), true),
            (json!({"list": {"contains": {"b": 4}}}), false),
            (json!({"id": "263902037430900"}), true),
            (json!({"n": "1"}), false),
            (json!({"text": {"contains": "x", "y": 1}}), false),
        ] {
            assert_eq!(differences(&expected, Some(&found), "").is_empty(), matches, "{expected}");
        }
    }

    #[test]
    fn a_difference_names_its_place() {
        let found = json!({"message": {"attachments": [{"type": "image"}]}});
        let expected = json!({"message": {"attachments": [{"type": "video"}]}});
        let shown: Vec<String> = differences(&expected, Some(&found), "").iter().map(ToString::to_string).collect();
        assert_eq!(shown, [r#"message.attachments[0].type: expected "video", found "image""#]);
    }
}
