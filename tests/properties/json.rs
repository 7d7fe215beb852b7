//! JSON is read as JSON: every value comes back as it was, and whatever is sent is read or refused with a mistake that can be drawn.

use graphdouble::internals::language::Node;
use graphdouble::internals::text::diagnostic::render_all;
use graphdouble::internals::text::source::SourceText;
use proptest::prelude::*;
use serde_json::{Number, Value};

/// Values whose numbers are read as they were written.
fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        (-1e15..1e15).prop_filter_map("a number", Number::from_f64).prop_map(Value::Number),
    ];
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number, text().prop_map(Value::String)];
    leaf.prop_recursive(6, 60, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            proptest::collection::vec((text(), inner), 0..30)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Texts of all kinds: words of YAML, escapes, emoji, control characters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        proptest::sample::select(vec![
            "null",
            "~",
            "",
            "true",
            "007",
            "${alice}",
            "\u{feff}",
            "\u{0}\u{7f}\u{2028}",
            "😀"
        ])
        .prop_map(str::to_owned),
    ]
}

/// JSON as Python and PHP write it: ASCII, with surrogate pairs.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::new();
    for character in json.chars() {
        match character.is_ascii() {
            true => ascii.push(character),
            false => ascii.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
        }
    }
    ascii
}

/// Pieces of JSON and YAML in any order.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "a", " ", "\n", "\\u", "\\ud83d", "\\ude00", "\\", "1", "-",
        "1e9", "01", "true", "null", "'", "#", "ä", "😀", "\u{feff}", "\t", "\u{0}", "---", "- ", "&a", "*a", "!", "|",
        ">",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

fn is_read_or_drawn(text: &str) {
    if let Err(mistake) = Node::parse(&SourceText::inline("input", text)) {
        assert!(!mistake.message.is_empty());
        render_all(&[mistake], false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_comes_back(value in value()) {
        let value = Value::Array(vec![value]);
        let json = value.to_string();
        let indented = serde_json::to_string_pretty(&value).unwrap_or_default();
        for text in [&json, &indented, &in_ascii(&json)] {
            let node = Node::parse(&SourceText::inline("input", text)).map_err(|mistake| mistake.one_line());
            prop_assert_eq!(node.map(|node| node.json()), Ok(value.clone()), "{}", text);
        }
    }

    #[test]
    fn nothing_panics(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..60), pieces in pieces()) {
        is_read_or_drawn(&text);
        is_read_or_drawn(&format!("{{{text}"));
        is_read_or_drawn(&format!("[\"{}", String::from_utf8_lossy(&bytes)));
        is_read_or_drawn(&pieces);
        is_read_or_drawn(&format!("{{\"a\":{pieces}"));
    }

    #[test]
    fn half_a_value_is_refused(value in value(), cut in 0.0..1.0) {
        let json = Value::Array(vec![value]).to_string();
        let mut end = (json.len() as f64 * cut) as usize;
        while !json.is_char_boundary(end) {
            end -= 1;
        }
        is_read_or_drawn(&json[..end]);
        prop_assert!(Node::parse(&SourceText::inline("input", &json[..end])).is_err(), "{}", &json[..end]);
    }
}
