//! Graph room: which fields of a node a caller asked for.

use serde_json::{Map, Value};

use super::catalogue::{self, GraphError};
use super::params::Params;

/// A node's kind and the fields that it has, by the name that stands in errors.
#[derive(Debug)]
pub struct NodeFields {
    /// `Page`, `User`, `Application`.
    pub node: &'static str,
    /// All fields.
    pub known: &'static [&'static str],
    /// Those that come without asking.
    pub default: &'static [&'static str],
}

impl NodeFields {
    /// The fields that were asked for, `id` always among them; an unknown one is an error.
    pub fn asked(&self, params: &Params) -> Result<Vec<String>, GraphError> {
        let Some(mut asked) = params.list("fields")? else {
            return Ok(self.default.iter().map(|field| (*field).to_owned()).collect());
        };
        if let Some(unknown) = asked.iter().find(|field| !self.known.contains(&field.as_str())) {
            return Err(catalogue::UNKNOWN_FIELD.with(&[("field", unknown), ("node", self.node)]));
        }
        if !asked.iter().any(|field| field == "id") {
            asked.push("id".to_owned());
        }
        Ok(asked)
    }
}

/// The node with the fields that were asked for, in the order in which they were asked for.
pub fn select(asked: &[String], mut value_of: impl FnMut(&str) -> Option<Value>) -> Value {
    let fields = asked.iter().filter_map(|field| Some((field.clone(), value_of(field)?)));
    Value::Object(fields.collect::<Map<_, _>>())
}
