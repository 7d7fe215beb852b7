//! Reads YAML into a tree in which every part knows its place. Only this file uses the parser. Anchors, aliases, tags and several documents
//! in one file are refused.

use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::node::{Node, NodeValue, check_bounds};
use super::yaml_hints;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{SourcePlace, SourceText};

/// Reads a text that holds one document.
pub(super) fn read(source: &Arc<SourceText>) -> Result<Node, Diagnostic> {
    let mut reader = YamlReader {
        source,
        bytes: ByteOffsets::new(&source.text),
        parser: Parser::new_from_str(&source.text),
        nodes: 0,
    };
    reader.document()
}

/// Turns the character counts of the parser into byte offsets. It is `None` for ASCII, where they are the same.
struct ByteOffsets(Option<Vec<usize>>);

impl ByteOffsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self(None);
        }
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self(Some(offsets.collect()))
    }

    fn of(&self, marker: Marker) -> usize {
        match &self.0 {
            None => marker.index(),
            Some(offsets) => offsets.get(marker.index()).or(offsets.last()).copied().unwrap_or(0),
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.of(span.start)..self.of(span.end)
    }
}

struct YamlReader<'s> {
    source: &'s Arc<SourceText>,
    bytes: ByteOffsets,
    parser: Parser<'s, saphyr_parser::StrInput<'s>>,
    /// How many parts were read so far.
    nodes: usize,
}

impl<'s> YamlReader<'s> {
    fn next(&mut self) -> Result<(Event<'s>, Range<usize>), Diagnostic> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.bytes.range(span))),
            Some(Err(error)) => {
                let at = self.bytes.of(*error.marker());
                let mistake = Diagnostic::new(self.place(at..at), format!("this is not YAML: {}", error.info()));
                Err(match yaml_hints::hint(error.info(), &self.source.text, at) {
                    Some(hint) => mistake.note(hint),
                    None => mistake,
                })
            }
            None => Ok((Event::StreamEnd, self.source.text.len()..self.source.text.len())),
        }
    }

    fn place(&self, span: Range<usize>) -> SourcePlace {
        let end = self.source.text.len();
        let mut span = span.start.min(end)..span.end.min(end);
        // The span of a block runs to the next token. Leave out the white space at its end.
        let length = self.source.text.get(span.clone()).map_or(0, |text| text.trim_end().len());
        span.end = span.start + length;
        SourcePlace { source: self.source.clone(), span }
    }

    fn document(&mut self) -> Result<Node, Diagnostic> {
        let root = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd, span) => return Err(Diagnostic::new(self.place(span), "the file is empty")),
                (event, span) => break self.node(event, span, 0)?,
            }
        };
        loop {
            match self.next()? {
                (Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => return Ok(root),
                (_, span) => {
                    return Err(Diagnostic::new(
                        self.place(span),
                        "a file holds one document, and another begins here",
                    ));
                }
            }
        }
    }

    fn node(&mut self, event: Event<'s>, span: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        self.nodes += 1;
        check_bounds(depth, self.nodes, || self.place(span.clone()))?;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_anchors_and_tags(anchor, tag.is_some(), &span)?;
                let plain = style == ScalarStyle::Plain;
                Ok(Node::scalar(self.place(span), text.into_owned(), plain))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_anchors_and_tags(anchor, tag.is_some(), &span)?;
                self.list(span, depth)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_anchors_and_tags(anchor, tag.is_some(), &span)?;
                self.map(span, depth)
            }
            _ => Err(Diagnostic::new(self.place(span), "aliases (`*name`) are not supported: write the value out")),
        }
    }

    fn refuse_anchors_and_tags(&self, anchor: usize, tagged: bool, span: &Range<usize>) -> Result<(), Diagnostic> {
        match (anchor, tagged) {
            (0, false) => Ok(()),
            (_, true) => {
                let mistake = Diagnostic::new(self.place(span.clone()), "YAML tags (`!name`) are not supported");
                Err(mistake.note(yaml_hints::SPECIAL))
            }
            _ => Err(Diagnostic::new(
                self.place(span.clone()),
                "anchors (`&name`) are not supported: write the value out",
            )
            .note(yaml_hints::SPECIAL)),
        }
    }

    fn list(&mut self, start: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    let place = self.place(start.start..end.end.max(start.end));
                    return Ok(Node { place, kind: NodeValue::List(items) });
                }
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, start: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let place = self.place(start.start..span.end.max(start.end));
                return Node::map(place, entries);
            }
            let key = self.node(event, span, depth + 1)?;
            if !matches!(key.kind, NodeValue::Scalar { .. }) {
                return Err(key.mistake("a key is a word, not a list or a map"));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((key, value));
        }
    }
}
