//! YAML (and JSON, which is YAML) as a tree in which every part knows its place. Only this file uses the parser. Anchors, aliases, tags
//! and several documents in one file are refused.

use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde_json::{Map, Number, Value};

use crate::text::diagnostic::Diagnostic;
use crate::text::source::{SourcePlace, SourceText};

/// The deepest nesting of lists and maps.
const MAX_DEPTH: usize = 64;

/// A part of a file.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it is in the text.
    pub place: SourcePlace,
    /// A scalar, a list or a map.
    pub kind: NodeValue,
}

/// What a part of a file is.
#[derive(Debug, Clone)]
pub enum NodeValue {
    Scalar {
        text: String,
        /// True if the text has no quotes.
        plain: bool,
    },
    List(Vec<Node>),
    /// Entries in the order of the file.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Reads a text that holds one document.
    pub fn parse(source: &Arc<SourceText>) -> Result<Node, Diagnostic> {
        let mut reader =
            YamlReader { source, bytes: ByteOffsets::new(&source.text), parser: Parser::new_from_str(&source.text) };
        reader.document()
    }

    /// The text of a scalar, quoted or not. A plain `null` has no text.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeValue::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// True for `~`, `null` and an empty value.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeValue::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// The value of a plain `true` or `false`.
    pub fn bool(&self) -> Option<bool> {
        match &self.kind {
            NodeValue::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        }
    }

    /// The entries of a map; none if it is no map.
    pub fn entries(&self) -> &[(Node, Node)] {
        match &self.kind {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none if it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeValue::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The map at a key, as pairs of texts.
    pub fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let entries = self.get(key).map(Node::entries).unwrap_or_default();
        entries.iter().filter_map(|(key, value)| Some((key.text()?.to_owned(), value.text()?.to_owned()))).collect()
    }

    /// True for a map.
    pub fn is_map(&self) -> bool {
        matches!(self.kind, NodeValue::Map(_))
    }

    /// What kind of value it is, in words for messages.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeValue::Scalar { .. } if self.is_null() => "nothing",
            NodeValue::Scalar { plain: true, .. } if self.bool().is_some() => "true or false",
            NodeValue::Scalar { text, plain: true } if text.parse::<f64>().is_ok() => "a number",
            NodeValue::Scalar { .. } => "text",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }

    /// The part as JSON. Plain scalars are read by the core schema of YAML 1.2.
    pub fn json(&self) -> Value {
        match &self.kind {
            NodeValue::Scalar { text, plain: true } => plain_json(text),
            NodeValue::Scalar { text, plain: false } => Value::String(text.clone()),
            NodeValue::List(items) => Value::Array(items.iter().map(Node::json).collect()),
            NodeValue::Map(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| (key.text().unwrap_or_default().to_owned(), value.json()));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }

    /// The part as JSON that reads as the same part again. A scalar that JSON would write differently becomes a string.
    pub fn lossless_json(&self) -> Value {
        let scalar = |text: &str| {
            let (value, as_text) = (plain_json(text), Value::String(text.to_owned()));
            let written = value.to_string();
            if written == text { value } else { as_text }
        };
        match &self.kind {
            NodeValue::Scalar { plain: true, .. } if self.is_null() => Value::Null,
            NodeValue::Scalar { text, plain: true } => scalar(text),
            NodeValue::Scalar { text, plain: false } => Value::String(text.clone()),
            NodeValue::List(items) => Value::Array(items.iter().map(Node::lossless_json).collect()),
            NodeValue::Map(entries) => {
                let key = |key: &Node| key.text().unwrap_or_default().to_owned();
                Value::Object(
                    entries.iter().map(|(name, value)| (key(name), value.lossless_json())).collect::<Map<_, _>>(),
                )
            }
        }
    }

    /// The part with each `${name}` replaced by its value. A text that is only `${name}` becomes the value itself.
    pub fn with_values(&self, values: &[(String, Node)]) -> Node {
        let kind = match &self.kind {
            NodeValue::Scalar { text, plain } => {
                let alone = values.iter().find(|(name, _)| *text == format!("${{{name}}}"));
                if let Some((_, value)) = alone {
                    return Node { place: self.place.clone(), kind: value.kind.clone() };
                }
                NodeValue::Scalar { text: replace_names(text, values), plain: *plain }
            }
            NodeValue::List(items) => NodeValue::List(items.iter().map(|item| item.with_values(values)).collect()),
            NodeValue::Map(entries) => NodeValue::Map(
                entries.iter().map(|(key, value)| (key.with_values(values), value.with_values(values))).collect(),
            ),
        };
        Node { place: self.place.clone(), kind }
    }

    /// A mistake at this place.
    pub fn mistake(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.place.clone(), message)
    }
}

fn replace_names(text: &str, values: &[(String, Node)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        let word = value.text().map_or_else(|| value.json().to_string(), str::to_owned);
        text.replace(&format!("${{{name}}}"), &word)
    })
}

fn plain_json(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            let integer = text.parse::<i64>().ok().filter(|_| is_canonical(text)).map(Number::from);
            let float = || text.parse::<f64>().ok().filter(|_| looks_like_float(text)).and_then(Number::from_f64);
            integer.or_else(float).map_or_else(|| Value::String(text.to_owned()), Value::Number)
        }
    }
}

/// `007` and `+1` are text: they are ids and phone numbers more often than numbers.
fn is_canonical(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits == "0" || !digits.starts_with(['0', '+'])
}

fn looks_like_float(text: &str) -> bool {
    text.contains(['.', 'e', 'E']) && text.starts_with(|first: char| first.is_ascii_digit() || first == '-')
}

/// Turns the character counts of the parser into byte offsets. It is `None` for ASCII, where they are the same.
struct ByteOffsets(Option<Vec<usize>>);

impl ByteOffsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self(None);
        }
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self(Some(offsets.collect()))
    }

    fn of(&self, marker: Marker) -> usize {
        match &self.0 {
            None => marker.index(),
            Some(offsets) => offsets.get(marker.index()).or(offsets.last()).copied().unwrap_or(0),
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.of(span.start)..self.of(span.end)
    }
}

struct YamlReader<'s> {
    source: &'s Arc<SourceText>,
    bytes: ByteOffsets,
    parser: Parser<'s, saphyr_parser::StrInput<'s>>,
}

impl<'s> YamlReader<'s> {
    fn next(&mut self) -> Result<(Event<'s>, Range<usize>), Diagnostic> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.bytes.range(span))),
            Some(Err(error)) => {
                let at = self.bytes.of(*error.marker());
                Err(Diagnostic::new(self.place(at..at), format!("this is not YAML: {}", error.info())))
            }
            None => Ok((Event::StreamEnd, self.source.text.len()..self.source.text.len())),
        }
    }

    fn place(&self, span: Range<usize>) -> SourcePlace {
        let end = self.source.text.len();
        let mut span = span.start.min(end)..span.end.min(end);
        // The span of a block runs to the next token. Leave out the white space at its end.
        let length = self.source.text.get(span.clone()).map_or(0, |text| text.trim_end().len());
        span.end = span.start + length;
        SourcePlace { source: self.source.clone(), span }
    }

    fn document(&mut self) -> Result<Node, Diagnostic> {
        let root = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd, span) => return Err(Diagnostic::new(self.place(span), "the file is empty")),
                (event, span) => break self.node(event, span, 0)?,
            }
        };
        loop {
            match self.next()? {
                (Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => return Ok(root),
                (_, span) => {
                    return Err(Diagnostic::new(
                        self.place(span),
                        "a file holds one document, and another begins here",
                    ));
                }
            }
        }
    }

    fn node(&mut self, event: Event<'s>, span: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        if depth > MAX_DEPTH {
            return Err(Diagnostic::new(self.place(span), format!("lists and maps nest at most {MAX_DEPTH} deep")));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_anchors_and_tags(anchor, tag.is_some(), &span)?;
                let plain = style == ScalarStyle::Plain;
                Ok(Node { place: self.place(span), kind: NodeValue::Scalar { text: text.into_owned(), plain } })
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_anchors_and_tags(anchor, tag.is_some(), &span)?;
                self.list(span, depth)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_anchors_and_tags(anchor, tag.is_some(), &span)?;
                self.map(span, depth)
            }
            _ => Err(Diagnostic::new(self.place(span), "aliases (`*name`) are not supported: write the value out")),
        }
    }

    fn refuse_anchors_and_tags(&self, anchor: usize, tagged: bool, span: &Range<usize>) -> Result<(), Diagnostic> {
        match (anchor, tagged) {
            (0, false) => Ok(()),
            (_, true) => Err(Diagnostic::new(self.place(span.clone()), "YAML tags (`!name`) are not supported")),
            _ => Err(Diagnostic::new(
                self.place(span.clone()),
                "anchors (`&name`) are not supported: write the value out",
            )),
        }
    }

    fn list(&mut self, start: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    let place = self.place(start.start..end.end.max(start.end));
                    return Ok(Node { place, kind: NodeValue::List(items) });
                }
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, start: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let place = self.place(start.start..span.end.max(start.end));
                return Ok(Node { place, kind: NodeValue::Map(entries) });
            }
            let key = self.node(event, span, depth + 1)?;
            let NodeValue::Scalar { text, .. } = &key.kind else {
                return Err(key.mistake("a key is a word, not a list or a map"));
            };
            if !seen.insert(text.clone()) {
                let message = format!("this map has the key `{text}` twice");
                return Err(key.mistake(message));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((key, value));
        }
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
}
