//! Parses queries and bodies that are forms: `name=value&name=value`, with escapes.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// A name or a value. An error has the text with U+FFFD in place of the bytes that are no UTF-8.
pub type Decoded<'t> = Result<Cow<'t, str>, String>;

/// Names and values, in order.
pub fn pairs(form: &[u8]) -> impl Iterator<Item = (Decoded<'_>, Decoded<'_>)> {
    byte_pairs(form).map(|(name, value)| (text(name), text(value)))
}

/// Names and values without their escapes, whether or not they are UTF-8.
pub fn byte_pairs(form: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
    form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let mut next = || unescaped(parts.next().unwrap_or_default());
        (next(), next())
    })
}

fn unescaped(escaped: &[u8]) -> Cow<'_, [u8]> {
    if !escaped.contains(&b'+') {
        return percent_decode(escaped).into();
    }
    let spaced: Vec<u8> = escaped.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

/// Bytes as text.
pub fn text(bytes: Cow<'_, [u8]>) -> Decoded<'_> {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| lossy(bytes)),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|error| lossy(error.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_decoded_as_browsers_encode_it() {
        for form in ["a=1&b=2", "a=b=c", "a", "&&a=&=b&", "a+b=c+%2B%26", "%C3%A4=%zz%4", "ä=ö+", ""] {
            let decoded = pairs(form.as_bytes()).map(|(name, value)| (name.expect("UTF-8"), value.expect("UTF-8")));
            assert!(decoded.eq(form_urlencoded::parse(form.as_bytes())), "{form}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error() {
        for form in [&b"a=x%FFy"[..], b"a=x\xFFy", b"a=x%FFy+"] {
            let value = pairs(form).next().map(|(_, value)| value);
            assert!(matches!(value, Some(Err(lossy)) if lossy.starts_with("x\u{fffd}y")), "{form:?}");
        }
    }
}
