//! Graph room: the kinds of nodes, what can be asked of each, and a node with what was asked of it.

use serde_json::{Map, Value};

use super::fields::{Selected, Selection};
use super::not_built;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;

/// A node's kind, and what can be asked of it.
#[derive(Debug)]
pub struct NodeKind {
    /// `Page`, `User`, `Application`: the name that stands in errors.
    pub name: &'static str,
    /// All fields, and the edges that can be read as fields.
    pub fields: &'static [&'static str],
    /// Those that come without asking; `id` comes always.
    pub default: &'static [&'static str],
    /// Those that have fields of their own. Of the others nothing more can be asked.
    pub deep: &'static [(&'static str, Deep)],
    /// Fields that Meta has and that are not built here: names, or lists of names.
    pub later: &'static [&'static str],
}

/// What a field with fields of its own leads to.
#[derive(Debug, Clone, Copy)]
pub enum Deep {
    /// An edge, which reads by itself what is asked of its nodes.
    Edge(&'static NodeKind),
    /// An object, or a short list of them, which is answered whole and cut to what is asked.
    Object(&'static NodeKind),
}

impl NodeKind {
    /// A kind of which nothing can be asked yet.
    pub const fn new(name: &'static str) -> Self {
        Self { name, fields: &[], default: &[], deep: &[], later: &[] }
    }

    /// What was asked for of such a node, `id` always among it; an unknown field is an error.
    pub fn asked(&self, selection: Option<&Selection>) -> Result<Vec<Selected>, GraphError> {
        let named = |name: &&str| Selected { name: (*name).to_owned(), ..Selected::default() };
        let mut asked = match selection {
            Some(selection) => selection.0.clone(),
            None => self.default.iter().map(named).collect(),
        };
        asked.iter().try_for_each(|field| self.check(field))?;
        if !asked.iter().any(|field| field.name == "id") {
            asked.push(named(&"id"));
        }
        Ok(asked)
    }

    fn check(&self, field: &Selected) -> Result<(), GraphError> {
        let name = field.name.as_str();
        if !self.fields.contains(&name) {
            return Err(match not_built::has(self.later, name) {
                true => catalogue::NOT_BUILT.with(&[("what", &format!("the field {name} of a {}", self.name))]),
                false => catalogue::UNKNOWN_FIELD.with(&[("field", name), ("node", self.name)]),
            });
        }
        match self.deep(name) {
            Some(Deep::Edge(kind) | Deep::Object(kind)) => kind.asked(field.nested.as_ref()).map(drop),
            None if field.nested.is_some() || !field.modifiers.is_empty() => {
                Err(catalogue::NO_SUBFIELDS.with(&[("field", name)]))
            }
            None => Ok(()),
        }
    }

    fn deep(&self, name: &str) -> Option<Deep> {
        self.deep.iter().find(|(known, _)| *known == name).map(|(_, deep)| *deep)
    }

    /// The node with what was asked of it. A field without a value is left out.
    pub fn describe(
        &self,
        selection: Option<&Selection>,
        mut value_of: impl FnMut(&Selected) -> Result<Option<Value>, Failure>,
    ) -> Result<Value, Failure> {
        let mut described = Map::new();
        for field in self.asked(selection)? {
            let Some(value) = value_of(&field)? else { continue };
            let value = match self.deep(&field.name) {
                Some(Deep::Object(kind)) => kind.cut(limited(value, &field)?, field.nested.as_ref())?,
                Some(Deep::Edge(_)) | None => value,
            };
            described.insert(field.alias.unwrap_or(field.name), value);
        }
        Ok(Value::Object(described))
    }

    /// An object, or each of a list, with nothing but what was asked of it.
    fn cut(&self, mut whole: Value, nested: Option<&Selection>) -> Result<Value, Failure> {
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
            *item = self.cut(item.take(), Some(nested))?;
        }
        Ok(whole)
    }
}

/// A short list, and no more of it than `.limit(…)` says.
fn limited(mut value: Value, field: &Selected) -> Result<Value, GraphError> {
    let Some(limit) = field.modifier("limit") else { return Ok(value) };
    let wrong = |_| catalogue::PARAM_MUST_BE.with(&[("param", "limit"), ("kind", "an unsigned integer")]);
    let limit: usize = limit.parse().map_err(wrong)?;
    if let Some(Value::Array(items)) = value.get_mut("data") {
        items.truncate(limit);
    }
    Ok(value)
}
