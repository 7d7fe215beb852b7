//! Puts names of people in the place of their page-scoped ids, so that a failure says who is meant.

use crate::domain::model::config::Config;
use crate::text::diagnostic::Diagnostic;

/// Shorter numbers are rarely ids, and could be anything.
const LEAST_DIGITS: usize = 6;

/// The same failure, with names.
pub(super) fn with_names(config: &Config, mut failure: Diagnostic) -> Diagnostic {
    failure.message = named(config, &failure.message);
    failure.notes.iter_mut().for_each(|note| *note = named(config, note));
    failure
}

/// The same text, with names.
pub(super) fn named(config: &Config, text: &str) -> String {
    let is_part_of_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part_of_word) {
        let (before, word_and_after) = rest.split_at(start);
        let end = word_and_after.find(|letter| !is_part_of_word(letter)).unwrap_or(word_and_after.len());
        let (word, after) = word_and_after.split_at(end);
        out.push_str(before);
        match name_of(config, word) {
            Some(name) => out.push_str(&name),
            None => out.push_str(word),
        }
        rest = after;
    }
    out + rest
}

fn name_of(config: &Config, word: &str) -> Option<String> {
    let may_be_id = word.len() >= LEAST_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit());
    let thread = config.people.thread_of(word).filter(|_| may_be_id)?;
    Some(config.thread_name(thread))
}
