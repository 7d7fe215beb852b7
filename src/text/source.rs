//! Language room: a source text and places in it. Everyone who reports a mistake may enter.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file larger than this is refused.
pub const MAX_SOURCE: u64 = 4 * 1024 * 1024;

/// A text that people wrote.
#[derive(Debug)]
pub struct SourceText {
    /// The path as the person gave it, or a word for a text that is no file.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where it stands, so that relative paths inside it can be found.
    pub path: Option<PathBuf>,
}

/// A place in a source, in bytes.
#[derive(Debug, Clone)]
pub struct SourcePlace {
    /// The source.
    pub source: Arc<SourceText>,
    /// Where.
    pub span: Range<usize>,
}

impl SourceText {
    /// Reads a file; what is wrong with it is said in words.
    pub fn read(path: &Path) -> Result<Arc<Self>, String> {
        let name = path.display().to_string();
        let size = std::fs::metadata(path).map_err(|error| format!("cannot read {name}: {error}"))?.len();
        if size > MAX_SOURCE {
            return Err(format!("{name} has {size} bytes; a file may have at most {MAX_SOURCE}"));
        }
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
        Ok(Arc::new(Self { name, text, path: Some(path.to_owned()) }))
    }

    /// A text that is no file.
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
