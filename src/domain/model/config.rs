//! The config of a world: its apps, pages, ads and users, as they are declared, and its people. Only two things change
//! while the world lives: people are added, and webhooks are attached. Then the world has another config, which shares
//! all the rest. `language` reads a config from a world file.

use std::borrow::Cow;
use std::sync::Arc;

use super::access::{PermissionSet, TaskSet};
use super::account_media::PublishedMedia;
use super::ad_config::AdConfig;
use super::deliveries::GIVE_UP_AFTER;
use super::fields::FieldSet;
use super::ids::{
    AdKey, AppId, AppKey, AssetKey, INBOX_APP_ID, INSTAGRAM_INBOX_APP_ID, IdKind, IdStream, NATIVE_APP_ID, PersonKey,
    ThreadKey, UserKey, conversation_id, thread_of_conversation,
};
use super::instagram_ids::{instagram_conversation_id, number_of_conversation};
use super::knobs::Knobs;
use super::page_details::PageDetails;
use super::people::{People, Person};
use super::platform::{Login, Platform};
use super::profile::Setting;
use super::scoped_id::ScopedId;
use super::time::{Moment, Span};
use super::webhook_config::WebhookConfig;
use crate::domain::model::ruleset::Ruleset;

/// A declared world, with its people. A copy is cheap.
#[derive(Debug, Clone)]
pub struct Config {
    /// The text that it was read from, so that a copy of the world can be made. No rule looks at it.
    pub declared: Arc<str>,
    /// Every id, token and secret that the declaration leaves out is derived from it.
    pub seed: u64,
    /// Is mixed into message ids, so that consecutive worlds in front of the same bot have different ids.
    pub salt: u64,
    /// The time at the start.
    pub clock: Moment,
    /// Apps by key. Meta's own apps come last: the inbox, the lead app, and the Instagram app if there are accounts.
    pub apps: Arc<[AppConfig]>,
    /// Assets by key.
    pub assets: Arc<[AssetConfig]>,
    /// Ads by key.
    pub ads: Arc<[AdConfig]>,
    pub people: People,
    /// The users who administrate pages, by key.
    pub users: Arc<[UserConfig]>,
    /// True if calls need permissions and tasks, as on Meta's servers.
    pub strict_permissions: bool,
    pub limits: Limits,
    pub delivery: DeliveryConfig,
    /// Hosts beside the loopback on which apps may register callback URLs.
    pub allow_webhooks: Arc<[Box<str>]>,
}

/// The bounds of a world. An error that is caused by a bound names it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Messages that the world remembers, over all threads. Older ones can no longer be tapped, replied to or read.
    pub messages: usize,
    /// Bytes of these messages.
    pub message_bytes: usize,
    /// Entries that the ledger remembers.
    pub ledger: usize,
    /// Bytes of these entries, and of the commands that are kept beyond them.
    pub ledger_bytes: usize,
    /// Webhooks of one app on one page that wait for another attempt.
    pub waiting: usize,
}

/// The most bytes that a ledger keeps of the body of one call, and of one answer.
pub const MAX_RECORDED_BODY: usize = 1024 * 1024;

impl Limits {
    /// How much the ledger keeps of one body: a quarter of its bytes, so that one entry does not fill it, and never more than the constant.
    pub fn recorded_body(&self) -> usize {
        (self.ledger_bytes / 4).min(MAX_RECORDED_BODY)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages: 10_000,
            message_bytes: 64 * 1024 * 1024,
            ledger: 20_000,
            ledger_bytes: 128 * 1024 * 1024,
            waiting: 1_000,
        }
    }
}

/// How webhooks are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryConfig {
    /// Real time for one attempt, from the connection to the end of the response. `None` leaves it to the sender.
    pub timeout: Option<Span>,
    /// The maximum number of webhooks in one POST, if one command causes several webhooks for an app.
    pub batch: usize,
    /// How many POSTs one app gets at the same time.
    pub at_once: usize,
    /// How long a webhook that the app does not accept is sent again.
    pub give_up_after: Span,
}

/// How many POSTs one app gets at the same time, unless the world says something else. A real bot takes many at once.
const AT_ONCE: usize = 64;
/// The most POSTs that one app gets at the same time.
pub const MAX_AT_ONCE: usize = 10_000;
/// Meta's limit for the webhooks in one POST.
pub const MAX_BATCH: usize = 1000;

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self { timeout: None, batch: 1, at_once: AT_ONCE, give_up_after: GIVE_UP_AFTER }
    }
}

/// A declared app.
#[derive(Debug, Clone)]
pub struct AppConfig {
    pub name: Box<str>,
    /// Meta's app id.
    pub id: AppId,
    /// The app secret that signs its webhooks.
    pub secret: Box<str>,
    /// The id and the secret that the same app has on Instagram.
    pub instagram: InstagramApp,
    /// Where its webhooks go. An app without a webhook is a puppet: the scenario acts for it.
    pub webhook: Option<WebhookConfig>,
    /// What the verification request of its webhook has.
    pub verify_token: Box<str>,
    /// Its second app token, which Meta returns for the app secret.
    pub opaque_token: Box<str>,
    /// True if each call must carry `appsecret_proof`.
    pub require_proof: bool,
    /// True if it is published from the start. An app in development knows only people who have a role on it.
    pub published: bool,
    /// The permissions that it has from the start.
    pub permissions: PermissionSet,
    /// True if it may use the tag HUMAN_AGENT.
    pub human_agent: bool,
}

/// What an app is called by Instagram Login.
#[derive(Debug, Clone)]
pub struct InstagramApp {
    /// `client_id` of the login.
    pub id: AppId,
    /// The secret that signs webhooks of accounts that the app reaches by Instagram Login.
    pub secret: Box<str>,
}

/// What an Instagram account has beyond a page.
#[derive(Debug, Clone)]
pub struct AccountConfig {
    /// The page through which apps with Facebook Login reach the account.
    pub page: Option<AssetKey>,
    /// True if the owner lets apps have the messages from the start.
    pub messages_allowed: bool,
    /// What it has published, beside the four media that each account has.
    pub media: Vec<PublishedMedia>,
    /// The name of the person as whom it writes to itself.
    pub own_person: Option<Box<str>>,
}

/// A declared page or Instagram account.
#[derive(Debug, Clone)]
pub struct AssetConfig {
    pub name: Box<str>,
    /// Meta's id of the page, or of the Instagram account.
    pub id: Box<str>,
    /// `Some` for an Instagram account.
    pub account: Option<AccountConfig>,
    /// The ruleset at the start.
    pub ruleset: &'static Ruleset,
    /// The ruleset while the page has a default app.
    pub with_default_app: &'static Ruleset,
    /// The ruleset while it has none.
    pub without_default_app: &'static Ruleset,
    /// The primary receiver, if the page uses the Handover Protocol.
    pub primary: Option<AppKey>,
    /// Switches for questions that Meta's documents leave open.
    pub knobs: Knobs,
    /// The default app, if the page uses Conversation Routing.
    pub default_app: Option<AppKey>,
    /// Every app of the world in the order of their keys, connected or not. The inbox is connected to every page.
    pub connections: Vec<ConnectionConfig>,
    pub links: Vec<LinkConfig>,
    /// The app of the social/organic route.
    pub social: Option<AppKey>,
    /// The Messenger profile that it has from the start.
    pub profile: Option<DeclaredProfile>,
    pub details: PageDetails,
}

/// A Messenger profile that a page has from the start.
#[derive(Debug, Clone)]
pub struct DeclaredProfile {
    /// The app that has set it.
    pub by: AppKey,
    pub settings: Vec<Setting>,
}

/// An app on a page or an account.
#[derive(Debug, Clone)]
pub struct ConnectionConfig {
    pub app: AppKey,
    /// Its page access token, or its Instagram user token.
    pub token: Box<str>,
    /// How the app reaches an Instagram account. On a page it says nothing.
    pub login: Login,
    /// The user who made the token, if the world says so. The token ends with their session.
    pub by: Option<UserKey>,
    pub expires: Option<Moment>,
    /// True if the app is connected from the start. The token of other apps waits until they are.
    pub connected: bool,
    /// The fields that the app subscribed on the page.
    pub fields: FieldSet,
    pub standby: bool,
    pub take_control: bool,
}

/// An m.me link.
#[derive(Debug, Clone)]
pub struct LinkConfig {
    pub name: Box<str>,
    /// The `ref` parameter.
    pub reference: Box<str>,
    /// The app of the link's route.
    pub app: Option<AppKey>,
}

/// A user who administrates pages.
#[derive(Debug, Clone)]
pub struct UserConfig {
    pub name: Box<str>,
    /// Meta's user id.
    pub id: Box<str>,
    pub first_name: Box<str>,
    pub last_name: Box<str>,
    /// The user's token for each app, in the order of the apps.
    pub tokens: Vec<UserToken>,
    /// The pages on which the user has tasks, in the order of the pages.
    pub pages: Vec<(AssetKey, TaskSet)>,
    /// Login codes that exist from the start.
    pub codes: Vec<(AppKey, Box<str>)>,
}

/// A user's token for an app.
#[derive(Debug, Clone)]
pub struct UserToken {
    pub text: Box<str>,
    /// True if the token is valid from the start. The text of other tokens only seeds the tokens that are issued later.
    pub issued: bool,
    pub expires: Option<Moment>,
}

impl AssetConfig {
    pub fn platform(&self) -> Platform {
        if self.account.is_some() { Platform::Instagram } else { Platform::Messenger }
    }

    /// The page that is linked to the account.
    pub fn linked_page(&self) -> Option<AssetKey> {
        self.account.as_ref()?.page
    }

    /// What the world declares that the account has published. A page has none of it.
    pub fn media(&self) -> &[PublishedMedia] {
        self.account.as_ref().map_or(&[], |account| &account.media)
    }

    /// The connection that the app has or may have.
    pub fn connection(&self, app: AppKey) -> Option<&ConnectionConfig> {
        self.connections.get(app.index())
    }

    /// The webhook fields that the asset has for an app.
    pub fn fields_of(&self, app: AppKey) -> FieldSet {
        match self.platform() {
            Platform::Messenger => FieldSet::all_of(Platform::Messenger),
            Platform::Instagram => self.knobs.instagram.fields(self.login_of(app)),
        }
    }

    /// How the app reaches the asset. Pages are reached by Facebook Login.
    pub fn login_of(&self, app: AppKey) -> Login {
        self.account.as_ref().and_then(|_| self.connection(app)).map_or(Login::Facebook, |connection| connection.login)
    }
}

/// The asset of this name: a page, an account, or the only one of a platform by the platform's name.
pub fn asset_named(assets: &[AssetConfig], name: &str) -> Option<AssetKey> {
    let exact = assets.iter().position(|asset| &*asset.name == name).map(|index| AssetKey(index as u16));
    exact.or_else(|| {
        let mut of_platform = assets_on(assets, Platform::parse(name)?);
        of_platform.next().filter(|_| of_platform.next().is_none())
    })
}

fn assets_on(assets: &[AssetConfig], platform: Platform) -> impl Iterator<Item = AssetKey> {
    let numbered = (0u16..).map(AssetKey).zip(assets);
    numbered.filter(move |(_, asset)| asset.platform() == platform).map(|(key, _)| key)
}

impl Config {
    /// The seed of the message ids after `generation` resets.
    pub fn message_seed(&self, generation: u64) -> u64 {
        self.seed ^ self.salt.rotate_left(32) ^ generation.rotate_left(48)
    }

    /// The verify token of an app that declares none.
    pub fn derived_verify_token(seed: u64, app_name: &str) -> Box<str> {
        IdStream::named(seed, IdKind::VerifyToken, app_name, 0).letters_and_digits("", 16)
    }

    pub fn app(&self, app: AppKey) -> &AppConfig {
        &self.apps[app.index()]
    }

    pub fn asset(&self, page: AssetKey) -> &AssetConfig {
        &self.assets[page.index()]
    }

    pub fn platform(&self, asset: AssetKey) -> Platform {
        self.asset(asset).platform()
    }

    /// The pages.
    pub fn pages(&self) -> impl Iterator<Item = AssetKey> {
        self.assets_on(Platform::Messenger)
    }

    /// What the assets are called where nothing says which one is meant.
    pub fn asset_words(&self) -> &'static str {
        if self.assets_on(Platform::Instagram).next().is_some() { "page or account" } else { "page" }
    }

    /// The assets of a platform.
    pub fn assets_on(&self, platform: Platform) -> impl Iterator<Item = AssetKey> {
        assets_on(&self.assets, platform)
    }

    /// The Instagram account that is linked to a page.
    pub fn account_of(&self, page: AssetKey) -> Option<AssetKey> {
        self.assets_on(Platform::Instagram).find(|account| self.asset(*account).linked_page() == Some(page))
    }

    /// The asset whose token an app calls with: the linked page for an account that it reaches by Facebook Login.
    pub fn token_asset(&self, asset: AssetKey, app: AppKey) -> AssetKey {
        let config = self.asset(asset);
        match (config.linked_page(), config.login_of(app)) {
            (Some(page), Login::Facebook) => page,
            _ => asset,
        }
    }

    /// The id that an app has in what happens on an asset. The inbox has one on each platform.
    pub fn app_id_on(&self, asset: AssetKey, app: AppKey) -> AppId {
        match self.platform(asset) {
            Platform::Instagram if app == self.inbox() => INSTAGRAM_INBOX_APP_ID,
            _ => self.app(app).id,
        }
    }

    /// The app that has this id on an asset.
    pub fn app_by_id_on(&self, asset: AssetKey, id: AppId) -> Option<AppKey> {
        match (self.platform(asset), id) {
            (Platform::Instagram, INSTAGRAM_INBOX_APP_ID) => Some(self.inbox()),
            (Platform::Instagram, INBOX_APP_ID) | (Platform::Messenger, INSTAGRAM_INBOX_APP_ID) => None,
            _ => self.app_by_id(id),
        }
    }

    /// The id of a thread's conversation in the form of its platform.
    pub fn conversation_id(&self, thread: ThreadKey) -> String {
        let asset = self.asset(thread.asset);
        match asset.platform() {
            Platform::Messenger => format!("t_{}", conversation_id(self.seed, thread)),
            Platform::Instagram => instagram_conversation_id(self.seed, &asset.id, thread),
        }
    }

    /// The thread of a conversation's id, whether or not anything happened in it.
    pub fn thread_of_conversation(&self, id: &str) -> Option<ThreadKey> {
        let number = match id.strip_prefix("t_") {
            Some(digits) => digits.parse().ok()?,
            None => number_of_conversation(id)?,
        };
        let thread = thread_of_conversation(self.seed, number)?;
        let exists = thread.asset.index() < self.assets.len() && self.people.has(thread.person);
        (exists && self.conversation_id(thread) == id).then_some(thread)
    }

    pub fn ad(&self, ad: AdKey) -> &AdConfig {
        &self.ads[ad.index()]
    }

    pub fn person(&self, person: PersonKey) -> Person<'_> {
        self.people.get(person)
    }

    pub fn person_name(&self, person: PersonKey) -> Cow<'_, str> {
        self.people.get(person).name()
    }

    pub fn user(&self, user: UserKey) -> &UserConfig {
        &self.users[user.index()]
    }

    pub fn user_by_name(&self, name: &str) -> Option<UserKey> {
        self.users.iter().position(|user| &*user.name == name).map(|index| UserKey(index as u16))
    }

    pub fn user_by_id(&self, id: &str) -> Option<UserKey> {
        self.users.iter().position(|user| &*user.id == id).map(|index| UserKey(index as u16))
    }

    pub fn psid(&self, thread: ThreadKey) -> ScopedId {
        self.people.psid(thread)
    }

    /// The name for reports: `alice`, or `alice@bakery` if the world has several pages.
    pub fn thread_name(&self, thread: ThreadKey) -> String {
        let person = self.person_name(thread.person);
        match self.assets.len() {
            1 => person.to_string(),
            _ => format!("{person}@{}", self.asset(thread.asset).name),
        }
    }

    /// `alice@bakery`, even if the world has only one page.
    pub fn full_thread_name(&self, thread: ThreadKey) -> String {
        format!("{}@{}", self.person_name(thread.person), self.asset(thread.asset).name)
    }

    /// The key of the Business Suite inbox.
    pub fn inbox(&self) -> AppKey {
        let metas = if self.native_app().is_some() { 3 } else { 2 };
        AppKey((self.apps.len() - metas) as u16)
    }

    /// The key of Messenger's own app for lead-generation ads.
    pub fn lead_app(&self) -> AppKey {
        AppKey(self.inbox().0 + 1)
    }

    /// The key of the Instagram app, in which people of the business write themselves. Only a world with accounts has it.
    pub fn native_app(&self) -> Option<AppKey> {
        let last = self.apps.len().checked_sub(1)?;
        (self.apps[last].id == NATIVE_APP_ID).then_some(AppKey(last as u16))
    }

    /// True if the app is Meta's own. Such an app is on every page and has neither webhooks nor tokens.
    pub fn is_metas(&self, app: AppKey) -> bool {
        app >= self.inbox()
    }

    /// The app that has this id. No call can name the Instagram app.
    pub fn app_by_id(&self, id: AppId) -> Option<AppKey> {
        if id == NATIVE_APP_ID {
            return None;
        }
        self.apps.iter().position(|app| app.id == id).map(|index| AppKey(index as u16))
    }

    pub fn app_by_name(&self, name: &str) -> Option<AppKey> {
        self.apps.iter().position(|app| &*app.name == name).map(|index| AppKey(index as u16))
    }

    /// The asset of this name: a page, an account, or the only one of a platform by the platform's name.
    pub fn asset_by_name(&self, name: &str) -> Option<AssetKey> {
        asset_named(&self.assets, name)
    }

    /// The asset that is meant where none is named: the only one, or the only page.
    pub fn only_asset(&self) -> Option<AssetKey> {
        if self.assets.len() == 1 {
            return Some(AssetKey(0));
        }
        let mut pages = self.pages();
        pages.next().filter(|_| pages.next().is_none())
    }

    pub fn asset_by_id(&self, id: &str) -> Option<AssetKey> {
        self.assets.iter().position(|page| &*page.id == id).map(|index| AssetKey(index as u16))
    }

    pub fn person_by_name(&self, name: &str) -> Option<PersonKey> {
        self.people.by_name(name)
    }

    pub fn ad_by_name(&self, name: &str) -> Option<AdKey> {
        self.ads.iter().position(|ad| &*ad.name == name).map(|index| AdKey(index as u16))
    }
}
