//! The users of a world file: the people who administrate pages, and their tokens.

use super::world_reader::{WorldReader, named, text};
use crate::domain::model::access::{Task, TaskSet};
use crate::domain::model::config::{AppConfig, AssetConfig, UserConfig, UserToken};
use crate::domain::model::ids::{AppKey, AssetKey, IdKind, IdStream, UserKey};
use crate::domain::model::person::capital;
use crate::domain::model::time::Moment;
use crate::language::node::Node;
use crate::text::units::parse_until;

impl WorldReader<'_> {
    pub(super) fn read_user(&mut self, entry: &(Node, Node), apps: &[AppConfig], pages: &[AssetConfig]) -> UserConfig {
        let (name, node) = named(entry);
        let tokens =
            (0u16..).map(AppKey).zip(apps).map(|(key, app)| self.read_user_token(name, node, key, app)).collect();
        let id = || IdStream::named(self.seed, IdKind::User, name, 0).digits(17).to_string().into();
        let codes = node.get("codes").map(Node::entries).unwrap_or_default();
        UserConfig {
            name: name.into(),
            id: text(node, "id").unwrap_or_else(id),
            first_name: text(node, "first_name").unwrap_or_else(|| capital(name)),
            last_name: text(node, "last_name").unwrap_or_else(|| "Doe".into()),
            tokens,
            pages: read_tasks(node, pages),
            codes: codes
                .iter()
                .filter_map(|(app, code)| Some((Self::app_key(apps, app.text()?)?, code.text()?.into())))
                .collect(),
        }
    }

    /// Reads or derives the token of a user for one app. Without `tokens` a user has one for every app. A token that the file leaves out
    /// is derived, but counts as not issued yet.
    fn read_user_token(&self, name: &str, user: &Node, key: AppKey, app: &AppConfig) -> UserToken {
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

    pub(super) fn user_key(&self, name: &str) -> Option<UserKey> {
        self.part("users").iter().position(|(user, _)| user.text() == Some(name)).map(|index| UserKey(index as u16))
    }

    /// Checks that the user who makes a page token has tasks on that page, and that no two users share an id or a code.
    pub(super) fn check_users(&mut self, users: &[UserConfig], pages: &[AssetConfig]) {
        for (page, (_, node)) in pages.iter().zip(self.part("pages")) {
            let Some(key) = pages.iter().position(|known| known.name == page.name) else { continue };
            for maker in page.connections.iter().filter_map(|connection| connection.by) {
                let Some(user) = users.get(maker.index()) else { continue };
                if !user.pages.iter().any(|(known, _)| known.index() == key) {
                    let message =
                        format!("`{}` makes a token for the page `{}` but has no tasks on it", user.name, page.name);
                    self.wrong(node, message, "list the page under the user's `pages`");
                }
            }
        }
        let mut seen = Vec::new();
        for (user, (_, node)) in users.iter().zip(self.part("users")) {
            let codes = user.codes.iter().map(|(_, code)| code);
            for given in std::iter::once(&user.id).chain(codes) {
                if seen.contains(&given) {
                    self.wrong(node, format!("`{given}` is used twice"), "each user needs ids and codes of their own");
                }
                seen.push(given);
            }
        }
    }

    /// The moment at which a token expires.
    pub(super) fn until(&self, token: &Node) -> Option<Moment> {
        parse_until(token.get("expires")?.text()?, self.clock)
    }
}

/// The pages on which the user has tasks, in the order of the world.
fn read_tasks(user: &Node, pages: &[AssetConfig]) -> Vec<(AssetKey, TaskSet)> {
    let declared = user.get("pages");
    let of_page = |(key, page): (u16, &AssetConfig)| {
        let tasks = declared?.get(&page.name)?;
        Some((AssetKey(key), tasks.items().iter().filter_map(|task| Task::parse(task.text()?)).collect()))
    };
    (0u16..).zip(pages).filter_map(of_page).collect()
}
