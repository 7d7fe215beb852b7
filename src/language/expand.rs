//! Puts the values of a row of `cases` into the steps that it repeats. What rows make of a file is bounded before it is made: a few lines
//! can stand for any number of steps, and a short text for a text of any length.

use super::node::{Node, NodeValue};
use crate::text::diagnostic::Diagnostic;

/// The most parts of all steps of a file, once for each row.
pub const MAX_EXPANDED_NODES: usize = 1_000_000;
/// The most bytes of their texts.
pub const MAX_EXPANDED_BYTES: usize = 32 * 1024 * 1024;

/// How much more the rows of a file may make.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoomForRows {
    nodes: usize,
    bytes: usize,
}

impl Default for RoomForRows {
    fn default() -> Self {
        Self { nodes: MAX_EXPANDED_NODES, bytes: MAX_EXPANDED_BYTES }
    }
}

impl RoomForRows {
    fn take(&mut self, nodes: usize, bytes: usize, at: &Node) -> Result<(), Diagnostic> {
        let left = self.nodes.checked_sub(nodes).zip(self.bytes.checked_sub(bytes));
        let Some((nodes, bytes)) = left else {
            let message = format!(
                "the steps of a file, with the rows of `cases` put in, have at most {MAX_EXPANDED_NODES} values and {MAX_EXPANDED_BYTES} bytes"
            );
            return Err(at.mistake(message).note("use fewer rows or shorter values, or several files"));
        };
        *self = Self { nodes, bytes };
        Ok(())
    }
}

/// A part with each `${name}` replaced by its value. A text that is only `${name}` becomes the value itself.
pub(super) fn expand(node: &Node, values: &[(String, Node)], room: &mut RoomForRows) -> Result<Node, Diagnostic> {
    let kind = match &node.kind {
        NodeValue::Scalar { text, plain } => {
            let alone = values.iter().find(|(name, _)| *text == format!("${{{name}}}"));
            if let Some((_, value)) = alone {
                take_all(value, node, room)?;
                return Ok(Node { place: node.place.clone(), kind: value.kind.clone() });
            }
            NodeValue::Scalar { text: replace_names(node, text, values, room)?, plain: *plain }
        }
        NodeValue::List(items) => {
            NodeValue::List(items.iter().map(|item| expand(item, values, room)).collect::<Result<_, _>>()?)
        }
        NodeValue::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| Ok((expand(key, values, room)?, expand(value, values, room)?));
            NodeValue::Map(entries.iter().map(entry).collect::<Result<_, Diagnostic>>()?)
        }
    };
    room.take(1, 0, node)?;
    Ok(Node { place: node.place.clone(), kind })
}

/// Takes the room for a copy of a value.
fn take_all(value: &Node, at: &Node, room: &mut RoomForRows) -> Result<(), Diagnostic> {
    room.take(1, value.text().map_or(0, str::len), at)?;
    for item in value.items() {
        take_all(item, at, room)?;
    }
    for (key, value) in value.entries() {
        take_all(key, at, room)?;
        take_all(value, at, room)?;
    }
    Ok(())
}

fn replace_names(
    at: &Node,
    text: &str,
    values: &[(String, Node)],
    room: &mut RoomForRows,
) -> Result<String, Diagnostic> {
    let mut text = text.to_owned();
    for (name, value) in values {
        let pattern = format!("${{{name}}}");
        let times = text.matches(&pattern).count();
        if times > 0 {
            let word = value.text().map_or_else(|| value.json().to_string(), str::to_owned);
            room.take(0, times.saturating_mul(word.len()), at)?;
            text = text.replace(&pattern, &word);
        }
    }
    room.take(0, text.len(), at)?;
    Ok(text)
}
