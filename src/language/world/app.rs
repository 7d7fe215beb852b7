//! The apps of a world file, and the two apps of Meta that every world has.

use super::world_reader::{INBOX, LEAD_APP, WorldReader, flag, named, number, text};
use crate::domain::model::access::{Permission, PermissionSet};
use crate::domain::model::config::{AppConfig, WebhookConfig};
use crate::domain::model::ids::{AppId, INBOX_APP_ID, IdKind, IdStream, LEAD_APP_ID};
use crate::language::node::Node;

impl WorldReader<'_> {
    pub(super) fn read_apps(&mut self) -> Vec<AppConfig> {
        let mut apps: Vec<AppConfig> = self.part("apps").iter().map(|entry| self.read_app(entry)).collect();
        let mut seen = std::collections::HashSet::new();
        for (app, (name, node)) in apps.iter().zip(self.part("apps")) {
            if !seen.insert(app.id) {
                let message = format!("the app `{}` has the id of another app", name.text().unwrap_or_default());
                let at = node.get("id").unwrap_or(node);
                self.wrong(at, message, "give each app its own id, or leave ids out");
            }
        }
        for (name, id) in [(INBOX, INBOX_APP_ID), (LEAD_APP, LEAD_APP_ID)] {
            let secret = IdStream::named(self.seed, IdKind::Secret, name, 0).hex(32);
            apps.push(AppConfig {
                name: name.into(),
                id,
                secret,
                webhook: None,
                opaque_token: self.opaque_token(name, id),
                require_proof: false,
                published: true,
                permissions: PermissionSet::all(),
            });
        }
        apps
    }

    fn read_app(&mut self, entry: &(Node, Node)) -> AppConfig {
        let (name, node) = named(entry);
        if [INBOX, LEAD_APP].contains(&name) {
            self.wrong(&entry.0, format!("`{name}` is an app that every world has already"), "choose another name");
        }
        let derived = || IdStream::named(self.seed, IdKind::App, name, 0).digits(15);
        let id = number(node, "id").unwrap_or_else(derived);
        let secret =
            text(node, "secret").unwrap_or_else(|| IdStream::named(self.seed, IdKind::Secret, name, 0).hex(32));
        AppConfig {
            name: name.into(),
            id: AppId(id),
            secret,
            webhook: self.read_webhook(name, node),
            opaque_token: self.opaque_token(name, AppId(id)),
            require_proof: flag(node, "require_proof"),
            published: node.get("mode").and_then(Node::text) != Some("development"),
            permissions: node.get("permissions").map_or_else(PermissionSet::all, read_permissions),
        }
    }

    fn opaque_token(&self, name: &str, id: AppId) -> Box<str> {
        IdStream::named(self.seed, IdKind::Token, name, 0).url_safe(&format!("{id}|"), 27)
    }

    fn read_webhook(&mut self, name: &str, app: &Node) -> Option<WebhookConfig> {
        let declared = app.get("webhook");
        let changed = self.overrides.apps.iter().find(|(changed, _)| changed == name).map(|(_, url)| url.as_deref());
        let url: Box<str> = match changed {
            Some(changed) => changed?.into(),
            None => text(declared?, "url")?,
        };
        if !url.starts_with("http://") {
            let at = declared.and_then(|webhook| webhook.get("url")).unwrap_or(app);
            self.wrong(
                at,
                format!("`{url}` is no http:// URL"),
                "webhooks are sent over plain http to loopback or the test network",
            );
        }
        let derived = || IdStream::named(self.seed, IdKind::VerifyToken, name, 0).letters_and_digits("", 16);
        let verify_token = declared.and_then(|webhook| text(webhook, "verify_token")).unwrap_or_else(derived);
        Some(WebhookConfig { url, verify_token })
    }
}

fn read_permissions(node: &Node) -> PermissionSet {
    node.items().iter().filter_map(|permission| Permission::parse(permission.text()?)).collect()
}
