//! Reads a world file into the config of a world, and checks that the world does not contradict itself.

use std::sync::Arc;

use super::declared::DeclaredWorld;
use super::overrides::WorldOverrides;
use super::person;
use super::world_reader::{INBOX, LEAD_APP, NATIVE_APP, WorldReader, flag, number, text};
use crate::domain::model::account_media::AccountMedia;
use crate::domain::model::config::{AssetConfig, Config, DeliveryConfig, Limits, MAX_AT_ONCE, MAX_BATCH, UserConfig};
use crate::domain::model::time::{Moment, Span};
use crate::language::node::Node;
use crate::language::schema::names::{Names, NamesInFile};
use crate::language::schema::shape::{Mistakes, Shape, check};
use crate::language::schema::vocabulary;
use crate::text::diagnostic::{Diagnostic, in_order};
use crate::text::source::SourceText;
use crate::text::units::{parse_duration, parse_moment};

/// The most apps, pages, ads and users of a world.
const MAX_NAMED: usize = 10_000;
/// The most tokens of a world.
const MAX_PAIRS: usize = 2_000_000;
/// The time at the start if the world does not say: 2026-01-05T09:00:00Z, a Monday.
const DEFAULT_CLOCK: Moment = Moment::from_millis(1_767_603_600_000);
const DEFAULT_SEED: u64 = 1;

/// The names in a world file.
pub fn names(world: &Node) -> Names {
    let keys = |part: &Node| part.entries().iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect();
    let of = |key: &str| world.get(key).map(keys).unwrap_or_default();
    let mut apps: Vec<String> = of("apps");
    apps.extend([INBOX, LEAD_APP].map(str::to_owned));
    let accounts = world.get("instagram").map(Node::entries).unwrap_or_default();
    if !accounts.is_empty() {
        apps.push(NATIVE_APP.to_owned());
    }
    let declared: Vec<String> =
        accounts.iter().filter_map(|(_, account)| account.get("media")).flat_map(keys).collect();
    let of_each = AccountMedia::WORDS.iter().filter(|_| !accounts.is_empty()).map(|word| (*word).to_owned());
    let pages =
        ["pages", "instagram"].into_iter().flat_map(|key| world.get(key).map(Node::entries).unwrap_or_default());
    let links = pages.filter_map(|(_, page)| page.get("links")).flat_map(keys).collect();
    let mut names = NamesInFile {
        apps,
        pages: [of("pages"), of("instagram")].concat(),
        accounts: of("instagram").len(),
        ads: of("ads"),
        links,
        users: of("users"),
        media: of_each.chain(declared).collect(),
        ..NamesInFile::default()
    };
    person::list_names(world, &mut names);
    Names::OfFile(Box::new(names))
}

/// Reads a world file and reports all its mistakes.
pub fn read(world: &Node, overrides: &WorldOverrides) -> Result<Arc<Config>, Vec<Diagnostic>> {
    if let Some((key, _)) = world.entries().iter().find(|(key, _)| key.text() == Some("scenarios")) {
        let mistake = key.mistake("this is a scenario file, and a world file is expected");
        return Err(vec![mistake.note("`run FILE` runs it; the world that it names stands at its key `world`")]);
    }
    let mut mistakes = Mistakes::new();
    check(world, &Shape::Object(&vocabulary::WORLD), &names(world), &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let seed = overrides.seed.or_else(|| number(world, "seed")).or(overrides.default_seed).unwrap_or(DEFAULT_SEED);
    let declared = text(world, "clock").and_then(|clock| parse_moment(&clock));
    let clock = declared.or(overrides.default_clock).unwrap_or(DEFAULT_CLOCK);
    let mut reader = WorldReader { world, overrides, seed, clock, mistakes };
    let config = reader.read_config();
    if reader.mistakes.is_empty() { Ok(Arc::new(config)) } else { Err(in_order(reader.mistakes)) }
}

/// Makes the config of a declared world once more. It fails if this version reads worlds differently.
pub fn read_declared(declared: &DeclaredWorld) -> Result<Arc<Config>, Vec<Diagnostic>> {
    let source = SourceText::inline("the world", &declared.world.to_string());
    let node = Node::parse(&source).map_err(|mistake| vec![mistake])?;
    read(&node, &declared.overrides)
}

impl WorldReader<'_> {
    fn read_config(&mut self) -> Config {
        self.check_bounds();
        let apps = self.read_apps();
        let mut pages: Vec<AssetConfig> = self.part("pages").iter().map(|entry| self.read_page(entry, &apps)).collect();
        for entry in self.part("instagram") {
            let account = self.read_account(entry, &apps, &pages);
            pages.push(account);
        }
        self.check_asset_ids(&pages);
        self.check_usernames(&pages);
        let users: Vec<UserConfig> =
            self.part("users").iter().map(|entry| self.read_user(entry, &apps, &pages)).collect();
        self.check_tokens();
        self.check_users(&users, &pages);
        let ads = self.part("ads").iter().map(|entry| self.read_ad(entry, &apps, &pages)).collect();
        let people = self.read_people(&pages, &apps);
        let limits = self.world.get("limits");
        let limit =
            |key, default: usize| limits.and_then(|node| number(node, key)).map_or(default, |value| value as usize);
        Config {
            declared: DeclaredWorld::write(self.world, self.overrides).into(),
            seed: self.seed,
            salt: self.overrides.people_salt,
            clock: self.clock,
            limits: Limits {
                messages: limit("messages", Limits::default().messages),
                message_bytes: limit("message_bytes", Limits::default().message_bytes),
                ledger: limit("ledger", Limits::default().ledger),
                ledger_bytes: limit("ledger_bytes", Limits::default().ledger_bytes),
                waiting: limit("waiting", Limits::default().waiting),
            },
            delivery: self.read_delivery(),
            allow_webhooks: self.read_allowed_hosts(),
            apps: apps.into(),
            assets: pages.into(),
            ads,
            people,
            users: users.into(),
            strict_permissions: flag(self.world, "strict_permissions"),
        }
    }

    /// The hosts on which apps may register callback URLs, in small letters.
    fn read_allowed_hosts(&mut self) -> Arc<[Box<str>]> {
        let listed = self.world.get("allow_webhooks").map(Node::items).unwrap_or_default();
        for host in listed {
            let text = host.text().unwrap_or_default();
            if text.is_empty() || text.contains(['/', '*', ' ', '@']) {
                let note = "write the host as it stands in URLs, such as bot.test or 10.0.0.5; it holds for all ports";
                self.wrong(host, format!("`{text}` is no host"), note);
            }
        }
        listed.iter().filter_map(|host| Some(host.text()?.to_ascii_lowercase().into())).collect()
    }

    fn check_bounds(&mut self) {
        for key in ["apps", "pages", "instagram", "ads", "users"] {
            if self.part(key).len() > MAX_NAMED {
                self.wrong(self.world, format!("a world has at most {MAX_NAMED} {key}"), "make a smaller world");
            }
        }
        let pages = self.part("pages").len() + self.part("instagram").len();
        let (apps, users) = (self.part("apps").len(), self.part("users").len());
        if [pages * apps, users * apps].into_iter().any(|pairs| pairs > MAX_PAIRS) {
            let message = format!("pages times apps, and users times apps, are at most {MAX_PAIRS}");
            self.wrong(self.world, message, "make a smaller world");
        }
    }

    fn read_delivery(&mut self) -> DeliveryConfig {
        let Some(node) = self.world.get("delivery") else { return DeliveryConfig::default() };
        let batch = number(node, "batch").unwrap_or(1);
        if batch == 0 || batch > MAX_BATCH as u64 {
            let at = node.get("batch").unwrap_or(node);
            self.wrong(at, format!("a POST has 1 to {MAX_BATCH} webhooks, not {batch}"), "Meta sends at most 1,000");
        }
        let at_once = number(node, "at_once").unwrap_or(DeliveryConfig::default().at_once as u64);
        if at_once == 0 || at_once > MAX_AT_ONCE as u64 {
            let at = node.get("at_once").unwrap_or(node);
            self.wrong(
                at,
                format!("an app gets 1 to {MAX_AT_ONCE} POSTs at once, not {at_once}"),
                "leave it out for 64",
            );
        }
        let timeout = text(node, "timeout").and_then(|timeout| parse_duration(&timeout));
        if timeout == Some(Span(0)) {
            let at = node.get("timeout").unwrap_or(node);
            self.wrong(at, "a timeout of 0s leaves no time to answer".to_owned(), "write a time limit such as 5s");
        }
        let give_up_after = text(node, "give_up_after").and_then(|span| parse_duration(&span));
        let give_up_after = give_up_after.unwrap_or(DeliveryConfig::default().give_up_after);
        DeliveryConfig { timeout, batch: batch as usize, at_once: at_once as usize, give_up_after }
    }

    /// Checks that each page and account has an id of its own: webhooks and calls name it by nothing else.
    fn check_asset_ids(&mut self, assets: &[AssetConfig]) {
        let mut seen = std::collections::HashSet::new();
        for (asset, (_, node)) in assets.iter().zip(self.part("pages").iter().chain(self.part("instagram"))) {
            if !seen.insert(&asset.id) {
                let message = format!("`{}` has the id of another page or account", asset.name);
                self.wrong(node.get("id").unwrap_or(node), message, "give each an id of its own, or leave ids out");
            }
        }
    }
}
