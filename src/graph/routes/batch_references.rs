//! References between the items of a batch: `{result=name:$.path}` stands for what another item answered.

use std::collections::BTreeMap;

use serde_json::Value;

/// The most values that one reference may have.
const MAX_VALUES: usize = 1000;
/// The most bytes of a URL or body with all references filled in, which is as much as any call may have.
const MAX_FILLED: usize = 1 << 20;

/// The response bodies of the items with a name. An item that failed has none.
pub type NamedBodies = BTreeMap<String, Option<Value>>;

/// The names of the items that a text refers to.
pub fn names(text: &str) -> impl Iterator<Item = String> {
    text.split("{result=").skip(1).filter_map(|rest| rest.split_once(':')).map(|(name, _)| name.to_owned())
}

/// The text with all references filled in. `None` if an item failed that it refers to.
pub fn fill(text: &str, named: &NamedBodies) -> Option<String> {
    let mut parts = text.split("{result=");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once('}')?;
        let (name, path) = reference.split_once(':')?;
        let values = values_at(named.get(name)?.as_ref()?, path)?;
        // URLs and bodies are encoded text. A value must not become more than one part of it.
        let encoded = |value: &&Value| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            Some(form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>())
        };
        filled.push_str(&values.iter().filter_map(encoded).collect::<Vec<_>>().join(","));
        filled.push_str(rest);
        if filled.len() > MAX_FILLED {
            return None;
        }
    }
    Some(filled)
}

/// The values at a JSONPath, like `$.data.*.id`, `$.data[0].id` or `$.data[*].id`.
fn values_at<'v>(value: &'v Value, path: &str) -> Option<Vec<&'v Value>> {
    let path = path.strip_prefix('$')?.replace('[', ".").replace([']', '\''], "");
    let mut found = vec![value];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        found = found.into_iter().flat_map(|value| children(value, step)).take(MAX_VALUES).collect();
    }
    Some(found)
}

fn children<'v>(value: &'v Value, step: &str) -> Vec<&'v Value> {
    match (value, step) {
        (Value::Array(items), "*") => items.iter().collect(),
        (Value::Object(map), "*") => map.values().collect(),
        (Value::Array(items), place) => {
            place.parse().ok().and_then(|place: usize| items.get(place)).into_iter().collect()
        }
        (Value::Object(map), name) => map.get(name).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_bring_what_another_call_answered() {
        let answer = json!({ "data": [{ "id": "1" }, { "id": 2 }], "name": "x" });
        let named = NamedBodies::from([
            ("friends".to_owned(), Some(answer)),
            ("failed".to_owned(), None),
            ("odd".to_owned(), Some(json!({ "name": "a&b c" }))),
            ("long".to_owned(), Some(json!({ "text": "x".repeat(MAX_FILLED / 2) }))),
        ]);
        let filled = |text: &str| fill(text, &named);
        assert_eq!(filled("?ids={result=friends:$.data.*.id}&a"), Some("?ids=1,2&a".to_owned()));
        assert_eq!(filled("{result=friends:$.data[1].id}/x"), Some("2/x".to_owned()));
        assert_eq!(filled("{result=friends:$.data[*].id}"), Some("1,2".to_owned()));
        assert_eq!(filled("{result=friends:$['name']}"), Some("x".to_owned()));
        assert_eq!(filled("{result=friends:$.nothing}!"), Some("!".to_owned()));
        assert_eq!(filled("{result=odd:$.name}"), Some("a%26b+c".to_owned()), "a value is never more than a part");
        assert_eq!(filled(&"{result=long:$.text}".repeat(3)), None, "what is filled in has a limit");
        assert_eq!(filled("{result=failed:$.id}"), None);
        assert_eq!(filled("{result=unknown:$.id}"), None);
        assert_eq!(filled("{result=friends"), None);
        assert_eq!(filled("plain"), Some("plain".to_owned()));
    }
}
