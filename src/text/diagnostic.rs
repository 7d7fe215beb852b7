//! A mistake at a place in a source, and how it is drawn there: a file that does not parse, an unknown name, an expectation that failed.

use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::printable::printable;
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
pub const MAX_DRAWN: usize = 50;
/// The most bytes of lines that a drawing shows. Of a longer part it shows the first line, and of a longer line only the place.
const MAX_DRAWN_TEXT: usize = 8 * 1024;

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
        let (message, label, source) =
            (printable(&self.message), printable(&self.label), printable(&self.place.source.name));
        let notes: Vec<_> = self.notes.iter().map(|note| printable(note)).collect();
        let title = Level::ERROR.primary_title(&*message);
        let source = &*source;
        let (line, column) = self.place.line_and_column();
        let mut group = match DrawnLines::of(&self.place) {
            Some(DrawnLines { text, span }) => {
                let annotation = AnnotationKind::Primary.span(span).label(&*label);
                let snippet = Snippet::source(text).path(source).line_start(line).annotation(annotation);
                Group::with_title(title).element(snippet)
            }
            None => Group::with_title(title).element(Origin::path(source).line(line).char_column(column)),
        };
        for note in &notes {
            group = group.element(Level::NOTE.message(&**note));
        }
        let renderer = if colors { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    /// Where it is: by this mistakes are put in order.
    fn key(&self) -> (&str, usize, usize) {
        (&self.place.source.name, self.place.span.start, self.place.span.end)
    }

    /// `file:line:column: message`, for reports with one line per mistake.
    pub fn one_line(&self) -> String {
        printable(&format!("{}: {}", self.place, self.message)).into_owned()
    }
}

/// The lines of a place. Only they are drawn, so that a mistake costs as much at the end of a large text as in a small one.
struct DrawnLines<'t> {
    text: &'t str,
    /// What is underlined, in bytes of these lines.
    span: Range<usize>,
}

impl<'t> DrawnLines<'t> {
    /// `None` if the first line alone is too long to be drawn.
    fn of(place: &'t SourcePlace) -> Option<Self> {
        let source = place.source.text.as_str();
        let end = place.span.end.min(source.len());
        let start = place.span.start.min(end);
        let first = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let end_of_line = |from: usize| source[from..].find('\n').map_or(source.len(), |at| from + at);
        let last = end_of_line(end);
        if last - first <= MAX_DRAWN_TEXT {
            return Some(Self { text: &source[first..last], span: start - first..end - first });
        }
        let last = end_of_line(start);
        (last - first <= MAX_DRAWN_TEXT).then(|| Self { text: &source[first..last], span: start - first..last - first })
    }
}

/// Sorts mistakes by file and place.
pub fn in_order(mut mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.sort_by(|left, right| left.key().cmp(&right.key()));
    mistakes
}

/// Drops each mistake that is the same as an earlier one.
pub fn without_repeats(mistakes: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    let is_new: Vec<bool> = mistakes.iter().map(|mistake| seen.insert((mistake.key(), &*mistake.message))).collect();
    let mut is_new = is_new.into_iter();
    mistakes.retain(|_| is_new.next().unwrap_or(true));
}

/// Mistakes with one line each, with the number of those that are left out.
pub fn one_line_each(mistakes: &[Diagnostic]) -> String {
    let mut lines: Vec<String> = mistakes.iter().take(MAX_DRAWN).map(Diagnostic::one_line).collect();
    if mistakes.len() > MAX_DRAWN {
        lines.push(format!("and {} more mistakes", mistakes.len() - MAX_DRAWN));
    }
    lines.join("\n")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::SourceText;

    fn at(text: &str, span: Range<usize>) -> Diagnostic {
        Diagnostic::new(SourcePlace { source: SourceText::inline("a", text), span }, "wrong")
    }

    #[test]
    fn the_place_is_the_same_wherever_the_text_ends() {
        let text = format!("{}  - here: now\n  - later\n", "é\n".repeat(3000));
        let start = text.find("here").unwrap_or_default();
        let drawn = at(&text, start..start + 4).render(false);
        let lines: Vec<&str> = drawn.lines().map(str::trim_end).collect();
        let expected = ["error: wrong", "    --> a:3001:5", "     |", "3001 |   - here: now", "     |     ^^^^"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_too_long_to_be_drawn_is_named_by_its_place() {
        let line = format!("{}here", "x".repeat(MAX_DRAWN_TEXT));
        let drawn = at(&line, MAX_DRAWN_TEXT..MAX_DRAWN_TEXT + 4).note("try this").render(false);
        assert_eq!(drawn, "error: wrong\n--> a:1:8193\n = note: try this");
        let lines = format!("first line\n{}", "x\n".repeat(MAX_DRAWN_TEXT));
        let drawn = at(&lines, 6..lines.len()).render(false);
        assert!(drawn.contains("1 | first line") && drawn.lines().count() == 5, "{drawn}");
    }

    #[test]
    fn of_many_mistakes_the_first_are_shown_and_the_rest_are_counted() {
        let mut mistakes: Vec<Diagnostic> = (0..200).map(|place| at(&"x".repeat(300), place..place + 1)).collect();
        mistakes.extend(mistakes.clone());
        without_repeats(&mut mistakes);
        assert_eq!(mistakes.len(), 200);
        assert_eq!(render_all(&mistakes, false).matches("error: wrong").count(), MAX_DRAWN);
        assert!(render_all(&mistakes, false).ends_with("200 mistakes, of which the first 50 are shown"));
        assert!(one_line_each(&mistakes).ends_with("a:1:50: wrong\nand 150 more mistakes"));
    }
}
