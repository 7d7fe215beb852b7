//! The language of scenarios and worlds: from the text of a file to checked values. `schema` has the words, `steps` reads steps, `world`
//! reads worlds, `files` reads whole files. `runner`, `compare`, `control`, `archive`, `testing` and `cli` use it.
//!
//! To add a word, see `steps` and `world`.

pub mod account_notes;
mod document;
pub mod expand;
pub mod files;
mod json;
pub mod node;
pub mod readable_files;
pub mod schema;
pub mod silent_fields;
pub mod simplest;
pub mod steps;
pub mod world;
mod yaml;
mod yaml_hints;

pub use self::node::Node;
pub use self::schema::names::Names;
