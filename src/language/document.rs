//! Reads a text that holds one document: JSON if it begins as JSON does, and otherwise YAML.

use std::sync::Arc;

use super::json;
use super::node::Node;
use super::yaml;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourceText;

impl Node {
    /// Reads a text that holds one document.
    ///
    /// A text that begins with `{` or `[` is JSON, or YAML in flow style: `{ user: alice, says: Hi }`. YAML is asked only if JSON cannot
    /// read it, because YAML knows no surrogate pairs and JSON is much faster to read.
    pub fn parse(source: &Arc<SourceText>) -> Result<Node, Diagnostic> {
        if !json::begins_as_json(&source.text) {
            return yaml::read(source);
        }
        json::read(source).or_else(|not_json| match not_json.is_final {
            true => Err(not_json.mistake),
            false => yaml::read(source).map_err(|not_yaml| clearer(not_json, not_yaml)),
        })
    }
}

/// The mistake of the language that the text was meant to be in.
fn clearer(not_json: json::NotJson, not_yaml: Diagnostic) -> Diagnostic {
    match not_json.is_meant_as_json {
        true => not_json.mistake,
        false => not_yaml,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Result<Node, String> {
        Node::parse(&SourceText::inline("test.yaml", text)).map_err(|error| error.one_line())
    }

    #[test]
    fn every_part_knows_its_place() -> Result<(), String> {
        let node = parse("größe: ä\nlist:\n  - { b: [1, two] }\n")?;
        let two = node.get("list").and_then(|list| list.items().first()).and_then(|item| item.get("b"));
        let two = two.and_then(|list| list.items().get(1)).ok_or("no second item")?;
        assert_eq!(two.place.to_string(), "test.yaml:3:14");
        assert_eq!(two.place.text(), "two");
        Ok(())
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() -> Result<(), String> {
        let node =
            parse(r#"{ a: 1, b: -2.5, c: true, d: null, e: "1", f: 007, g: yes, h: +24h, i: 12345678901234567890 }"#)?;
        let expected = json!({"a": 1, "b": -2.5, "c": true, "d": null, "e": "1", "f": "007", "g": "yes", "h": "+24h",
            "i": "12345678901234567890"});
        assert_eq!(node.json(), expected);
        Ok(())
    }

    #[test]
    fn anchors_tags_and_broken_text_are_refused_with_a_place() {
        for (text, expected) in [
            ("a: &x 1\nb: *x\n", "test.yaml:1:4: anchors"),
            ("a: !!str 1\n", "YAML tags"),
            ("a: 1\n---\nb: 2\n", "another begins here"),
            ("a: 1\na: 2\n", "test.yaml:2:1: this map has the key `a` twice"),
            ("", "the file is empty"),
            ("a: [1\n", "this is not YAML"),
            ("? [1]\n: 2\n", "a key is a word"),
        ] {
            let error = parse(text).err().unwrap_or_default();
            assert!(error.contains(expected), "{text:?}: {error}");
        }
        assert!(parse(&"[".repeat(1000)).is_err());
    }

    #[test]
    fn json_is_read_with_its_surrogate_pairs() -> Result<(), String> {
        let node = parse(r#"{"user":"alice","says":"\ud83d\ude00 \u00e4\/\n\"x\"","n":[1, -2.5e3, true, null, "1"]}"#)?;
        let expected = json!({"user": "alice", "says": "😀 ä/\n\"x\"", "n": [1, -2500.0, true, null, "1"]});
        assert_eq!(node.json(), expected);
        let second = node.get("n").and_then(|list| list.items().get(1)).ok_or("no second item")?;
        assert_eq!((second.place.to_string(), second.place.text()), ("test.yaml:1:63".to_owned(), "-2.5e3"));
        Ok(())
    }

    #[test]
    fn json_means_what_it_means_as_yaml() -> Result<(), String> {
        for text in [
            r#"{"a": 1, "b": -2.5, "c": true, "d": null, "e": "1", "f": "yes", "g": "null", "h": "~", "i": ""}"#,
            r#"{"a": 12345678901234567890, "b": 1e400, "c": 1E-7, "d": -0, "e": 0.10, "f": "2026-01-05", "g": {}, "h": []}"#,
            "[\n  {\"a\": \"ä\"},\t\"b\" ]\n",
            r#"{"": {"null": ["x # y", "a: b", "\u2028"]}}"#,
        ] {
            let source = SourceText::inline("test.json", text);
            let as_yaml = yaml::read(&source).map_err(|mistake| mistake.one_line())?;
            let as_json = json::read(&source).map_err(|not_json| not_json.mistake.one_line())?;
            assert_eq!(format!("{as_json:?}"), format!("{as_yaml:?}"));
        }
        Ok(())
    }

    #[test]
    fn yaml_in_flow_style_is_read_as_before() -> Result<(), String> {
        for (text, expected) in [
            ("{ user: alice, says: Hi }", json!({"user": "alice", "says": "Hi"})),
            (r#"{"a": 1, "b": [2, 3,],}"#, json!({"a": 1, "b": [2, 3]})),
            ("{\"a\": 1, # a comment\n \"b\": 007}", json!({"a": 1, "b": "007"})),
            ("{'a': \"b\", \"c\": True, d: +1h}", json!({"a": "b", "c": "True", "d": "+1h"})),
            ("[a, {b: c}]", json!(["a", {"b": "c"}])),
            ("\u{feff}{\"a\": 1}", json!({"a": 1})),
        ] {
            assert_eq!(parse(text)?.json(), expected, "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_mistake_in_json_says_what_was_expected() {
        for (text, expected) in [
            (r#"{"user":"alice" "says":"Hi"}"#, "1:17: this is not JSON: expected `,` or `}`, found text"),
            (r#"{"user":"alice","says"}"#, "1:23: this is not JSON: expected `:` and a value, found `}`"),
            (r#"{"user":"alice","says":}"#, "1:24: this is not JSON: expected a value, found `}`"),
            (r#"{"user":"alice",says: "Hi"}"#, "1:17: this is not JSON: expected a key in double quotes, found `says`"),
            (r#"["a", "b""#, "1:10: this is not JSON: it ends here, and `,` or `]` is missing"),
            ("{", "1:2: this is not JSON: it ends here, and a key in double quotes or `}` is missing"),
            (r#"{"a":"b"#, "1:6: this is not JSON: the text that begins here has no closing `\"`"),
            (r#"{"a":"\ud83d"}"#, "1:7: `\\ud83d` is half of a surrogate pair"),
            (r#"{"a":"\ude00\ud83d"}"#, "1:7: `\\ude00` is half of a surrogate pair"),
            (r#"{"a":"\ud83d\u0041"}"#, "1:7: `\\ud83d` is half of a surrogate pair"),
            (r#"{"a":"\ud83d\ude0"}"#, "1:13: this is not JSON: `\\u` is no escape"),
            (r#"{"a":"\q"}"#, "1:7: this is not JSON: `\\q` is no escape"),
            ("{\"a\":\"ä\\", "1:8: this is not JSON: `\\` is no escape"),
            ("{\"a\":\n\"b\",}", "2:5: this is not JSON: a comma stands before `}`"),
            (r#"{"a":"b", "b": x}"#, "1:16: this is not JSON: expected a value, found `x`"),
            (r#"{"a":1}{"a":2}"#, "1:8: this is not JSON: one value is expected, and more follows behind it"),
            (r#"{"a":1,"a":2}"#, "1:8: this map has the key `a` twice"),
            (r#"{"a":1.,"b":2}"#, "1:6: this is not JSON: `1.` is no number"),
            (r#"[1, 02]"#, "1:5: this is not JSON: `02` is no number"),
            ("{\"a\":\"\u{1}\"}", "1:7: this is not JSON: the control character U+0001 stands in a text"),
            ("{\"a\":\"b\nc\"}", "1:8: this is not JSON: a line break stands in a text"),
        ] {
            let error = json::read(&SourceText::inline("a", text)).err().map(|error| error.mistake.one_line());
            assert_eq!(error, Some(format!("a:{expected}")), "{text}");
        }
        let deep = parse(&"[".repeat(70)).err().unwrap_or_default();
        assert_eq!(deep, "test.yaml:1:66: lists and maps nest at most 64 deep");
    }

    #[test]
    fn a_mistake_is_of_the_language_that_was_meant() {
        for (text, expected) in [
            ("{ user: alice, says: ", "this is not YAML"),
            ("{ 'user': \"alice\", ", "this is not YAML"),
            ("{ # who?\n user: [", "this is not YAML"),
            (r#"{"user": alice, "says": "#, "this is not JSON"),
            (r#"{"user":"alice","says":"\ud83d\ude00",}"#, "leave out the last comma"),
            (r#"{"user":"alice","says":"\ud83d"}"#, "half of a surrogate pair"),
            ("[1, 2", "this is not JSON"),
            ("{", "this is not JSON"),
        ] {
            let mistake = Node::parse(&SourceText::inline("a", text)).err().map(|mistake| mistake.render(false));
            assert!(mistake.as_ref().is_some_and(|drawn| drawn.contains(expected)), "{text}: {mistake:?}");
        }
    }
}
