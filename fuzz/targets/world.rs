//! World files: read, or refused with mistakes that can be drawn.
#![no_main]

use graphdouble::internals::language::Node;
use graphdouble::internals::text::diagnostic::render_all;
use graphdouble::internals::text::source::SourceText;
use graphdouble::internals::language::world::read_world;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let read = Node::parse(&SourceText::inline("input", input)).map_err(|mistake| vec![mistake]);
    if let Err(mistakes) = read.and_then(|node| read_world::read(&node, &WorldOverrides::default())) {
        assert!(!mistakes.is_empty());
        render_all(&mistakes, false);
    }
});
