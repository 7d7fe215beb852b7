//! Language room: scenario and world files from text to checked meaning. One vocabulary describes them; checking, the JSON Schema
//! and the suggestions all read it. The run and the control API enter by `files`, `read_step` and `world`.

pub mod declared;
pub mod diagnostic;
pub mod expectation;
pub mod files;
mod node;
pub mod read_fault;
pub mod read_step;
mod read_webhook_fault;
pub mod reference;
pub mod routings;
pub mod schema;
mod shape;
pub mod source;
pub mod step;
pub mod units;
mod vocabulary;
pub mod world;
mod world_ad;
mod world_page;
mod world_user;

pub use node::Node;
pub use shape::Names;
