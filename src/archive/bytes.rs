//! Bytes in a file: as text where they are text, otherwise as hexadecimal digits.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Why a part of a file cannot be read: this version does not know what it says.
pub type UnknownContent = String;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredBytes {
    Text(String),
    Hex(String),
}

impl StoredBytes {
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(hex::encode(bytes)),
        }
    }

    /// The bytes. Fails if they are no hexadecimal digits.
    pub fn read(self) -> Result<Bytes, UnknownContent> {
        match self {
            Self::Text(text) => Ok(text.into()),
            Self::Hex(digits) => hex::decode(digits).map(Bytes::from).map_err(|error| error.to_string()),
        }
    }
}
