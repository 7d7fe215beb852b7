//! The kinds of nodes, the fields of each, and how a node is answered with the fields that a caller asked for.

use serde_json::{Map, Value};

use super::fields::{SelectedField, Selection};
use super::not_built;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;

/// A kind of node and its fields.
#[derive(Debug)]
pub struct NodeKind {
    /// The name that Meta's errors use: `Page`, `User`, `Application`.
    pub name: &'static str,
    /// All fields, including edges that can be read as fields.
    pub fields: &'static [&'static str],
    /// The fields that are answered when the caller names none. `id` is always answered.
    pub default_fields: &'static [&'static str],
    /// The fields that have fields of their own.
    pub nested: &'static [(&'static str, Nested)],
    /// Fields that Meta has and graphdouble does not: names, or lists of names.
    pub not_built: &'static [&'static str],
}

/// How a field with fields of its own is answered.
#[derive(Debug, Clone, Copy)]
pub enum Nested {
    /// The edge selects the fields of its nodes itself.
    Edge(&'static NodeKind),
    /// The value is an object or a short list. It is built whole, then reduced to the selected fields.
    Object(&'static NodeKind),
}

impl NodeKind {
    /// A kind without fields, to be completed with `..NodeKind::new(name)`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, fields: &[], default_fields: &[], nested: &[], not_built: &[] }
    }

    /// The fields that a caller selected, always with `id`. An unknown field is an error.
    pub fn selected_fields(&self, selection: Option<&Selection>) -> Result<Vec<SelectedField>, GraphError> {
        let named = |name: &&str| SelectedField { name: (*name).to_owned(), ..SelectedField::default() };
        let mut fields = match selection {
            Some(selection) => selection.0.clone(),
            None => self.default_fields.iter().map(named).collect(),
        };
        fields.iter().try_for_each(|field| self.check(field))?;
        if !fields.iter().any(|field| field.name == "id") {
            fields.push(named(&"id"));
        }
        Ok(fields)
    }

    fn check(&self, field: &SelectedField) -> Result<(), GraphError> {
        let name = field.name.as_str();
        if !self.fields.contains(&name) {
            return Err(match not_built::has(self.not_built, name) {
                true => catalogue::NOT_BUILT.with(&[("what", &format!("the field {name} of a {}", self.name))]),
                false => catalogue::UNKNOWN_FIELD.with(&[("field", name), ("node", self.name)]),
            });
        }
        match self.nested(name) {
            Some(Nested::Edge(kind) | Nested::Object(kind)) => kind.selected_fields(field.nested.as_ref()).map(drop),
            None if field.nested.is_some() || !field.modifiers.is_empty() => {
                Err(catalogue::NO_SUBFIELDS.with(&[("field", name)]))
            }
            None => Ok(()),
        }
    }

    fn nested(&self, name: &str) -> Option<Nested> {
        self.nested.iter().find(|(known, _)| *known == name).map(|(_, nested)| *nested)
    }

    /// The node as JSON with the selected fields. A field without a value is left out.
    pub fn describe(
        &self,
        selection: Option<&Selection>,
        mut value_of: impl FnMut(&SelectedField) -> Result<Option<Value>, Failure>,
    ) -> Result<Value, Failure> {
        let mut described = Map::new();
        for field in self.selected_fields(selection)? {
            let Some(value) = value_of(&field)? else { continue };
            let value = match self.nested(&field.name) {
                Some(Nested::Object(kind)) => kind.keep_selected(with_limit(value, &field)?, field.nested.as_ref())?,
                Some(Nested::Edge(_)) | None => value,
            };
            described.insert(field.alias.unwrap_or(field.name), value);
        }
        Ok(Value::Object(described))
    }

    /// Drops every field that was not selected from an object, or from each object of a list.
    fn keep_selected(&self, mut whole: Value, nested: Option<&Selection>) -> Result<Value, Failure> {
        let Some(nested) = nested else { return Ok(whole) };
        let items = match &mut whole {
            Value::Array(items) => items,
            Value::Object(map) => match map.get_mut("data") {
                Some(Value::Array(items)) => items,
                _ => return self.describe(Some(nested), |field| Ok(map.get(&field.name).cloned())),
            },
            _ => return Ok(whole),
        };
        for item in items {
            *item = self.keep_selected(item.take(), Some(nested))?;
        }
        Ok(whole)
    }
}

/// Applies `.limit(…)` to a short list.
fn with_limit(mut value: Value, field: &SelectedField) -> Result<Value, GraphError> {
    let Some(limit) = field.modifier("limit") else { return Ok(value) };
    let wrong = |_| catalogue::PARAM_MUST_BE.with(&[("param", "limit"), ("kind", "an unsigned integer")]);
    let limit: usize = limit.parse().map_err(wrong)?;
    if let Some(Value::Array(items)) = value.get_mut("data") {
        items.truncate(limit);
    }
    Ok(value)
}
