//! How nodes and lists are answered: the fields of a node, the pages of a list, and JSON that several edges share.
//!
//! The edges use it. A new kind of node is a static [`node_kind::NodeKind`] beside its edge. A part of an answer that two edges share
//! gets a file here.

pub mod fields;
pub mod listing;
pub mod message;
pub mod node_kind;
pub mod not_built;
pub mod page_json;
pub mod participants;
pub mod profile_json;
pub mod reaction;
mod story;
pub mod timestamp;
