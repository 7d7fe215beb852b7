//! Helpers that read values from a part of a file: texts, numbers, lengths of time, and the one verb of a step.

use serde_json::Value;

use crate::domain::model::time::Span;
use crate::language::node::Node;
use crate::language::schema::shape::{Object, article};
use crate::text::diagnostic::Diagnostic;
use crate::text::units::parse_duration;

pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

/// The text of the part itself; empty if it is a list or a map.
pub(super) fn own_text(node: &Node) -> String {
    node.text().unwrap_or_default().to_owned()
}

pub(super) fn flag(node: &Node, key: &str) -> Option<bool> {
    node.get(key).and_then(Node::bool)
}

pub(super) fn json(node: &Node, key: &str) -> Option<Value> {
    node.get(key).map(Node::json)
}

pub(super) fn duration(node: &Node, key: &str) -> Option<Span> {
    node.get(key).and_then(Node::text).and_then(parse_duration)
}

/// A number within bounds; `default` if the key is left out.
pub(super) fn bounded_number(node: &Node, key: &str, default: u32, from: u32, to: u32) -> Result<u32, Diagnostic> {
    let Some(value) = node.get(key) else { return Ok(default) };
    let number = value.text().and_then(|text| text.parse().ok()).filter(|number| (from..=to).contains(number));
    number.ok_or_else(|| value.mistake(format!("`{key}` is a number from {from} to {to}")))
}

/// The keys of a step, apart from `others`.
pub(super) fn verbs_of(object: &'static Object, others: &[&str]) -> Vec<&'static str> {
    object.keys.iter().map(|key| key.name).filter(|name| !others.contains(name)).collect()
}

/// The one verb that a step has of `verbs`, with its value. Two of them are a mistake.
pub(super) fn one_verb<'n>(
    node: &'n Node,
    subject: &str,
    verbs: &[&str],
) -> Result<Option<(&'n str, &'n Node)>, Diagnostic> {
    let entries = node.entries().iter().filter_map(|(key, value)| Some((key.text()?, value)));
    let mut present = entries.filter(|(key, _)| verbs.contains(key));
    match (present.next(), present.next()) {
        (verb, None) => Ok(verb),
        (None, Some(_)) => Ok(None),
        (Some((first, _)), Some((second, _))) => {
            let message =
                format!("{} `{subject}` step does one thing: this has `{first}` and `{second}`", article(subject));
            Err(node.mistake(message).note("write two steps"))
        }
    }
}

/// The mistake of a step that has none of `verbs`.
pub(super) fn no_verb(node: &Node, subject: &str, verbs: &[&str]) -> Diagnostic {
    node.mistake(format!("this `{subject}` step does nothing")).note(format!("it may have: {}", verbs.join(", ")))
}

/// Some keys only go with certain verbs. `rules` lists such a key and its verbs.
pub(super) fn check_modifiers(node: &Node, verb: Option<&str>, rules: &[(&str, &[&str])]) -> Result<(), Diagnostic> {
    for (modifier, verbs) in rules {
        if let (Some(at), false) = (node.get(modifier), verb.is_some_and(|verb| verbs.contains(&verb))) {
            return Err(at.mistake(format!("`{modifier}` goes with `{}`", verbs.join("` or `"))));
        }
    }
    Ok(())
}
