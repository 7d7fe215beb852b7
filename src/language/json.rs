//! Reads JSON into a tree in which every part knows its place. A mistake says what was expected, and where.

use std::ops::Range;
use std::sync::Arc;

use super::node::{Node, NodeValue, check_bounds};
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{SourcePlace, SourceText};

/// PowerShell writes it before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// The most characters of a wrong word that a message repeats.
const MAX_WORD: usize = 30;
const ESCAPES: &str = "the escapes of JSON are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits";
const NUMBERS: &str = "numbers are written like 12, -3.5 and 1e9; anything else is text in double quotes";

/// Why a text could not be read as JSON.
pub(super) struct NotJson {
    pub(super) mistake: Diagnostic,
    /// True if the text is JSON and breaks a rule that holds for YAML, too.
    pub(super) is_final: bool,
    /// True if the text is JSON with a mistake. False if it is rather YAML: text without quotes comes before any text in double quotes.
    pub(super) is_meant_as_json: bool,
}

/// True if a text begins like a map or a list of JSON.
pub(super) fn begins_as_json(text: &str) -> bool {
    text.trim_start_matches(BYTE_ORDER_MARK).trim_start().starts_with(['{', '['])
}

/// Reads a text that holds one value.
pub(super) fn read(source: &Arc<SourceText>) -> Result<Node, NotJson> {
    let mut reader =
        JsonReader { source, at: 0, nodes: 0, has_read_text: false, met_bare_word: false, is_final: false };
    reader.document().map_err(|mistake| NotJson {
        mistake,
        is_final: reader.is_final,
        is_meant_as_json: reader.has_read_text || !reader.met_bare_word,
    })
}

struct JsonReader<'s> {
    source: &'s Arc<SourceText>,
    /// The next byte. It is always the first byte of a character.
    at: usize,
    /// How many parts were read so far.
    nodes: usize,
    /// True after the first text in double quotes.
    has_read_text: bool,
    /// True if the mistake is something that YAML may have in this place and JSON may not.
    met_bare_word: bool,
    /// True if the mistake is one of YAML, too.
    is_final: bool,
}

impl<'s> JsonReader<'s> {
    fn document(&mut self) -> Result<Node, Diagnostic> {
        if self.source.text.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len_utf8();
        }
        let root = self.value(0)?;
        self.skip_space();
        match self.byte() {
            None => Ok(root),
            Some(_) => {
                Err(self.wrong_here("this is not JSON: one value is expected, and more follows behind it".to_owned()))
            }
        }
    }

    /// A value, with the white space before it.
    fn value(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        self.skip_space();
        let start = self.at;
        self.nodes += 1;
        check_bounds(depth, self.nodes, || self.place(start..start + 1)).inspect_err(|_| self.is_final = true)?;
        match self.byte() {
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.text(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn map(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        let start = self.at;
        let mut entries = Vec::new();
        self.at += 1;
        self.skip_space();
        while self.byte() != Some(b'}') {
            entries.push(self.entry(depth, entries.is_empty())?);
            self.skip_space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.expected("`,` or `}`")),
            }
            self.skip_space();
            self.refuse_comma_before(b'}')?;
        }
        self.at += 1;
        Node::map(self.place(start..self.at), entries).inspect_err(|_| self.is_final = true)
    }

    fn entry(&mut self, depth: usize, is_first: bool) -> Result<(Node, Node), Diagnostic> {
        if self.byte() != Some(b'"') {
            self.met_bare_word = !matches!(self.byte(), None | Some(b',' | b':' | b'{' | b'[' | b']'));
            let expected = if is_first { "a key in double quotes or `}`" } else { "a key in double quotes" };
            return Err(self.expected(expected));
        }
        self.nodes += 1;
        let key = self.text()?;
        self.skip_space();
        if self.byte() != Some(b':') {
            return Err(self.expected("`:` and a value"));
        }
        self.at += 1;
        Ok((key, self.value(depth + 1)?))
    }

    fn list(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        let start = self.at;
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        while self.byte() != Some(b']') {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.expected("`,` or `]`")),
            }
            self.skip_space();
            self.refuse_comma_before(b']')?;
        }
        self.at += 1;
        Ok(Node { place: self.place(start..self.at), kind: NodeValue::List(items) })
    }

    fn refuse_comma_before(&self, end: u8) -> Result<(), Diagnostic> {
        if self.byte() != Some(end) {
            return Ok(());
        }
        let message = format!("this is not JSON: a comma stands before `{}`", char::from(end));
        Err(self.wrong_here(message).note("leave out the last comma"))
    }

    fn number(&mut self) -> Result<Node, Diagnostic> {
        let start = self.at;
        let text = self.word();
        if !is_number(text) {
            let mistake =
                self.wrong(start..start + text.len(), format!("this is not JSON: `{}` is no number", short(text)));
            return Err(mistake.note(NUMBERS));
        }
        self.at += text.len();
        Ok(Node::scalar(self.place(start..self.at), text.to_owned(), true))
    }

    fn literal(&mut self) -> Result<Node, Diagnostic> {
        let (start, word) = (self.at, self.word());
        if !matches!(word, "true" | "false" | "null") {
            self.met_bare_word = !matches!(self.byte(), None | Some(b',' | b':' | b'}' | b']'));
            let mistake = self.expected("a value");
            return Err(if word.is_empty() { mistake } else { mistake.note("text is written in double quotes") });
        }
        self.at += word.len();
        Ok(Node::scalar(self.place(start..self.at), word.to_owned(), true))
    }

    /// Text in double quotes.
    fn text(&mut self) -> Result<Node, Diagnostic> {
        let start = self.at;
        self.at += 1;
        let mut text = self.plain_characters().to_owned();
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => text.push(self.escaped_character()?),
                Some(_) => return Err(self.control_character()),
                None => {
                    let message = "this is not JSON: the text that begins here has no closing `\"`";
                    return Err(self.wrong(start..start + 1, message.to_owned()));
                }
            }
            text.push_str(self.plain_characters());
        }
        self.at += 1;
        self.has_read_text = true;
        Ok(Node::scalar(self.place(start..self.at), text, false))
    }

    /// The characters up to the next one that ends a text, begins an escape, or may not stand in a text.
    fn plain_characters(&mut self) -> &'s str {
        let rest = &self.source.text[self.at..];
        let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
        let length = rest.as_bytes().iter().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn control_character(&self) -> Diagnostic {
        let (name, escape) = match self.byte() {
            Some(b'\n') => ("a line break".to_owned(), "\\n".to_owned()),
            Some(b'\r') => ("a line break".to_owned(), "\\r".to_owned()),
            Some(b'\t') => ("a tab".to_owned(), "\\t".to_owned()),
            other => {
                let code = other.unwrap_or_default();
                (format!("the control character U+{code:04X}"), format!("\\u{code:04x}"))
            }
        };
        self.wrong(self.at..self.at + 1, format!("this is not JSON: {name} stands in a text"))
            .note(format!("write it as `{escape}`"))
    }

    /// An escape, which begins with a backslash. Characters beyond U+FFFF are two of them.
    fn escaped_character(&mut self) -> Result<char, Diagnostic> {
        let start = self.at;
        self.at += 1;
        let character = match self.byte() {
            Some(b'u') => return self.unicode_escape(start),
            Some(character @ (b'"' | b'\\' | b'/')) => char::from(character),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return Err(self.unknown_escape(start)),
        };
        self.at += 1;
        Ok(character)
    }

    fn unknown_escape(&self, start: usize) -> Diagnostic {
        let end = self.at + self.source.text[self.at..].chars().next().map_or(0, char::len_utf8);
        let message = format!("this is not JSON: `{}` is no escape", &self.source.text[start..end]);
        self.wrong(start..end, message).note(ESCAPES)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Diagnostic> {
        let unit = self.hexadecimal(start)?;
        if !(0xd800..=0xdfff).contains(&unit) {
            return char::from_u32(unit).ok_or_else(|| self.half_of_a_pair(start));
        }
        let is_followed = self.source.text[self.at..].starts_with("\\u");
        if unit > 0xdbff || !is_followed {
            return Err(self.half_of_a_pair(start));
        }
        let second = self.at;
        self.at += 1;
        let low = self.hexadecimal(second)?;
        if !(0xdc00..=0xdfff).contains(&low) {
            self.at = second;
            return Err(self.half_of_a_pair(start));
        }
        let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        char::from_u32(code).ok_or_else(|| self.half_of_a_pair(start))
    }

    fn half_of_a_pair(&self, start: usize) -> Diagnostic {
        let message = format!("`{}` is half of a surrogate pair", &self.source.text[start..self.at]);
        self.wrong(start..self.at, message)
            .note("a pair is `\\ud800` to `\\udbff`, and then `\\udc00` to `\\udfff`: 😀 is `\\ud83d\\ude00`")
            .note("text that is cut after a number of UTF-16 units may end with half of a pair")
    }

    /// The four digits of an escape. The reader stands at its `u`.
    fn hexadecimal(&mut self, start: usize) -> Result<u32, Diagnostic> {
        let digits = self.source.text.as_bytes().get(self.at + 1..self.at + 5).unwrap_or_default();
        let value = digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?));
        let Some(value) = value.filter(|_| digits.len() == 4) else { return Err(self.unknown_escape(start)) };
        self.at += 5;
        Ok(value)
    }

    fn byte(&self) -> Option<u8> {
        self.source.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// The word or number at the reader. It may be empty.
    fn word(&self) -> &'s str {
        let rest = &self.source.text[self.at..];
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '+' | '-' | '.' | '_' | '$');
        &rest[..rest.find(|character| !is_part(character)).unwrap_or(rest.len())]
    }

    fn place(&self, span: Range<usize>) -> SourcePlace {
        SourcePlace { source: self.source.clone(), span }
    }

    fn wrong(&self, span: Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(self.place(span), message)
    }

    /// A mistake at the next word or character.
    fn wrong_here(&self, message: String) -> Diagnostic {
        let word = self.word().len();
        let character = self.source.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.wrong(self.at..self.at + if word == 0 { character } else { word }, message)
    }

    fn expected(&self, what: &str) -> Diagnostic {
        let found = match self.source.text[self.at..].chars().next() {
            None => return self.wrong_here(format!("this is not JSON: it ends here, and {what} is missing")),
            Some('"') => "text".to_owned(),
            Some(character) if self.word().is_empty() => format!("`{character}`"),
            Some(_) => format!("`{}`", short(self.word())),
        };
        self.wrong_here(format!("this is not JSON: expected {what}, found {found}"))
    }
}

fn short(word: &str) -> String {
    match word.char_indices().nth(MAX_WORD) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

/// True for a number as JSON writes it.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
