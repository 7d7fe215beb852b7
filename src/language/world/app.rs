//! The apps of a world file, and the two apps of Meta that every world has.

use std::collections::HashSet;

use super::world_reader::{INBOX, LEAD_APP, NATIVE_APP, WorldReader, flag, named, number, text};
use crate::domain::model::access::{Permission, PermissionSet};
use crate::domain::model::config::{AppConfig, Config, InstagramApp};
use crate::domain::model::ids::{
    AppId, INBOX_APP_ID, INSTAGRAM_INBOX_APP_ID, IdKind, IdStream, LEAD_APP_ID, NATIVE_APP_ID,
};
use crate::domain::model::webhook_config::WebhookConfig;
use crate::engine::webhook_url::WebhookUrl;
use crate::language::node::Node;

/// The ids of the apps of Meta that a world has or may have.
const METAS_IDS: [AppId; 4] = [INBOX_APP_ID, INSTAGRAM_INBOX_APP_ID, LEAD_APP_ID, NATIVE_APP_ID];

/// Stands in the place of a URL that comes at run time.
pub const LATER: &str = "later";

impl WorldReader<'_> {
    pub(super) fn read_apps(&mut self) -> Vec<AppConfig> {
        let mut apps: Vec<AppConfig> = self.part("apps").iter().map(|entry| self.read_app(entry)).collect();
        self.check_app_ids(&apps);
        let native = Some((NATIVE_APP, NATIVE_APP_ID)).filter(|_| self.has_accounts());
        for (name, id) in [(INBOX, INBOX_APP_ID), (LEAD_APP, LEAD_APP_ID)].into_iter().chain(native) {
            let secret = IdStream::named(self.seed, IdKind::Secret, name, 0).hex(32);
            apps.push(AppConfig {
                name: name.into(),
                id,
                instagram: InstagramApp { id, secret: secret.clone() },
                secret,
                webhook: None,
                verify_token: Box::default(),
                opaque_token: self.opaque_token(name, id),
                require_proof: false,
                published: true,
                permissions: PermissionSet::all(),
                human_agent: true,
            });
        }
        apps
    }

    /// Checks that each app has ids of its own, on Facebook and on Instagram. Logins and hand-overs name it by nothing else.
    fn check_app_ids(&mut self, apps: &[AppConfig]) {
        let (mut seen, mut on_instagram) = (HashSet::from(METAS_IDS), HashSet::from(METAS_IDS));
        for (app, (name, node)) in apps.iter().zip(self.part("apps")) {
            let name = name.text().unwrap_or_default();
            if !seen.insert(app.id) {
                let message = match METAS_IDS.contains(&app.id) {
                    true => format!("the app `{name}` has the id of an app of Meta"),
                    false => format!("the app `{name}` has the id of another app"),
                };
                self.wrong(node.get("id").unwrap_or(node), message, "give each app its own id, or leave ids out");
            }
            let at = node.get("instagram").and_then(|instagram| instagram.get("id")).unwrap_or(node);
            if !on_instagram.insert(app.instagram.id) {
                let message = format!("the app `{name}` has the Instagram app id of another app");
                self.wrong(at, message, "give each app its own `instagram: { id: … }`, or leave these ids out");
            } else if apps.iter().any(|other| other.id == app.instagram.id) {
                let message = format!("{} is the app id of an app, not an Instagram app id", app.instagram.id);
                self.wrong(
                    at,
                    message,
                    "an app has two ids, and Instagram Login knows it by the Instagram app id alone",
                );
            }
        }
    }

    pub(super) fn has_accounts(&self) -> bool {
        !self.part("instagram").is_empty()
    }

    fn read_app(&mut self, entry: &(Node, Node)) -> AppConfig {
        let (name, node) = named(entry);
        if [INBOX, LEAD_APP].contains(&name) || (name == NATIVE_APP && self.has_accounts()) {
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
            instagram: self.read_instagram_app(name, node),
            webhook: self.read_webhook(name, node),
            verify_token: node
                .get("webhook")
                .and_then(|webhook| text(webhook, "verify_token"))
                .unwrap_or_else(|| Config::derived_verify_token(self.seed, name)),
            opaque_token: self.opaque_token(name, AppId(id)),
            require_proof: flag(node, "require_proof"),
            published: node.get("mode").and_then(Node::text) != Some("development"),
            permissions: node.get("permissions").map_or_else(PermissionSet::all, read_permissions),
            human_agent: node.get("human_agent").and_then(Node::bool).unwrap_or(true),
        }
    }

    /// What the app is called by Instagram Login.
    fn read_instagram_app(&self, name: &str, app: &Node) -> InstagramApp {
        let node = app.get("instagram");
        let owner = format!("{name}/instagram");
        let id = || IdStream::named(self.seed, IdKind::App, &owner, 0).digits(16);
        let secret = || IdStream::named(self.seed, IdKind::Secret, &owner, 0).hex(32);
        InstagramApp {
            id: AppId(node.and_then(|node| number(node, "id")).unwrap_or_else(id)),
            secret: node.and_then(|node| text(node, "secret")).unwrap_or_else(secret),
        }
    }

    fn opaque_token(&self, name: &str, id: AppId) -> Box<str> {
        IdStream::named(self.seed, IdKind::Token, name, 0).url_safe(&format!("{id}|"), 27)
    }

    fn read_webhook(&mut self, name: &str, app: &Node) -> Option<WebhookConfig> {
        let declared = app.get("webhook");
        let place = declared.map(|webhook| webhook.get("url").unwrap_or(webhook));
        let changed = self.overrides.apps.iter().find(|(changed, _)| changed == name).map(|(_, url)| url.as_deref());
        let url = match changed {
            Some(changed) => changed?,
            None => place?.text()?,
        };
        if url == LATER {
            return Some(WebhookConfig { url: None });
        }
        if let Err(mistake) = WebhookUrl::parse(url) {
            let note = "write a URL, or `later` if it is known only when the bot runs";
            self.wrong(place.unwrap_or(app), mistake.to_string(), note);
        }
        Some(WebhookConfig { url: Some(url.into()) })
    }
}

fn read_permissions(node: &Node) -> PermissionSet {
    node.items().iter().filter_map(|permission| Permission::parse(permission.text()?)).collect()
}
