//! Edges room: an object inside a structured parameter, and where it stands. Every mistake in it is told with Meta's sentence and
//! the path in brackets.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use super::params::{Params, check_length, nested, scalar, structured, word};

/// What was read, or what Meta says is wrong with it.
pub type Parsed<T> = std::result::Result<T, GraphError>;

/// No client sends longer ones, and a world remembers what was sent.
const MAX_URL: usize = 4096;

/// An object inside a parameter.
pub struct Part<'p> {
    map: Cow<'p, Map<String, Value>>,
    path: String,
}

impl<'p> Part<'p> {
    /// An object at a path.
    pub fn of(map: &'p Map<String, Value>, path: impl Into<String>) -> Self {
        Self { map: Cow::Borrowed(map), path: path.into() }
    }

    /// The object in a parameter of a call; an empty one where it is left out.
    pub fn param(params: &'p Params, name: &str) -> Parsed<Self> {
        Ok(Self { map: params.object(name)?.unwrap_or_default(), path: name.into() })
    }

    /// The objects of the list in a parameter of a call.
    pub fn list(params: &'p Params, name: &str) -> Parsed<Vec<Self>> {
        Self::read_all(params.get(name).map(|value| structured(value).unwrap_or(Cow::Borrowed(value))), name)
    }

    fn read_all(list: Option<Cow<'p, Value>>, path: &str) -> Parsed<Vec<Self>> {
        let items: Vec<Cow<'p, Value>> = match list {
            None => Vec::new(),
            Some(Cow::Borrowed(Value::Array(items))) => items.iter().map(Cow::Borrowed).collect(),
            Some(Cow::Owned(Value::Array(items))) => items.into_iter().map(Cow::Owned).collect(),
            Some(_) => return Err(catalogue::PARAM_MUST_BE.with(&[("param", path), ("kind", "an array")])),
        };
        items.into_iter().enumerate().map(|(index, item)| Part::read(item, format!("{path}[{index}]"))).collect()
    }

    fn read(value: Cow<'p, Value>, path: String) -> Parsed<Self> {
        let map = match value {
            Cow::Borrowed(Value::Object(map)) => Cow::Borrowed(map),
            Cow::Owned(Value::Object(map)) => Cow::Owned(map),
            _ => return Err(catalogue::PARAM_MUST_BE.with(&[("param", &path), ("kind", "an object")])),
        };
        Ok(Self { map, path })
    }

    /// The path of a key, as Meta prints it.
    pub fn path(&self, key: &str) -> String {
        format!("{}[{key}]", self.path)
    }

    /// Refuses keys that Meta does not know here.
    pub fn knows(&self, known: &[&str]) -> Parsed<()> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(catalogue::INVALID_KEYS.with(&[("keys", key), ("param", &self.path)])),
            None => Ok(()),
        }
    }

    /// Whether something stands at the key; `null` counts as left out.
    pub fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    /// Meta's sentence for a key that is missing.
    pub fn missing(&self, key: &str) -> GraphError {
        catalogue::PARAM_REQUIRED.with(&[("param", &self.path(key))])
    }

    /// Meta's sentence for a value of the wrong kind.
    pub fn must_be(&self, key: &str, kind: &str) -> GraphError {
        catalogue::PARAM_MUST_BE.with(&[("param", &self.path(key)), ("kind", kind)])
    }

    /// Meta's sentence for a word that is none of these.
    pub fn one_of(&self, key: &str, values: &[&str], got: &str) -> GraphError {
        let (path, values) = (self.path(key), values.join(", "));
        catalogue::PARAM_ONE_OF.with(&[("param", &path), ("values", &values), ("got", got)])
    }

    /// Text. Numbers and booleans are text to Meta too.
    pub fn text(&self, key: &str) -> Parsed<Option<Box<str>>> {
        let Some(value) = self.map.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
        scalar(value).map(|text| Some(text.into())).ok_or_else(|| self.must_be(key, "a string"))
    }

    /// Text that must be there, though it may be empty.
    pub fn needed(&self, key: &str) -> Parsed<Box<str>> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// Text of at most so many characters.
    pub fn limited(&self, key: &str, limit: usize) -> Parsed<Option<Box<str>>> {
        let text = self.text(key)?;
        if let Some(text) = &text {
            check_length(&self.path(key), text, limit)?;
        }
        Ok(text)
    }

    /// Text of one to so many characters.
    pub fn filled(&self, key: &str, limit: usize) -> Parsed<Box<str>> {
        match self.limited(key, limit)? {
            Some(text) if text.is_empty() => Err(catalogue::PARAM_EMPTY.with(&[("param", &self.path(key))])),
            Some(text) => Ok(text),
            None => Err(self.missing(key)),
        }
    }

    /// A URL.
    pub fn url(&self, key: &str) -> Parsed<Option<Box<str>>> {
        self.text(key)?.map(url).transpose()
    }

    /// A URL that must be there.
    pub fn needed_url(&self, key: &str) -> Parsed<Box<str>> {
        url(self.needed(key)?)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Parsed<Option<bool>> {
        match self.text(key)?.map(|text| text.to_ascii_lowercase()).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(self.must_be(key, "a boolean")),
        }
    }

    /// A decimal number, as it was written.
    pub fn number(&self, key: &str) -> Parsed<Option<Box<str>>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        // What JSON calls a number: no `NaN`, no `1e`, no `.5`.
        let is_number = text.len() <= MAX_NUMBER && text.parse::<serde_json::Number>().is_ok();
        if is_number { Ok(Some(text)) } else { Err(self.must_be(key, "a number")) }
    }

    /// A decimal number that must be there.
    pub fn needed_number(&self, key: &str) -> Parsed<Box<str>> {
        self.number(key)?.ok_or_else(|| self.missing(key))
    }

    /// One of these words, in any case.
    pub fn word(&self, key: &str, values: &[&'static str]) -> Parsed<Option<&'static str>> {
        self.text(key)?.map(|got| word(&self.path(key), &got, values)).transpose()
    }

    /// One of these words, which must be there.
    pub fn needed_word(&self, key: &str, values: &[&'static str]) -> Parsed<&'static str> {
        self.word(key, values)?.ok_or_else(|| self.missing(key))
    }

    /// An object inside: a real one or JSON text.
    pub fn part(&self, key: &str) -> Parsed<Option<Part<'_>>> {
        nested(&self.map, key).map(|value| Part::read(value, self.path(key))).transpose()
    }

    /// An object inside, which must be there.
    pub fn needed_part(&self, key: &str) -> Parsed<Part<'_>> {
        self.part(key)?.ok_or_else(|| self.missing(key))
    }

    /// A list of objects: a real one or JSON text; nothing where it is left out.
    pub fn parts(&self, key: &str) -> Parsed<Vec<Part<'_>>> {
        Part::read_all(nested(&self.map, key), &self.path(key))
    }

    /// A list of so many objects. Inside a template Meta leaks the literal `name_placeholder` when there are too many or too few.
    pub fn counted(&self, key: &str, least: usize, most: usize) -> Parsed<Vec<Part<'_>>> {
        let parts = self.parts(key)?;
        check_count(parts.len(), least, most, &format!("name_placeholder[{key}]"))?;
        Ok(parts)
    }

    /// A list of texts.
    pub fn texts(&self, key: &str) -> Parsed<Vec<Box<str>>> {
        let items = match nested(&self.map, key) {
            None => return Ok(Vec::new()),
            Some(Cow::Borrowed(Value::Array(items))) => Cow::Borrowed(items),
            Some(Cow::Owned(Value::Array(items))) => Cow::Owned(items),
            Some(_) => return Err(self.must_be(key, "an array")),
        };
        let text = |(index, item)| {
            let path = format!("{}[{index}]", self.path(key));
            let text = scalar(item).map(Into::into);
            text.ok_or_else(|| catalogue::PARAM_MUST_BE.with(&[("param", &path), ("kind", "a string")]))
        };
        items.iter().enumerate().map(text).collect()
    }
}

/// Meta's sentences for lists that are too long or too short.
pub fn check_count(count: usize, least: usize, most: usize, param: &str) -> Parsed<()> {
    match count {
        count if count > most => Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", param)])),
        count if count < least => Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", param)])),
        _ => Ok(()),
    }
}

/// Digits of a number; nobody's order costs more.
const MAX_NUMBER: usize = 32;

/// A URL as Meta's validator sees it: http or https, with a host.
pub fn url(text: Box<str>) -> Parsed<Box<str>> {
    check_length("url", &text, MAX_URL)?;
    match host(&text).is_some_and(|host| !host.is_empty()) && !text.contains(' ') {
        true => Ok(text),
        false => Err(catalogue::INVALID_URL.with(&[("url", &text)])),
    }
}

/// The host of a URL, if it has one.
pub fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    host.split(':').next()
}
