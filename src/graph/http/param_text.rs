//! What the texts of parameters may be: URLs, ids, numbers, flags.

use super::param_value::ParamValue;

/// The longest URL, in characters. A world keeps the URLs of messages.
pub const MAX_URL: usize = 4096;
/// The most characters of a number.
const MAX_NUMBER: usize = 32;
/// The most digits of an id.
const MAX_ID: usize = 32;

/// True for what Meta's validator takes: http or https, with a host.
pub fn is_url(text: &str) -> bool {
    text.len() <= MAX_URL && !text.contains(' ') && host(text).is_some_and(|host| !host.is_empty())
}

pub fn is_secure_url(text: &str) -> bool {
    text.starts_with("https://") && is_url(text)
}

/// The host of a URL.
pub fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    host.split(':').next()
}

pub fn is_id(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for a decimal number in JSON's grammar: no `NaN`, no `1e`, no `.5`.
pub fn is_number(text: &str) -> bool {
    text.len() <= MAX_NUMBER && text.parse::<serde_json::Number>().is_ok()
}

/// A boolean: `true`, `false`, `1` or `0`.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// `a,b` and `a, b`.
pub fn split_list(text: &str) -> Vec<ParamValue<'static>> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| ParamValue::Text(item.to_owned().into())).collect()
}
