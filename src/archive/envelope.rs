//! What stands around the content of a file: its kind, the version that made it, and a checksum. A file that is cut, changed or foreign
//! is refused before anything is done with it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::text::json_size::count_json_values;

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Counts changes of what files hold within one version. Files without a number are of format 1.
const FORMAT: u64 = 4;

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    #[error("this is no {what} of graphdouble: {why}")]
    NotOne { what: &'static str, why: String },
    #[error(
        "this {what} was made by graphdouble {by}, and this is {VERSION}: only the version that made it can replay it"
    )]
    OtherVersion { what: &'static str, by: String },
    #[error(
        "this {what} is of file format {by}, and this build of graphdouble {VERSION} has format {FORMAT}: make it again"
    )]
    OtherFormat { what: &'static str, by: u64 },
    #[error("this {what} is damaged: its checksum does not fit, so it was cut or changed since it was made")]
    Damaged { what: &'static str },
    #[error("this {what} has more than {most} values")]
    TooManyValues { what: &'static str, most: usize },
    #[error("this {what} does not replay: {why}")]
    DoesNotReplay { what: &'static str, why: String },
}

/// A kind of file, and how large a file of it may be.
#[derive(Debug)]
pub struct ArchiveKind {
    pub what: &'static str,
    pub max_bytes: usize,
    /// The most values, which are counted before they are made.
    pub max_values: usize,
}

/// A file would be larger than what anybody could read again.
#[derive(Debug, thiserror::Error)]
pub enum TooLarge {
    #[error("the {what} would have {bytes} bytes, and at most {most} can be read again")]
    Bytes { what: &'static str, bytes: usize, most: usize },
    #[error("the {what} would have {values} values, and at most {most} can be read again")]
    Values { what: &'static str, values: usize, most: usize },
}

/// The bytes of a file of this kind with this content.
pub fn write<T: Serialize>(kind: &ArchiveKind, content: &T) -> Result<Vec<u8>, TooLarge> {
    let what = kind.what;
    let bytes = wrap(what, content).to_string().into_bytes();
    let values = count_json_values(&bytes);
    if bytes.len() > kind.max_bytes {
        return Err(TooLarge::Bytes { what, bytes: bytes.len(), most: kind.max_bytes });
    }
    if values > kind.max_values {
        return Err(TooLarge::Values { what, values, most: kind.max_values });
    }
    Ok(bytes)
}

fn wrap<T: Serialize>(what: &'static str, content: &T) -> Value {
    let content = serde_json::to_value(content).unwrap_or_default();
    json!({
        "graphdouble": what, "version": VERSION, "format": FORMAT, "sha256": checksum(&content), "content": content,
    })
}

/// The content of a file of this kind.
pub fn unwrap<T: DeserializeOwned>(kind: &ArchiveKind, file: &[u8]) -> Result<T, ArchiveError> {
    let what = kind.what;
    if count_json_values(file) > kind.max_values {
        return Err(ArchiveError::TooManyValues { what, most: kind.max_values });
    }
    let not_one = |why: String| ArchiveError::NotOne { what, why };
    let mut file: Value = serde_json::from_slice(file).map_err(|error| not_one(error.to_string()))?;
    let text = |key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
    match text("graphdouble") {
        Some(kind) if kind == what => {}
        Some(kind) => return Err(not_one(format!("it says that it is a {kind}"))),
        None => return Err(not_one(format!("it has no `\"graphdouble\": \"{what}\"`"))),
    }
    let by = text("version").unwrap_or_default();
    if by != VERSION {
        return Err(ArchiveError::OtherVersion { what, by });
    }
    let by = file.get("format").and_then(Value::as_u64).unwrap_or(1);
    if by != FORMAT {
        return Err(ArchiveError::OtherFormat { what, by });
    }
    let sum = text("sha256");
    let content = file.get_mut("content").map(Value::take).unwrap_or_default();
    if sum.as_deref() != Some(checksum(&content).as_str()) {
        return Err(ArchiveError::Damaged { what });
    }
    serde_json::from_value(content).map_err(|error| not_one(error.to_string()))
}

/// The checksum of the content as it is written without any space.
fn checksum(content: &Value) -> String {
    hex::encode(Sha256::digest(content.to_string().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: ArchiveKind = ArchiveKind { what: "snapshot", max_bytes: 400, max_values: 20 };

    fn wrapped() -> Value {
        wrap(KIND.what, &json!({ "a": 1, "b": [0.1, "ä", 18_446_744_073_709_551_615u64] }))
    }

    fn open(file: &Value) -> Result<Value, ArchiveError> {
        unwrap(&KIND, file.to_string().as_bytes())
    }

    #[test]
    fn what_was_wrapped_is_unwrapped_however_it_is_spaced() {
        let file = wrapped();
        assert_eq!(open(&file).as_ref(), Ok(&file["content"]));
        let pretty = serde_json::to_vec_pretty(&file).unwrap_or_default();
        assert_eq!(unwrap::<Value>(&KIND, &pretty).as_ref(), Ok(&file["content"]));
    }

    #[test]
    fn what_is_too_large_is_neither_written_nor_read() {
        let refused = |content: Value| write(&KIND, &content).map_err(|error| error.to_string());
        assert!(refused(json!(vec![1; 12])).is_ok());
        let values = "the snapshot would have 35 values, and at most 20 can be read again";
        assert_eq!(refused(json!(vec![1; 30])), Err(values.to_owned()));
        let error = refused(json!("x".repeat(400))).unwrap_err();
        assert!(error.ends_with(" bytes, and at most 400 can be read again"), "{error}");
        let error = unwrap::<Value>(&KIND, b"[{},{},{},{},{},{},{},{},{},{},{}").map_err(|error| error.to_string());
        assert_eq!(error, Err("this snapshot has more than 20 values".to_owned()));
    }

    #[test]
    fn the_error_says_what_is_wrong_with_a_file() {
        let changed = |key: &str, value: Value| {
            let mut file = wrapped();
            file[key] = value;
            open(&file).map_err(|error| error.to_string())
        };
        let errors = [
            changed("graphdouble", json!("bundle")),
            changed("graphdouble", json!(null)),
            changed("version", json!("0.0.1")),
            changed("format", json!(null)),
            changed("content", json!({ "a": 2 })),
            changed("sha256", json!("00")),
            unwrap::<Value>(&KIND, b"{").map_err(|error| error.to_string()),
        ];
        let errors: Vec<String> = errors.into_iter().filter_map(Result::err).collect();
        insta::assert_snapshot!(errors.join("\n").replace(VERSION, "VERSION"));
    }
}
