//! The people of a world file: people with names, crowds, and whether an unknown name is a new person.

use std::sync::Arc;

use super::world_reader::{WorldReader, flag, named, number, text};
use crate::domain::model::config::{AppConfig, AssetConfig, asset_named};
use crate::domain::model::crowd::{CrowdConfig, MAX_MEMBERS};
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::people::People;
use crate::domain::model::person::{OnInstagram, PersonConfig, PersonDetails};
use crate::domain::model::scoped_id::ScopedId;
use crate::language::node::Node;
use crate::language::schema::names::{Names, NamesInFile};
use crate::language::schema::shape::{Mistakes, Shape, check};
use crate::language::schema::vocabulary;
use crate::text::diagnostic::Diagnostic;

/// The word, and the key, by which an unknown name is a new person.
const ANY: &str = "any";
/// What a person may have and a crowd may not, because it is of one person.
const OF_ONE_PERSON: &[&str] = &[
    "first_name",
    "last_name",
    "email",
    "phone",
    "psids",
    "igsids",
    "follower_count",
    "is_user_follow_business",
    "is_business_follow_user",
    "is_verified_user",
];

/// The keys with the ids that a person has on a page or an account. `psids` has both.
const SCOPED_IDS: [&str; 2] = ["psids", "igsids"];

/// An entry of `people`.
enum Entry<'n> {
    Any,
    Crowd(&'n str, &'n Node),
    Person(&'n str, &'n Node),
}

fn entries(world: &Node) -> impl Iterator<Item = Entry<'_>> {
    let people = world.get("people");
    let word = people.filter(|people| people.text() == Some(ANY)).map(|_| Entry::Any);
    let listed = people.map(Node::entries).unwrap_or_default();
    word.into_iter().chain(listed.iter().map(|entry| match named(entry) {
        (ANY, value) if value.bool() == Some(true) => Entry::Any,
        (name, value) if value.get("count").is_some() => Entry::Crowd(name, value),
        (name, value) => Entry::Person(name, value),
    }))
}

/// Adds the names of people and crowds, before any of them is checked.
pub(super) fn list_names(world: &Node, names: &mut NamesInFile) {
    for entry in entries(world) {
        match entry {
            Entry::Any => names.any_person = true,
            Entry::Crowd(name, node) => names.crowds.push((name.to_owned(), crowd_count(node).unwrap_or(0))),
            Entry::Person(name, _) => names.people.push(name.to_owned()),
        }
    }
}

fn crowd_count(node: &Node) -> Option<u32> {
    node.get("count")?.text()?.parse().ok()
}

/// What a world says about a person or a crowd. Names of apps and pages that the world does not have are left out.
pub fn details(
    node: &Node,
    app: impl Fn(&str) -> Option<AppKey>,
    page: impl Fn(&str) -> Option<AssetKey>,
) -> PersonDetails {
    let keys = |key: &str| node.get(key).map(Node::entries).unwrap_or_default().iter();
    PersonDetails {
        first_name: text(node, "first_name"),
        last_name: text(node, "last_name"),
        locale: text(node, "locale"),
        timezone: text(node, "timezone").and_then(|hours| hours.parse().ok()).unwrap_or(0),
        gender: text(node, "gender"),
        email: text(node, "email"),
        phone: text(node, "phone"),
        psids: SCOPED_IDS
            .into_iter()
            .flat_map(keys)
            .filter_map(|(name, psid)| Some((page(name.text()?)?, ScopedId::parse(psid.text()?))))
            .collect(),
        roles: keys("roles").filter_map(|(name, _)| app(name.text()?)).collect(),
        on_instagram: OnInstagram {
            follower_count: number(node, "follower_count").unwrap_or_default(),
            follows: flag(node, "is_user_follow_business"),
            is_followed: flag(node, "is_business_follow_user"),
            is_verified: flag(node, "is_verified_user"),
        },
    }
}

/// Reads a crowd. Fails if its number is out of bounds, or if it has what only one person can have.
pub fn crowd(name: &str, node: &Node, app: impl Fn(&str) -> Option<AppKey>) -> Result<CrowdConfig, Diagnostic> {
    if let Some(at) = OF_ONE_PERSON.iter().find_map(|key| node.get(key)) {
        let note = format!("a crowd has no {}", OF_ONE_PERSON.join(", no "));
        return Err(at.mistake("this cannot be the same for all members of a crowd").note(note));
    }
    let count = crowd_count(node).filter(|count| (1..=MAX_MEMBERS).contains(count));
    let count = count.ok_or_else(|| {
        node.get("count").unwrap_or(node).mistake(format!("a crowd has from 1 to {MAX_MEMBERS} members"))
    })?;
    let details = details(node, app, |_| None);
    let details = (details != PersonDetails::default()).then(|| Arc::new(details));
    Ok(CrowdConfig { name: name.into(), count, details })
}

impl WorldReader<'_> {
    pub(super) fn read_people(&mut self, pages: &[AssetConfig], apps: &[AppConfig]) -> People {
        let page_names = pages.iter().map(|page| page.name.clone());
        let mut people = People::new(self.seed, self.overrides.people_salt, page_names);
        for entry in entries(self.world) {
            match entry {
                Entry::Any => people.any = true,
                Entry::Crowd(name, node) => match crowd(name, node, |app| Self::app_key(apps, app)) {
                    Ok(config) => self.note_mistake(node, people.add_crowd(config)),
                    Err(mistake) => self.mistakes.push(mistake),
                },
                Entry::Person(name, node) if node.is_map() || node.is_null() => {
                    let person = self.read_person(name, node, pages, apps);
                    self.note_mistake(node.get("psids").unwrap_or(node), people.add(person).map(drop));
                }
                Entry::Person(name, node) => {
                    self.wrong(
                        node,
                        format!("`{name}` is a map, like `{name}: {{}}`"),
                        "only `any: true` is no person",
                    );
                }
            }
        }
        people
    }

    fn note_mistake<E: std::fmt::Display>(&mut self, at: &Node, added: Result<(), E>) {
        self.mistakes.extend(added.err().map(|mistake| at.mistake(mistake.to_string())));
    }

    fn read_person(&mut self, name: &str, node: &Node, pages: &[AssetConfig], apps: &[AppConfig]) -> PersonConfig {
        let page = |name: &str| asset_named(pages, name);
        self.mistakes.extend(id_given_twice(node, page));
        let mut details = details(node, |app| Self::app_key(apps, app), page);
        // A real bot must not know the people of a scenario. From the second one on, given PSIDs are replaced.
        if self.overrides.people_salt > 1 {
            details.psids.clear();
        }
        PersonConfig::new(name, details)
    }
}

/// The mistake of a person with two ids on one page or account.
fn id_given_twice(node: &Node, asset: impl Fn(&str) -> Option<AssetKey>) -> Option<Diagnostic> {
    let given = SCOPED_IDS.into_iter().flat_map(|key| node.get(key).map(Node::entries).unwrap_or_default());
    let mut seen = Vec::new();
    for (name, _) in given {
        let known = asset(name.text()?);
        if known.is_some() && seen.contains(&known) {
            let message = format!("a person has one id on `{}`, and this is a second one", name.text()?);
            return Some(name.mistake(message).note("leave one of them out: `igsids` is for Instagram accounts"));
        }
        seen.push(known);
    }
    None
}

/// People who are added while a world runs.
pub enum NewPeople {
    /// A name, or none for a new one, and what is known of the person.
    Person(Option<Box<str>>, PersonDetails),
    /// Its name is empty if none is given.
    Crowd(CrowdConfig),
}

/// Reads a request for new people. Reports all its mistakes.
pub fn read_new_people(request: &Node, names: &Names) -> Result<NewPeople, Mistakes> {
    let crowd_node = request.get("crowd");
    let object = if crowd_node.is_some() { &vocabulary::NEW_CROWD } else { &vocabulary::NEW_PERSON };
    let mut mistakes = Mistakes::new();
    check(request, &Shape::Object(object), names, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let (app, page) = (|name: &str| names.app_key(name), |name: &str| names.asset_key(name));
    match crowd_node {
        Some(node) => {
            let name = text(node, "name").unwrap_or_default();
            crowd(&name, node, app).map(NewPeople::Crowd).map_err(|mistake| vec![mistake])
        }
        None => match id_given_twice(request, page) {
            Some(mistake) => Err(vec![mistake]),
            None => Ok(NewPeople::Person(text(request, "name"), details(request, app, page))),
        },
    }
}
