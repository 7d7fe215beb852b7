//! The people of a world file.

use super::world_reader::{WorldReader, capital, named, text};
use crate::domain::model::config::{AppConfig, PageConfig, People, PersonConfig};
use crate::domain::model::ids::{IdKind, IdStream};
use crate::language::node::Node;

impl WorldReader<'_> {
    pub(super) fn read_people(&mut self, pages: &[PageConfig], apps: &[AppConfig]) -> People {
        let declared = self.part("people");
        let list: Vec<PersonConfig> = declared.iter().map(|entry| self.read_person(entry, pages, apps)).collect();
        let mut seen = std::collections::HashSet::new();
        for (person, (_, node)) in list.iter().zip(declared) {
            for psid in &person.psids {
                if !seen.insert(psid.clone()) {
                    let at = node.get("psids").unwrap_or(node);
                    let message = format!("the PSID `{psid}` of `{}` is used twice", person.name);
                    self.wrong(at, message, "a PSID stands for one person on one page");
                }
            }
        }
        People::new(list)
    }

    fn read_person(&mut self, entry: &(Node, Node), pages: &[PageConfig], apps: &[AppConfig]) -> PersonConfig {
        let (name, node) = named(entry);
        let given = node.get("psids");
        let psid = |page: &PageConfig| -> Box<str> {
            let owner = format!("{}/{name}", page.name);
            let derived = || IdStream::named(self.seed, IdKind::Psid, &owner, self.overrides.people_salt).digits(16);
            // A real bot must not know the people of a scenario. From the second one on, given PSIDs are replaced.
            let given = given.filter(|_| self.overrides.people_salt <= 1);
            given.and_then(|psids| text(psids, &page.name)).unwrap_or_else(|| derived().to_string().into())
        };
        let roles = node.get("roles").map(Node::entries).unwrap_or_default();
        PersonConfig {
            name: name.into(),
            first_name: text(node, "first_name").unwrap_or_else(|| capital(name)),
            last_name: text(node, "last_name").unwrap_or_else(|| "Doe".into()),
            locale: text(node, "locale").unwrap_or_else(|| "en_US".into()),
            timezone: text(node, "timezone").and_then(|hours| hours.parse().ok()).unwrap_or(0),
            gender: text(node, "gender"),
            psids: pages.iter().map(psid).collect(),
            roles: roles.iter().filter_map(|(app, _)| Self::app_key(apps, app.text()?)).collect(),
        }
    }
}
