//! The vocabulary as JSON Schema, for editors.

use serde_json::{Map, Value, json};

use super::shape::{Object, Shape, Tagged};
use super::vocabulary;
use crate::domain::model::fields::Field;
use crate::domain::rules::RULES;
use crate::graph::errors::catalogue;
use crate::language::simplest::OPERATORS;

/// What there are schemas of.
pub const SUBJECTS: &[&str] = &["world", "scenario", "step", "fault"];

/// The schema of a subject.
pub fn schema(subject: &str) -> Option<Value> {
    let (title, body) = match subject {
        "world" => ("graphdouble world", Placeholders::Refused.object(&vocabulary::WORLD)),
        "scenario" => ("graphdouble scenario file", scenario_file()),
        "step" => ("graphdouble step", Placeholders::Allowed.tagged(&vocabulary::STEP)),
        "fault" => ("graphdouble fault", Placeholders::Refused.tagged(&vocabulary::FAULT_KINDS)),
        _ => return None,
    };
    let mut schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title });
    if let (Value::Object(schema), Value::Object(body)) = (&mut schema, body) {
        schema.extend(body);
    }
    Some(schema)
}

/// The schema of people who are added while a world runs.
pub fn new_people() -> Value {
    json!({ "oneOf": [
        Placeholders::Refused.object(&vocabulary::NEW_PERSON),
        Placeholders::Refused.object(&vocabulary::NEW_CROWD),
    ] })
}

/// The schema of a scenario file. Its world may be written out, which the vocabulary does not say.
fn scenario_file() -> Value {
    let mut file = Placeholders::Allowed.object(&vocabulary::FILE);
    file["properties"]["world"] =
        json!({ "anyOf": [{ "type": "string" }, Placeholders::Refused.object(&vocabulary::WORLD)] });
    file
}

/// Whether a word may also be a `${name}`, as in scenarios.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placeholders {
    Refused,
    Allowed,
}

impl Placeholders {
    fn object(self, object: &Object) -> Value {
        let mut properties = Map::new();
        for key in object.keys {
            let mut value = self.shape(&key.shape);
            value["description"] = json!(key.doc);
            properties.insert(key.name.to_owned(), value);
        }
        let needed: Vec<&str> = object.keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
        let mut schema = json!({ "type": ["object", "null"], "additionalProperties": false, "properties": properties });
        if !needed.is_empty() {
            schema["required"] = json!(needed);
            schema["type"] = json!("object");
        }
        schema
    }

    fn tagged(self, tagged: &Tagged) -> Value {
        json!({ "oneOf": tagged.objects.iter().map(|one| self.object(one)).collect::<Vec<_>>() })
    }

    /// The schema of a word, or of a `${name}` if that is allowed.
    fn word(self, schema: Value) -> Value {
        match self {
            Self::Refused => schema,
            Self::Allowed => json!({ "anyOf": [schema, { "type": "string", "pattern": "\\$\\{" }] }),
        }
    }

    fn shape(self, part: &Shape) -> Value {
        match part {
            Shape::Text | Shape::Name(_) | Shape::NameOr(..) => json!({ "type": ["string", "number", "boolean"] }),
            Shape::Moment | Shape::Until => json!({ "type": "string" }),
            Shape::True => self.word(json!({ "const": true })),
            Shape::Bool => self.word(json!({ "type": "boolean" })),
            Shape::BoolOr(words) => self.word(json!({ "anyOf": [{ "type": "boolean" }, { "enum": words }] })),
            Shape::Integer => json!({ "type": ["integer", "string"] }),
            Shape::IntegerOr(word) => json!({ "anyOf": [{ "type": ["integer", "string"] }, { "const": word }] }),
            Shape::Hours => self.word(json!({ "type": "integer", "minimum": -24, "maximum": 24 })),
            Shape::Percent => self.word(json!({ "type": "string", "pattern": "^[0-9]{1,3}%$" })),
            Shape::Duration => self.word(json!({ "type": "string", "pattern": "^([0-9]+(ms|s|m|min|h|d))+$" })),
            Shape::Advance => self.word(json!({ "type": "string", "pattern": "^\\+([0-9]+(ms|s|m|min|h|d))+$" })),
            Shape::Word(words) => self.word(json!({ "enum": words })),
            Shape::Field => self.word(json!({ "enum": field_names(None) })),
            Shape::FieldOn(platform) => {
                let fields = Field::ALL.iter().filter(|field| field.may_be_of(*platform));
                self.word(json!({ "enum": fields.map(|field| field.name()).collect::<Vec<_>>() }))
            }
            Shape::FieldOr(word) => self.word(json!({ "enum": field_names(Some(word)) })),
            Shape::Rule => self.word(json!({ "enum": RULES.iter().map(|rule| rule.id).collect::<Vec<_>>() })),
            Shape::Error => self.word(json!({ "enum": catalogue::NAMES })),
            Shape::Pointer => self.word(json!({ "type": "string", "pattern": "^/" })),
            Shape::Any | Shape::Matcher => json!({}),
            Shape::TextMatcher => text_matcher(),
            Shape::List(item) => json!({ "type": "array", "items": self.shape(item) }),
            Shape::Object(one) => self.object(one),
            Shape::MapOf(_, value) => {
                json!({ "type": ["object", "null"], "additionalProperties": self.shape(value) })
            }
            Shape::MapOrScalar(map, scalar) => json!({ "anyOf": [self.shape(map), self.shape(scalar)] }),
            Shape::Tagged(one) => self.word(self.tagged(one)),
        }
    }
}

fn field_names(extra: Option<&str>) -> Vec<&str> {
    Field::ALL.iter().map(|field| field.name()).chain(extra).collect()
}

/// A text, or a map with one matcher.
fn text_matcher() -> Value {
    let words: Map<String, Value> = OPERATORS.iter().map(|word| ((*word).to_owned(), json!({}))).collect();
    let matcher = json!({ "type": "object", "properties": words, "additionalProperties": false, "minProperties": 1, "maxProperties": 1 });
    json!({ "anyOf": [{ "type": ["string", "number", "boolean", "null"] }, matcher] })
}
