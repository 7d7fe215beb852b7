//! Language room: a world file into the config of a world, with everything checked that a world could contradict itself in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::declared::Declared;
use crate::domain::model::access::{Permission, PermissionSet};
use crate::domain::model::config::{
    AppConfig, Config, ConnectionConfig, DeliveryConfig, Limits, MAX_BATCH, PageConfig, People, PersonConfig,
    UserConfig, WebhookConfig,
};
use crate::domain::model::ids::{AppId, AppKey, INBOX_APP_ID, IdKind, IdStream, LEAD_APP_ID};
use crate::domain::model::time::{Moment, Span};
use crate::language::node::Node;
use crate::language::schema::shape::{Mistakes, Names, Shape, check};
use crate::language::schema::vocabulary;
use crate::text::diagnostic::{Diagnostic, in_order};
use crate::text::units::{parse_duration, parse_moment};

/// The inbox's name in every world.
pub const INBOX: &str = "inbox";
/// The name of Messenger's own app for lead-generation ads in every world.
pub const LEAD_APP: &str = "lead_ads";
/// Apps, pages and ads of a world.
const MAX_NAMED: usize = 10_000;
/// People of a world.
const MAX_PEOPLE: usize = 1_000_000;
/// Tokens, and PSIDs, of a world.
const MAX_PAIRS: usize = 2_000_000;
/// What the clock shows if the world does not say: 2026-01-05T09:00:00Z, a Monday.
const DEFAULT_CLOCK: Moment = Moment(1_767_603_600_000);
const DEFAULT_SEED: u64 = 1;

/// What a run changes about a world before it begins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Callback URLs of real apps; `None` makes the app a puppet.
    pub apps: Vec<(String, Option<String>)>,
    /// `routing` of every page, or `routing@rules`.
    pub routing: Option<String>,
    /// The seed, whatever the file says.
    pub seed: Option<u64>,
    /// The seed, where the file says none.
    pub default_seed: Option<u64>,
    /// What the clock shows at the start, where the file says nothing.
    pub default_clock: Option<Moment>,
    /// Mixed into derived PSIDs, so that a bot meets people whom it never met.
    pub people_salt: u64,
}

/// The names that a world file gives.
pub fn names(world: &Node) -> Names {
    let keys = |part: &Node| part.entries().iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect();
    let of = |key: &str| world.get(key).map(keys).unwrap_or_default();
    let mut apps: Vec<String> = of("apps");
    apps.extend([INBOX, LEAD_APP].map(str::to_owned));
    let pages = world.get("pages").map(Node::entries).unwrap_or_default();
    let links = pages.iter().filter_map(|(_, page)| page.get("links")).flat_map(keys).collect();
    Names { apps, pages: of("pages"), people: of("people"), ads: of("ads"), links, users: of("users") }
}

/// Reads a world. All mistakes are reported.
pub fn read(world: &Node, changes: &Changes) -> Result<Arc<Config>, Vec<Diagnostic>> {
    let mut mistakes = Mistakes::new();
    check(world, &Shape::Object(&vocabulary::WORLD), &names(world), &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let seed = changes.seed.or_else(|| number(world, "seed")).or(changes.default_seed).unwrap_or(DEFAULT_SEED);
    let declared = text(world, "clock").and_then(|clock| parse_moment(&clock));
    let clock = declared.or(changes.default_clock).unwrap_or(DEFAULT_CLOCK);
    let mut reader = Reader { world, changes, seed, clock, mistakes };
    let config = reader.config();
    if reader.mistakes.is_empty() { Ok(Arc::new(config)) } else { Err(in_order(reader.mistakes)) }
}

/// A world file at work. Its pages are read in `world_page`, its ads in `world_ad`, its users in `world_user`.
pub(crate) struct Reader<'w> {
    world: &'w Node,
    pub(crate) changes: &'w Changes,
    pub(crate) seed: u64,
    pub(crate) clock: Moment,
    mistakes: Mistakes,
}

pub(crate) fn text(node: &Node, key: &str) -> Option<Box<str>> {
    node.get(key).and_then(Node::text).map(Into::into)
}

pub(crate) fn number(node: &Node, key: &str) -> Option<u64> {
    node.get(key).and_then(Node::text).and_then(|text| text.parse().ok())
}

pub(crate) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::bool).unwrap_or(false)
}

/// A name as a first name.
pub(crate) fn capital(name: &str) -> Box<str> {
    let mut rest = name.chars();
    let first = rest.next().map(|first| first.to_uppercase().collect::<String>() + rest.as_str());
    first.unwrap_or_default().into()
}

fn permissions(node: &Node) -> PermissionSet {
    node.items().iter().filter_map(|permission| Permission::parse(permission.text()?)).collect()
}

pub(crate) fn named(entry: &(Node, Node)) -> (&str, &Node) {
    (entry.0.text().unwrap_or_default(), &entry.1)
}

impl<'w> Reader<'w> {
    pub(crate) fn part(&self, key: &str) -> &'w [(Node, Node)] {
        self.world.get(key).map(Node::entries).unwrap_or_default()
    }

    pub(crate) fn wrong(&mut self, at: &Node, message: String, note: &str) {
        self.mistakes.push(at.mistake(message).note(note));
    }

    fn config(&mut self) -> Config {
        let most_of = [("users", MAX_NAMED), ("people", MAX_PEOPLE)];
        for (key, most) in [("apps", MAX_NAMED), ("pages", MAX_NAMED), ("ads", MAX_NAMED)].into_iter().chain(most_of) {
            if self.part(key).len() > most {
                self.wrong(self.world, format!("a world has at most {most} {key}"), "make a smaller world");
            }
        }
        let pages = self.part("pages").len();
        let (apps, users) = (self.part("apps").len(), self.part("users").len());
        if [pages * apps, pages * self.part("people").len(), users * apps].into_iter().any(|pairs| pairs > MAX_PAIRS) {
            let message =
                format!("pages times apps, pages times people, and users times apps, are at most {MAX_PAIRS}");
            self.wrong(self.world, message, "make a smaller world");
        }
        let apps = self.apps();
        let pages: Vec<PageConfig> = self.part("pages").iter().map(|entry| self.page(entry, &apps)).collect();
        let users: Vec<UserConfig> = self.part("users").iter().map(|entry| self.user(entry, &apps, &pages)).collect();
        self.check_tokens();
        self.check_users(&users, &pages);
        let ads = self.part("ads").iter().map(|entry| self.ad(entry, &apps, &pages)).collect();
        let people = self.people(&pages, &apps);
        let limits = self.world.get("limits");
        let limit =
            |key, default: usize| limits.and_then(|node| number(node, key)).map_or(default, |value| value as usize);
        Config {
            declared: Declared::text(self.world, self.changes),
            seed: self.seed,
            salt: self.changes.people_salt,
            clock: self.clock,
            limits: Limits {
                messages: limit("messages", Limits::default().messages),
                ledger: limit("ledger", Limits::default().ledger),
                waiting: limit("waiting", Limits::default().waiting),
            },
            delivery: self.delivery(),
            apps,
            pages,
            ads,
            people,
            users,
            strict_permissions: flag(self.world, "strict_permissions"),
        }
    }

    fn delivery(&mut self) -> DeliveryConfig {
        let Some(node) = self.world.get("delivery") else { return DeliveryConfig::default() };
        let batch = number(node, "batch").unwrap_or(1);
        if batch == 0 || batch > MAX_BATCH as u64 {
            let at = node.get("batch").unwrap_or(node);
            self.wrong(at, format!("a POST has 1 to {MAX_BATCH} webhooks, not {batch}"), "Meta sends at most 1,000");
        }
        let timeout = text(node, "timeout").and_then(|timeout| parse_duration(&timeout));
        if timeout == Some(Span(0)) {
            let at = node.get("timeout").unwrap_or(node);
            self.wrong(at, "nobody can answer in no time".to_owned(), "write a time limit such as 5s");
        }
        let give_up_after = text(node, "give_up_after").and_then(|span| parse_duration(&span));
        let give_up_after = give_up_after.unwrap_or(DeliveryConfig::default().give_up_after);
        DeliveryConfig { timeout, batch: batch as usize, give_up_after }
    }

    fn apps(&mut self) -> Vec<AppConfig> {
        let mut apps: Vec<AppConfig> = self.part("apps").iter().map(|entry| self.app(entry)).collect();
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

    fn app(&mut self, entry: &(Node, Node)) -> AppConfig {
        let (name, node) = named(entry);
        if [INBOX, LEAD_APP].contains(&name) {
            self.wrong(&entry.0, format!("`{name}` is an app of every world by itself"), "choose another name");
        }
        let derived = || IdStream::named(self.seed, IdKind::App, name, 0).digits(15);
        let id = number(node, "id").unwrap_or_else(derived);
        let secret =
            text(node, "secret").unwrap_or_else(|| IdStream::named(self.seed, IdKind::Secret, name, 0).hex(32));
        AppConfig {
            name: name.into(),
            id: AppId(id),
            secret,
            webhook: self.webhook(name, node),
            opaque_token: self.opaque_token(name, AppId(id)),
            require_proof: flag(node, "require_proof"),
            published: node.get("mode").and_then(Node::text) != Some("development"),
            permissions: node.get("permissions").map_or_else(PermissionSet::all, permissions),
        }
    }

    fn opaque_token(&self, name: &str, id: AppId) -> Box<str> {
        IdStream::named(self.seed, IdKind::Token, name, 0).url_safe(&format!("{id}|"), 27)
    }

    fn webhook(&mut self, name: &str, app: &Node) -> Option<WebhookConfig> {
        let declared = app.get("webhook");
        let changed = self.changes.apps.iter().find(|(changed, _)| changed == name).map(|(_, url)| url.as_deref());
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

    pub(crate) fn app_key(apps: &[AppConfig], name: &str) -> Option<AppKey> {
        apps.iter().position(|app| &*app.name == name).map(|index| AppKey(index as u16))
    }

    fn check_tokens(&mut self) {
        let pages = self.part("pages").iter().filter_map(|(_, page)| page.get("apps"));
        let of_pages = pages.flat_map(Node::entries).filter_map(|(_, app)| app.get("token"));
        let users = self.part("users").iter().filter_map(|(_, user)| user.get("tokens"));
        let of_users = users.flat_map(Node::entries).map(|(_, token)| token.get("token").unwrap_or(token));
        let tokens: Vec<&Node> = of_pages.chain(of_users).filter(|token| token.text().is_some()).collect();
        let mut seen = std::collections::HashSet::new();
        for token in tokens {
            let text = token.text().unwrap_or_default();
            if !seen.insert(text) {
                let note =
                    "each app needs its own token on each page, and for each user: a call is known by its token alone";
                self.wrong(token, format!("the token `{text}` stands twice"), note);
            }
            if text.starts_with("IGAA") {
                let note =
                    "Instagram is not built yet: tokens of pages and users begin with EAA, or with anything else";
                self.wrong(token, format!("the token `{text}` is an Instagram user's"), note);
            }
        }
    }

    fn people(&mut self, pages: &[PageConfig], apps: &[AppConfig]) -> People {
        let declared = self.part("people");
        let list: Vec<PersonConfig> = declared.iter().map(|entry| self.person(entry, pages, apps)).collect();
        let mut seen = std::collections::HashSet::new();
        for (person, (_, node)) in list.iter().zip(declared) {
            for psid in &person.psids {
                if !seen.insert(psid.clone()) {
                    let at = node.get("psids").unwrap_or(node);
                    let message = format!("the PSID `{psid}` of `{}` stands twice", person.name);
                    self.wrong(at, message, "a PSID stands for one person on one page");
                }
            }
        }
        People::new(list)
    }

    fn person(&mut self, entry: &(Node, Node), pages: &[PageConfig], apps: &[AppConfig]) -> PersonConfig {
        let (name, node) = named(entry);
        let given = node.get("psids");
        let psid = |page: &PageConfig| -> Box<str> {
            let owner = format!("{}/{name}", page.name);
            let derived = || IdStream::named(self.seed, IdKind::Psid, &owner, self.changes.people_salt).digits(16);
            // After the first scenario before a real bot, whom it must not know, nobody keeps a given PSID.
            let given = given.filter(|_| self.changes.people_salt <= 1);
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

pub(crate) fn is_connected(connections: &[ConnectionConfig], app: AppKey) -> bool {
    connections.iter().any(|connection| connection.app == app && connection.connected)
}
