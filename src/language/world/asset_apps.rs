//! Which apps the routes, links, ads and profiles of a page or an account may name.

use super::world_reader::{LEAD_APP, NATIVE_APP, WorldReader, is_connected, named};
use crate::domain::model::config::{AppConfig, ConnectionConfig};
use crate::domain::model::ids::AppKey;
use crate::domain::model::platform::Platform;
use crate::language::node::Node;

/// A page or an account while it is read, and the apps that it has.
#[derive(Clone, Copy)]
pub(super) struct AssetScope<'a> {
    pub(super) name: &'a str,
    pub(super) platform: Platform,
    pub(super) apps: &'a [AppConfig],
    pub(super) connections: &'a [ConnectionConfig],
}

impl AssetScope<'_> {
    /// What the asset is, with its name.
    pub(super) fn described(&self) -> String {
        format!("the {} `{}`", self.platform.asset_word(), self.name)
    }
}

impl WorldReader<'_> {
    /// What one of Meta's own apps does by itself. No conversation can be led to it.
    fn metas_own(&self, name: &str) -> Option<&'static str> {
        match name {
            NATIVE_APP if self.has_accounts() => Some("it is the app in which people of the business write themselves"),
            LEAD_APP => Some("it asks the questions of lead-generation ads"),
            _ => None,
        }
    }

    /// Checks that an app that `what` names may get conversations: it is connected, and people or Meta do not act by it.
    pub(super) fn check_led_to(&mut self, at: &Node, app: AppKey, what: &str, asset: AssetScope<'_>) {
        let Some(name) = asset.apps.get(app.index()).map(|app| &*app.name) else { return };
        if let Some(why) = self.metas_own(name) {
            let message = format!("{what} cannot be Meta's own app `{name}`: {why}");
            return self.wrong(at, message, "name one of your apps, or the inbox");
        }
        if !is_connected(asset.connections, app) {
            let message = format!("{what} is `{name}`, which is not connected to {}", asset.described());
            let note = format!("list it under the `apps` of `{}`", asset.name);
            self.wrong(at, message, &note);
        }
    }

    /// Checks the apps of routes. `default_app`, `primary` and `social` name them.
    pub(super) fn check_routes(&mut self, node: &Node, asset: AssetScope<'_>) {
        let routes = [
            ("default_app", "the default app"),
            ("primary", "the primary receiver"),
            ("social", "the app of the social route"),
        ];
        for (key, what) in routes {
            let Some(at) = node.get(key) else { continue };
            if let Some(app) = Self::app_key(asset.apps, at.text().unwrap_or_default()) {
                self.check_led_to(at, app, what, asset);
            }
        }
        for entry in node.get("apps").map(Node::entries).unwrap_or_default() {
            let (name, _) = named(entry);
            if self.metas_own(name).is_some() {
                let message = format!("`{name}` is Meta's own app, and has neither a token nor webhooks");
                self.wrong(&entry.0, message, "leave it out: Meta's apps are there by themselves");
            }
        }
    }
}
