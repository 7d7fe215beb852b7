//! `/oauth`.

mod access_token;
mod dialog;
