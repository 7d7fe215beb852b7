//! A type name means one thing, and nothing is exported to tests that no test uses.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, read, root, sources};

/// Type names that may be defined twice, and why.
const MAY_BE_TWO: &[(&str, &str)] = &[];

#[test]
fn no_type_name_is_defined_twice() {
    let definition = regex::Regex::new(r"(?m)^\s*(?:pub(?:\([a-z ]+\))? )?(?:struct|enum|trait|type) ([A-Z]\w*)");
    let definition = definition.expect("a pattern");
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for path in sources("src") {
        for found in definition.captures_iter(&read(&path)) {
            places.entry(found[1].to_owned()).or_default().push(path.display().to_string());
        }
    }
    // Traits of other crates ask for these.
    let is_associated = |name: &str| ["Error", "Data", "Ok", "Output"].contains(&name) || name.starts_with("Serialize");
    places.retain(|name, places| {
        places.len() > 1 && !is_associated(name) && !MAY_BE_TWO.iter().any(|(known, _)| known == name)
    });
    assert!(places.is_empty(), "type names that are defined twice: {places:#?}");
}

#[test]
fn tests_use_everything_that_is_exported_for_them() {
    let exports = code(&read(&root().join("src/internals.rs")));
    let word = regex::Regex::new(r"\w+").expect("a pattern");
    let users = ["tests", "benches", "fuzz"].into_iter().flat_map(sources).map(|path| read(&path));
    let users: Vec<String> = users.filter(|text| text.contains("internals")).collect();
    let used: BTreeSet<&str> = users.iter().flat_map(|text| word.find_iter(text)).map(|found| found.as_str()).collect();
    let listed = exports.split("pub use crate::").skip(1).filter_map(|item| item.split(';').next());
    let names = listed.flat_map(|item| {
        let names = item.rsplit_once("::").map_or(item, |(_, last)| last);
        let names = item.split_once('{').map_or(names, |(_, names)| names);
        word.find_iter(names).map(|found| found.as_str()).collect::<Vec<_>>()
    });
    let unused: Vec<&str> = names.filter(|name| !used.contains(name)).collect();
    assert!(unused.is_empty(), "src/internals.rs exports what no test uses: {unused:?}");
}
