//! Wire room: JSON text escaped as Meta escapes it, so that a signature over these bytes is Meta's signature.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Which characters are escaped beyond what JSON asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// Webhook bodies: non-ASCII as lower-case `\u`, and `/`, `<`, `%`, `@` too.
    Webhook,
    /// Graph answers: non-ASCII as lower-case `\u`.
    Answer,
}

struct MetaFormatter(Escaping);

impl Formatter for MetaFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in fragment.char_indices() {
            let Some(escape) = self.escape(character) else { continue };
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            plain = at + character.len_utf8();
            match escape {
                Escape::Fixed(text) => writer.write_all(text)?,
                Escape::Units => write_units(writer, character)?,
            }
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

enum Escape {
    Fixed(&'static [u8]),
    Units,
}

impl MetaFormatter {
    fn escape(&self, character: char) -> Option<Escape> {
        match (character, self.0) {
            ('/', Escaping::Webhook) => Some(Escape::Fixed(b"\\/")),
            ('<', Escaping::Webhook) => Some(Escape::Fixed(b"\\u003C")), // upper-case here alone, as recorded
            ('%', Escaping::Webhook) => Some(Escape::Fixed(b"\\u0025")),
            ('@', Escaping::Webhook) => Some(Escape::Fixed(b"\\u0040")),
            (character, _) if !character.is_ascii() => Some(Escape::Units),
            _ => None,
        }
    }
}

fn write_units<W: ?Sized + io::Write>(writer: &mut W, character: char) -> io::Result<()> {
    for unit in character.encode_utf16(&mut [0; 2]) {
        write!(writer, "\\u{unit:04x}")?;
    }
    Ok(())
}

/// The value as compact JSON in these escapes.
pub fn to_bytes<T: Serialize>(value: &T, escaping: Escaping) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let mut serializer = Serializer::with_formatter(&mut bytes, MetaFormatter(escaping));
    if value.serialize(&mut serializer).is_err() {
        // Only a map with keys that are no strings, or a Serialize that fails by itself, ends here; ours do neither.
        bytes.clear();
    }
    bytes
}

/// The value as compact JSON with nothing escaped beyond what JSON asks for.
pub fn to_plain_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let mut serializer = Serializer::with_formatter(&mut bytes, CompactFormatter);
    if value.serialize(&mut serializer).is_err() {
        bytes.clear();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(text: &str) -> String {
        String::from_utf8(to_bytes(&text, Escaping::Webhook)).unwrap_or_default()
    }

    #[test]
    fn webhook_bodies_are_escaped_as_meta_escapes_them() {
        assert_eq!(webhook("äöå"), r#""\u00e4\u00f6\u00e5""#);
        assert_eq!(webhook("a/b <c> 5% d@e & 'f'"), r#""a\/b \u003Cc> 5\u0025 d\u0040e & 'f'""#);
        assert_eq!(webhook("👍"), r#""\ud83d\udc4d""#);
        assert_eq!(webhook("line\n\"quote\" \\"), r#""line\n\"quote\" \\""#);
    }

    #[test]
    fn answers_keep_slashes() {
        assert_eq!(to_bytes(&"ä/@", Escaping::Answer), br#""\u00e4/@""#);
    }
}
