//! JSON text as the value of a parameter, strict or relaxed. Relaxed JSON is what Meta's examples have in form values: single quotes, bare
//! keys, Python's constants.

use std::borrow::Cow;

use serde_json::Number;

use super::param_value::{ParamMap, ParamValue};
use super::value_limit::MAX_VALUES;

/// The deepest nesting that is accepted.
pub const MAX_DEPTH: usize = 32;

/// An object or list as it is, or parsed from JSON text.
pub fn structured<'v>(value: &'v ParamValue<'v>) -> Option<Cow<'v, ParamValue<'v>>> {
    match value {
        ParamValue::Object(_) | ParamValue::List(_) => Some(Cow::Borrowed(value)),
        ParamValue::Text(text) => {
            let text = text.trim();
            let looks_structured = text.starts_with(['{', '[']);
            let parse = || serde_json::from_str(text).ok().or_else(|| parse(text));
            looks_structured.then(parse).flatten().map(Cow::Owned)
        }
        _ => None,
    }
}

/// A value inside an object. JSON text is parsed.
pub fn nested<'m>(map: &'m ParamMap<'m>, key: &str) -> Option<Cow<'m, ParamValue<'m>>> {
    let value = map.get(key).filter(|value| !value.is_null())?;
    Some(structured(value).unwrap_or(Cow::Borrowed(value)))
}

/// `None` if the text is not even relaxed JSON.
fn parse(text: &str) -> Option<ParamValue<'static>> {
    let mut parser = RelaxedJsonParser { rest: text, values: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    parser.rest.is_empty().then_some(value)
}

struct RelaxedJsonParser<'t> {
    rest: &'t str,
    /// How many values there were so far.
    values: usize,
}

impl RelaxedJsonParser<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<ParamValue<'static>> {
        self.values += 1;
        if depth > MAX_DEPTH || self.values > MAX_VALUES {
            return None;
        }
        self.skip_space();
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '\'' | '"' => self.quoted().map(|text| ParamValue::Text(text.into())),
            _ => self.bare().map(|word| constant(&word)),
        }
    }

    fn object(&mut self, depth: usize) -> Option<ParamValue<'static>> {
        self.eat('{');
        let mut map = ParamMap::default();
        loop {
            if self.eat('}') {
                return Some(ParamValue::Object(map));
            }
            self.skip_space();
            let key = if self.rest.starts_with(['\'', '"']) { self.quoted()? } else { self.bare()? };
            if !self.eat(':') {
                return None;
            }
            map.insert(key.into(), self.value(depth + 1)?);
            if !self.eat(',') && !self.rest.starts_with('}') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<ParamValue<'static>> {
        self.eat('[');
        let mut items = Vec::new();
        loop {
            if self.eat(']') {
                return Some(ParamValue::List(items));
            }
            items.push(self.value(depth + 1)?);
            if !self.eat(',') && !self.rest.starts_with(']') {
                return None;
            }
        }
    }

    fn quoted(&mut self) -> Option<String> {
        let mut characters = self.rest.chars();
        let quote = characters.next()?;
        let mut text = String::new();
        while let Some(character) = characters.next() {
            match character {
                '\\' => text.push(escaped(&mut characters)?),
                _ if character == quote => {
                    self.rest = characters.as_str();
                    return Some(text);
                }
                _ => text.push(character),
            }
        }
        None
    }

    fn bare(&mut self) -> Option<String> {
        let end = self.rest.find([',', ':', '}', ']', '{', '[']).unwrap_or(self.rest.len());
        let word = self.rest[..end].trim_end();
        if word.is_empty() {
            return None;
        }
        let word = word.to_owned();
        self.rest = &self.rest[end..];
        Some(word)
    }
}

fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'u' => {
            let digits: String = characters.by_ref().take(4).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
        }
        other => other,
    })
}

fn constant(word: &str) -> ParamValue<'static> {
    match word {
        "true" | "True" => ParamValue::Bool(true),
        "false" | "False" => ParamValue::Bool(false),
        "null" | "None" => ParamValue::Null,
        _ => match word.parse::<u64>() {
            // Ids with leading zeros stay text.
            Ok(number) if number.to_string() == word => ParamValue::Number(Number::from(number)),
            _ => ParamValue::Text(word.to_owned().into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn parse(text: &str) -> Option<Value> {
        super::parse(text).map(|value| value.to_json())
    }

    #[test]
    fn metas_examples_are_read() {
        assert_eq!(parse("{'id':'42'}"), Some(json!({"id": "42"})));
        assert_eq!(parse("{id:123}"), Some(json!({"id": 123})));
        assert_eq!(parse("{text:'hello, world'}"), Some(json!({"text": "hello, world"})));
        assert_eq!(
            parse("{'a': [1, 'b', {'c': None}], 'd': True}"),
            Some(json!({"a": [1, "b", {"c": null}], "d": true}))
        );
        assert_eq!(parse("{id:<PSID>}"), Some(json!({"id": "<PSID>"})));
        assert_eq!(parse(r"{'text':'it\'s \u00e4'}"), Some(json!({"text": "it's ä"})));
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "{", "{'a'", "{'a' 'b'}", "[1, 2", "{'a': 'b'} rest", "{'a':'b", "{:1}"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(10_000)), None);
    }
}
