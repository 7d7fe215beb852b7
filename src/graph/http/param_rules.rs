//! What the keys of an object, or the elements of a list, must be together.

use super::param_path::ParamPath;
use super::param_table::{ListRule, ParamRule};
use super::param_text;
use super::param_value::{ParamMap, ParamValue};
use super::params::scalar;
use super::relaxed_json::nested;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::{ErrorTemplate, GraphError};

/// The locale that each localized list has.
const DEFAULT_LOCALE: &str = "default";

/// The error of a rule, if the object breaks it.
pub fn broken(rule: &ParamRule, map: &ParamMap<'_>, path: &ParamPath<'_>) -> Option<GraphError> {
    match rule {
        ParamRule::AnyOf(keys, error) => {
            let has_any = keys.iter().any(|key| !is_empty(map, key));
            (!has_any).then(|| named(error, path, keys.first().copied()))
        }
        ParamRule::AtMostOne(keys, error) => {
            let given = keys.iter().filter(|key| !is_empty(map, key)).count();
            (given > 1).then(|| named(error, path, None))
        }
        ParamRule::Alone(key, others) => {
            let beside: Vec<&str> = map.keys().filter(|other| others.contains(other)).collect();
            let keys = beside.join(", ");
            let error = || catalogue::INVALID_KEYS.with(&[("keys", &keys), ("param", &path.to_string())]);
            (has(map, key) && !beside.is_empty()).then(error)
        }
        ParamRule::NonEmptyWithout(key, other, error) => {
            (has(map, key) && is_empty(map, key) && is_empty(map, other)).then(|| named(error, path, Some(key)))
        }
        ParamRule::Needs(key, other, error) => {
            (!is_empty(map, key) && is_empty(map, other)).then(|| named(error, path, Some(other)))
        }
        ParamRule::FlagNeeds(flag, list) => {
            let is_set = map.get(flag).and_then(scalar).and_then(|text| param_text::flag(&text)) == Some(true);
            match is_set && is_empty(map, list) {
                true if has(map, list) => Some(named(&catalogue::TOO_FEW_ELEMENTS, path, Some(list))),
                true => Some(named(&catalogue::PARAM_REQUIRED, path, Some(list))),
                false => None,
            }
        }
        ParamRule::Amounts(of, keys, error) => {
            let currency = map.get("currency").and_then(scalar).unwrap_or_default();
            let amounts = nested(map, of)?;
            let amounts = amounts.as_object()?;
            let mut given = keys.iter().filter_map(|key| amounts.get(key).and_then(scalar));
            given.any(|amount| !is_amount(&amount, &currency)).then(|| error.error())
        }
    }
}

/// The error of a rule, if the elements of the list break it.
pub fn broken_by_list(rule: &ListRule, elements: &[ParamValue<'_>], path: &ParamPath<'_>) -> Option<GraphError> {
    let texts = |key: &str| {
        elements.iter().filter_map(|element| element.as_object()?.get(key).and_then(scalar)).collect::<Vec<_>>()
    };
    match rule {
        ListRule::Locales => {
            let locales = texts("locale");
            let twice = (1..locales.len()).find(|place| locales[..*place].contains(&locales[*place]));
            if let Some(place) = twice {
                return Some(
                    catalogue::LOCALE_TWICE.with(&[("param", &path.to_string()), ("locale", &locales[place])]),
                );
            }
            let has_default = locales.iter().any(|locale| locale == DEFAULT_LOCALE);
            (!has_default).then(|| named(&catalogue::DEFAULT_LOCALE_NEEDED, path, None))
        }
        ListRule::AtMostOne(key, value, error) => {
            let given = texts(key).iter().filter(|text| text.eq_ignore_ascii_case(value)).count();
            (given > 1).then(|| named(error, path, None))
        }
    }
}

fn named(error: &ErrorTemplate, path: &ParamPath<'_>, key: Option<&str>) -> GraphError {
    let place = key.map_or_else(|| path.to_string(), |key| path.key(key).to_string());
    error.with(&[("param", &place)])
}

fn has(map: &ParamMap<'_>, key: &str) -> bool {
    map.get(key).is_some_and(|value| !value.is_null())
}

/// True if the key is missing, or has an empty text or list.
fn is_empty(map: &ParamMap<'_>, key: &str) -> bool {
    match nested(map, key).as_deref() {
        None => true,
        Some(ParamValue::Text(text)) => text.is_empty(),
        Some(ParamValue::List(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// True for an amount that is not negative, with no more decimal places than its currency has.
fn is_amount(amount: &str, currency: &str) -> bool {
    // ISO 4217: these have three decimal places; the others have two or none.
    const THREE_PLACES: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
    let most = if THREE_PLACES.contains(&currency) { 3 } else { 2 };
    let places = amount.split_once('.').map_or(0, |(_, places)| places.trim_end_matches('0').len());
    let value: f64 = amount.parse().unwrap_or(-1.0);
    value >= 0.0 && places <= most
}
