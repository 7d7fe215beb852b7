//! An object inside a structured parameter, with its path. Its accessors return Meta's errors, which name the path in brackets.

use std::borrow::Cow;

use super::param_value::{ParamMap, ParamValue};
use super::params::{Params, check_length, scalar, word};
use super::relaxed_json::{nested, structured};
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;

/// A value read from a parameter, or Meta's error.
pub type ParamResult<T> = Result<T, GraphError>;

/// The longest URL, in characters. A world keeps the URLs of messages.
const MAX_URL: usize = 4096;

/// An object inside a parameter.
pub struct ParamObject<'p> {
    map: Cow<'p, ParamMap<'p>>,
    path: Cow<'p, str>,
}

impl<'p> ParamObject<'p> {
    pub fn new(map: &'p ParamMap<'p>, path: impl Into<Cow<'p, str>>) -> Self {
        Self { map: Cow::Borrowed(map), path: path.into() }
    }

    /// The object in a parameter of a call. A missing parameter is an empty object.
    pub fn param(params: &'p Params<'p>, name: &'p str) -> ParamResult<Self> {
        Ok(Self { map: params.object(name)?.unwrap_or_default(), path: name.into() })
    }

    /// The list of objects in a parameter of a call.
    pub fn list(params: &'p Params<'p>, name: &str) -> ParamResult<Vec<Self>> {
        match params.get(name) {
            None => Ok(Vec::new()),
            Some(value) => Self::read_all(structured(value).unwrap_or(Cow::Borrowed(value)), name),
        }
    }

    fn read_all(list: Cow<'p, ParamValue<'p>>, path: &str) -> ParamResult<Vec<Self>> {
        let items: Vec<Cow<'p, ParamValue<'p>>> = match list {
            Cow::Borrowed(ParamValue::List(items)) => items.iter().map(Cow::Borrowed).collect(),
            Cow::Owned(ParamValue::List(items)) => items.into_iter().map(Cow::Owned).collect(),
            _ => return Err(catalogue::PARAM_MUST_BE.with(&[("param", path), ("kind", "an array")])),
        };
        items.into_iter().enumerate().map(|(index, item)| ParamObject::read(item, format!("{path}[{index}]"))).collect()
    }

    fn read(value: Cow<'p, ParamValue<'p>>, path: String) -> ParamResult<Self> {
        let map = match value {
            Cow::Borrowed(ParamValue::Object(map)) => Cow::Borrowed(map),
            Cow::Owned(ParamValue::Object(map)) => Cow::Owned(map),
            _ => return Err(catalogue::PARAM_MUST_BE.with(&[("param", &path), ("kind", "an object")])),
        };
        Ok(Self { map, path: path.into() })
    }

    /// The path of a key, as Meta prints it.
    pub fn path(&self, key: &str) -> String {
        format!("{}[{key}]", self.path)
    }

    /// Refuses keys other than `known`.
    pub fn check_keys(&self, known: &[&str]) -> ParamResult<()> {
        match self.map.keys().find(|key| !known.contains(key)) {
            Some(key) => Err(catalogue::INVALID_KEYS.with(&[("keys", key), ("param", &self.path)])),
            None => Ok(()),
        }
    }

    /// True if the key has a value other than `null`.
    pub fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    /// Meta's error for a missing key.
    pub fn missing(&self, key: &str) -> GraphError {
        catalogue::PARAM_REQUIRED.with(&[("param", &self.path(key))])
    }

    /// Meta's error for a value of the wrong kind.
    pub fn must_be(&self, key: &str, kind: &str) -> GraphError {
        catalogue::PARAM_MUST_BE.with(&[("param", &self.path(key)), ("kind", kind)])
    }

    /// Meta's error for a word that is not one of `values`.
    pub fn not_one_of(&self, key: &str, values: &[&str], got: &str) -> GraphError {
        let (path, values) = (self.path(key), values.join(", "));
        catalogue::PARAM_ONE_OF.with(&[("param", &path), ("values", &values), ("got", got)])
    }

    /// The value as text. Meta takes numbers and booleans as text, too.
    pub fn text(&self, key: &str) -> ParamResult<Option<Box<str>>> {
        let Some(value) = self.map.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
        scalar(value).map(|text| Some(text.into())).ok_or_else(|| self.must_be(key, "a string"))
    }

    /// The value as text, which must be there but may be empty.
    pub fn required(&self, key: &str) -> ParamResult<Box<str>> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// The value as text of at most `limit` characters.
    pub fn at_most(&self, key: &str, limit: usize) -> ParamResult<Option<Box<str>>> {
        let text = self.text(key)?;
        if let Some(text) = &text {
            check_length(&self.path(key), text, limit)?;
        }
        Ok(text)
    }

    /// The value as text of 1 to `limit` characters.
    pub fn nonempty(&self, key: &str, limit: usize) -> ParamResult<Box<str>> {
        match self.at_most(key, limit)? {
            Some(text) if text.is_empty() => Err(catalogue::PARAM_EMPTY.with(&[("param", &self.path(key))])),
            Some(text) => Ok(text),
            None => Err(self.missing(key)),
        }
    }

    /// The value as a URL.
    pub fn url(&self, key: &str) -> ParamResult<Option<Box<str>>> {
        self.text(key)?.map(url).transpose()
    }

    pub fn required_url(&self, key: &str) -> ParamResult<Box<str>> {
        url(self.required(key)?)
    }

    /// The value as a boolean: `true`, `false`, `1` or `0`.
    pub fn flag(&self, key: &str) -> ParamResult<Option<bool>> {
        match self.text(key)?.map(|text| text.to_ascii_lowercase()).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(self.must_be(key, "a boolean")),
        }
    }

    /// The value as a decimal number, in the caller's notation.
    pub fn number(&self, key: &str) -> ParamResult<Option<Box<str>>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        // JSON's grammar: no `NaN`, no `1e`, no `.5`.
        let is_number = text.len() <= MAX_NUMBER && text.parse::<serde_json::Number>().is_ok();
        if is_number { Ok(Some(text)) } else { Err(self.must_be(key, "a number")) }
    }

    pub fn required_number(&self, key: &str) -> ParamResult<Box<str>> {
        self.number(key)?.ok_or_else(|| self.missing(key))
    }

    /// The value as one of `values`, in any case.
    pub fn word(&self, key: &str, values: &[&'static str]) -> ParamResult<Option<&'static str>> {
        self.text(key)?.map(|got| word(&self.path(key), &got, values)).transpose()
    }

    pub fn required_word(&self, key: &str, values: &[&'static str]) -> ParamResult<&'static str> {
        self.word(key, values)?.ok_or_else(|| self.missing(key))
    }

    /// The object at a key, which may come as JSON text.
    pub fn object(&self, key: &str) -> ParamResult<Option<ParamObject<'_>>> {
        nested(&self.map, key).map(|value| ParamObject::read(value, self.path(key))).transpose()
    }

    pub fn required_object(&self, key: &str) -> ParamResult<ParamObject<'_>> {
        self.object(key)?.ok_or_else(|| self.missing(key))
    }

    /// The list of objects at a key, which may come as JSON text. A missing list is empty.
    pub fn objects(&self, key: &str) -> ParamResult<Vec<ParamObject<'_>>> {
        // The path is made only for a list that is there.
        nested(&self.map, key).map_or(Ok(Vec::new()), |list| ParamObject::read_all(list, &self.path(key)))
    }

    /// A list of `least` to `most` objects inside a template. Meta's error for a wrong count has the literal `name_placeholder`.
    pub fn counted_objects(&self, key: &str, least: usize, most: usize) -> ParamResult<Vec<ParamObject<'_>>> {
        let objects = self.objects(key)?;
        check_count(objects.len(), least, most, &format!("name_placeholder[{key}]"))?;
        Ok(objects)
    }

    /// The list of texts at a key. A missing list is empty.
    pub fn texts(&self, key: &str) -> ParamResult<Vec<Box<str>>> {
        let items = match nested(&self.map, key) {
            None => return Ok(Vec::new()),
            Some(Cow::Borrowed(ParamValue::List(items))) => Cow::Borrowed(items),
            Some(Cow::Owned(ParamValue::List(items))) => Cow::Owned(items),
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

/// Checks the length of a list.
pub fn check_count(count: usize, least: usize, most: usize, param: &str) -> ParamResult<()> {
    match count {
        count if count > most => Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", param)])),
        count if count < least => Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", param)])),
        _ => Ok(()),
    }
}

/// The most characters of a number.
const MAX_NUMBER: usize = 32;

/// Checks a URL as Meta's validator does: http or https, with a host.
pub fn url(text: Box<str>) -> ParamResult<Box<str>> {
    check_length("url", &text, MAX_URL)?;
    match host(&text).is_some_and(|host| !host.is_empty()) && !text.contains(' ') {
        true => Ok(text),
        false => Err(catalogue::INVALID_URL.with(&[("url", &text)])),
    }
}

pub fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    host.split(':').next()
}
