//! Meta's error for bytes that are no UTF-8. They are refused where they stand, and never become replacement characters.

use std::borrow::Cow;

use super::param_value::ParamValue;
use super::relaxed_json::structured;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;

/// Stands where the bytes were.
const REPLACED: char = '\u{fffd}';

/// The error for the parameter `name`, whose value is `lossy` with U+FFFD in place of the bytes.
pub fn in_parameter(name: &str, lossy: &str) -> GraphError {
    let value = ParamValue::Text(Cow::Borrowed(lossy));
    let parsed = structured(&value);
    let path = parsed.and_then(|value| path_of_bytes(&value, name));
    error(path.as_deref().unwrap_or(name))
}

/// The error for a body of JSON that is no UTF-8. `None` if it would be no JSON either way.
pub fn in_json(body: &[u8]) -> Option<GraphError> {
    let lossy = String::from_utf8_lossy(body);
    let Ok(ParamValue::Object(map)) = serde_json::from_str(&lossy) else { return None };
    map.iter().find_map(|(name, value)| path_of_bytes(value, name)).map(|path| error(&path))
}

fn error(path: &str) -> GraphError {
    catalogue::PARAM_TEXT.with(&[("param", path)])
}

/// The path of the first text with such bytes.
fn path_of_bytes(value: &ParamValue<'_>, path: &str) -> Option<String> {
    match value {
        ParamValue::Text(text) => text.contains(REPLACED).then(|| path.to_owned()),
        ParamValue::List(items) => {
            items.iter().enumerate().find_map(|(index, item)| path_of_bytes(item, &format!("{path}[{index}]")))
        }
        ParamValue::Object(map) => map.iter().find_map(|(key, value)| path_of_bytes(value, &format!("{path}[{key}]"))),
        ParamValue::Null | ParamValue::Bool(_) | ParamValue::Number(_) => None,
    }
}
