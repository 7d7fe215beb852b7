//! Writes JSON with Meta's escapes. A signature covers exact bytes, so the escapes must be Meta's.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Which characters are escaped beyond what JSON demands, and what separates values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// Webhook bodies: non-ASCII as lower-case `\u`, and `/`, `<`, `%`, `@` too.
    Webhook,
    /// Graph answers: non-ASCII as lower-case `\u`.
    Answer,
    /// Nothing is escaped, and a space follows each `:` and `,`, as in Python's `json.dumps` with `ensure_ascii=False`. These are never the
    /// bytes that Meta signed.
    ReEncoded,
}

struct MetaFormatter(Escaping);

impl Formatter for MetaFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        // Most text has nothing to escape and is written in one piece.
        while let Some(at) = rest.bytes().position(|byte| self.is_escaped(byte)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let Some(character) = rest[at..].chars().next() else { break };
            match fixed_escape(character) {
                Some(text) => writer.write_all(text)?,
                None => write_utf16_escapes(writer, character)?,
            }
            rest = &rest[at + character.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.0 == Escaping::ReEncoded { b": " } else { b":" })
    }
}

impl MetaFormatter {
    fn separate<W: ?Sized + io::Write>(&self, writer: &mut W, is_first: bool) -> io::Result<()> {
        match (is_first, self.0) {
            (true, _) => Ok(()),
            (false, Escaping::ReEncoded) => writer.write_all(b", "),
            (false, Escaping::Webhook | Escaping::Answer) => writer.write_all(b","),
        }
    }

    /// True if the byte is, or begins, a character that is escaped.
    fn is_escaped(&self, byte: u8) -> bool {
        match self.0 {
            Escaping::Webhook => !byte.is_ascii() || matches!(byte, b'/' | b'<' | b'%' | b'@'),
            Escaping::Answer => !byte.is_ascii(),
            Escaping::ReEncoded => false,
        }
    }
}

fn fixed_escape(character: char) -> Option<&'static [u8]> {
    match character {
        '/' => Some(b"\\/"),
        '<' => Some(b"\\u003C"), // Recorded webhooks have upper case only here.
        '%' => Some(b"\\u0025"),
        '@' => Some(b"\\u0040"),
        _ => None,
    }
}

fn write_utf16_escapes<W: ?Sized + io::Write>(writer: &mut W, character: char) -> io::Result<()> {
    for unit in character.encode_utf16(&mut [0; 2]) {
        write!(writer, "\\u{unit:04x}")?;
    }
    Ok(())
}

/// The value as JSON on one line, with these escapes.
pub fn to_bytes<T: Serialize>(value: &T, escaping: Escaping) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let mut serializer = Serializer::with_formatter(&mut bytes, MetaFormatter(escaping));
    if value.serialize(&mut serializer).is_err() {
        // This happens only for a map whose keys are not strings, or for a `Serialize` that fails by itself. Ours do neither.
        bytes.clear();
    }
    bytes
}

/// The value as JSON for people, with these escapes, indented by three spaces as Meta does.
pub fn to_pretty_bytes<T: Serialize>(value: &T, escaping: Escaping) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let formatter = PrettyMetaFormatter(MetaFormatter(escaping), PrettyFormatter::with_indent(b"   "));
    let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
    if value.serialize(&mut serializer).is_err() {
        bytes.clear();
    }
    bytes
}

/// Meta's escapes, with line breaks.
struct PrettyMetaFormatter(MetaFormatter, PrettyFormatter<'static>);

macro_rules! as_pretty {
    ($($name:ident($($first:ident)?)),* $(,)?) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $first: bool)?) -> io::Result<()> {
            self.1.$name(writer $(, $first)?)
        })*
    };
}

impl Formatter for PrettyMetaFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        self.0.write_string_fragment(writer, fragment)
    }

    as_pretty!(
        begin_array(),
        end_array(),
        begin_array_value(first),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(first),
        begin_object_value(),
        end_object_value(),
    );
}

/// The value as compact JSON, without escapes beyond those that JSON demands.
pub fn to_plain_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    write_plain(&mut bytes, value);
    bytes
}

/// Adds the value as compact JSON, without escapes beyond those that JSON demands.
pub fn write_plain<T: Serialize>(bytes: &mut Vec<u8>, value: &T) {
    let before = bytes.len();
    if value.serialize(&mut Serializer::with_formatter(&mut *bytes, CompactFormatter)).is_err() {
        bytes.truncate(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(text: &str) -> String {
        String::from_utf8(to_bytes(&text, Escaping::Webhook)).unwrap_or_default()
    }

    #[test]
    fn webhook_bodies_have_metas_escapes() {
        assert_eq!(webhook("äöå"), r#""\u00e4\u00f6\u00e5""#);
        assert_eq!(webhook("a/b <c> 5% d@e & 'f'"), r#""a\/b \u003Cc> 5\u0025 d\u0040e & 'f'""#);
        assert_eq!(webhook("👍"), r#""\ud83d\udc4d""#);
        assert_eq!(webhook("line\n\"quote\" \\"), r#""line\n\"quote\" \\""#);
    }

    #[test]
    fn answers_keep_slashes() {
        assert_eq!(to_bytes(&"ä/@", Escaping::Answer), br#""\u00e4/@""#);
    }

    #[test]
    fn re_encoded_json_has_spaces_and_no_escapes() {
        let value = serde_json::json!({ "a/b": ["ä", 1], "c": {} });
        assert_eq!(to_bytes(&value, Escaping::ReEncoded), r#"{"a/b": ["ä", 1], "c": {}}"#.as_bytes());
    }
}
