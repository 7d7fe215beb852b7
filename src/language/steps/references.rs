//! The check that every `${name}` in a step is known: from the world, or saved by an earlier step.

use crate::language::node::Node;
use crate::language::schema::shape::{Mistakes, Names};
use crate::text::suggest::did_you_mean;

/// The names under which earlier steps saved values.
pub type SavedNames = Vec<String>;

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
            let nearest = did_you_mean(reference, names.people.iter().chain(saved).map(String::as_str));
            mistakes.push(node.mistake(format!("`${{{reference}}}` is not known here{nearest}")).note(KNOWN));
        }
    }
}

/// The names inside `${…}`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn is_known(reference: &str, names: &Names, saved: &SavedNames) -> bool {
    let known = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let parts: Vec<&str> = reference.split('.').collect();
    match parts.as_slice() {
        ["page", page] => known(&names.pages, page),
        ["app" | "secret", app] => known(&names.apps, app),
        ["ad", ad] => known(&names.ads, ad),
        ["token" | "proof", page, app] => known(&names.pages, page) && known(&names.apps, app),
        ["user", user] => known(&names.users, user),
        ["user_token", user, app] => known(&names.users, user) && known(&names.apps, app),
        [word] => match word.split_once('@') {
            Some((person, page)) => known(&names.people, person) && known(&names.pages, page),
            None => known(&names.people, word) || known(saved, word),
        },
        _ => false,
    }
}
