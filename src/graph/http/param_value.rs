//! The value of a parameter: JSON whose texts borrow from the request. Every call reads its parameters, so a text is copied only where it
//! has escapes, and an object is a list of pairs and hashes nothing while it is small.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// An object with more keys than this has an index. Up to so many, a linear search is faster.
const MAX_LINEAR: usize = 16;

/// A JSON value of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue<'r> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'r, str>),
    List(Vec<ParamValue<'r>>),
    Object(ParamMap<'r>),
}

/// A JSON object of a request, in the order of its keys. Of equal keys the last one counts.
#[derive(Debug, Clone, Default)]
pub struct ParamMap<'r> {
    pairs: Vec<(Cow<'r, str>, ParamValue<'r>)>,
    /// Which lengths the keys have, a bit each. Most look-ups of a call ask for what it does not have, and find that out here.
    lengths: u64,
    /// The places of the keys, if there are many; empty otherwise.
    index: BTreeMap<Cow<'r, str>, usize>,
}

/// The bit of a length. All great lengths share one.
fn length_bit(key: &str) -> u64 {
    1 << key.len().min(63)
}

impl<'r> ParamMap<'r> {
    fn place(&self, key: &str) -> Option<usize> {
        if self.lengths & length_bit(key) == 0 {
            return None;
        }
        match self.pairs.len() <= MAX_LINEAR {
            true => self.pairs.iter().position(|(known, _)| known == key),
            false => self.index.get(key).copied(),
        }
    }

    pub fn get(&self, key: &str) -> Option<&ParamValue<'r>> {
        self.place(key).map(|place| &self.pairs[place].1)
    }

    /// Sets a value. A key that is there keeps its place.
    pub fn insert(&mut self, key: Cow<'r, str>, value: ParamValue<'r>) {
        *self.entry(key) = value;
    }

    /// The value of a key; a new key gets `null`.
    pub fn entry(&mut self, key: Cow<'r, str>) -> &mut ParamValue<'r> {
        let place = self.place(&key).unwrap_or_else(|| self.push(key));
        &mut self.pairs[place].1
    }

    fn push(&mut self, key: Cow<'r, str>) -> usize {
        let place = self.pairs.len();
        self.lengths |= length_bit(&key);
        self.pairs.push((key, ParamValue::Null));
        let unlisted = match place {
            ..MAX_LINEAR => &[],
            MAX_LINEAR => self.pairs.as_slice(),
            _ => &self.pairs[place..],
        };
        self.index.extend(unlisted.iter().map(|(key, _)| key.clone()).zip(place + 1 - unlisted.len()..));
        place
    }

    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(key, _)| &**key)
    }

    pub fn values(&self) -> impl Iterator<Item = &ParamValue<'r>> {
        self.pairs.iter().map(|(_, value)| value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue<'r>)> {
        self.pairs.iter().map(|(key, value)| (&**key, value))
    }

    pub fn into_pairs(self) -> impl Iterator<Item = (Cow<'r, str>, ParamValue<'r>)> {
        self.pairs.into_iter()
    }
}

/// The order of the keys does not matter, as in `serde_json`.
impl PartialEq for ParamMap<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<'r> FromIterator<(Cow<'r, str>, ParamValue<'r>)> for ParamMap<'r> {
    fn from_iter<I: IntoIterator<Item = (Cow<'r, str>, ParamValue<'r>)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl ParamValue<'_> {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn as_object(&self) -> Option<&ParamMap<'_>> {
        match self {
            Self::Object(map) => Some(map),
            _ => None,
        }
    }

    /// The same value, for what outlives the request.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone().into_owned()),
            Self::List(items) => Value::Array(items.iter().map(ParamValue::to_json).collect()),
            Self::Object(map) => Value::Object(map.to_json()),
        }
    }
}

impl ParamMap<'_> {
    pub fn to_json(&self) -> serde_json::Map<String, Value> {
        self.iter().map(|(key, value)| (key.to_owned(), value.to_json())).collect()
    }
}

impl<'r> Deserialize<'r> for ParamValue<'r> {
    fn deserialize<D: Deserializer<'r>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// A key of an object.
#[derive(Deserialize)]
struct Key<'r>(#[serde(borrow)] Cow<'r, str>);

struct ValueVisitor;

impl<'r> Visitor<'r> for ValueVisitor {
    type Value = ParamValue<'r>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<ParamValue<'r>, E> {
        Ok(ParamValue::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<ParamValue<'r>, E> {
        Ok(ParamValue::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<ParamValue<'r>, E> {
        Ok(ParamValue::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<ParamValue<'r>, E> {
        Ok(Number::from_f64(number).map_or(ParamValue::Null, ParamValue::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'r str) -> Result<ParamValue<'r>, E> {
        Ok(ParamValue::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<ParamValue<'r>, E> {
        Ok(ParamValue::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<ParamValue<'r>, E> {
        Ok(ParamValue::Null)
    }

    fn visit_seq<A: SeqAccess<'r>>(self, mut items: A) -> Result<ParamValue<'r>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(ParamValue::List(list))
    }

    fn visit_map<A: MapAccess<'r>>(self, mut pairs: A) -> Result<ParamValue<'r>, A::Error> {
        let mut map = ParamMap::default();
        while let Some((Key(key), value)) = pairs.next_entry()? {
            map.insert(key, value);
        }
        Ok(ParamValue::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<ParamValue<'_>> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn a_value_reads_as_serde_json_reads_it() {
        for text in [
            r#"{"a":1,"b":[null,true,-2,0.5,18446744073709551616],"a":"last"}"#,
            r#"{"é":"\u00e9\ud83d\ude00","nested":{"x":{"y":"z"}}}"#,
            "[]",
            "{}",
            "\"\"",
            "1e400",
            "{\"a\":}",
            "\"\\ud800\"",
            &format!("{}{}", "[".repeat(200), "]".repeat(200)),
        ] {
            let expected = serde_json::from_str::<Value>(text).ok();
            assert_eq!(parse(text).map(|value| value.to_json()), expected, "{text}");
        }
    }

    #[test]
    fn many_keys_are_found_through_the_index() {
        let mut map = ParamMap::default();
        for number in 0..100u64 {
            map.insert(number.to_string().into(), ParamValue::Number(number.into()));
            map.insert("0".into(), ParamValue::Bool(true));
        }
        assert_eq!(map.len(), 100);
        assert_eq!(map.get("0"), Some(&ParamValue::Bool(true)));
        assert_eq!(map.get("99"), Some(&ParamValue::Number(99.into())));
        assert_eq!(map.get("100"), None);
        assert!(map.keys().eq((0..100).map(|number| number.to_string())));
    }
}
