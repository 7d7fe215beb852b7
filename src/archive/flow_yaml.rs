//! A value as YAML in one line, with quotes only where they are needed.

use serde_json::Value;

/// Texts that YAML would read as something else.
const WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan", "~"];

/// Writes a value in one line.
pub fn flow(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let entries: Vec<String> =
                map.iter().map(|(key, value)| format!("{}: {}", text(key), flow(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(string) => text(string),
        scalar => scalar.to_string(),
    }
}

fn text(text: &str) -> String {
    match is_plain(text) {
        true => text.to_owned(),
        false => Value::from(text).to_string(),
    }
}

/// True if the text means itself without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '+' || first == '/');
    let is_safe = |c: char| c.is_alphanumeric() || " _-+./@$!?'".contains(c);
    begins
        && text.chars().all(is_safe)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Node;
    use crate::text::source::SourceText;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let hard = [
            "Hi", "yes", "12", "+1", "a: b", "#1", " x", "x ", "", "é 😀", "${a}", "a,b", "it's", "-", "nan", "1e3",
            "\"", "{a}",
        ];
        for text in hard {
            let value = json!({ "says": text, "list": [text, { "x": 1, "y": true, "z": null }] });
            let read = Node::parse(&SourceText::inline("t", &flow(&value))).map(|node| node.json());
            assert_eq!(read.ok(), Some(value), "{text:?}");
        }
    }

    #[test]
    fn plain_words_have_no_quotes() {
        assert_eq!(flow(&json!({ "user": "alice", "says": "Hi there!" })), "{ user: alice, says: Hi there! }");
    }
}
