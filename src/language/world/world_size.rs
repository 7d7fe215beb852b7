//! How large a world would be, counted before it is made.

use crate::language::node::Node;

/// How many people with names, pages and apps a world file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldSize {
    pub people: usize,
    pub pages: usize,
    pub apps: usize,
}

impl WorldSize {
    /// The size of a world file. What has another shape than it should counts nothing: it is refused where it is read.
    pub fn of(world: &Node) -> Self {
        let count = |key| world.get(key).map_or(0, |part: &Node| part.entries().len() + part.items().len());
        Self { people: count("people"), pages: count("pages"), apps: count("apps") }
    }
}
