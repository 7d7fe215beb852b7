//! Keys of a world file that a page has and an Instagram account has not, or the other way round.

/// Titles of the objects of an account, with what the same object of a page has beyond them.
const LACKED_BY_ACCOUNTS: &[(&str, &[&str])] = &[
    ("an Instagram account", &["primary", "social", "category", "link"]),
    ("an app on an Instagram account", &["by"]),
    (
        "the profile of an Instagram account",
        &["get_started", "greeting", "whitelisted_domains", "account_linking_url", "commands"],
    ),
];
/// The same with pages and accounts exchanged.
const LACKED_BY_PAGES: &[(&str, &[&str])] = &[("a page", &["page", "message_access"]), ("a connected app", &["login"])];

/// Says that the object lacks the key and has it on the other platform, if that is so.
pub(super) fn note_of(title: &str, key: &str) -> Option<String> {
    let is_in = |table: &[(&str, &[&str])]| table.iter().any(|(known, keys)| *known == title && keys.contains(&key));
    if is_in(LACKED_BY_ACCOUNTS) {
        return Some(format!("`{key}` is something of pages: an Instagram account has none"));
    }
    is_in(LACKED_BY_PAGES).then(|| format!("`{key}` is something of Instagram accounts: a page has none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::schema::shape::{Object, Shape};
    use crate::language::schema::vocabulary::WORLD;

    fn object(shape: &'static Shape) -> &'static Object {
        match shape {
            Shape::Object(object) => object,
            Shape::MapOf(_, item) => object(item),
            other => panic!("no object: {other:?}"),
        }
    }

    fn part<'o>(of: &'o Object, name: &str) -> &'o Shape {
        of.keys.iter().find(|key| key.name == name).map(|key| &key.shape).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn each_object_lacks_what_is_listed_and_its_counterpart_has_it() {
        let page = object(part(&WORLD, "pages"));
        let account = object(part(&WORLD, "instagram"));
        let pairs = [
            (page, account),
            (object(part(page, "apps")), object(part(account, "apps"))),
            (object(part(page, "profile")), object(part(account, "profile"))),
        ];
        let has = |object: &Object, key: &str| object.keys.iter().any(|known| known.name == key);
        for (title, keys) in LACKED_BY_ACCOUNTS.iter().chain(LACKED_BY_PAGES) {
            let found = pairs.iter().flat_map(|(page, account)| [(page, account), (account, page)]);
            let mut found = found.filter(|(lacking, _)| lacking.title == *title);
            let (lacking, having) = found.next().unwrap_or_else(|| panic!("no object {title}"));
            for key in *keys {
                assert!(!has(lacking, key) && has(having, key), "{title}: {key}");
            }
        }
    }
}
