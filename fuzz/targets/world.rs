//! World files: read, or refused with mistakes that can be drawn.
#![no_main]

use graphdouble::scenario::language::Node;
use graphdouble::scenario::language::diagnostic::render_all;
use graphdouble::scenario::language::source::Source;
use graphdouble::scenario::language::world::{self, Changes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let read = Node::parse(&Source::inline("input", input)).map_err(|mistake| vec![mistake]);
    if let Err(mistakes) = read.and_then(|node| world::read(&node, &Changes::default())) {
        assert!(!mistakes.is_empty());
        render_all(&mistakes, false);
    }
});
