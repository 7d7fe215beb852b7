//! The keys of a request whose body is a small map.

use crate::language::Node;
use crate::text::suggest::did_you_mean;

use super::answer::Problem;

/// Fails if the request has a key that is not known. `note` says what stands where.
pub fn check_keys(request: &Node, known: &[&str], note: &str) -> Result<(), Problem> {
    let mut keys = request.entries().iter().map(|(key, _)| (key, key.text().unwrap_or_default()));
    let Some((key, name)) = keys.find(|(_, name)| !known.contains(name)) else { return Ok(()) };
    let nearest = did_you_mean(name, known.iter().copied());
    let mistake = key.mistake(format!("unknown key `{name}`{nearest}")).note(note);
    Err(Problem::of_mistakes(400, &[mistake]))
}

/// The text at a key. Fails if something else stands there.
pub fn text_at<'n>(request: &'n Node, key: &str, expected: &str) -> Result<Option<&'n str>, Problem> {
    let Some(node) = request.get(key).filter(|node| !node.is_null()) else { return Ok(None) };
    match node.text() {
        Some(text) => Ok(Some(text)),
        None => Err(Problem::of_mistakes(400, &[node.mistake(format!("`{key}` is {expected}"))])),
    }
}
