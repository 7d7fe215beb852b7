//! Graph room: which fields of a node a caller asked for: names, aliases, and fields of what hangs on it, like
//! `id,conversations.limit(5){messages{text}}`.

use std::fmt;

use serde_json::Value;

use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::http::params::{Params, scalar, structured};

/// Braces within braces that are read.
const MAX_DEPTH: usize = 8;
/// Fields of one node.
const MAX_FIELDS: usize = 200;

/// What was asked for, in the order in which it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(pub Vec<Selected>);

/// One field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    /// Its name.
    pub name: String,
    /// Under which name it is answered.
    pub alias: Option<String>,
    /// `.limit(5)`, `.after(…)` and other modifiers, by name.
    pub modifiers: Vec<(String, String)>,
    /// What was asked of whatever it leads to; `None` where nothing was said.
    pub nested: Option<Selection>,
}

impl Selection {
    /// What `fields` of a call asks for, if the call has it: text, a list, or brackets.
    pub fn of(params: &Params) -> Result<Option<Self>, GraphError> {
        let Some(value) = params.get("fields") else { return Ok(None) };
        let texts: Vec<String> = match structured(value).as_deref() {
            Some(Value::Array(items)) => items.iter().filter_map(|item| scalar(item).map(Into::into)).collect(),
            Some(Value::Object(map)) => map.values().filter_map(|item| scalar(item).map(Into::into)).collect(),
            _ => scalar(value).map(Into::into).into_iter().collect(),
        };
        Self::parse(&texts.join(",")).map(Some)
    }

    /// Plain fields.
    pub fn names(names: &[&str]) -> Self {
        Self(names.iter().map(|name| Selected { name: (*name).to_owned(), ..Selected::default() }).collect())
    }

    /// Reads the text of `fields`.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let mut reader = Reader { text, at: 0 };
        let selection = reader.selection(0)?;
        match reader.peek() {
            None => Ok(selection),
            Some(_) => Err(reader.wrong("end of string")),
        }
    }
}

impl Selected {
    /// What a modifier says: `5` of `.limit(5)`. Of several the last counts.
    pub fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn modifiers(&self) -> impl Iterator<Item = (&str, &String)> {
        self.modifiers.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// As it can be asked for again.
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

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&mut self) -> Option<char> {
        let space = self.rest().len() - self.rest().trim_start().len();
        self.at += space;
        self.rest().chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn wrong(&mut self, expected: &str) -> GraphError {
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
                return Err(self.wrong("a comma"));
            }
        }
    }

    fn field(&mut self, depth: usize) -> Result<Selected, GraphError> {
        let mut field = Selected { name: self.name()?, ..Selected::default() };
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
                return Err(self.wrong("a closing brace"));
            }
        }
        Ok(field)
    }

    fn name(&mut self) -> Result<String, GraphError> {
        self.peek();
        let end = self.rest().find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(self.rest().len());
        if end == 0 {
            return Err(self.wrong("a name"));
        }
        let name = self.rest()[..end].to_owned();
        self.at += end;
        Ok(name)
    }

    fn argument(&mut self) -> Result<String, GraphError> {
        if !self.eat('(') {
            return Err(self.wrong("an opening parenthesis"));
        }
        let Some(end) = self.rest().find(')') else { return Err(self.wrong("a closing parenthesis")) };
        let argument = self.rest()[..end].trim().trim_matches(['"', '\'']).to_owned();
        self.at += end + 1;
        Ok(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> Selected {
        Selected { name: name.to_owned(), ..Selected::default() }
    }

    #[test]
    fn names_aliases_modifiers_and_braces() -> Result<(), GraphError> {
        assert_eq!(Selection::parse("")?, Selection::default());
        assert_eq!(Selection::parse("id, name,")?.0, [field("id"), field("name")]);
        let text = "id,conversations.limit(5).as(talks){messages{text, from}, id}";
        let messages = Selected { nested: Some(Selection(vec![field("text"), field("from")])), ..field("messages") };
        let talks = Selected {
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
