//! Parses the parameter `fields`: names, aliases, modifiers and nested fields, like `id,conversations.limit(5){messages{text}}`.

use std::fmt;

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::param_value::ParamValue;
use crate::graph::http::params::{Params, scalar};
use crate::graph::http::relaxed_json::structured;

/// The deepest nesting of braces that is accepted.
const MAX_DEPTH: usize = 8;
/// The most fields of one node.
const MAX_FIELDS: usize = 200;

/// The selected fields, in the caller's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(pub Vec<SelectedField>);

/// One field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelectedField {
    pub name: String,
    /// The name of the field in the answer, from `.as(…)`.
    pub alias: Option<String>,
    /// Other modifiers by name, like `.limit(5)` and `.after(…)`.
    pub modifiers: Vec<(String, String)>,
    /// The fields in braces; `None` without braces.
    pub nested: Option<Selection>,
}

impl Selection {
    /// Reads `fields` of a call, which may be text, a list, or use brackets. `None` without the parameter.
    pub fn of(params: &Params<'_>) -> Result<Option<Self>, GraphError> {
        let Some(value) = params.get("fields") else { return Ok(None) };
        let texts: Vec<String> = match structured(value).as_deref() {
            Some(ParamValue::List(items)) => items.iter().filter_map(|item| scalar(item).map(Into::into)).collect(),
            Some(ParamValue::Object(map)) => map.values().filter_map(|item| scalar(item).map(Into::into)).collect(),
            _ => scalar(value).map(Into::into).into_iter().collect(),
        };
        Self::parse(&texts.join(",")).map(Some)
    }

    /// Selects fields by name, without modifiers.
    pub fn names(names: &[&str]) -> Self {
        Self(names.iter().map(|name| SelectedField { name: (*name).to_owned(), ..SelectedField::default() }).collect())
    }

    /// Parses the text of `fields`.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let mut parser = SelectionParser { text, at: 0 };
        let selection = parser.selection(0)?;
        match parser.peek() {
            None => Ok(selection),
            Some(_) => Err(parser.error("end of string")),
        }
    }
}

impl SelectedField {
    /// The argument of a modifier, like `5` of `.limit(5)`. The last one counts.
    pub fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn modifiers(&self) -> impl Iterator<Item = (&str, &String)> {
        self.modifiers.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// Writes the text from which the selection can be parsed again.
impl fmt::Display for Selection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, field) in self.0.iter().enumerate() {
            write!(formatter, "{}{}", if place > 0 { "," } else { "" }, field.name)?;
            for (name, value) in field.alias.iter().map(|alias| ("as", alias)).chain(field.modifiers()) {
                write!(formatter, ".{name}({value})")?;
            }
            if let Some(nested) = &field.nested {
                write!(formatter, "{{{nested}}}")?;
            }
        }
        Ok(())
    }
}

struct SelectionParser<'t> {
    text: &'t str,
    at: usize,
}

impl SelectionParser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&mut self) -> Option<char> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn error(&mut self, expected: &str) -> GraphError {
        let found = self.peek().map_or_else(|| "end of string".to_owned(), |found| format!("'{found}'"));
        let at = self.at.to_string();
        catalogue::FIELDS_SYNTAX.with(&[("expected", expected), ("found", &found), ("at", &at), ("text", self.text)])
    }

    fn selection(&mut self, depth: usize) -> Result<Selection, GraphError> {
        let mut fields = Vec::new();
        loop {
            while self.eat(',') {}
            if matches!(self.peek(), None | Some('}')) {
                return Ok(Selection(fields));
            }
            if depth > MAX_DEPTH || fields.len() >= MAX_FIELDS {
                return Err(catalogue::FIELDS_TOO_MANY.error());
            }
            fields.push(self.field(depth)?);
            if !matches!(self.peek(), None | Some(',' | '}')) {
                return Err(self.error("a comma"));
            }
        }
    }

    fn field(&mut self, depth: usize) -> Result<SelectedField, GraphError> {
        let mut field = SelectedField { name: self.name()?, ..SelectedField::default() };
        while self.eat('.') {
            let modifier = self.name()?;
            let value = self.argument()?;
            match modifier.as_str() {
                "as" => field.alias = Some(value),
                _ => field.modifiers.push((modifier, value)),
            }
        }
        if self.eat('{') {
            field.nested = Some(self.selection(depth + 1)?);
            if !self.eat('}') {
                return Err(self.error("a closing brace"));
            }
        }
        Ok(field)
    }

    fn name(&mut self) -> Result<String, GraphError> {
        self.peek();
        let end = self.rest().find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(self.rest().len());
        if end == 0 {
            return Err(self.error("a name"));
        }
        let name = self.rest()[..end].to_owned();
        self.at += end;
        Ok(name)
    }

    fn argument(&mut self) -> Result<String, GraphError> {
        if !self.eat('(') {
            return Err(self.error("an opening parenthesis"));
        }
        let Some(end) = self.rest().find(')') else { return Err(self.error("a closing parenthesis")) };
        let argument = self.rest()[..end].trim().trim_matches(['"', '\'']).to_owned();
        self.at += end + 1;
        Ok(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> SelectedField {
        SelectedField { name: name.to_owned(), ..SelectedField::default() }
    }

    #[test]
    fn names_aliases_modifiers_and_braces() -> Result<(), GraphError> {
        assert_eq!(Selection::parse("")?, Selection::default());
        assert_eq!(Selection::parse("id, name,")?.0, [field("id"), field("name")]);
        let text = "id,conversations.limit(5).as(talks){messages{text, from}, id}";
        let messages =
            SelectedField { nested: Some(Selection(vec![field("text"), field("from")])), ..field("messages") };
        let talks = SelectedField {
            alias: Some("talks".to_owned()),
            modifiers: vec![("limit".to_owned(), "5".to_owned())],
            nested: Some(Selection(vec![messages, field("id")])),
            ..field("conversations")
        };
        assert_eq!(talks.modifier("limit"), Some("5"));
        assert_eq!(talks.modifier("after"), None);
        assert_eq!(Selection::parse(text)?.0, [field("id"), talks]);
        assert_eq!(Selection::parse(text)?.to_string(), "id,conversations.as(talks).limit(5){messages{text,from},id}");
        Ok(())
    }

    #[test]
    fn what_is_no_list_of_fields_is_refused() {
        let nested = |depth: usize| format!("{}a{}", "a{".repeat(depth), "}".repeat(depth));
        let too_deep = nested(MAX_DEPTH + 1);
        let too_many = vec!["a"; MAX_FIELDS + 1].join(",");
        for text in ["a{", "a}", "a{b", "a b", "a.limit", "a.limit(", "{a}", "a..b(1)", "ä(", "(", &too_deep, &too_many]
        {
            assert!(Selection::parse(text).is_err(), "{text}");
        }
        assert!(Selection::parse(&nested(MAX_DEPTH)).is_ok());
    }
}
