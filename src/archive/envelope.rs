//! What stands around the content of a file: its kind, the version that made it, and a checksum. A file that is cut, changed or foreign
//! is refused before anything is done with it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

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
    #[error("this {what} does not replay: {why}")]
    DoesNotReplay { what: &'static str, why: String },
}

/// A file of this kind with this content.
pub fn wrap<T: Serialize>(what: &'static str, content: &T) -> Value {
    let content = serde_json::to_value(content).unwrap_or_default();
    json!({
        "graphdouble": what, "version": VERSION, "format": FORMAT, "sha256": checksum(&content), "content": content,
    })
}

/// The content of a file of this kind.
pub fn unwrap<T: DeserializeOwned>(what: &'static str, file: &[u8]) -> Result<T, ArchiveError> {
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

    const WHAT: &str = "snapshot";

    fn wrapped() -> Value {
        wrap(WHAT, &json!({ "a": 1, "b": [0.1, "ä", 18_446_744_073_709_551_615u64] }))
    }

    fn open(file: &Value) -> Result<Value, ArchiveError> {
        unwrap(WHAT, file.to_string().as_bytes())
    }

    #[test]
    fn what_was_wrapped_is_unwrapped_however_it_is_spaced() {
        let file = wrapped();
        assert_eq!(open(&file).as_ref(), Ok(&file["content"]));
        let pretty = serde_json::to_vec_pretty(&file).unwrap_or_default();
        assert_eq!(unwrap::<Value>(WHAT, &pretty).as_ref(), Ok(&file["content"]));
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
            unwrap::<Value>(WHAT, b"{").map_err(|error| error.to_string()),
        ];
        let errors: Vec<String> = errors.into_iter().filter_map(Result::err).collect();
        insta::assert_snapshot!(errors.join("\n").replace(VERSION, "VERSION"));
    }
}
