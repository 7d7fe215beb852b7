//! Lists in pages: reads `limit`, `after` and `before`, and answers with `data` and `paging`.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::fields::SelectedField;
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_value::ParamValue;
use crate::graph::http::params::scalar;

/// The number of items in a page if the caller does not say.
const DEFAULT_LIMIT: usize = 25;

/// Which part of a list the caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    limit: usize,
    after: Option<usize>,
    before: Option<usize>,
}

/// The parameters that the links to neighbouring pages repeat.
type LinkParams = Vec<(&'static str, String)>;

/// A list that is answered in pages.
pub struct Listing<'l> {
    /// The path of the list below the version, like `2001/conversations`.
    pub path: &'l str,
    /// Which part of the list to answer.
    pub paging: Paging,
}

impl Paging {
    /// Reads the paging parameters of a call. A page has at most `most` items.
    pub fn of_call(call: &Call, most: usize) -> Result<Self, GraphError> {
        let text = |name: &str| Ok::<_, GraphError>(call.params.text(name)?.map(|text| text.into_owned()));
        Self::read(text("limit")?.as_deref(), text("after")?.as_deref(), text("before")?.as_deref(), most)
    }

    /// Reads the paging modifiers of a field, like `messages.limit(5)`. A page has at most `most` items.
    pub fn of_field(field: &SelectedField, most: usize) -> Result<Self, GraphError> {
        Self::read(field.modifier("limit"), field.modifier("after"), field.modifier("before"), most)
    }

    fn read(limit: Option<&str>, after: Option<&str>, before: Option<&str>, most: usize) -> Result<Self, GraphError> {
        let cursor = |name: &str, text: Option<&str>| match text.filter(|text| !text.is_empty()) {
            Some(text) => decode(text).map(Some).ok_or_else(|| catalogue::INVALID_CURSOR.with(&[("param", name)])),
            None => Ok(None),
        };
        let limit = match limit {
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| catalogue::PARAM_MUST_BE.with(&[("param", "limit"), ("kind", "an unsigned integer")]))?,
            None => DEFAULT_LIMIT,
        };
        Ok(Self { limit: limit.min(most), after: cursor("after", after)?, before: cursor("before", before)? })
    }

    /// The range of a list of `length` items that this page covers.
    fn range(&self, length: usize) -> std::ops::Range<usize> {
        match (self.after, self.before) {
            (Some(after), _) => {
                let start = after.saturating_add(1).min(length);
                start..start.saturating_add(self.limit).min(length)
            }
            (None, Some(before)) => {
                let end = before.min(length);
                end.saturating_sub(self.limit)..end
            }
            (None, None) => 0..self.limit.min(length),
        }
    }
}

impl Listing<'_> {
    /// The requested page, for a call to the list itself. An empty page has no `paging`, so clients that follow cursors stop there.
    pub fn page<T>(
        &self,
        call: &Call,
        items: &[T],
        describe: impl FnMut(&T) -> Result<Value, Failure>,
    ) -> Result<Value, Failure> {
        const REPEATED: [&str; 16] = [
            "access_token",
            "fields",
            "platform",
            "user_id",
            "folder",
            "tags",
            "psid",
            "user",
            "source",
            "do_not_return_duplicates",
            "name",
            "content",
            "name_or_content",
            "language",
            "status",
            "appsecret_proof",
        ];
        let text = |value: &ParamValue<'_>| scalar(value).map_or_else(|| value.to_json().to_string(), Cow::into_owned);
        let params = REPEATED.into_iter().filter_map(|name| Some((name, text(call.params.get(name)?))));
        self.page_with(call, params.collect(), items, describe)
    }

    /// The requested page, for a list that is read as a field of another node.
    pub fn page_of_field<T>(
        &self,
        call: &Call,
        field: &SelectedField,
        items: &[T],
        describe: impl FnMut(&T) -> Result<Value, Failure>,
    ) -> Result<Value, Failure> {
        let repeated = ["access_token", "appsecret_proof"];
        let params = repeated.into_iter().filter_map(|name| Some((name, call.params.text(name).ok()??.into_owned())));
        let fields = field.nested.as_ref().map(|nested| ("fields", nested.to_string()));
        self.page_with(call, params.chain(fields).collect(), items, describe)
    }

    fn page_with<T>(
        &self,
        call: &Call,
        params: LinkParams,
        items: &[T],
        describe: impl FnMut(&T) -> Result<Value, Failure>,
    ) -> Result<Value, Failure> {
        let range = self.paging.range(items.len());
        let data = items[range.clone()].iter().map(describe).collect::<Result<Vec<Value>, Failure>>()?;
        if range.is_empty() {
            return Ok(json!({ "data": data }));
        }
        let (before, after) = (encode(range.start), encode(range.end - 1));
        let mut paging = json!({ "cursors": { "before": before, "after": after } });
        if range.end < items.len() {
            paging["next"] = json!(self.link(call, &params, "after", &after));
        }
        if range.start > 0 {
            paging["previous"] = json!(self.link(call, &params, "before", &before));
        }
        Ok(json!({ "data": data, "paging": paging }))
    }

    /// The absolute URL of a neighbouring page, on the host that the client called and never on Meta's.
    fn link(&self, call: &Call, params: &LinkParams, direction: &str, cursor: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(params);
        query.append_pair("pretty", "0");
        query.append_pair("limit", &self.paging.limit.to_string());
        query.append_pair(direction, cursor);
        format!("{}/{}?{}", call.base_url(), self.path, query.finish())
    }
}

/// Meta's short cursors are the base64 of an index, with `ZD` for each padding character.
fn encode(index: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let text = index.to_string();
    let mut cursor = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            match place <= chunk.len() {
                true => cursor.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63])),
                false => cursor.push_str("ZD"),
            }
        }
    }
    cursor
}

/// The index that a cursor stands for. Only cursors that [`encode`] writes are accepted.
fn decode(cursor: &str) -> Option<usize> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    };
    let mut bits = 0u32;
    let mut count = 0;
    let mut text = Vec::new();
    for byte in cursor.trim_end_matches("ZD").bytes().take(32) {
        bits = (bits << 6 | u32::from(value(byte)?)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            text.push((bits >> count) as u8);
        }
    }
    let index = std::str::from_utf8(&text).ok()?.parse().ok()?;
    (encode(index) == cursor).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_stand_for_indices() {
        assert_eq!(encode(0), "MAZDZD");
        for index in [0, 1, 9, 10, 99, 100, 12_345, 1_000_000] {
            assert_eq!(decode(&encode(index)), Some(index), "{index}");
        }
        for cursor in ["", "x", "MA", "MAZDZDZD", "!!!!", "ZDZD", "LTE"] {
            assert_eq!(decode(cursor), None, "{cursor}");
        }
    }

    #[test]
    fn paging_selects_a_part_of_the_list() -> Result<(), GraphError> {
        let range = |limit, after: Option<usize>, before: Option<usize>| {
            let (after, before) = (after.map(encode), before.map(encode));
            Paging::read(Some(limit), after.as_deref(), before.as_deref(), 100).map(|paging| paging.range(10))
        };
        assert_eq!(range("4", None, None)?, 0..4);
        assert_eq!(range("4", Some(3), None)?, 4..8);
        assert_eq!(range("4", Some(7), None)?, 8..10);
        assert_eq!(range("4", Some(9), None)?, 10..10);
        assert_eq!(range("4", Some(99), None)?, 10..10);
        assert_eq!(range("4", None, Some(4))?, 0..4);
        assert_eq!(range("4", None, Some(2))?, 0..2);
        assert_eq!(range("4000", None, None)?, 0..10);
        assert!(range("-1", None, None).is_err());
        Ok(())
    }
}
