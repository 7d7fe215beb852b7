//! A mistake at a place in a source, and how it is drawn there: a file that does not parse, an unknown name, an expectation that failed.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source::SourcePlace;

/// A mistake at a place.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Where it is.
    pub place: SourcePlace,
    /// What is wrong, in one line.
    pub message: String,
    /// A few words beside the underlined text.
    pub label: String,
    /// More lines of help: what was expected, what to try.
    pub notes: Vec<String>,
}

/// The most mistakes that are drawn. Those beyond are only counted.
pub const MAX_DRAWN: usize = 200;

impl Diagnostic {
    /// A mistake without label and notes.
    pub fn new(place: SourcePlace, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), label: String::new(), notes: Vec::new() }
    }

    /// Sets the words beside the underlined text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a line of help.
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

    /// `file:line:column: message`, for reports with one line per mistake.
    pub fn one_line(&self) -> String {
        format!("{}: {}", self.place, self.message)
    }
}

/// Sorts mistakes by file and place.
pub fn in_order(mut mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.sort_by(|left, right| {
        let key = |mistake: &Diagnostic| (mistake.place.source.name.clone(), mistake.place.span.start);
        key(left).cmp(&key(right))
    });
    mistakes
}

/// Draws all mistakes, with their number at the end.
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
