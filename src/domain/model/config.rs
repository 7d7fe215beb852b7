//! Domain room: what a world is declared with. It never changes while the world lives, so a reset is a new state on the
//! same config. Built by `scenario` from a world file, or by hand in tests. Everyone may enter.

use std::collections::HashMap;

use super::access::{PermissionSet, TaskSet};
use super::deliveries::GIVE_UP_AFTER;
use super::fields::FieldSet;
use super::ids::{AdKey, AppId, AppKey, PageKey, PersonKey, ThreadKey, UserKey};
use super::knobs::Knobs;
use super::message::QuickReply;
use super::time::{Moment, Span};
use crate::domain::model::ruleset::Ruleset;
use crate::domain::model::template::Button;

/// A declared world.
#[derive(Debug)]
pub struct Config {
    /// What it was read from, as text for whoever makes the world once more; no rule looks at it.
    pub declared: Box<str>,
    /// Where every id, token and secret that was left out comes from.
    pub seed: u64,
    /// Mixed into message ids, so that worlds that follow one another before the same bot differ in them.
    pub salt: u64,
    /// What the clock shows at the start.
    pub clock: Moment,
    /// Apps by key. Meta's own come last: the inbox, then the lead app.
    pub apps: Vec<AppConfig>,
    /// Pages by key.
    pub pages: Vec<PageConfig>,
    /// Ads by key.
    pub ads: Vec<AdConfig>,
    /// People by key.
    pub people: People,
    /// Those who administrate pages, by key.
    pub users: Vec<UserConfig>,
    /// Whether calls need permissions and tasks, as Meta asks for them.
    pub strict_permissions: bool,
    /// What bounds the world.
    pub limits: Limits,
    /// How webhooks go out.
    pub delivery: DeliveryConfig,
}

/// What bounds a world. Each bound is named in the error of whoever hits it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Messages that the world remembers, over all threads; older ones can no longer be tapped, answered or read.
    pub messages: usize,
    /// Entries that the ledger remembers.
    pub ledger: usize,
    /// Webhooks of one app on one page that wait to be sent again.
    pub waiting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { messages: 10_000, ledger: 20_000, waiting: 1_000 }
    }
}

/// How webhooks go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryConfig {
    /// Real time for one attempt, from the connection to the end of the answer; whoever delivers decides where it is left out.
    pub timeout: Option<Span>,
    /// Webhooks in one POST at most, where one act tells an app of several things.
    pub batch: usize,
    /// How long a webhook is prepare that is not taken.
    pub give_up_after: Span,
}

/// Webhooks in one POST: Meta's bound.
pub const MAX_BATCH: usize = 1000;

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self { timeout: None, batch: 1, give_up_after: GIVE_UP_AFTER }
    }
}

/// A declared app.
#[derive(Debug, Clone)]
pub struct AppConfig {
    /// The name in the world file.
    pub name: Box<str>,
    /// Meta's app id.
    pub id: AppId,
    /// The app secret that signs its webhooks.
    pub secret: Box<str>,
    /// Where its webhooks go. Without one the app is a puppet.
    pub webhook: Option<WebhookConfig>,
    /// Its other token, which it gets for its secret.
    pub opaque_token: Box<str>,
    /// Whether each call must carry `appsecret_proof`.
    pub require_proof: bool,
    /// Whether it is published from the start. Others know only those who have a role on the app.
    pub published: bool,
    /// What it is granted from the start.
    pub permissions: PermissionSet,
}

/// Where an app's webhooks go.
#[derive(Debug, Clone)]
pub struct WebhookConfig {
    /// The callback URL.
    pub url: Box<str>,
    /// What the handshake must carry.
    pub verify_token: Box<str>,
}

/// A declared page.
#[derive(Debug, Clone)]
pub struct PageConfig {
    /// The name in the world file.
    pub name: Box<str>,
    /// Meta's page id.
    pub id: Box<str>,
    /// The rules it starts with.
    pub ruleset: &'static Ruleset,
    /// The rules that hold while it has a default app.
    pub with_default_app: &'static Ruleset,
    /// The rules that hold while it has none.
    pub without_default_app: &'static Ruleset,
    /// The primary receiver, where the page uses the Handover Protocol.
    pub primary: Option<AppKey>,
    /// Switches for what Meta's documents leave open.
    pub knobs: Knobs,
    /// The default app, where the page uses Conversation Routing.
    pub default_app: Option<AppKey>,
    /// Every app of the world in the order of their keys, connected or not; the inbox is connected to every page.
    pub connections: Vec<ConnectionConfig>,
    /// m.me links.
    pub links: Vec<LinkConfig>,
    /// The app of the social/organic route.
    pub social: Option<AppKey>,
}

/// An app and a page.
#[derive(Debug, Clone)]
pub struct ConnectionConfig {
    /// The app.
    pub app: AppKey,
    /// Its page access token.
    pub token: Box<str>,
    /// The user who made the token, where the world says so: it dies with their session.
    pub by: Option<UserKey>,
    /// When the token expires, if it does.
    pub expires: Option<Moment>,
    /// Whether it is connected from the start. Others have their token ready for when they are.
    pub connected: bool,
    /// The fields that it subscribed on the page.
    pub fields: FieldSet,
    /// The standby toggle of the page's settings.
    pub standby: bool,
    /// The "Take control of conversations" toggle.
    pub take_control: bool,
}

/// An m.me link.
#[derive(Debug, Clone)]
pub struct LinkConfig {
    /// The name in the world file.
    pub name: Box<str>,
    /// The `ref` parameter.
    pub reference: Box<str>,
    /// The app that the link is routed to.
    pub app: Option<AppKey>,
}

/// A Click-to-Message ad.
#[derive(Debug, Clone)]
pub struct AdConfig {
    /// The name in the world file.
    pub name: Box<str>,
    /// Meta's ad id.
    pub id: Box<str>,
    /// The page that it opens a conversation with.
    pub page: PageKey,
    /// `receiving_app_id`: the marketing app.
    pub app: Option<AppKey>,
    /// The `ref` of the ad, where it has one.
    pub reference: Option<Box<str>>,
    /// `receiving_app_control_expiration`: how long its app keeps the thread, where the ad says so.
    pub control: Option<Span>,
    /// The headline that the referral carries, where the ad has one.
    pub title: Option<Box<str>>,
    /// The message template that greets whoever taps.
    pub welcome: Option<Welcome>,
    /// The questions of a lead-generation ad.
    pub lead: Option<LeadForm>,
}

/// What a lead-generation ad asks before an app gets the thread.
#[derive(Debug, Clone)]
pub struct LeadForm {
    /// The questions, in order; at least one.
    pub questions: Vec<LeadQuestion>,
    /// "Allow connected app to interrupt": the ad's app hears the answers and may end the questions by sending.
    pub interruptible: bool,
    /// "Send lead summary to connected app".
    pub summary: bool,
    /// Words with which a person ends the questions.
    pub stop_keywords: Vec<Box<str>>,
    /// What the person sees when a stop keyword ended the questions.
    pub confirmation: Option<Box<str>>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct LeadQuestion {
    /// What is asked.
    pub text: Box<str>,
    /// Answers to choose from.
    pub choices: Vec<QuickReply>,
    /// Answers that end the questions, for the person is no lead.
    pub disqualifying: Vec<Box<str>>,
}

/// The message template of an ad.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// The greeting.
    pub text: Box<str>,
    /// Quick replies under it.
    pub quick_replies: Vec<QuickReply>,
    /// Buttons under it.
    pub buttons: Vec<Button>,
    /// Questions that the person may tap instead of typing.
    pub ice_breakers: Vec<Button>,
}

/// A person.
#[derive(Debug, Clone)]
pub struct PersonConfig {
    /// The name in the world file.
    pub name: Box<str>,
    /// First name of the profile.
    pub first_name: Box<str>,
    /// Last name of the profile.
    pub last_name: Box<str>,
    /// `locale` of the profile.
    pub locale: Box<str>,
    /// `timezone` of the profile: hours from GMT.
    pub timezone: i8,
    /// `gender` of the profile.
    pub gender: Option<Box<str>>,
    /// Page-scoped id per page, in the order of the pages.
    pub psids: Vec<Box<str>>,
    /// Apps on which the person has a role: those hear of them, and may write to them, before they are published.
    pub roles: Box<[AppKey]>,
}

/// Somebody who administrates pages.
#[derive(Debug, Clone)]
pub struct UserConfig {
    /// The name in the world file.
    pub name: Box<str>,
    /// Meta's user id.
    pub id: Box<str>,
    /// First name of the profile.
    pub first_name: Box<str>,
    /// Last name of the profile.
    pub last_name: Box<str>,
    /// The user's token for each app, in the order of the apps.
    pub tokens: Vec<UserToken>,
    /// Pages on which the user has tasks, in the order of the pages.
    pub pages: Vec<(PageKey, TaskSet)>,
    /// Login codes for apps.
    pub codes: Vec<(AppKey, Box<str>)>,
}

/// A user's token for an app.
#[derive(Debug, Clone)]
pub struct UserToken {
    /// The token.
    pub text: Box<str>,
    /// Whether it is good from the start. The others only lend their text to what is issued later.
    pub issued: bool,
    /// When it expires, if it does.
    pub expires: Option<Moment>,
}

/// The people of a world and the way from a PSID back to the thread.
#[derive(Debug, Default)]
pub struct People {
    list: Vec<PersonConfig>,
    by_psid: HashMap<Box<str>, ThreadKey>,
    by_name: HashMap<Box<str>, PersonKey>,
}

impl People {
    /// Indexes the people. Where two share a PSID, the first keeps it: the world file's check refuses that earlier.
    pub fn new(list: Vec<PersonConfig>) -> Self {
        let mut by_psid = HashMap::with_capacity(list.len());
        let mut by_name = HashMap::with_capacity(list.len());
        for (person, config) in (0u32..).zip(&list) {
            by_name.entry(config.name.clone()).or_insert(PersonKey(person));
            for (page, psid) in (0u16..).zip(&config.psids) {
                let thread = ThreadKey { page: PageKey(page), person: PersonKey(person) };
                by_psid.entry(psid.clone()).or_insert(thread);
            }
        }
        Self { list, by_psid, by_name }
    }

    /// Everybody, by key.
    pub fn list(&self) -> &[PersonConfig] {
        &self.list
    }

    /// The thread that a PSID stands for.
    pub fn thread_of(&self, psid: &str) -> Option<ThreadKey> {
        self.by_psid.get(psid).copied()
    }
}

impl Config {
    /// Where the message ids of a world come from that was reset so often.
    pub fn message_seed(&self, generation: u64) -> u64 {
        self.seed ^ self.salt.rotate_left(32) ^ generation.rotate_left(48)
    }

    /// The app of this key.
    pub fn app(&self, app: AppKey) -> &AppConfig {
        &self.apps[app.index()]
    }

    /// The page of this key.
    pub fn page(&self, page: PageKey) -> &PageConfig {
        &self.pages[page.index()]
    }

    /// The ad of this key.
    pub fn ad(&self, ad: AdKey) -> &AdConfig {
        &self.ads[ad.index()]
    }

    /// The person of this key.
    pub fn person(&self, person: PersonKey) -> &PersonConfig {
        &self.people.list[person.index()]
    }

    /// The user of this key.
    pub fn user(&self, user: UserKey) -> &UserConfig {
        &self.users[user.index()]
    }

    /// The user of this name.
    pub fn user_by_name(&self, name: &str) -> Option<UserKey> {
        self.users.iter().position(|user| &*user.name == name).map(|index| UserKey(index as u16))
    }

    /// The user of this Meta id.
    pub fn user_by_id(&self, id: &str) -> Option<UserKey> {
        self.users.iter().position(|user| &*user.id == id).map(|index| UserKey(index as u16))
    }

    /// The PSID of a thread.
    pub fn psid(&self, thread: ThreadKey) -> &str {
        &self.person(thread.person).psids[thread.page.index()]
    }

    /// `alice`, or `alice@bakery` where the world has several pages.
    pub fn thread_name(&self, thread: ThreadKey) -> String {
        let person = &self.person(thread.person).name;
        match self.pages.len() {
            1 => person.to_string(),
            _ => format!("{person}@{}", self.page(thread.page).name),
        }
    }

    /// The inbox's key.
    pub fn inbox(&self) -> AppKey {
        AppKey((self.apps.len() - 2) as u16)
    }

    /// The key of Messenger's own app for lead-generation ads.
    pub fn lead_app(&self) -> AppKey {
        AppKey((self.apps.len() - 1) as u16)
    }

    /// Whether the app is Meta's own: an app of every page, without webhooks or tokens of its own.
    pub fn is_metas(&self, app: AppKey) -> bool {
        app >= self.inbox()
    }

    /// The app of this Meta id.
    pub fn app_by_id(&self, id: AppId) -> Option<AppKey> {
        self.apps.iter().position(|app| app.id == id).map(|index| AppKey(index as u16))
    }

    /// The app of this name.
    pub fn app_by_name(&self, name: &str) -> Option<AppKey> {
        self.apps.iter().position(|app| &*app.name == name).map(|index| AppKey(index as u16))
    }

    /// The page of this name.
    pub fn page_by_name(&self, name: &str) -> Option<PageKey> {
        self.pages.iter().position(|page| &*page.name == name).map(|index| PageKey(index as u16))
    }

    /// The page of this Meta id.
    pub fn page_by_id(&self, id: &str) -> Option<PageKey> {
        self.pages.iter().position(|page| &*page.id == id).map(|index| PageKey(index as u16))
    }

    /// The person of this name.
    pub fn person_by_name(&self, name: &str) -> Option<PersonKey> {
        self.people.by_name.get(name).copied()
    }

    /// The ad of this name.
    pub fn ad_by_name(&self, name: &str) -> Option<AdKey> {
        self.ads.iter().position(|ad| &*ad.name == name).map(|index| AdKey(index as u16))
    }
}
