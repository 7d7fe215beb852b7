//! Schema room.

pub mod json_schema;
pub mod reference;
pub mod shape;
pub mod vocabulary;
