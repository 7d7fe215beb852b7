//! Archive room: what stands around the content of a file: what it is, which version made it, and a checksum, so that a file that is
//! cut, changed or foreign is refused before anything is done with it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It is no JSON.
    #[error("this is no {what} of graphdouble: {why}")]
    NotOne {
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Another version made it.
    #[error(
        "this {what} was made by graphdouble {by}, and this is {VERSION}: only the version that made it can replay it"
    )]
    OtherVersion {
        /// What it is.
        what: &'static str,
        /// Which version.
        by: String,
    },
    /// The content is not what was written.
    #[error("this {what} is damaged: its checksum does not fit, so it was cut or changed since it was made")]
    Damaged {
        /// What it is.
        what: &'static str,
    },
    /// The content is not what its history comes to.
    #[error("this {what} does not replay: {why}")]
    DoesNotReplay {
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// A file with this content.
pub fn seal<T: Serialize>(what: &'static str, content: &T) -> Value {
    let content = serde_json::to_value(content).unwrap_or_default();
    json!({ "graphdouble": what, "version": VERSION, "sha256": checksum(&content), "content": content })
}

/// The content of a file.
///
/// # Errors
/// It is no such file, another version made it, or it is damaged.
pub fn unseal<T: DeserializeOwned>(what: &'static str, file: &[u8]) -> Result<T, Broken> {
    let not_one = |why: String| Broken::NotOne { what, why };
    let mut file: Value = serde_json::from_slice(file).map_err(|error| not_one(error.to_string()))?;
    let text = |key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
    match text("graphdouble") {
        Some(kind) if kind == what => {}
        Some(kind) => return Err(not_one(format!("it says that it is a {kind}"))),
        None => return Err(not_one(format!("it has no `\"graphdouble\": \"{what}\"`"))),
    }
    let by = text("version").unwrap_or_default();
    if by != VERSION {
        return Err(Broken::OtherVersion { what, by });
    }
    let sum = text("sha256");
    let content = file.get_mut("content").map(Value::take).unwrap_or_default();
    if sum.as_deref() != Some(checksum(&content).as_str()) {
        return Err(Broken::Damaged { what });
    }
    serde_json::from_value(content).map_err(|error| not_one(error.to_string()))
}

/// Of the content as it is written without any space.
fn checksum(content: &Value) -> String {
    hex::encode(Sha256::digest(content.to_string().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: &str = "snapshot";

    fn sealed() -> Value {
        seal(WHAT, &json!({ "a": 1, "b": [0.1, "ä", 18_446_744_073_709_551_615u64] }))
    }

    fn open(file: &Value) -> Result<Value, Broken> {
        unseal(WHAT, file.to_string().as_bytes())
    }

    #[test]
    fn what_was_sealed_is_unsealed_however_it_is_spaced() {
        let file = sealed();
        assert_eq!(open(&file).as_ref(), Ok(&file["content"]));
        let pretty = serde_json::to_vec_pretty(&file).unwrap_or_default();
        assert_eq!(unseal::<Value>(WHAT, &pretty).as_ref(), Ok(&file["content"]));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told() {
        let changed = |key: &str, value: Value| {
            let mut file = sealed();
            file[key] = value;
            open(&file).map_err(|broken| broken.to_string())
        };
        let told = [
            changed("graphdouble", json!("bundle")),
            changed("graphdouble", json!(null)),
            changed("version", json!("0.0.1")),
            changed("content", json!({ "a": 2 })),
            changed("sha256", json!("00")),
            unseal::<Value>(WHAT, b"{").map_err(|broken| broken.to_string()),
        ];
        let told: Vec<String> = told.into_iter().filter_map(Result::err).collect();
        insta::assert_snapshot!(told.join("\n").replace(VERSION, "VERSION"));
    }
}
