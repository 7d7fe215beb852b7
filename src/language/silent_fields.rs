//! Finds where a file names webhook fields and objects of which nothing is ever sent. That is no mistake, but whoever waits for them
//! waits in vain.

use crate::domain::model::fields::{Field, OtherObject};
use crate::text::diagnostic::Diagnostic;

use super::node::Node;

/// What is to say about such fields: where a world subscribes them, and where a scenario expects them.
pub fn silent_fields(file: &Node) -> Vec<Diagnostic> {
    let world = file.get("world").unwrap_or(file);
    let mut named: Vec<&Node> = subscribed(world).collect();
    let scenarios = file.get("scenarios").map(Node::items).unwrap_or_default();
    for scenario in scenarios {
        let (mut tested, mut expected) = (Vec::new(), Vec::new());
        collect(scenario, "presses_test", &mut tested);
        collect(scenario, "gets", &mut expected);
        let is_tested = |field: &&Node| tested.iter().any(|tested| tested.text() == field.text());
        named.extend(expected.into_iter().filter(|field| !is_tested(field)));
    }
    let is_silent = |node: &&Node| node.text().and_then(Field::parse).is_some_and(|field| !field.is_sent());
    let of_fields = named.into_iter().filter(is_silent).map(|node| node.mistake(text(node)));
    let objects = scenarios.iter().flat_map(subscribed_objects);
    let of_objects = objects
        .map(|node| node.mistake(format!("nothing is ever sent of the object `{}`", node.text().unwrap_or_default())));
    of_fields.chain(of_objects).collect()
}

/// Where calls of a scenario subscribe an app to an object of which nothing is ever sent.
fn subscribed_objects(scenario: &Node) -> Vec<&Node> {
    let mut calls = Vec::new();
    collect(scenario, "call", &mut calls);
    collect(scenario, "calls", &mut calls);
    calls.into_iter().filter_map(subscribed_object).collect()
}

fn subscribed_object(call: &Node) -> Option<&Node> {
    let path = call.get("post").and_then(Node::text)?;
    let object = call.get("body")?.get("object")?;
    let is_silent = object.text().is_some_and(|name| OtherObject::parse(name).is_some());
    (is_silent && path.ends_with("/subscriptions")).then_some(object)
}

fn text(field: &Node) -> String {
    format!("nothing is ever sent of `{}`, except by its Test button", field.text().unwrap_or_default())
}

/// The fields that the apps of a world subscribe.
fn subscribed(world: &Node) -> impl Iterator<Item = &Node> {
    let of = |key| world.get(key).map(Node::entries).unwrap_or_default();
    let apps = of("pages")
        .iter()
        .chain(of("instagram"))
        .flat_map(|(_, page)| page.get("apps").map(Node::entries).unwrap_or_default());
    apps.flat_map(|(_, app)| app.get("fields").map(Node::items).unwrap_or_default())
}

/// Collects the values of a key, wherever it stands below a part of a file.
fn collect<'n>(node: &'n Node, key: &str, found: &mut Vec<&'n Node>) {
    node.items().iter().for_each(|item| collect(item, key, found));
    for (name, value) in node.entries() {
        if name.text() == Some(key) {
            found.push(value);
        }
        collect(value, key, found);
    }
}
