//! Language room: one kind of mistake for all of them (a file that does not parse, a name that is not known, an expectation that
//! failed), drawn at its place in the source. Everyone who reports a mistake may enter.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source::SourcePlace;

/// A mistake at a place.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Where.
    pub place: SourcePlace,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands at the place, in a few words.
    pub label: String,
    /// What else helps: what was expected, what to try.
    pub notes: Vec<String>,
}

/// Mistakes beyond this many are counted, not drawn.
pub const MAX_DRAWN: usize = 200;

impl Diagnostic {
    /// A mistake.
    pub fn new(place: SourcePlace, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), label: String::new(), notes: Vec::new() }
    }

    /// With words beside the underlined text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With one more line of help.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The mistake drawn over its source, as a compiler draws it.
    pub fn render(&self, colors: bool) -> String {
        let source = &self.place.source;
        let end = self.place.span.end.min(source.text.len());
        let span = self.place.span.start.min(end)..end;
        let annotation = AnnotationKind::Primary.span(span).label(self.label.as_str());
        let snippet = Snippet::source(source.text.as_str()).path(source.name.as_str()).annotation(annotation);
        let mut group = Group::with_title(Level::ERROR.primary_title(self.message.as_str())).element(snippet);
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        let renderer = if colors { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    /// `file:line:column: message`, for reports that have one line for a mistake.
    pub fn one_line(&self) -> String {
        format!("{}: {}", self.place, self.message)
    }
}

/// Mistakes in the order in which people read the files.
pub fn in_order(mut mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.sort_by(|left, right| {
        let key = |mistake: &Diagnostic| (mistake.place.source.name.clone(), mistake.place.span.start);
        key(left).cmp(&key(right))
    });
    mistakes
}

/// All mistakes, drawn one below the other, with a count at the end.
pub fn render_all(diagnostics: &[Diagnostic], colors: bool) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(MAX_DRAWN) {
        text.push_str(&diagnostic.render(colors));
        text.push_str("\n\n");
    }
    let count = diagnostics.len();
    text.push_str(&format!("{count} mistake{}", if count == 1 { "" } else { "s" }));
    if count > MAX_DRAWN {
        text.push_str(&format!(", of which the first {MAX_DRAWN} are shown"));
    }
    text
}
