//! Language room: scenario and world files from text to checked meaning. One vocabulary describes them; checking, the JSON Schema
//! and the suggestions all read it. The run and the control API enter by `files`, `read_step` and `world`.

pub mod files;
pub mod node;
pub mod schema;
pub mod steps;
pub mod world;

pub use self::node::Node;
pub use self::schema::shape::Names;
