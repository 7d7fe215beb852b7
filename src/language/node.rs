//! A file as a tree in which every part knows its place. `document` makes it, from YAML or JSON.

use serde_json::{Map, Number, Value};

use crate::text::diagnostic::Diagnostic;
use crate::text::source::SourcePlace;

/// The deepest nesting of lists and maps.
const MAX_DEPTH: usize = 64;
/// The most parts of one document. A part costs about a hundred bytes, even if it is written with two.
pub const MAX_NODES: usize = 250_000;
/// Maps up to this size are searched for a second key without an index.
const SMALL_MAP: usize = 16;

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
    /// A scalar at a place.
    pub(super) fn scalar(place: SourcePlace, text: String, plain: bool) -> Self {
        Self { place, kind: NodeValue::Scalar { text, plain } }
    }

    /// A map at a place. Fails if it has a key twice.
    pub(super) fn map(place: SourcePlace, entries: Vec<(Node, Node)>) -> Result<Self, Diagnostic> {
        match second_key(&entries) {
            Some(key) => Err(key.mistake(format!("this map has the key `{}` twice", key.scalar_text()))),
            None => Ok(Self { place, kind: NodeValue::Map(entries) }),
        }
    }

    fn scalar_text(&self) -> &str {
        match &self.kind {
            NodeValue::Scalar { text, .. } => text,
            _ => "",
        }
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

    /// The map without some of its keys, and those with their values.
    pub fn split_off(self, keys: &[&str]) -> (Node, Vec<(Node, Node)>) {
        let Node { place, kind } = self;
        let NodeValue::Map(entries) = kind else { return (Node { place, kind }, Vec::new()) };
        let is_taken = |(key, _): &(Node, Node)| key.text().is_some_and(|key| keys.contains(&key));
        let (taken, left) = entries.into_iter().partition(is_taken);
        (Node { place, kind: NodeValue::Map(left) }, taken)
    }

    /// A mistake at this place.
    pub fn mistake(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.place.clone(), message)
    }
}

/// Fails if what begins at this place is nested too deeply, or if it is one part too many.
pub(super) fn check_bounds(depth: usize, nodes: usize, place: impl FnOnce() -> SourcePlace) -> Result<(), Diagnostic> {
    if depth > MAX_DEPTH {
        return Err(Diagnostic::new(place(), format!("lists and maps nest at most {MAX_DEPTH} deep")));
    }
    if nodes > MAX_NODES {
        let message = format!("a document has at most {MAX_NODES} values, and this is one more");
        return Err(Diagnostic::new(place(), message).note("a crowd stands for any number of people in one line"));
    }
    Ok(())
}

/// The first key that stands in the map for the second time.
fn second_key(entries: &[(Node, Node)]) -> Option<&Node> {
    let mut keys = entries.iter().map(|(key, _)| key).enumerate();
    if entries.len() <= SMALL_MAP {
        let is_second = |(index, key): &(usize, &Node)| {
            entries[..*index].iter().any(|(earlier, _)| earlier.scalar_text() == key.scalar_text())
        };
        return keys.find(is_second).map(|(_, key)| key);
    }
    let mut seen = std::collections::HashSet::with_capacity(entries.len());
    keys.find(|(_, key)| !seen.insert(key.scalar_text())).map(|(_, key)| key)
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
