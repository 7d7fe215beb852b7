//! An object in a parameter that its table has checked. Its accessors convert as Meta does and refuse nothing.

use std::borrow::Cow;

use super::param_check::{ParamResult, check, check_variant};
use super::param_table::{ParamTable, ParamVariants};
use super::param_text;
use super::param_value::{ParamMap, ParamValue};
use super::params::{Params, scalar};
use super::relaxed_json::{nested, structured};

/// A checked object.
#[derive(Clone, Default)]
pub struct ParamObject<'p> {
    map: Cow<'p, ParamMap<'p>>,
}

impl<'p> ParamObject<'p> {
    /// Checks an object. `name` is the parameter that it stands in.
    pub fn check(map: &'p ParamMap<'p>, table: &ParamTable, name: &str) -> ParamResult<Self> {
        check(table, map, name)?;
        Ok(Self { map: Cow::Borrowed(map) })
    }

    /// Checks all parameters of a call.
    pub fn of_call(params: &'p Params<'p>, table: &ParamTable) -> ParamResult<Self> {
        Self::check(params.map(), table, "")
    }

    /// Checks the object against another table: that of what one of its keys says it is.
    pub fn check_as(&self, table: &ParamTable, name: &str) -> ParamResult<()> {
        check(table, &self.map, name)
    }

    /// Checks the object, whose table depends on one of its keys.
    pub fn check_variant(&self, variants: &ParamVariants, name: &str) -> ParamResult<()> {
        check_variant(variants, &self.map, name)
    }

    /// True if the key has a value other than `null`.
    pub fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key)
    }

    pub fn text(&self, key: &str) -> Option<Box<str>> {
        self.map.get(key).and_then(scalar).map(Into::into)
    }

    /// A text that the table demands.
    pub fn string(&self, key: &str) -> Box<str> {
        self.text(key).unwrap_or_default()
    }

    pub fn flag(&self, key: &str) -> Option<bool> {
        self.map.get(key).and_then(scalar).and_then(|text| param_text::flag(&text))
    }

    /// The value as one of the words of the table.
    pub fn word(&self, key: &str, words: &[&'static str]) -> Option<&'static str> {
        let got = self.map.get(key).and_then(scalar)?;
        words.iter().find(|word| word.eq_ignore_ascii_case(&got)).copied()
    }

    /// The key on which the table depends, in lower case.
    pub fn variant(&self, key: &str) -> String {
        self.string(key).to_ascii_lowercase()
    }

    /// The object at a key, which may come as JSON text.
    pub fn object(&self, key: &str) -> Option<ParamObject<'_>> {
        match nested(&self.map, key)? {
            Cow::Borrowed(ParamValue::Object(map)) => Some(ParamObject { map: Cow::Borrowed(map) }),
            Cow::Owned(ParamValue::Object(map)) => Some(ParamObject { map: Cow::Owned(map) }),
            _ => None,
        }
    }

    /// The objects of the list at a key, which may come as JSON text. A missing list is empty.
    pub fn objects(&self, key: &str) -> Vec<ParamObject<'_>> {
        match nested(&self.map, key) {
            Some(Cow::Borrowed(ParamValue::List(items))) => items.iter().filter_map(borrowed).collect(),
            Some(Cow::Owned(ParamValue::List(items))) => items.into_iter().filter_map(owned).collect(),
            _ => Vec::new(),
        }
    }

    /// The ids of the list at a key, each bare or in an object.
    pub fn ids(&self, key: &str) -> Vec<Box<str>> {
        let Some(value) = nested(&self.map, key) else { return Vec::new() };
        let id = |item: &ParamValue<'_>| match structured(item).as_deref() {
            Some(ParamValue::Object(map)) => map.get("id").and_then(scalar).map(Into::into),
            _ => scalar(item).map(Into::into),
        };
        match &*value {
            ParamValue::List(items) => items.iter().filter_map(id).collect(),
            _ => Vec::new(),
        }
    }

    /// The texts of the list at a key.
    pub fn texts(&self, key: &str) -> Vec<Box<str>> {
        let text = |item: &ParamValue<'_>| scalar(item).map(Into::into);
        match nested(&self.map, key).as_deref() {
            Some(ParamValue::List(items)) => items.iter().filter_map(text).collect(),
            Some(value) => param_text::split_list(&scalar(value).unwrap_or_default()).iter().filter_map(text).collect(),
            None => Vec::new(),
        }
    }
}

fn borrowed<'v>(value: &'v ParamValue<'v>) -> Option<ParamObject<'v>> {
    match structured(value)? {
        Cow::Borrowed(ParamValue::Object(map)) => Some(ParamObject { map: Cow::Borrowed(map) }),
        Cow::Owned(value) => owned(value),
        Cow::Borrowed(_) => None,
    }
}

fn owned(value: ParamValue<'_>) -> Option<ParamObject<'_>> {
    match value {
        ParamValue::Object(map) => Some(ParamObject { map: Cow::Owned(map) }),
        _ => None,
    }
}

impl<'p> From<Cow<'p, ParamMap<'p>>> for ParamObject<'p> {
    fn from(map: Cow<'p, ParamMap<'p>>) -> Self {
        Self { map }
    }
}
