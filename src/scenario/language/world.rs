//! Language room: a world file into the config of a world, with everything checked that a world could contradict itself in.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, in_order};
use super::node::Node;
use super::shape::{Mistakes, Names, Shape, check};
use super::units::parse_moment;
use super::vocabulary;
use crate::domain::config::{
    AdConfig, AppConfig, Config, ConnectionConfig, Limits, LinkConfig, PageConfig, People, PersonConfig, Webhook,
    Welcome,
};
use crate::domain::fields::{Field, FieldSet};
use crate::domain::ids::{AppId, AppKey, INBOX_APP_ID, IdKind, IdStream, PageKey};
use crate::domain::message::{Button, QuickReply};
use crate::domain::policy::Regime;
use crate::domain::time::{Moment, Span};

/// The inbox's name in every world.
pub const INBOX: &str = "inbox";
/// Apps, pages and ads of a world.
const MAX_NAMED: usize = 10_000;
/// People of a world.
const MAX_PEOPLE: usize = 1_000_000;
/// Tokens, and PSIDs, of a world.
const MAX_PAIRS: usize = 2_000_000;
/// What the clock shows if the world does not say: 2026-01-05T09:00:00Z, a Monday.
const DEFAULT_CLOCK: Moment = Moment(1_767_603_600_000);
const DEFAULT_SEED: u64 = 1;
const DEFAULT_GENERATION: &str = "2023-09";

/// What a run changes about a world before it begins.
#[derive(Debug, Clone, Default)]
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
    apps.push(INBOX.to_owned());
    let pages = world.get("pages").map(Node::entries).unwrap_or_default();
    let links = pages.iter().filter_map(|(_, page)| page.get("links")).flat_map(keys).collect();
    Names { apps, pages: of("pages"), people: of("people"), ads: of("ads"), links }
}

/// Reads a world. All mistakes are reported.
pub fn read(world: &Node, changes: &Changes) -> Result<Arc<Config>, Vec<Diagnostic>> {
    let mut mistakes = Mistakes::new();
    check(world, &Shape::Object(&vocabulary::WORLD), &names(world), &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let seed = changes.seed.or_else(|| number(world, "seed")).or(changes.default_seed).unwrap_or(DEFAULT_SEED);
    let mut reader = Reader { world, changes, seed, mistakes };
    let config = reader.config();
    if reader.mistakes.is_empty() { Ok(Arc::new(config)) } else { Err(in_order(reader.mistakes)) }
}

/// The rules of a page, now and while it has a default app.
struct Regimes {
    start: &'static Regime,
    with_default_app: &'static Regime,
}

struct Reader<'w> {
    world: &'w Node,
    changes: &'w Changes,
    seed: u64,
    mistakes: Mistakes,
}

fn text(node: &Node, key: &str) -> Option<Box<str>> {
    node.get(key).and_then(Node::text).map(Into::into)
}

fn number(node: &Node, key: &str) -> Option<u64> {
    node.get(key).and_then(Node::text).and_then(|text| text.parse().ok())
}

fn named(entry: &(Node, Node)) -> (&str, &Node) {
    (entry.0.text().unwrap_or_default(), &entry.1)
}

impl<'w> Reader<'w> {
    fn part(&self, key: &str) -> &'w [(Node, Node)] {
        self.world.get(key).map(Node::entries).unwrap_or_default()
    }

    fn wrong(&mut self, at: &Node, message: String, note: &str) {
        self.mistakes.push(at.mistake(message).note(note));
    }

    fn config(&mut self) -> Config {
        for (key, most) in [("apps", MAX_NAMED), ("pages", MAX_NAMED), ("ads", MAX_NAMED), ("people", MAX_PEOPLE)] {
            if self.part(key).len() > most {
                self.wrong(self.world, format!("a world has at most {most} {key}"), "make a smaller world");
            }
        }
        let pages = self.part("pages").len();
        if pages * self.part("apps").len() > MAX_PAIRS || pages * self.part("people").len() > MAX_PAIRS {
            let message = format!("pages times apps, and pages times people, are at most {MAX_PAIRS}");
            self.wrong(self.world, message, "make a smaller world");
        }
        let apps = self.apps();
        let pages: Vec<PageConfig> = self.part("pages").iter().map(|entry| self.page(entry, &apps)).collect();
        self.check_unique_tokens(&pages);
        let ads = self.part("ads").iter().map(|entry| self.ad(entry, &apps, &pages)).collect();
        let people = self.people(&pages);
        let limits = self.world.get("limits");
        let limit =
            |key, default: usize| limits.and_then(|node| number(node, key)).map_or(default, |value| value as usize);
        Config {
            seed: self.seed,
            salt: self.changes.people_salt,
            clock: text(self.world, "clock")
                .and_then(|clock| parse_moment(&clock))
                .or(self.changes.default_clock)
                .unwrap_or(DEFAULT_CLOCK),
            limits: Limits {
                messages: limit("messages", Limits::default().messages),
                ledger: limit("ledger", Limits::default().ledger),
            },
            apps,
            pages,
            ads,
            people,
        }
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
        apps.push(AppConfig {
            name: INBOX.into(),
            id: INBOX_APP_ID,
            secret: IdStream::named(self.seed, IdKind::Secret, INBOX, 0).hex(32),
            webhook: None,
        });
        apps
    }

    fn app(&mut self, entry: &(Node, Node)) -> AppConfig {
        let (name, node) = named(entry);
        if name == INBOX {
            self.wrong(&entry.0, "`inbox` is an app of every world by itself".to_owned(), "choose another name");
        }
        let derived = || IdStream::named(self.seed, IdKind::App, name, 0).digits(15);
        let id = number(node, "id").unwrap_or_else(derived);
        let secret =
            text(node, "secret").unwrap_or_else(|| IdStream::named(self.seed, IdKind::Secret, name, 0).hex(32));
        AppConfig { name: name.into(), id: AppId(id), secret, webhook: self.webhook(name, node) }
    }

    fn webhook(&mut self, name: &str, app: &Node) -> Option<Webhook> {
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
        Some(Webhook { url, verify_token })
    }

    fn app_key(apps: &[AppConfig], name: &str) -> Option<AppKey> {
        apps.iter().position(|app| &*app.name == name).map(|index| AppKey(index as u16))
    }

    fn page(&mut self, entry: &(Node, Node), apps: &[AppConfig]) -> PageConfig {
        let (name, node) = named(entry);
        let named_default = node.get("default_app");
        let connections = self.connections(name, node, apps);
        let connected = |key: AppKey| is_connected(&connections, key);
        let default_app = named_default.and_then(|app| Self::app_key(apps, app.text()?));
        for key in ["default_app", "social"] {
            let Some(app) = node.get(key) else { continue };
            if Self::app_key(apps, app.text().unwrap_or_default()).is_some_and(|key| !connected(key)) {
                let message = format!("`{}` is not connected to the page `{name}`", app.text().unwrap_or_default());
                self.wrong(app, message, "list it under the page's `apps`");
            }
        }
        let (regimes, default_app) = self.regimes(node, default_app);
        let links = node.get("links").map(Node::entries).unwrap_or_default();
        PageConfig {
            name: name.into(),
            id: text(node, "id")
                .unwrap_or_else(|| IdStream::named(self.seed, IdKind::Page, name, 0).digits(15).to_string().into()),
            regime: regimes.start,
            with_default_app: regimes.with_default_app,
            default_app,
            links: links.iter().map(|entry| self.link(entry, apps, &connections)).collect(),
            social: node.get("social").and_then(|app| Self::app_key(apps, app.text()?)),
            connections,
        }
    }

    /// The rules that a page starts with, those that hold while it has a default app, and the default app.
    fn regimes(&mut self, page: &Node, default_app: Option<AppKey>) -> (Regimes, Option<AppKey>) {
        let declared = page.get("routing").and_then(Node::text);
        let changed = self.changes.routing.as_deref();
        let (routing, generation) =
            match changed.or(declared).map(|routing| routing.split_once('@').unwrap_or((routing, ""))) {
                Some((routing, "")) => (Some(routing), page.get("rules").and_then(Node::text)),
                Some((routing, generation)) => (Some(routing), Some(generation)),
                None => (None, page.get("rules").and_then(Node::text)),
            };
        let word = generation.unwrap_or(DEFAULT_GENERATION);
        let with_default_app = Regime::of_generation(word).unwrap_or_else(|| {
            let at = page.get("rules").unwrap_or(page);
            self.wrong(at, format!("there is no generation `{word}` of the rules"), "known are: 2023-09, 2025-09");
            Regime::conversation_routing_2023()
        });
        let at = page.get("routing").unwrap_or(page);
        match (routing, default_app) {
            (Some("conversation_routing") | None, Some(_)) => {
                return (Regimes { start: with_default_app, with_default_app }, default_app);
            }
            (Some("handover_protocol"), _) => {
                let note = "the README's table says what works and what does not yet";
                self.wrong(at, "`handover_protocol` is not built yet".to_owned(), note);
            }
            (Some("conversation_routing"), None) => {
                let note = "name one, or use `routing: zero_config`";
                self.wrong(at, "conversation_routing needs a `default_app`".to_owned(), note);
            }
            (Some("zero_config"), Some(_)) if changed.is_none() => {
                let note = "leave out `default_app`, or use `routing: conversation_routing`";
                self.wrong(at, "a page with `zero_config` has no default app".to_owned(), note);
            }
            (Some(unknown), _) if unknown != "zero_config" => {
                self.wrong(
                    at,
                    format!("there is no routing `{unknown}`"),
                    "known are: conversation_routing, zero_config",
                );
            }
            _ => {}
        }
        (Regimes { start: Regime::zero_config(), with_default_app }, None)
    }

    /// The inbox is connected to every page. Standby is on unless the file turns it off.
    fn connections(&mut self, page_name: &str, page: &Node, apps: &[AppConfig]) -> Vec<ConnectionConfig> {
        let declared = page.get("apps").map(Node::entries).unwrap_or_default();
        let mut connections: Vec<ConnectionConfig> = Vec::new();
        for (key, app) in (0u16..).zip(apps) {
            let node = declared.iter().map(named).find(|(name, _)| *name == &*app.name).map(|(_, node)| node);
            let owner = format!("{page_name}/{}", app.name);
            let derived = || IdStream::named(self.seed, IdKind::Token, &owner, 0).letters_and_digits("EAA", 60);
            connections.push(ConnectionConfig {
                app: AppKey(key),
                connected: node.is_some() || &*app.name == INBOX,
                token: node.and_then(|node| text(node, "token")).unwrap_or_else(derived),
                fields: node.and_then(|node| node.get("fields")).map_or_else(FieldSet::all, fields),
                standby: node.and_then(|node| node.get("standby")?.bool()).unwrap_or(true),
                take_control: node.and_then(|node| node.get("take_control")?.bool()).unwrap_or(false),
            });
        }
        connections
    }

    fn link(&mut self, entry: &(Node, Node), apps: &[AppConfig], connections: &[ConnectionConfig]) -> LinkConfig {
        let (name, node) = named(entry);
        let app = node.get("app").and_then(|app| Self::app_key(apps, app.text()?));
        if let (Some(app), Some(at)) = (app, node.get("app"))
            && !is_connected(connections, app)
        {
            self.wrong(
                at,
                format!("the link `{name}` leads to an app that is not connected to the page"),
                "list it under the page's `apps`",
            );
        }
        LinkConfig { name: name.into(), reference: text(node, "ref").unwrap_or_default(), app }
    }

    fn check_unique_tokens(&mut self, pages: &[PageConfig]) {
        let mut seen = std::collections::HashSet::new();
        for connection in pages.iter().flat_map(|page| &page.connections) {
            if !seen.insert(&*connection.token) {
                let message = format!("the token `{}` stands twice", connection.token);
                self.wrong(
                    self.world,
                    message,
                    "each app needs its own token on each page: a call is known by its token alone",
                );
            }
        }
    }

    fn ad(&mut self, entry: &(Node, Node), apps: &[AppConfig], pages: &[PageConfig]) -> AdConfig {
        let (name, node) = named(entry);
        let page = node.get("page").and_then(Node::text).unwrap_or_default();
        let page = pages.iter().position(|declared| &*declared.name == page).unwrap_or(0);
        let app = node.get("app").and_then(|app| Self::app_key(apps, app.text()?));
        if let (Some(app), Some(at), Some(page)) = (app, node.get("app"), pages.get(page))
            && !is_connected(&page.connections, app)
        {
            let message = format!("the ad `{name}` names an app that is not connected to the page `{}`", page.name);
            self.wrong(at, message, "list it under the page's `apps`");
        }
        let id = || IdStream::named(self.seed, IdKind::Ad, name, 0).digits(16).to_string().into();
        AdConfig {
            name: name.into(),
            id: text(node, "id").unwrap_or_else(id),
            page: PageKey(page as u16),
            app,
            reference: text(node, "ref"),
            control: number(node, "receiving_app_control_expiration").map(ad_window),
            title: text(node, "title"),
            welcome: node.get("welcome").map(welcome),
        }
    }

    fn people(&mut self, pages: &[PageConfig]) -> People {
        let declared = self.part("people");
        let list: Vec<PersonConfig> = declared.iter().map(|entry| self.person(entry, pages)).collect();
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

    fn person(&mut self, entry: &(Node, Node), pages: &[PageConfig]) -> PersonConfig {
        let (name, node) = named(entry);
        let given = node.get("psids");
        let psid = |page: &PageConfig| -> Box<str> {
            let owner = format!("{}/{name}", page.name);
            let derived = || IdStream::named(self.seed, IdKind::Psid, &owner, self.changes.people_salt).digits(16);
            // After the first scenario before a real bot, whom it must not know, nobody keeps a given PSID.
            let given = given.filter(|_| self.changes.people_salt <= 1);
            given.and_then(|psids| text(psids, &page.name)).unwrap_or_else(|| derived().to_string().into())
        };
        let mut capital = name.chars();
        let first = capital.next().map(|first| first.to_uppercase().collect::<String>() + capital.as_str());
        PersonConfig {
            name: name.into(),
            first_name: text(node, "first_name").unwrap_or_else(|| first.unwrap_or_default().into()),
            last_name: text(node, "last_name").unwrap_or_else(|| "Doe".into()),
            locale: text(node, "locale").unwrap_or_else(|| "en_US".into()),
            timezone: text(node, "timezone").and_then(|hours| hours.parse().ok()).unwrap_or(0),
            gender: text(node, "gender"),
            psids: pages.iter().map(psid).collect(),
        }
    }
}

fn is_connected(connections: &[ConnectionConfig], app: AppKey) -> bool {
    connections.iter().any(|connection| connection.app == app && connection.connected)
}

/// Days that an ad may keep the thread; any other number is one day.
fn ad_window(days: u64) -> Span {
    Span::days(if (1..=30).contains(&days) { days } else { 1 })
}

fn fields(node: &Node) -> FieldSet {
    node.items().iter().filter_map(|field| Field::parse(field.text()?)).collect()
}

fn welcome(node: &Node) -> Welcome {
    let labels = |key: &str| node.get(key).map(Node::items).unwrap_or_default();
    Welcome {
        text: text(node, "text").unwrap_or_default(),
        quick_replies: labels("quick_replies").iter().map(quick_reply).collect(),
        buttons: labels("buttons").iter().map(button).collect(),
    }
}

/// A label alone is its own payload.
fn label(node: &Node) -> (Box<str>, Box<str>) {
    let title = node.text().map(Into::into).or_else(|| text(node, "title")).unwrap_or_default();
    (title.clone(), text(node, "payload").unwrap_or(title))
}

fn quick_reply(node: &Node) -> QuickReply {
    let (title, payload) = label(node);
    QuickReply { title, payload, image_url: None }
}

fn button(node: &Node) -> Button {
    let (title, payload) = label(node);
    match text(node, "url") {
        Some(url) => Button::WebUrl { title, url },
        None => Button::Postback { title, payload },
    }
}
