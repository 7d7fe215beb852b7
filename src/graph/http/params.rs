//! The parameters of a call, from the query and from a form, JSON or multipart body. Values keep the shape in which they came; the
//! accessors convert them as Meta does.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::http::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use serde_json::{Map, Value};

use super::multipart::{self, FilePart};
use super::relaxed_json;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;

/// With up to so many parameters a linear search is faster than hashing. Every call looks up a dozen.
const LINEAR_SEARCH_MAX: usize = 8;

/// The parameters of a call.
#[derive(Debug, Default)]
pub struct Params {
    map: Map<String, Value>,
    files: Vec<FilePart>,
}

impl Params {
    /// Reads the parameters of the query alone.
    pub fn of_query(head: &Parts) -> Self {
        let mut params = Params::default();
        if let Some(query) = head.uri.query() {
            params.add_form(query.as_bytes());
        }
        params
    }

    /// Reads the parameters of a request. The body wins over the query.
    pub fn read(head: &Parts, body: &Bytes) -> Result<Self, GraphError> {
        let mut params = Self::of_query(head);
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(params);
        }
        match content_type.as_str() {
            "application/json" | "text/json" => params.add_json(body)?,
            "multipart/form-data" => params.add_parts(head, body)?,
            _ if body.first() == Some(&b'{') && serde_json::from_slice::<Map<String, Value>>(body).is_ok() => {
                params.add_json(body)?;
            }
            _ => params.add_form(body),
        }
        Ok(params)
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), GraphError> {
        let Ok(Value::Object(map)) = serde_json::from_slice(body) else {
            return Err(catalogue::INVALID_JSON.error());
        };
        self.map.extend(map.into_iter().filter(|(_, value)| !value.is_null()));
        Ok(())
    }

    fn add_parts(&mut self, head: &Parts, body: &Bytes) -> Result<(), GraphError> {
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let parts = multipart::read(content_type, body)?;
        self.files = parts.files;
        self.add_pairs(parts.texts.into_iter());
        Ok(())
    }

    fn add_form(&mut self, text: &[u8]) {
        self.add_pairs(form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())));
    }

    fn add_pairs(&mut self, pairs: impl Iterator<Item = (String, String)>) {
        let mut bracketed = false;
        for (name, value) in pairs.filter(|(name, _)| !name.is_empty()) {
            let Some(from) = name.find('[') else {
                self.map.insert(name, Value::String(value));
                continue;
            };
            let (root, path) = bracket_path(&name, from);
            let slot = self.map.entry(root).or_insert(Value::Null);
            set_at(slot, &path, Value::String(value));
            bracketed |= !path.is_empty();
        }
        if bracketed {
            let map = std::mem::take(&mut self.map);
            self.map = map.into_iter().map(|(name, value)| (name, indices_to_lists(value))).collect();
        }
    }

    pub fn files(&self) -> &[FilePart] {
        &self.files
    }

    /// All parameters as one JSON object. Text that is JSON becomes its value.
    pub fn into_json(self) -> Value {
        let parsed = |value: Value| structured(&value).map(Cow::into_owned).unwrap_or(value);
        Value::Object(self.map.into_iter().map(|(name, value)| (name, parsed(value))).collect())
    }

    /// The parameter as it came. `null` counts as missing.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let value = match self.map.len() {
            0..=LINEAR_SEARCH_MAX => self.map.iter().find(|(key, _)| *key == name).map(|(_, value)| value),
            _ => self.map.get(name),
        };
        value.filter(|value| !value.is_null())
    }

    /// The parameter as text. Meta takes numbers and booleans as text, too.
    pub fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>, GraphError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => match scalar(value) {
                Some(text) => Ok(Some(text)),
                None => Err(catalogue::PARAM_MUST_BE.with(&[("param", name), ("kind", "a string")])),
            },
        }
    }

    /// The parameter as text. A missing one is an error.
    pub fn required_text(&self, name: &str) -> Result<Cow<'_, str>, GraphError> {
        self.text(name)?.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", name)]))
    }

    /// The parameter as one of `values`, in any case.
    pub fn word(&self, name: &str, values: &[&'static str]) -> Result<Option<&'static str>, GraphError> {
        self.text(name)?.map(|got| word(name, &got, values)).transpose()
    }

    /// The parameter as an object, which may come as JSON text, strict or relaxed.
    pub fn object(&self, name: &str) -> Result<Option<Cow<'_, Map<String, Value>>>, GraphError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match structured(value) {
            Some(Cow::Borrowed(Value::Object(map))) => Ok(Some(Cow::Borrowed(map))),
            Some(Cow::Owned(Value::Object(map))) => Ok(Some(Cow::Owned(map))),
            _ => Err(catalogue::PARAM_MUST_BE.with(&[("param", name), ("kind", "an object")])),
        }
    }

    /// The parameter as a list: `a,b`, `a, b`, JSON text, a real list, or `name[0]=`.
    pub fn list(&self, name: &str) -> Result<Option<Vec<String>>, GraphError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || catalogue::PARAM_MUST_BE.with(&[("param", name), ("kind", "an array")]);
        match structured(value).as_deref() {
            Some(Value::Array(items)) => {
                items.iter().map(|item| scalar(item).map(Cow::into_owned).ok_or_else(wrong)).collect()
            }
            _ => match scalar(value) {
                Some(text) => Ok(split_list(&text)),
                None => Err(wrong()),
            },
        }
        .map(Some)
    }

    /// The names of parameters that are neither in `known` nor valid on every call.
    pub fn unknown<'p>(&'p self, known: &'p [&str]) -> impl Iterator<Item = &'p str> {
        const EVERYWHERE: &[&str] = &[
            "access_token",
            "appsecret_proof",
            "appsecret_time",
            "method",
            "format",
            "pretty",
            "debug",
            "locale",
            "suppress_http_code",
            "callback",
            "include_headers",
            "fields",
            "platform",
            "limit",
            "after",
            "before",
        ];
        self.map.keys().map(String::as_str).filter(|name| !known.contains(name) && !EVERYWHERE.contains(name))
    }
}

/// `a,b` and `a, b`.
fn split_list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// A string, number or boolean as text.
pub fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An object or list as it is, or parsed from JSON text.
pub fn structured(value: &Value) -> Option<Cow<'_, Value>> {
    match value {
        Value::Object(_) | Value::Array(_) => Some(Cow::Borrowed(value)),
        Value::String(text) => {
            let text = text.trim();
            let looks_structured = text.starts_with(['{', '[']);
            let parse = || serde_json::from_str(text).ok().or_else(|| relaxed_json::parse(text));
            looks_structured.then(parse).flatten().map(Cow::Owned)
        }
        _ => None,
    }
}

/// A value inside an object. JSON text is parsed.
pub fn nested<'m>(map: &'m Map<String, Value>, key: &str) -> Option<Cow<'m, Value>> {
    let value = map.get(key).filter(|value| !value.is_null())?;
    Some(structured(value).unwrap_or(Cow::Borrowed(value)))
}

/// The one of `values` that `got` is, in any case.
pub fn word(param: &str, got: &str, values: &[&'static str]) -> Result<&'static str, GraphError> {
    let known = values.iter().find(|value| value.eq_ignore_ascii_case(got)).copied();
    let words = [("param", param), ("values", &*values.join(", ")), ("got", got)];
    known.ok_or_else(|| catalogue::PARAM_ONE_OF.with(&words))
}

/// Checks the length of a text in characters.
pub fn check_length(param: &str, text: &str, limit: usize) -> Result<(), GraphError> {
    match text.chars().count() > limit {
        true => Err(catalogue::PARAM_LENGTH.with(&[("param", param), ("limit", &limit.to_string())])),
        false => Ok(()),
    }
}

/// Splits `message[attachment][type]` into its root and the path below it.
fn bracket_path(name: &str, from: usize) -> (String, Vec<String>) {
    let (root, rest) = (&name[..from], &name[from + 1..]);
    match rest.strip_suffix(']') {
        Some(path) if !root.is_empty() => (root.to_owned(), path.split("][").map(str::to_owned).collect()),
        _ => (name.to_owned(), Vec::new()),
    }
}

/// The deepest nesting of brackets. Deeper values are dropped, as Meta's parser does.
const MAX_BRACKETS: usize = 16;

/// Sets the value at a bracket path. Indices become keys of objects at first.
fn set_at(slot: &mut Value, path: &[String], value: Value) {
    let Some((key, rest)) = path.split_first() else {
        *slot = value;
        return;
    };
    if path.len() > MAX_BRACKETS {
        return;
    }
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(map) = slot {
        let key = if key.is_empty() { map.len().to_string() } else { key.clone() };
        set_at(map.entry(key).or_insert(Value::Null), rest, value);
    }
}

/// Turns objects whose keys are 0, 1, 2 … into lists.
fn indices_to_lists(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let is_list = !map.is_empty() && (0..map.len()).all(|index| map.contains_key(&index.to_string()));
    if is_list {
        let mut map = map;
        let items = (0..map.len()).filter_map(|index| map.remove(&index.to_string()));
        return Value::Array(items.collect::<Vec<_>>().into_iter().map(indices_to_lists).collect());
    }
    Value::Object(map.into_iter().map(|(key, value)| (key, indices_to_lists(value))).collect())
}

#[cfg(test)]
mod tests {
    use hyper::http::Request;
    use serde_json::json;

    use super::*;

    fn read(uri: &str, content_type: Option<&str>, body: &str) -> Result<Params, GraphError> {
        let mut request = Request::builder().uri(uri);
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let (head, ()) = request.body(()).map_err(|_| catalogue::INVALID_JSON.error())?.into_parts();
        Params::read(&head, &Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn one_call_in_every_encoding_reads_the_same() -> Result<(), GraphError> {
        let form = "application/x-www-form-urlencoded";
        let json = "application/json; charset=utf-8";
        let relaxed = "recipient=%7B'id':'42'%7D&message=%7Btext:'a+b'%7D";
        for (uri, content_type, body) in [
            ("/", Some(json), r#"{"recipient":{"id":"42"},"message":{"text":"a b"}}"#),
            ("/", None, r#"{"recipient":{"id":"42"},"message":{"text":"a b"}}"#),
            ("/", Some(json), r#"{"recipient":"{\"id\":\"42\"}","message":{"text":"a b"}}"#),
            ("/?recipient=%7B%22id%22:%2242%22%7D", Some(json), r#"{"message":{"text":"a b"},"tag":null}"#),
            ("/", Some(form), relaxed),
            ("/", None, relaxed),
            (&format!("/?{relaxed}"), Some(json), ""),
            ("/", Some(form), "recipient[id]=42&message[text]=a+b"),
        ] {
            let params = read(uri, content_type, body)?;
            let object = |name| params.object(name).map(|object| object.map(Cow::into_owned));
            assert_eq!(object("recipient")?, json!({"id": "42"}).as_object().cloned(), "{uri} {body}");
            assert_eq!(object("message")?, json!({"text": "a b"}).as_object().cloned(), "{uri} {body}");
            assert_eq!(params.text("tag")?, None);
        }
        Ok(())
    }

    #[test]
    fn lists_come_in_five_ways() -> Result<(), GraphError> {
        for uri in
            ["/?f=a,b", "/?f=a,%20b", "/?f=[%22a%22,%22b%22]", "/?f[0]=a&f[1]=b", "/?f[]=a&f[]=b", "/?f=['a','b']"]
        {
            assert_eq!(read(uri, None, "")?.list("f")?, Some(vec!["a".to_owned(), "b".to_owned()]), "{uri}");
        }
        assert_eq!(
            read("/", Some("application/json"), r#"{"f":["a","b"]}"#)?.list("f")?.map(|list| list.len()),
            Some(2)
        );
        Ok(())
    }

    #[test]
    fn nested_brackets_become_lists_and_objects() -> Result<(), GraphError> {
        let params = read("/?m[a][buttons][0][title]=x&m[a][buttons][1][title]=y", None, "")?;
        assert_eq!(params.get("m"), Some(&json!({"a": {"buttons": [{"title": "x"}, {"title": "y"}]}})));
        Ok(())
    }

    #[test]
    fn broken_json_is_refused() {
        for body in ["{", "[1]", "nope", "{\"a\":}"] {
            assert!(read("/", Some("application/json"), body).is_err(), "{body}");
        }
    }
}
