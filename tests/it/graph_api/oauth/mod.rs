//! `/oauth`.

mod access_token;
