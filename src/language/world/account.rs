//! The Instagram accounts of a world file: their apps and logins, routing, links and knobs.

use super::asset_apps::AssetScope;
use super::world_reader::{WorldReader, named, text};
use crate::domain::model::account_media::{AccountMedia, PublishedMedia};
use crate::domain::model::config::{AccountConfig, AppConfig, AssetConfig, ConnectionConfig};
use crate::domain::model::ids::{AppKey, AssetKey, IdKind, IdStream};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::page_details::PageDetails;
use crate::domain::model::platform::{Login, Platform};
use crate::language::node::Node;

/// The generation of the rules of accounts: Meta's documents of Instagram have those of 2025.
const DEFAULT_GENERATION: &str = "2025-09";
/// Ids of Instagram accounts begin with these digits.
pub(super) const FIRST_DIGITS: &str = "17841";
const OTHER_DIGITS: u32 = 12;
/// How long a username on Instagram may be, in characters.
pub(super) const MAX_USERNAME: usize = 30;
/// The most digits of an id of media.
const MAX_MEDIA_ID: usize = 19;

impl WorldReader<'_> {
    pub(super) fn read_account(
        &mut self,
        entry: &(Node, Node),
        apps: &[AppConfig],
        pages: &[AssetConfig],
    ) -> AssetConfig {
        let (name, node) = named(entry);
        self.check_account(entry, pages);
        let page = self.read_linked_page(node, pages);
        let knobs = self.read_knobs(node, Platform::Instagram);
        let mut connections = self.read_connections(name, node, apps, Platform::Instagram);
        self.set_fields(node, apps, &mut connections, &knobs);
        let asset = AssetScope { name, platform: Platform::Instagram, apps, connections: &connections };
        self.check_routes(node, asset);
        self.check_logins(node, asset, page.and_then(|page| pages.get(page.index())));
        let routing = self.read_routing((name, node), apps, (Platform::Instagram, DEFAULT_GENERATION));
        let profile = self.read_profile(node, asset, routing.default_app);
        let links = node.get("links").map(Node::entries).unwrap_or_default();
        let links = links.iter().map(|entry| self.read_link(entry, asset)).collect();
        let messages_allowed = node.get("message_access").and_then(Node::text) != Some("off");
        let derived = || IdStream::named(self.seed, IdKind::Page, name, 0).digits(OTHER_DIGITS);
        AssetConfig {
            name: name.into(),
            id: text(node, "id").unwrap_or_else(|| format!("{FIRST_DIGITS}{}", derived()).into()),
            account: Some(AccountConfig {
                page,
                messages_allowed,
                media: self.read_media(name, node),
                own_person: text(node, "self"),
            }),
            ruleset: routing.start,
            with_default_app: routing.with_default_app,
            without_default_app: routing.without_default_app,
            default_app: routing.default_app,
            primary: None,
            knobs,
            links,
            social: None,
            profile,
            details: self.read_account_details(name, node),
            connections,
        }
    }

    /// An account has a username. If none is given, it is made from the name, in the letters that Instagram knows.
    fn read_account_details(&mut self, name: &str, node: &Node) -> PageDetails {
        let known = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        let derived = || name.chars().take(MAX_USERNAME).map(known).collect::<String>().into();
        let details = self.read_details(node);
        PageDetails { username: details.username.or_else(|| Some(derived())), ..details }
    }

    /// Gives each app the fields of its login, unless the file lists some of them.
    fn set_fields(&mut self, node: &Node, apps: &[AppConfig], connections: &mut [ConnectionConfig], knobs: &Knobs) {
        let declared = |app: AppKey| node.get("apps")?.get(&apps.get(app.index())?.name)?.get("fields");
        for connection in connections {
            let known = knobs.instagram.fields(connection.login);
            let Some(at) = declared(connection.app) else {
                connection.fields = known;
                continue;
            };
            if let Some(field) = connection.fields.iter().find(|field| !known.contains(*field)) {
                let message = format!("`{}` is no webhook field of this login", field.name());
                self.wrong(at, message, "the knobs `ig_echo_field` and `ul_fields` of the account decide about it");
            }
        }
    }

    /// What the account has published, beside the media that each account has.
    fn read_media(&mut self, account: &str, node: &Node) -> Vec<PublishedMedia> {
        let mut read: Vec<PublishedMedia> = Vec::new();
        for entry in node.get("media").map(Node::entries).unwrap_or_default() {
            let (name, at) = named(entry);
            if AccountMedia::parse(name).is_some() {
                let note = "each account has it from the beginning: choose another name";
                self.wrong(&entry.0, format!("`{name}` is the name of a kind of media"), note);
            }
            let id = match text(at, "id") {
                Some(id) => id,
                None => PublishedMedia::derived_id(self.seed, account, name),
            };
            if id.len() > MAX_MEDIA_ID || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                self.wrong(at, format!("`{id}` is no id of media"), "write 17 digits, or leave it out");
            }
            if let Some(other) = read.iter().find(|other| other.id == id) {
                self.wrong(at, format!("`{}` has the same id", other.name), "write another one, or leave it out");
            }
            let kind = at.get("type").and_then(Node::text).and_then(AccountMedia::parse).unwrap_or(AccountMedia::Post);
            read.push(PublishedMedia { name: name.into(), id, kind });
        }
        read
    }

    /// The page that the account is linked to. A page has one account.
    fn read_linked_page(&mut self, node: &Node, pages: &[AssetConfig]) -> Option<AssetKey> {
        let at = node.get("page")?;
        let name = at.text().unwrap_or_default();
        let index = pages.iter().position(|page| page.account.is_none() && &*page.name == name)?;
        let page = AssetKey(index as u16);
        if pages.iter().any(|account| account.linked_page() == Some(page)) {
            let message = format!("the page `{name}` is linked to another account");
            self.wrong(at, message, "a page has at most one Instagram account");
        }
        Some(page)
    }

    /// Checks that an app with Facebook Login is connected to the linked page, through which it reaches the account.
    fn check_logins(&mut self, node: &Node, asset: AssetScope<'_>, page: Option<&AssetConfig>) {
        for entry in node.get("apps").map(Node::entries).unwrap_or_default() {
            let (app, at) = named(entry);
            let key = Self::app_key(asset.apps, app);
            let connection = asset.connections.iter().find(|connection| Some(connection.app) == key);
            let Some(connection) = connection.filter(|connection| connection.login == Login::Facebook) else {
                continue;
            };
            let Some(page) = page else {
                let note = "link the account with `page:`, or write `login: instagram`";
                self.wrong(at, format!("`{}` has no page through which `{app}` can reach it", asset.name), note);
                continue;
            };
            self.check_facebook_login((app, at), connection, page);
        }
    }

    fn check_facebook_login(&mut self, (app, at): (&str, &Node), connection: &ConnectionConfig, page: &AssetConfig) {
        if !page.connection(connection.app).is_some_and(|on_page| on_page.connected) {
            let note = format!("list it under the `apps` of `{}`, or write `login: instagram`", page.name);
            self.wrong(at, format!("`{app}` is not connected to the page `{}`", page.name), &note);
        }
        for key in ["token", "expires"] {
            let Some(given) = at.get(key) else { continue };
            let message = format!("with Facebook Login `{app}` uses its page token, and has no `{key}` here");
            let note = format!("write it under the `apps` of `{}`, or write `login: instagram`", page.name);
            self.wrong(given, message, &note);
        }
    }
}
