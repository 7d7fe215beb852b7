//! Checks parameters against their tables, and answers the first fault in Meta's words, with the path of the value.

use std::borrow::Cow;

use super::param_path::ParamPath;
use super::param_rules;
use super::param_table::{
    Least, ListOf, Missing, OtherWord, ParamKey, ParamKind, ParamTable, ParamVariants, SpecialText,
};
use super::param_text;
use super::param_value::{ParamMap, ParamValue};
use super::params::{check_length, scalar, word};
use super::relaxed_json::{nested, structured};
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::{ErrorTemplate, GraphError};

/// A value read from a parameter, or Meta's error.
pub type ParamResult<T> = Result<T, GraphError>;

/// The most unknown keys that an error names.
const MAX_NAMED: usize = 100;

/// Checks an object against its table. `name` is the parameter that it stands in; an empty one means all parameters of a call.
pub fn check(table: &ParamTable, map: &ParamMap<'_>, name: &str) -> ParamResult<()> {
    let mut check = ParamCheck { later: None };
    check.object(table, map, &ParamPath::Root(name))?;
    check.later.map_or(Ok(()), Err)
}

/// Checks an object whose table depends on one of its keys.
pub fn check_variant(variants: &ParamVariants, map: &ParamMap<'_>, name: &str) -> ParamResult<()> {
    let mut check = ParamCheck { later: None };
    check.variant(variants, map, &ParamPath::Root(name))?;
    check.later.map_or(Ok(()), Err)
}

struct ParamCheck {
    /// The first fault of those that Meta finds after all others.
    later: Option<GraphError>,
}

impl ParamCheck {
    fn object(&mut self, table: &ParamTable, map: &ParamMap<'_>, path: &ParamPath<'_>) -> ParamResult<()> {
        if !table.is_open {
            check_keys(map, path, |key| table.knows(key))?;
        }
        self.keys(table, map, path)
    }

    fn keys(&mut self, table: &ParamTable, map: &ParamMap<'_>, path: &ParamPath<'_>) -> ParamResult<()> {
        for key in table.all_keys() {
            match map.get(key.name).filter(|value| !value.is_null()) {
                Some(value) => self.value(&key.kind, value, &path.key(key.name), table.takes_numbers)?,
                None => self.missing(key, path)?,
            }
        }
        for rule in table.rules {
            self.later = self.later.take().or_else(|| param_rules::broken(rule, map, path));
        }
        Ok(())
    }

    fn missing(&mut self, key: &ParamKey, path: &ParamPath<'_>) -> ParamResult<()> {
        match key.missing {
            Missing::Allowed => Ok(()),
            Missing::Refused => Err(error_at(&catalogue::PARAM_REQUIRED, &path.key(key.name))),
            Missing::RefusedLater(error) => {
                self.later.get_or_insert_with(|| error.error());
                Ok(())
            }
        }
    }

    fn value(
        &mut self,
        kind: &ParamKind,
        value: &ParamValue<'_>,
        path: &ParamPath<'_>,
        takes_numbers: bool,
    ) -> ParamResult<()> {
        match kind {
            ParamKind::Any => Ok(()),
            ParamKind::Text(most) => text(value, path, takes_numbers, &catalogue::PARAM_TEXT, *most).map(drop),
            ParamKind::NonEmpty(most) => non_empty(value, path, takes_numbers, *most).map(drop),
            ParamKind::Scalar(most) => {
                let text = any_scalar(value, path)?;
                check_length(&path.to_string(), &text, *most)
            }
            ParamKind::NonEmptyScalar(most) => non_empty(value, path, true, *most).map(drop),
            ParamKind::Special(special) => special_text(special, value, path, takes_numbers),
            ParamKind::Word(words) => word(&path.to_string(), &any_scalar(value, path)?, words).map(drop),
            ParamKind::WordOr(words, others) => word_or(words, others, &any_scalar(value, path)?, path),
            ParamKind::Refused(error) => Err(refused_word(error, "", path)),
            ParamKind::ObjectOrId(_) if scalar(value).is_some() && structured(value).is_none() => {
                bare_value(&ParamKind::Id, value, path)
            }
            ParamKind::Object(table) | ParamKind::ObjectOrId(table) => {
                let object = object(value, path)?;
                self.object(table, &object, path)
            }
            ParamKind::OneOf(variants) => {
                let object = object(value, path)?;
                self.variant(variants, &object, path)
            }
            ParamKind::List(list) => {
                let takes_text = takes_numbers && !has_objects(&list.item);
                self.list(list, &elements(value, path, takes_text)?, path, takes_numbers)
            }
            ParamKind::ListWith { key, then, otherwise } => {
                let elements = elements(value, path, false)?;
                let has = |element: &ParamValue<'_>| element.as_object().is_some_and(|map| nested(map, key).is_some());
                let list = if elements.iter().any(has) { then } else { otherwise };
                self.list(list, &elements, path, takes_numbers)
            }
            _ => bare_value(kind, value, path),
        }
    }

    fn list(
        &mut self,
        list: &ListOf,
        elements: &[ParamValue<'_>],
        path: &ParamPath<'_>,
        takes_numbers: bool,
    ) -> ParamResult<()> {
        match (elements.len(), list.least) {
            (0, Least::One) => return Err(error_at(&catalogue::TOO_FEW_ELEMENTS, path)),
            (0, Least::NonEmpty) => return Err(error_at(&catalogue::PARAM_EMPTY, path)),
            (count, _) if count > list.most => return Err(error_at(&catalogue::TOO_MANY_ELEMENTS, path)),
            _ => {}
        }
        for (index, element) in elements.iter().enumerate() {
            self.value(&list.item, element, &ParamPath::Index(path, index), takes_numbers)?;
        }
        let rule = list.rule.as_ref();
        self.later = self.later.take().or_else(|| param_rules::broken_by_list(rule?, elements, path));
        Ok(())
    }

    fn variant(&mut self, variants: &ParamVariants, map: &ParamMap<'_>, path: &ParamPath<'_>) -> ParamResult<()> {
        let known_to_some =
            |key: &str| key == variants.key || variants.tables.iter().any(|(_, table)| table.knows(key));
        let place = path.key(variants.key);
        let is_open = variants.tables.iter().any(|(_, table)| table.is_open);
        let Some(value) = map.get(variants.key).filter(|value| !value.is_null()) else {
            check_keys(map, path, |key| is_open || known_to_some(key))?;
            return Err(error_at(&catalogue::PARAM_REQUIRED, &place));
        };
        let got = any_scalar(value, &place)?;
        if let Some((_, gone)) = variants.gone.iter().find(|(name, _)| name.eq_ignore_ascii_case(&got)) {
            return Err(refused_word(gone, &got, &place));
        }
        let Some((_, table)) = variants.tables.iter().find(|(name, _)| name.eq_ignore_ascii_case(&got)) else {
            let names: Vec<&str> = variants.tables.iter().map(|(name, _)| *name).collect();
            let words = [("param", &*place.to_string()), ("values", &*names.join(", ")), ("got", &*got)];
            return Err(variants.unknown.unwrap_or(&catalogue::PARAM_ONE_OF).with(&words));
        };
        check_keys(map, path, |key| table.is_open || key == variants.key || table.knows(key))?;
        self.keys(table, map, path)
    }
}

/// Refuses unknown keys: all of them, in the order given.
fn check_keys(map: &ParamMap<'_>, path: &ParamPath<'_>, is_known: impl Fn(&str) -> bool) -> ParamResult<()> {
    let unknown: Vec<&str> = map.keys().filter(|key| !is_known(key)).take(MAX_NAMED).collect();
    match unknown.is_empty() {
        true => Ok(()),
        false => Err(catalogue::INVALID_KEYS.with(&[("keys", &unknown.join(", ")), ("param", &path.to_string())])),
    }
}

fn error_at(error: &ErrorTemplate, path: &ParamPath<'_>) -> GraphError {
    error.with(&[("param", &path.to_string())])
}

fn must_be(path: &ParamPath<'_>, kind: &str) -> GraphError {
    catalogue::PARAM_MUST_BE.with(&[("param", &path.to_string()), ("kind", kind)])
}

fn has_objects(kind: &ParamKind) -> bool {
    matches!(kind, ParamKind::Object(_) | ParamKind::OneOf(_) | ParamKind::ObjectOrId(_))
}

/// The error of a parameter, or of a word in it, that Meta had once or that is not built.
fn refused_word(error: &ErrorTemplate, got: &str, path: &ParamPath<'_>) -> GraphError {
    let param = path.to_string();
    let what = format!("{param} {got}");
    error.with(&[("param", &param), ("what", what.trim_end()), ("got", got)])
}

fn word_or(words: &[&'static str], others: &[OtherWord], got: &str, path: &ParamPath<'_>) -> ParamResult<()> {
    match others.iter().find(|(other, _)| other.eq_ignore_ascii_case(got)) {
        Some((_, error)) => Err(refused_word(error, got, path)),
        None => word(&path.to_string(), got, words).map(drop),
    }
}

fn any_scalar<'v>(value: &'v ParamValue<'_>, path: &ParamPath<'_>) -> ParamResult<Cow<'v, str>> {
    scalar(value).ok_or_else(|| error_at(&catalogue::PARAM_TEXT, path))
}

/// A text. A number is none, except among the parameters of a call.
fn text<'v>(
    value: &'v ParamValue<'_>,
    path: &ParamPath<'_>,
    takes_numbers: bool,
    error: &ErrorTemplate,
    most: usize,
) -> ParamResult<Cow<'v, str>> {
    let text = match value {
        ParamValue::Text(text) => Some(Cow::Borrowed(&**text)),
        other if takes_numbers => scalar(other),
        _ => None,
    };
    let text = text.ok_or_else(|| error_at(error, path))?;
    if text.len() > most {
        check_length(&path.to_string(), &text, most)?;
    }
    Ok(text)
}

fn non_empty<'v>(
    value: &'v ParamValue<'_>,
    path: &ParamPath<'_>,
    takes_numbers: bool,
    most: usize,
) -> ParamResult<Cow<'v, str>> {
    match text(value, path, takes_numbers, &catalogue::PARAM_NO_TEXT, most)? {
        text if text.is_empty() => Err(error_at(&catalogue::PARAM_NO_TEXT, path)),
        text => Ok(text),
    }
}

fn special_text(
    special: &SpecialText,
    value: &ParamValue<'_>,
    path: &ParamPath<'_>,
    takes_numbers: bool,
) -> ParamResult<()> {
    let text = non_empty(value, path, takes_numbers, special.most)?;
    match (special.accepts)(&text) {
        true => Ok(()),
        false => Err(special.error.with(&[("param", &path.to_string()), ("kind", special.kind), ("got", &text)])),
    }
}

/// A value that is neither a text nor has values in it.
fn bare_value(kind: &ParamKind, value: &ParamValue<'_>, path: &ParamPath<'_>) -> ParamResult<()> {
    let got = scalar(value);
    let got = got.as_deref();
    let invalid_url = |named: &str| catalogue::INVALID_URL.with(&[("url", named)]);
    let url = |accepts: fn(&str) -> bool| match got.is_some_and(accepts) {
        true => Ok(()),
        false => Err(invalid_url(&path.to_string())),
    };
    match kind {
        ParamKind::UrlOrEmpty if got == Some("") => Ok(()),
        ParamKind::Url | ParamKind::UrlOrEmpty => url(param_text::is_url),
        ParamKind::SecureUrl => url(param_text::is_secure_url),
        ParamKind::MediaUrl if got.is_some_and(param_text::is_url) => Ok(()),
        ParamKind::MediaUrl => Err(got.map_or_else(|| error_at(&catalogue::PARAM_TEXT, path), invalid_url)),
        ParamKind::Id if got.is_some_and(|got| !got.is_empty()) => Ok(()),
        ParamKind::Id => Err(error_at(&catalogue::PARAM_ID, path)),
        ParamKind::Number if got.is_some_and(param_text::is_number) => Ok(()),
        ParamKind::Number => Err(must_be(path, "a number")),
        _ if got.is_some_and(|got| param_text::flag(got).is_some()) => Ok(()),
        _ => Err(must_be(path, "a boolean")),
    }
}

/// The object that a value is, or that its text is.
fn object<'v>(value: &'v ParamValue<'v>, path: &ParamPath<'_>) -> ParamResult<Cow<'v, ParamMap<'v>>> {
    match structured(value) {
        Some(Cow::Borrowed(ParamValue::Object(map))) => Ok(Cow::Borrowed(map)),
        Some(Cow::Owned(ParamValue::Object(map))) => Ok(Cow::Owned(map)),
        _ => Err(must_be(path, "an object")),
    }
}

/// The elements of the list that a value is, or that its text is. A list of texts among the parameters of a call may be `a,b`, too.
fn elements<'v>(
    value: &'v ParamValue<'v>,
    path: &ParamPath<'_>,
    takes_text: bool,
) -> ParamResult<Cow<'v, [ParamValue<'v>]>> {
    match structured(value) {
        Some(Cow::Borrowed(ParamValue::List(items))) => Ok(Cow::Borrowed(items)),
        Some(Cow::Owned(ParamValue::List(items))) => Ok(Cow::Owned(items)),
        None if takes_text => Ok(Cow::Owned(param_text::split_list(scalar(value).as_deref().unwrap_or_default()))),
        _ => Err(must_be(path, "an array")),
    }
}
