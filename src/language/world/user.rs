//! Language room: the users of a world file, who administrate pages, and their tokens. Only `world` enters.

use super::read_world::{Reader, capital, named, text};
use crate::domain::model::access::{Task, TaskSet};
use crate::domain::model::config::{AppConfig, PageConfig, UserConfig, UserToken};
use crate::domain::model::ids::{AppKey, IdKind, IdStream, PageKey, UserKey};
use crate::domain::model::time::Moment;
use crate::language::node::Node;
use crate::text::units::parse_until;

impl Reader<'_> {
    pub(crate) fn user(&mut self, entry: &(Node, Node), apps: &[AppConfig], pages: &[PageConfig]) -> UserConfig {
        let (name, node) = named(entry);
        let tokens = (0u16..).map(AppKey).zip(apps).map(|(key, app)| self.user_token(name, node, key, app)).collect();
        let id = || IdStream::named(self.seed, IdKind::User, name, 0).digits(17).to_string().into();
        let codes = node.get("codes").map(Node::entries).unwrap_or_default();
        UserConfig {
            name: name.into(),
            id: text(node, "id").unwrap_or_else(id),
            first_name: text(node, "first_name").unwrap_or_else(|| capital(name)),
            last_name: text(node, "last_name").unwrap_or_else(|| "Doe".into()),
            tokens,
            pages: tasks(node, pages),
            codes: codes
                .iter()
                .filter_map(|(app, code)| Some((Self::app_key(apps, app.text()?)?, code.text()?.into())))
                .collect(),
        }
    }

    /// Without `tokens` a user has one for every app. Those that are left out are derived all the same, for what is issued later is
    /// made of them.
    fn user_token(&self, name: &str, user: &Node, key: AppKey, app: &AppConfig) -> UserToken {
        let declared = user.get("tokens").map(Node::entries);
        let node = declared.and_then(|tokens| tokens.iter().map(named).find(|(named, _)| *named == &*app.name));
        let node = node.map(|(_, node)| node);
        let given = node.and_then(|node| text(node, "token").or_else(|| node.text().map(Into::into)));
        let owner = format!("{name}/{}/user", app.name);
        let derived =
            || IdStream::named(self.seed, IdKind::Token, &owner, u64::from(key.0)).letters_and_digits("EAA", 60);
        UserToken {
            text: given.unwrap_or_else(derived),
            issued: declared.is_none() || node.is_some(),
            expires: node.and_then(|node| self.until(node)),
        }
    }

    pub(crate) fn user_key(&self, name: &str) -> Option<UserKey> {
        self.part("users").iter().position(|(user, _)| user.text() == Some(name)).map(|index| UserKey(index as u16))
    }

    /// Nobody makes tokens for a page without a role on it, and ids and codes stand for one user.
    pub(crate) fn check_users(&mut self, users: &[UserConfig], pages: &[PageConfig]) {
        for (page, (_, node)) in pages.iter().zip(self.part("pages")) {
            let Some(key) = pages.iter().position(|known| known.name == page.name) else { continue };
            for maker in page.connections.iter().filter_map(|connection| connection.by) {
                let Some(user) = users.get(maker.index()) else { continue };
                if !user.pages.iter().any(|(known, _)| known.index() == key) {
                    let message = format!("`{}` makes a token for `{}` and has no tasks there", user.name, page.name);
                    self.wrong(node, message, "list the page under the user's `pages`");
                }
            }
        }
        let mut seen = Vec::new();
        for (user, (_, node)) in users.iter().zip(self.part("users")) {
            let codes = user.codes.iter().map(|(_, code)| code);
            for given in std::iter::once(&user.id).chain(codes) {
                if seen.contains(&given) {
                    self.wrong(node, format!("`{given}` stands twice"), "ids and codes stand for one user");
                }
                seen.push(given);
            }
        }
    }

    /// When a token expires.
    pub(crate) fn until(&self, token: &Node) -> Option<Moment> {
        parse_until(token.get("expires")?.text()?, self.clock)
    }
}

/// Pages on which the user has tasks, in the order of the pages.
fn tasks(user: &Node, pages: &[PageConfig]) -> Vec<(PageKey, TaskSet)> {
    let declared = user.get("pages");
    let of_page = |(key, page): (u16, &PageConfig)| {
        let tasks = declared?.get(&page.name)?;
        Some((PageKey(key), tasks.items().iter().filter_map(|task| Task::parse(task.text()?)).collect()))
    };
    (0u16..).zip(pages).filter_map(of_page).collect()
}
