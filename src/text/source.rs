//! A text that people wrote, and places in it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bounded_file;

/// The most bytes of a file.
pub const MAX_SOURCE: u64 = 4 * 1024 * 1024;

/// A text that people wrote.
#[derive(Debug)]
pub struct SourceText {
    /// The path as it was given, or a word if the text is not a file.
    pub name: String,
    /// Its characters.
    pub text: String,
    /// The path of the file. Paths inside the text are relative to it.
    pub path: Option<PathBuf>,
}

/// A place in a source, in bytes.
#[derive(Debug, Clone)]
pub struct SourcePlace {
    pub source: Arc<SourceText>,
    pub span: Range<usize>,
}

impl SourceText {
    /// Reads a file. The error says in words why that failed.
    pub fn read(path: &Path) -> Result<Arc<Self>, String> {
        let (name, text) = (path.display().to_string(), bounded_file::read_text(path, MAX_SOURCE)?);
        Ok(Arc::new(Self { name, text, path: Some(path.to_owned()) }))
    }

    /// A text that is not a file.
    pub fn inline(name: &str, text: &str) -> Arc<Self> {
        Arc::new(Self { name: name.to_owned(), text: text.to_owned(), path: None })
    }
}

impl SourcePlace {
    /// Line and column, both counted from 1; the column in characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = &self.source.text[..self.span.start.min(self.source.text.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The text at the place.
    pub fn text(&self) -> &str {
        self.source.text.get(self.span.clone()).unwrap_or_default()
    }
}

impl std::fmt::Display for SourcePlace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (line, column) = self.line_and_column();
        write!(formatter, "{}:{line}:{column}", self.source.name)
    }
}
