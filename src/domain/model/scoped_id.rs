//! Scoped ids: the id of a person on one page, which is all that an app knows of them.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::hash_name;

/// Longer numbers are texts.
const MAX_DIGITS: usize = 18;

/// The page-scoped id of a person. Nearly all are numbers, so they take no memory of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopedId {
    Number(u64),
    /// Any other text that a world file or a caller gives.
    Text(Arc<str>),
}

impl ScopedId {
    /// Reads an id. Every text has exactly one form.
    pub fn parse(text: &str) -> Self {
        match number(text) {
            Some(number) => Self::Number(number),
            None => Self::Text(text.into()),
        }
    }

    /// A key for tables. Numbers have keys of their own; texts may share one, whose highest bit is set.
    pub fn key(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            Self::Text(text) => hash_name(&[text]) | 1 << 63,
        }
    }
}

/// The number that is written exactly like this, if it is positive and has at most 18 digits.
fn number(text: &str) -> Option<u64> {
    let is_plain = matches!(text.as_bytes(), [b'1'..=b'9', ..]) && text.len() <= MAX_DIGITS;
    if is_plain { text.parse().ok() } else { None }
}

impl fmt::Display for ScopedId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

impl PartialEq<str> for ScopedId {
    fn eq(&self, other: &str) -> bool {
        match self {
            Self::Number(known) => number(other) == Some(*known),
            Self::Text(text) => **text == *other,
        }
    }
}

/// As a text, as Meta writes it.
impl Serialize for ScopedId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_str(itoa::Buffer::new().format(*number)),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for ScopedId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_it_was_read() {
        for text in
            ["0", "00", "017", "1234567890123456", "18446744073709551615", "18446744073709551616", "+1", "ä", ""]
        {
            let id = ScopedId::parse(text);
            assert_eq!(id.to_string(), text);
            assert!(id == *text && id != *"other");
            assert_eq!(serde_json::to_value(&id).ok(), Some(text.into()));
        }
    }
}
