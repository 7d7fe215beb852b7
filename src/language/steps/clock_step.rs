//! A `clock` step: how time goes on.

use crate::domain::model::time::{Moment, Span};
use crate::language::node::Node;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::{MOMENT_HELP, parse_duration, parse_moment};

#[derive(Debug, Clone, Copy)]
pub enum ClockStep {
    By(Span),
    To(Moment),
}

pub(super) fn read_clock_step(node: &Node) -> Result<ClockStep, Diagnostic> {
    let value = node.get("clock").ok_or_else(|| node.mistake("a `clock` step says how far time goes on"))?;
    if let Some(to) = value.get("to") {
        let moment = to.text().and_then(parse_moment);
        return moment.map(ClockStep::To).ok_or_else(|| to.mistake("expected a moment").note(MOMENT_HELP));
    }
    let span = value.text().and_then(|text| parse_duration(text.strip_prefix('+')?));
    span.map(ClockStep::By).ok_or_else(|| value.mistake("expected `+` and a length of time"))
}
