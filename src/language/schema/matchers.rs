//! The check of matchers: that their word is known, and that what stands behind it can be compared with.

use crate::language::node::{Node, NodeValue};
use crate::language::simplest::OPERATORS;
use crate::text::diagnostic::Diagnostic;
use crate::text::pattern;
use crate::text::suggest::did_you_mean;

/// Checks every matcher in a value.
pub(super) fn check_matcher(node: &Node, mistakes: &mut Vec<Diagnostic>) {
    if let Some((word, operand)) = matcher(node) {
        mistakes.extend(check_operand(word, operand));
        if word != "one_of" && word != "contains" {
            return;
        }
    }
    node.items().iter().for_each(|item| check_matcher(item, mistakes));
    node.entries().iter().for_each(|(_, value)| check_matcher(value, mistakes));
}

/// Checks what is compared with a text: a scalar or a matcher, for no text is like another map or a list.
pub(super) fn check_text_matcher(node: &Node, mistakes: &mut Vec<Diagnostic>) {
    let known = OPERATORS.join(", ");
    match &node.kind {
        NodeValue::List(_) => {
            let mistake = node.mistake(format!("expected a text, found {}", node.describe()));
            mistakes.push(mistake.note("`{ one_of: [a, b] }` allows several texts"));
        }
        NodeValue::Map(_) if matcher(node).is_none() => mistakes.push(not_a_matcher(node, &known)),
        _ => check_matcher(node, mistakes),
    }
}

fn not_a_matcher(node: &Node, known: &str) -> Diagnostic {
    let is_known = |key: &&Node| key.text().is_some_and(|word| OPERATORS.contains(&word));
    let keys: Vec<&Node> = node.entries().iter().map(|(key, _)| key).collect();
    let unknown = keys.iter().copied().find(|key| !is_known(key));
    let help = format!("a text is compared with a text, or with a map that has one of {known}");
    match unknown {
        Some(key) => {
            let word = key.text().unwrap_or_default();
            let nearest = did_you_mean(word, OPERATORS.iter().copied());
            key.mistake(format!("unknown matcher `{word}`{nearest}")).label("unknown matcher").note(help)
        }
        None => node.mistake(format!("a matcher has one word, found {}", keys.len())).note(help),
    }
}

/// The word of a matcher, and what stands behind it.
fn matcher(node: &Node) -> Option<(&str, &Node)> {
    let [(key, operand)] = node.entries() else { return None };
    let word = key.text().filter(|word| OPERATORS.contains(word))?;
    Some((word, operand))
}

fn check_operand(word: &str, operand: &Node) -> Option<Diagnostic> {
    let wrong =
        |expected: &str| Some(operand.mistake(format!("`{word}` needs {expected}, found {}", operand.describe())));
    match word {
        "any" | "absent" if operand.bool() != Some(true) => wrong("`true`"),
        "one_of" if operand.items().is_empty() => wrong("a list with at least one item"),
        "matches" => match operand.text() {
            None => wrong("a regular expression"),
            // The value is known only when the step runs.
            Some(pattern) if pattern.contains("${") => None,
            Some(pattern) => {
                let why_not = pattern::compile(pattern).err();
                why_not.map(|error| operand.mistake(format!("this is not a regular expression: {error}")))
            }
        },
        _ => None,
    }
}
