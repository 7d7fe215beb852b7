//! Secrets of Graph calls: what is printed or answered without being asked for has `***` in their place.

use std::borrow::Cow;

use serde_json::Value;

/// Whether tokens and secrets of calls are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Secrets {
    /// `***` stands in their place.
    #[default]
    Masked,
    /// They are written as they came.
    Shown,
}

/// What stands in the place of a secret.
const MASK: &str = "***";

/// Parameters, and members of answers, whose values are secrets.
const SECRET_NAMES: &[&str] =
    &["access_token", "appsecret_proof", "client_secret", "fb_exchange_token", "input_token", "verify_token"];

/// A value of a call without its secrets.
pub fn masked(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mask = |(name, value): (String, Value)| match is_secret(&name) {
                true => (name, Value::from(MASK)),
                false => (name, masked(value)),
            };
            Value::Object(members.into_iter().map(mask).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        Value::String(text) => match masked_text(&text) {
            Cow::Owned(masked) => Value::String(masked),
            Cow::Borrowed(_) => Value::String(text),
        },
        other => other,
    }
}

fn is_secret(name: &str) -> bool {
    SECRET_NAMES.contains(&name)
}

/// A text without the values of secret parameters, as they stand in links and forms: `access_token=***`.
fn masked_text(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    for name in SECRET_NAMES {
        if masked.contains(&format!("{name}=")) {
            masked = Cow::Owned(without_value(&masked, &format!("{name}=")));
        }
    }
    masked
}

fn without_value(text: &str, before: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let (kept, value) = rest.split_at(at + before.len());
        masked.push_str(kept);
        masked.push_str(MASK);
        rest = value.find(['&', '"', ' ', '#']).map_or("", |end| &value[end..]);
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let call = json!({
            "access_token": "EAAsecret",
            "recipient": { "id": "1" },
            "batch": [{ "relative_url": "me?access_token=EAAsecret&fields=id", "body": "client_secret=abc" }],
            "data": [{ "id": "2", "access_token": "EAAother" }],
        });
        let text = masked(call).to_string();
        assert!(!text.contains("EAA") && !text.contains("abc"), "{text}");
        assert!(text.contains("me?access_token=***&fields=id") && text.contains(r#""recipient":{"id":"1"}"#), "{text}");
    }
}
