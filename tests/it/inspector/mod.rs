//! The inspector page as the server gives it out. What it does in a browser is tried in tests/inspector/.

mod files;
mod serving;
