//! The small schemas that the others are made of.

use serde_json::{Value, json};

/// An object with these members, all of which it has, except for the optional ones.
pub fn object(members: Value, optional: &[&str]) -> Value {
    let names = members.as_object().into_iter().flat_map(|members| members.keys());
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    json!({ "type": "object", "required": required, "properties": members })
}

/// An object whose members have any names.
pub fn map(value: Value) -> Value {
    json!({ "type": "object", "additionalProperties": value })
}

pub fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// The component schema of this name.
pub fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub fn text(meaning: &str) -> Value {
    json!({ "type": "string", "description": meaning })
}

pub fn flag(meaning: &str) -> Value {
    json!({ "type": "boolean", "description": meaning })
}

/// A whole number from 0.
pub fn count(meaning: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": meaning })
}

/// One of these words.
pub fn word(words: &[&str], meaning: &str) -> Value {
    json!({ "type": "string", "enum": words, "description": meaning })
}

/// A moment of the world's time.
pub fn moment(meaning: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": meaning })
}

/// What this schema of one type says, or null.
pub fn nullable(mut schema: Value) -> Value {
    schema["type"] = json!([schema["type"], "null"]);
    schema
}
