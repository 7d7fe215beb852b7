//! Scenario files: read, or refused with mistakes that can be drawn.
#![no_main]

use graphdouble::internals::text::diagnostic::render_all;
use graphdouble::internals::language::files;
use graphdouble::internals::text::source::SourceText;
use graphdouble_fuzz::bakery;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    if let Err(mistakes) = files::read_for(&SourceText::inline("input", input), &bakery()) {
        assert!(!mistakes.is_empty());
        render_all(&mistakes, false);
    }
});
