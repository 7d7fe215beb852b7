//! The parameters of a call, from the query and from a form, JSON or multipart body. Values keep the shape in which they came, and
//! borrow from the request; the accessors convert them as Meta does.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::http::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use serde_json::Value;

use super::form::{self, Decoded};
use super::multipart::{self, FilePart};
use super::not_utf8;
use super::param_value::{ParamMap, ParamValue};
use super::relaxed_json::structured;
use super::value_limit::{MAX_VALUES, SURELY_FEW, has_too_many_values, hold_too_many_values};
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;

/// The parameters of a call.
#[derive(Debug, Default)]
pub struct Params<'r> {
    map: ParamMap<'r>,
    files: Vec<FilePart>,
    /// The error for the first bytes that are no UTF-8.
    not_utf8: Option<GraphError>,
    /// True if a form has more values than a call may have. Those beyond are not read.
    has_too_many: bool,
    /// True if the body is a JSON object that is not declared as one, so that no parameter of it is read.
    pub has_undeclared_json: bool,
}

impl<'r> Params<'r> {
    /// Reads the parameters of a query alone.
    pub fn of_query(query: Option<&'r str>) -> Self {
        let mut params = Params::default();
        if let Some(query) = query {
            params.add_form(query.as_bytes());
        }
        params
    }

    /// Reads the parameters of a request with this head.
    pub fn of_request(head: &'r Parts, body: &'r Bytes) -> Result<Self, GraphError> {
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Self::read(head.uri.query(), content_type.unwrap_or_default(), body)
    }

    /// Reads the parameters of a request. The body wins over the query. It is read as what its content type declares: a body of another type
    /// is a form, whatever its first byte looks like.
    pub fn read(query: Option<&'r str>, content_type: &str, body: &'r Bytes) -> Result<Self, GraphError> {
        let mut params = Self::of_query(query);
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let is = |known: &str| media_type.eq_ignore_ascii_case(known);
        if body.iter().all(u8::is_ascii_whitespace) {
            // All parameters are in the query.
        } else if is("application/json") || is("text/json") {
            params.add_json(body)?;
        } else if is("multipart/form-data") {
            params.add_parts(content_type, body)?;
        } else {
            params.add_form(body);
            params.has_undeclared_json = body.trim_ascii_start().starts_with(b"{") && json_object(body).is_some();
        }
        if params.has_too_many || (body.len() >= SURELY_FEW && hold_too_many_values(&params.map)) {
            return Err(catalogue::TOO_MANY_VALUES.error());
        }
        match params.not_utf8.take() {
            Some(error) => Err(error),
            None => Ok(params),
        }
    }

    fn add_json(&mut self, body: &'r [u8]) -> Result<(), GraphError> {
        if has_too_many_values(body) {
            return Err(catalogue::TOO_MANY_VALUES.error());
        }
        let broken = || not_utf8::in_json(body).unwrap_or_else(|| catalogue::INVALID_JSON.error());
        self.add_object(json_object(body).ok_or_else(broken)?);
        Ok(())
    }

    fn add_object(&mut self, map: ParamMap<'r>) {
        map.into_pairs().filter(|(_, value)| !value.is_null()).for_each(|(name, value)| self.map.insert(name, value));
    }

    fn add_parts(&mut self, content_type: &str, body: &Bytes) -> Result<(), GraphError> {
        let parts = multipart::read(content_type, body)?;
        self.files = parts.files;
        let texts = parts.texts.into_iter().map(|(name, value)| (Ok(name.into()), form::text(value.into())));
        self.add_decoded(texts);
        Ok(())
    }

    fn add_form(&mut self, text: &'r [u8]) {
        match std::str::from_utf8(text) {
            // Nothing is encoded, as in most queries.
            Ok(plain) if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) => {
                let pairs = plain.split('&').filter(|pair| !pair.is_empty());
                self.add_pairs(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(borrowed));
            }
            _ => self.add_decoded(form::pairs(text)),
        }
    }

    fn add_decoded(&mut self, pairs: impl Iterator<Item = (Decoded<'r>, Decoded<'r>)>) {
        let mut not_utf8 = None;
        self.add_pairs(pairs.filter_map(|(name, value)| {
            let name = name.unwrap_or_else(Cow::Owned);
            let value =
                value.map_err(|lossy| not_utf8.get_or_insert_with(|| not_utf8::in_parameter(&name, &lossy)).code);
            value.ok().map(|value| (name, value))
        }));
        self.not_utf8 = self.not_utf8.take().or(not_utf8);
    }

    fn add_pairs(&mut self, pairs: impl Iterator<Item = (Cow<'r, str>, Cow<'r, str>)>) {
        let (mut bracketed, mut values) = (false, 0);
        for (name, value) in pairs.filter(|(name, _)| !name.is_empty()) {
            // Each bracket may begin an object.
            values += if name.contains('[') { MAX_BRACKETS } else { 1 };
            if values > MAX_VALUES {
                self.has_too_many = true;
                break;
            }
            let Some(from) = name.find('[') else {
                self.map.insert(name, ParamValue::Text(value));
                continue;
            };
            let (root, path) = bracket_path(&name, from);
            set_at(self.map.entry(root.into()), &path, ParamValue::Text(value));
            bracketed |= !path.is_empty();
        }
        if bracketed {
            let map = std::mem::take(&mut self.map);
            self.map = map.into_pairs().map(|(name, value)| (name, indices_to_lists(value))).collect();
        }
    }

    /// All parameters as one object.
    pub fn map(&self) -> &ParamMap<'r> {
        &self.map
    }

    pub fn files(&self) -> &[FilePart] {
        &self.files
    }

    /// All parameters as one JSON object. Text that is JSON becomes its value.
    pub fn to_json(&self) -> Value {
        let parsed = |value| structured(value).map_or_else(|| ParamValue::to_json(value), |value| value.to_json());
        Value::Object(self.map.iter().map(|(name, value)| (name.to_owned(), parsed(value))).collect())
    }

    /// All parameters, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue<'r>)> {
        self.map.iter()
    }

    /// The parameter as it came. `null` counts as missing.
    pub fn get(&self, name: &str) -> Option<&ParamValue<'r>> {
        self.map.get(name).filter(|value| !value.is_null())
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
    pub fn object(&self, name: &str) -> Result<Option<Cow<'_, ParamMap<'_>>>, GraphError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match structured(value) {
            Some(Cow::Borrowed(ParamValue::Object(map))) => Ok(Some(Cow::Borrowed(map))),
            Some(Cow::Owned(ParamValue::Object(map))) => Ok(Some(Cow::Owned(map))),
            _ => Err(catalogue::PARAM_MUST_BE.with(&[("param", name), ("kind", "an object")])),
        }
    }

    /// The parameter as a list: `a,b`, `a, b`, JSON text, a real list, or `name[0]=`.
    pub fn list(&self, name: &str) -> Result<Option<Vec<String>>, GraphError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || catalogue::PARAM_MUST_BE.with(&[("param", name), ("kind", "an array")]);
        match structured(value).as_deref() {
            Some(ParamValue::List(items)) => {
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
        self.map.keys().filter(|name| !known.contains(name) && !EVERYWHERE.contains(name))
    }
}

fn borrowed<'r>((name, value): (&'r str, &'r str)) -> (Cow<'r, str>, Cow<'r, str>) {
    (Cow::Borrowed(name), Cow::Borrowed(value))
}

/// The body, if it is a JSON object.
fn json_object(body: &[u8]) -> Option<ParamMap<'_>> {
    // Checked once as a whole, the texts in it need not be checked one by one.
    match serde_json::from_str(std::str::from_utf8(body).ok()?) {
        Ok(ParamValue::Object(map)) => Some(map),
        _ => None,
    }
}

/// `a,b` and `a, b`.
fn split_list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// A string, number or boolean as text.
pub fn scalar<'v>(value: &'v ParamValue<'_>) -> Option<Cow<'v, str>> {
    match value {
        ParamValue::Text(text) => Some(Cow::Borrowed(text)),
        ParamValue::Number(number) => Some(Cow::Owned(number.to_string())),
        ParamValue::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        ParamValue::Null | ParamValue::List(_) | ParamValue::Object(_) => None,
    }
}

/// The one of `values` that `got` is, in any case.
pub fn word(param: &str, got: &str, values: &[&'static str]) -> Result<&'static str, GraphError> {
    let known = values.iter().find(|value| value.eq_ignore_ascii_case(got)).copied();
    let words = || values.join(", ");
    known.ok_or_else(|| catalogue::PARAM_ONE_OF.with(&[("param", param), ("values", &words()), ("got", got)]))
}

/// Checks the length of a text in characters.
pub fn check_length(param: &str, text: &str, limit: usize) -> Result<(), GraphError> {
    // A text has at most as many characters as bytes, so most texts need not be counted.
    match text.len() > limit && text.chars().count() > limit {
        true => Err(catalogue::PARAM_LENGTH.with(&[("param", param), ("limit", &limit.to_string())])),
        false => Ok(()),
    }
}

/// Checks the length of a list.
pub fn check_count(count: usize, least: usize, most: usize, param: &str) -> Result<(), GraphError> {
    match count {
        count if count > most => Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", param)])),
        count if count < least => Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", param)])),
        _ => Ok(()),
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
fn set_at<'r>(slot: &mut ParamValue<'r>, path: &[String], value: ParamValue<'r>) {
    let Some((key, rest)) = path.split_first() else {
        *slot = value;
        return;
    };
    if path.len() > MAX_BRACKETS {
        return;
    }
    if slot.as_object().is_none() {
        *slot = ParamValue::Object(ParamMap::default());
    }
    if let ParamValue::Object(map) = slot {
        let key = if key.is_empty() { map.len().to_string() } else { key.clone() };
        set_at(map.entry(key.into()), rest, value);
    }
}

/// Turns objects whose keys are 0, 1, 2 … into lists.
fn indices_to_lists(value: ParamValue<'_>) -> ParamValue<'_> {
    let ParamValue::Object(map) = value else { return value };
    let is_list = map.len() > 0 && (0..map.len()).all(|index| map.get(&index.to_string()).is_some());
    let pairs = map.into_pairs().map(|(key, value)| (key, indices_to_lists(value)));
    if !is_list {
        return ParamValue::Object(pairs.collect());
    }
    let mut items: Vec<_> = pairs.map(|(key, value)| (key.parse::<usize>().unwrap_or_default(), value)).collect();
    items.sort_by_key(|(index, _)| *index);
    ParamValue::List(items.into_iter().map(|(_, value)| value).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A request that lives for as long as the test.
    fn read(uri: &str, content_type: Option<&str>, body: &str) -> Result<Params<'static>, GraphError> {
        let query: Option<&'static str> = uri.split_once('?').map(|(_, query)| &*query.to_owned().leak());
        let body: &'static Bytes = Box::leak(Box::new(Bytes::copy_from_slice(body.as_bytes())));
        Params::read(query, content_type.unwrap_or_default(), body)
    }

    #[test]
    fn one_call_in_every_encoding_reads_the_same() -> Result<(), GraphError> {
        let form = "application/x-www-form-urlencoded";
        let json = "application/json; charset=utf-8";
        let relaxed = "recipient=%7B'id':'42'%7D&message=%7Btext:'a+b'%7D";
        for (uri, content_type, body) in [
            ("/", Some(json), r#"{"recipient":{"id":"42"},"message":{"text":"a b"}}"#),
            ("/", Some(json), r#"{"recipient":"{\"id\":\"42\"}","message":{"text":"a b"}}"#),
            ("/?recipient=%7B%22id%22:%2242%22%7D", Some(json), r#"{"message":{"text":"a b"},"tag":null}"#),
            ("/", Some(form), relaxed),
            ("/", None, relaxed),
            (&format!("/?{relaxed}"), Some(json), ""),
            ("/", Some(form), "recipient[id]=42&message[text]=a+b"),
        ] {
            let params = read(uri, content_type, body)?;
            let object = |name| params.object(name).map(|object| object.map(|map| Value::Object(map.to_json())));
            assert_eq!(object("recipient")?, Some(json!({"id": "42"})), "{uri} {body}");
            assert_eq!(object("message")?, Some(json!({"text": "a b"})), "{uri} {body}");
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
        assert_eq!(
            params.get("m").map(ParamValue::to_json),
            Some(json!({"a": {"buttons": [{"title": "x"}, {"title": "y"}]}}))
        );
        Ok(())
    }

    #[test]
    fn json_that_is_not_declared_is_a_form() -> Result<(), GraphError> {
        let body = r#"{"recipient":{"id":"42"},"message":{"text":"a b"}}"#;
        for content_type in [None, Some("application/x-www-form-urlencoded"), Some("text/plain")] {
            let params = read("/?tag=a", content_type, body)?;
            assert!(params.has_undeclared_json && params.get("recipient").is_none(), "{content_type:?}");
            assert_eq!(params.text("tag")?.as_deref(), Some("a"));
        }
        assert!(!read("/", None, "{a=b")?.has_undeclared_json);
        assert!(!read("/", Some("application/json"), body)?.has_undeclared_json);
        Ok(())
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused_where_they_stand() {
        let multipart =
            b"--x\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n{\"text\":\"\xFF\"}\r\n--x--\r\n";
        for (query, content_type, body, path) in [
            (None, "application/json", &b"{\"message\":{\"text\":\"a\xFF\"}}"[..], "message[text]"),
            (None, "application/json", b"{\"tag\":\"\xFF\",\"message\":[\"\xFE\"]}", "tag"),
            (None, "", b"tag=%FF", "tag"),
            (None, "", b"message[text]=%FF", "message[text]"),
            (None, "", b"message={'a':[1,'%FF']}", "message[a][1]"),
            (Some("message=%C3"), "application/json", b"{}", "message"),
            (None, "multipart/form-data; boundary=x", multipart, "message[text]"),
        ] {
            let body = Bytes::copy_from_slice(body);
            let message = Params::read(query, content_type, &body).map(drop).map_err(|error| error.message);
            assert_eq!(message, Err(format!("(#100) Param {path} must be a UTF-8 encoded string")));
        }
    }

    #[test]
    fn broken_json_is_refused() {
        for body in ["{", "[1]", "nope", "{\"a\":}"] {
            assert!(read("/", Some("application/json"), body).is_err(), "{body}");
        }
    }
}
