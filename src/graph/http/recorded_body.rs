//! What the ledger keeps of a large body: its parameters with their long texts cut, so that a reader still finds the recipient; or else its
//! beginning.

use bytes::Bytes;
use serde_json::{Value, json};

use super::params::Params;

/// The most characters of a text in a body that is cut.
const MAX_TEXT: usize = 1024;

/// What is kept of a body.
pub struct RecordedBody {
    pub bytes: Box<[u8]>,
    /// How long the body was, if it was cut.
    pub cut: Option<usize>,
    /// True if the bytes are JSON now, whatever they were before.
    pub is_json: bool,
}

/// What is kept of the body of a call, at most this many bytes.
pub fn recorded_body(content_type: &str, body: &Bytes, most: usize) -> RecordedBody {
    if body.len() <= most {
        return RecordedBody { bytes: (&**body).into(), cut: None, is_json: false };
    }
    let parameters = Params::read(None, content_type, body).ok().map(|params| {
        let mut value = params.to_json();
        for file in params.files() {
            value[&*file.name] = json!({ "content_type": file.content_type, "bytes": file.bytes.len() });
        }
        value
    });
    let short = parameters.and_then(|value| shortened(value, most));
    let is_json = short.is_some();
    RecordedBody { bytes: short.unwrap_or_else(|| body[..most].into()), cut: Some(body.len()), is_json }
}

/// What is kept of an answer, at most this many bytes, and how long it was, if it was cut.
pub fn recorded_answer(answer: &Bytes, most: usize) -> (Bytes, Option<usize>) {
    if answer.len() <= most {
        return (answer.clone(), None);
    }
    let short = serde_json::from_slice(answer).ok().and_then(|value| shortened(value, most));
    // A copy: a part of the answer would keep all of it in memory.
    (short.map_or_else(|| Bytes::copy_from_slice(&answer[..most]), Bytes::from), Some(answer.len()))
}

/// The value with its long texts cut. `None` if it is too long all the same.
fn shortened(mut value: Value, most: usize) -> Option<Box<[u8]>> {
    cut_texts(&mut value);
    let text = value.to_string();
    (text.len() <= most).then(|| text.into_bytes().into())
}

fn cut_texts(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
                *text = format!("{}…", &text[..end]);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(cut_texts),
        Value::Object(members) => members.values_mut().for_each(cut_texts),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_keeps_its_parameters_and_one_of_many_names_its_beginning() {
        let long = Bytes::from(json!({ "recipient": { "id": "3001" }, "z": "é".repeat(90_000) }).to_string());
        let kept = recorded_body("application/json", &long, 20_000);
        let value: Value = serde_json::from_slice(&kept.bytes).unwrap_or_default();
        assert_eq!((kept.cut, &value["recipient"]["id"]), (Some(long.len()), &json!("3001")));
        assert_eq!(value["z"].as_str().map(|text| text.chars().count()), Some(MAX_TEXT + 1));
        let name = Bytes::from(json!({ "x".repeat(90_000): 1 }).to_string());
        let kept = recorded_body("application/json", &name, 20_000);
        assert_eq!((kept.bytes.len(), kept.cut, kept.is_json), (20_000, Some(name.len()), false));
    }

    #[test]
    fn a_long_answer_keeps_its_form_and_one_that_is_no_json_its_beginning() {
        let long = Bytes::from(json!({ "data": ["x".repeat(90_000)] }).to_string());
        let (kept, cut) = recorded_answer(&long, 20_000);
        assert!(kept.starts_with(b"{\"data\":[\"xxx") && kept.ends_with("…\"]}".as_bytes()));
        assert_eq!((kept.len() < 2_000, cut), (true, Some(long.len())));
        let (kept, cut) = recorded_answer(&Bytes::from(vec![b'x'; 90_000]), 20_000);
        assert_eq!((kept.len(), cut), (20_000, Some(90_000)));
    }
}
