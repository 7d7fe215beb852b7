//! The check that every `${name}` in a step is known: from the world, or saved by an earlier step.

use crate::language::node::Node;
use crate::language::schema::names::{NameKind, Names};
use crate::language::schema::shape::Mistakes;
use crate::text::suggest;

/// The names under which earlier steps saved values.
pub type SavedNames = Vec<String>;

/// The name of a dollar sign: `${$}{x}` is the text `${x}`.
pub const DOLLAR: &str = "$";

const KNOWN: &str = "known are people, page.NAME, app.NAME, token.PAGE.APP, proof.PAGE.APP, secret.APP, user.NAME, user_token.USER.APP, ad.NAME, and what earlier steps saved";

/// Reports every `${name}` below `node` that nothing gives a value.
pub(super) fn check_references(node: &Node, names: &Names, saved: &SavedNames, mistakes: &mut Mistakes) {
    for item in node.items() {
        check_references(item, names, saved, mistakes);
    }
    for (_, value) in node.entries() {
        check_references(value, names, saved, mistakes);
    }
    let Some(text) = node.text() else { return };
    for reference in references(text) {
        if !is_known(reference, names, saved) {
            let saved = saved.iter().map(String::as_str);
            let nearest = match suggest::nearest(reference, saved) {
                Some(nearest) => format!(", did you mean `{nearest}`?"),
                None => names.nearest(&[NameKind::Person], reference),
            };
            mistakes.push(node.mistake(format!("`${{{reference}}}` is not known here{nearest}")).note(KNOWN));
        }
    }
}

/// Collects every `${name}` below a part of a file.
pub(super) fn collect_references(node: &Node, found: &mut Vec<String>) {
    node.items().iter().for_each(|item| collect_references(item, found));
    node.entries().iter().for_each(|(_, value)| collect_references(value, found));
    found.extend(references(node.text().unwrap_or_default()).map(str::to_owned));
}

/// The names inside `${…}`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| *name != DOLLAR)
}

fn is_known(reference: &str, names: &Names, saved: &SavedNames) -> bool {
    let known = |kind: NameKind, name: &str| names.has(kind, name);
    let person = |name: &str| names.allows(NameKind::Person, name);
    let parts: Vec<&str> = reference.split('.').collect();
    match parts.as_slice() {
        ["page", page] => known(NameKind::Asset, page),
        ["app" | "secret", app] => known(NameKind::App, app),
        ["media", page, media] => known(NameKind::Asset, page) && known(NameKind::Media, media),
        ["ad", ad] => known(NameKind::Ad, ad),
        ["token" | "proof", page, app] => known(NameKind::Asset, page) && known(NameKind::App, app),
        ["user", user] => known(NameKind::User, user),
        ["user_token", user, app] => known(NameKind::User, user) && known(NameKind::App, app),
        _ => match reference.split_once('@') {
            Some((name, page)) => person(name) && known(NameKind::Asset, page),
            None => person(reference) || saved.iter().any(|saved| saved == reference),
        },
    }
}
