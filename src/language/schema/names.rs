//! The names of a world: which there are, and what they are called. A running world is looked up and not copied.

use std::sync::Arc;

use crate::domain::model::account_media::AccountMedia;
use crate::domain::model::config::{AssetConfig, Config};
use crate::domain::model::crowd::parse_member;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::people::is_name;
use crate::domain::model::platform::Platform;
use crate::text::suggest::did_you_mean;

/// The most names that an error lists or compares with a mistyped one.
const MAX_LISTED: usize = 1000;

/// Kinds of names in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    App,
    /// A page, or an Instagram account.
    Asset,
    Page,
    /// An Instagram account.
    Account,
    Person,
    Ad,
    /// An m.me link.
    Link,
    /// A person who administrates pages.
    User,
    /// What an Instagram account has published.
    Media,
}

impl NameKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Asset => "page or account",
            Self::Page => "page",
            Self::Account => "Instagram account",
            Self::Person => "person",
            Self::Ad => "ad",
            Self::Link => "link",
            Self::User => "user",
            Self::Media => "media item",
        }
    }

    /// The same for several.
    pub fn words(self) -> &'static str {
        match self {
            Self::App => "apps",
            Self::Asset => "pages or accounts",
            Self::Page => "pages",
            Self::Account => "Instagram accounts",
            Self::Person => "people",
            Self::Ad => "ads",
            Self::Link => "links",
            Self::User => "users",
            Self::Media => "media",
        }
    }
}

/// The names of a world.
#[derive(Debug, Clone)]
pub enum Names {
    OfFile(Box<NamesInFile>),
    OfWorld(Arc<Config>),
}

/// The names in a world file.
#[derive(Debug, Clone, Default)]
pub struct NamesInFile {
    /// Apps, including the inbox.
    pub apps: Vec<String>,
    /// Pages, then Instagram accounts.
    pub pages: Vec<String>,
    /// How many of them are accounts.
    pub accounts: usize,
    pub people: Vec<String>,
    /// Crowds, and how many members each has.
    pub crowds: Vec<(String, u32)>,
    /// True if any name may be a person's.
    pub any_person: bool,
    pub ads: Vec<String>,
    /// Links of all pages.
    pub links: Vec<String>,
    /// People who administrate pages.
    pub users: Vec<String>,
    /// What the accounts have published, if there are any.
    pub media: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self::OfFile(Box::default())
    }
}

impl Names {
    /// True if something of this kind has this name.
    pub fn has(&self, kind: NameKind, name: &str) -> bool {
        match (self, kind) {
            (Self::OfWorld(config), NameKind::Person) => config.people.by_name(name).is_some(),
            (Self::OfFile(names), NameKind::Person) if name.contains('.') => names.has_member(name),
            (Self::OfWorld(config), NameKind::Asset) => config.asset_by_name(name).is_some(),
            (Self::OfFile(names), NameKind::Asset) if Platform::parse(name).is_some() => names.has_asset(name),
            (_, NameKind::Account) if name == Platform::Instagram.name() => self.count_on(Platform::Instagram) == 1,
            _ => self.all(kind).any(|known| known == name),
        }
    }

    /// The key of an app of a running world.
    pub fn app_key(&self, name: &str) -> Option<AppKey> {
        match self {
            Self::OfFile(_) => None,
            Self::OfWorld(config) => config.app_by_name(name),
        }
    }

    /// The key of a page or an account of a running world.
    pub fn asset_key(&self, name: &str) -> Option<AssetKey> {
        match self {
            Self::OfFile(_) => None,
            Self::OfWorld(config) => config.asset_by_name(name),
        }
    }

    /// True if a step may use this name: it is known, or it may be that of a new person.
    pub fn allows(&self, kind: NameKind, name: &str) -> bool {
        self.has(kind, name) || (kind == NameKind::Person && self.any_person() && is_name(name))
    }

    /// True if an unknown name in a step is a new person.
    pub fn any_person(&self) -> bool {
        match self {
            Self::OfFile(names) => names.any_person,
            Self::OfWorld(config) => config.people.any,
        }
    }

    /// All names of a kind. Members of crowds are not among them.
    pub fn all(&self, kind: NameKind) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::OfFile(names) => Box::new(names.of_kind(kind).iter().map(String::as_str)),
            Self::OfWorld(config) => names_of_world(config, kind),
        }
    }

    /// Crowds, and how many members each has.
    pub fn crowds(&self) -> Vec<(&str, u32)> {
        match self {
            Self::OfFile(names) => names.crowds.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
            Self::OfWorld(config) => {
                config.people.crowds().map(|crowd| (&*crowd.config.name, crowd.config.count)).collect()
            }
        }
    }

    /// Who belongs to the crowd that a name means, if it means one: `big`, `big.1000001` and `big.x` mean the crowd `big`.
    pub fn members_of_crowd(&self, name: &str) -> Option<String> {
        let crowd = name.split('.').next().unwrap_or_default();
        let (name, count) = self.crowds().into_iter().find(|(known, _)| *known == crowd)?;
        Some(format!("`{name}` is a crowd of {count}: its members are {name}.1 to {name}.{count}"))
    }

    /// What a kind is called in messages. A world without Instagram accounts knows pages alone.
    pub fn word(&self, kind: NameKind) -> &'static str {
        match kind {
            NameKind::Asset if self.count_on(Platform::Instagram) == 0 => NameKind::Page.word(),
            _ => kind.word(),
        }
    }

    /// How many pages, or how many Instagram accounts, there are.
    pub fn count_on(&self, platform: Platform) -> usize {
        match self {
            Self::OfFile(names) => names.on(platform).len(),
            Self::OfWorld(config) => config.assets_on(platform).count(),
        }
    }

    /// True for the name of an Instagram account.
    pub fn is_account(&self, name: &str) -> bool {
        match self {
            Self::OfFile(names) => names.on(Platform::Instagram).iter().any(|known| known == name),
            Self::OfWorld(config) => {
                config.assets.iter().any(|asset| &*asset.name == name && asset.platform() == Platform::Instagram)
            }
        }
    }

    /// The name of one of these kinds that somebody may have mistyped, as a question.
    pub fn nearest(&self, kinds: &[NameKind], name: &str) -> String {
        let known = kinds.iter().flat_map(|kind| self.all(*kind).take(MAX_LISTED));
        did_you_mean(name, known)
    }

    /// What there is of a kind, for a note: `known are: a, b`.
    pub fn listed(&self, kind: NameKind, or: Option<&str>) -> String {
        let described = |name: &str| match kind == NameKind::Asset && self.is_account(name) {
            true => format!("{name} (on Instagram)"),
            false => name.to_owned(),
        };
        let mut listed: Vec<String> = self.all(kind).take(MAX_LISTED).map(described).collect();
        let left = self.all(kind).skip(MAX_LISTED).count();
        if kind == NameKind::Person {
            let members = |(name, count): (&str, u32)| format!("{name}.1 to {name}.{count}");
            listed.extend(self.crowds().into_iter().map(members));
        }
        listed.extend(or.map(str::to_owned));
        match (listed.is_empty(), left) {
            (true, _) => format!("the world has no {}", self.word(kind)),
            (false, 0) => format!("known are: {}", listed.join(", ")),
            (false, left) => format!("known are: {} and {left} more", listed.join(", ")),
        }
    }
}

impl NamesInFile {
    fn of_kind(&self, kind: NameKind) -> &[String] {
        match kind {
            NameKind::App => &self.apps,
            NameKind::Asset => &self.pages,
            NameKind::Page => self.on(Platform::Messenger),
            NameKind::Account => self.on(Platform::Instagram),
            NameKind::Person => &self.people,
            NameKind::Ad => &self.ads,
            NameKind::Link => &self.links,
            NameKind::User => &self.users,
            NameKind::Media => &self.media,
        }
    }

    /// True for the name of an asset, and for a platform of which there is one asset.
    fn has_asset(&self, name: &str) -> bool {
        let on_platform = Platform::parse(name).map_or(0, |platform| self.on(platform).len());
        on_platform == 1 || self.pages.iter().any(|known| known == name)
    }

    /// The assets of a platform.
    fn on(&self, platform: Platform) -> &[String] {
        let (pages, accounts) = self.pages.split_at(self.pages.len() - self.accounts);
        match platform {
            Platform::Messenger => pages,
            Platform::Instagram => accounts,
        }
    }

    fn has_member(&self, name: &str) -> bool {
        parse_member(name)
            .is_some_and(|(crowd, number)| self.crowds.iter().any(|(known, count)| known == crowd && number <= *count))
    }
}

fn names_of_world(config: &Config, kind: NameKind) -> Box<dyn Iterator<Item = &str> + '_> {
    match kind {
        NameKind::App => Box::new(config.apps.iter().map(|app| &*app.name)),
        NameKind::Asset => Box::new(config.assets.iter().map(|asset| &*asset.name)),
        NameKind::Page => Box::new(config.pages().map(|page| &*config.asset(page).name)),
        NameKind::Account => {
            Box::new(config.assets_on(Platform::Instagram).map(|account| &*config.asset(account).name))
        }
        NameKind::Person => Box::new(config.people.named()),
        NameKind::Ad => Box::new(config.ads.iter().map(|ad| &*ad.name)),
        NameKind::Link => Box::new(config.assets.iter().flat_map(|page| &page.links).map(|link| &*link.name)),
        NameKind::User => Box::new(config.users.iter().map(|user| &*user.name)),
        NameKind::Media => {
            let declared = config.assets.iter().flat_map(AssetConfig::media).map(|media| &*media.name);
            let has_accounts = config.assets_on(Platform::Instagram).next().is_some();
            Box::new(AccountMedia::WORDS.iter().copied().filter(move |_| has_accounts).chain(declared))
        }
    }
}
