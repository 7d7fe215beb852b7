//! The settings of pages and apps: everything that admins and apps can change while a world runs. They start as the
//! config says. Only `World`, `handlers::admin` and the other handlers without a thread write here.

use std::collections::BTreeMap;

use super::access::{PermissionSet, Role};
use super::attachments::Attachments;
use super::config::{AppConfig, AssetConfig, Config, LinkConfig};
use super::deliveries::Deliveries;
use super::fields::{FieldSet, FieldsOfObjects, ObjectSubscription, OtherObject};
use super::ids::{AppKey, AssetKey};
use super::knobs::Knobs;
use super::labels::Labels;
use super::message_template::MessageTemplates;
use super::persona::Personas;
use super::profile::{Profile, ProfileChange};
use super::publication::{Publication, Publications};
use super::recipient_ids::RecipientIds;
use super::send_rates::SendRates;
use super::time::Moment;
use super::tokens::Tokens;
use super::welcome_flow::WelcomeFlows;
use crate::domain::model::ruleset::Ruleset;

/// Everything that can be changed outside of a thread.
#[derive(Debug, Clone)]
pub struct Settings {
    assets: Vec<AssetSettings>,
    apps: Vec<AppSettings>,
    pub tokens: Tokens,
    pub attachments: Attachments,
    pub recipient_ids: RecipientIds,
    pub publications: Publications,
    pub labels: Labels,
    /// Webhooks that apps did not accept. They can cost an app its subscription.
    pub deliveries: Deliveries,
}

/// A page's settings.
#[derive(Debug, Clone)]
pub struct AssetSettings {
    pub ruleset: &'static Ruleset,
    pub default_app: Option<AppKey>,
    /// True if the page ever had a default app. Only the first assignment subscribes every app to standby.
    pub had_default_app: bool,
    pub social: Option<AppKey>,
    pub links: Vec<LinkConfig>,
    /// True if `pass` and `release` are blocked too, as Meta announced for the end of the Handover Protocol APIs.
    pub handover_apis_blocked: bool,
    /// True if the owner of an Instagram account lets apps have its messages.
    pub messages_allowed: bool,
    /// The ruleset while the page has a default app.
    pub with_default_app: &'static Ruleset,
    /// The ruleset while it has none.
    pub without_default_app: &'static Ruleset,
    /// The primary receiver, if the page uses the Handover Protocol.
    pub primary: Option<AppKey>,
    pub knobs: Knobs,
    pub profile: Profile,
    pub personas: Personas,
    pub message_templates: MessageTemplates,
    pub welcome_flows: WelcomeFlows,
    /// The ids of an Instagram account's live broadcasts that have ended.
    pub ended_broadcasts: Vec<Box<str>>,
    pub send_rates: SendRates,
    connections: Vec<Option<AppConnection>>,
    connects: u16,
    /// Former default apps, each with the time at which it ended.
    default_apps_before: Vec<(Moment, Option<AppKey>)>,
    /// Ended connections: the app, the number of the connection, and the time at which it ended.
    ended: Vec<(AppKey, u16, Moment)>,
}

/// The connection of an app to a page.
#[derive(Debug, Clone, Copy)]
pub struct AppConnection {
    /// The fields that the app subscribed on the page.
    pub fields: FieldSet,
    /// True if the app has subscribed. An empty list is a subscription too.
    pub subscribed: bool,
    /// The standby toggle.
    pub standby: bool,
    /// The "Take control of conversations" toggle.
    pub take_control: bool,
    /// How many connections there were on the page before this one.
    pub epoch: u16,
    /// How many subscriptions of this connection have ended.
    pub subscriptions: u16,
}

impl AppConnection {
    /// Unsubscribes the app.
    pub fn end_subscription(&mut self) {
        self.fields = FieldSet::EMPTY;
        self.subscribed = false;
        self.subscriptions = self.subscriptions.wrapping_add(1);
    }
}

/// The settings of an app that hold for all pages.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// The fields of the app-level subscriptions. An object without one is subscribed on the level of its assets alone.
    pub fields: FieldsOfObjects,
    /// The callback URL that the app registered itself.
    pub callback_url: Option<Box<str>>,
    /// The subscriptions to objects other than `page`.
    pub other_subscriptions: BTreeMap<OtherObject, ObjectSubscription>,
    pub permissions: PermissionSet,
    /// True if it is published. An app in development knows only people who have a role on it.
    pub published: bool,
}

impl Settings {
    /// The bytes of what apps have saved for pages, estimated.
    pub fn saved_bytes(&self) -> usize {
        let of_assets = self.assets.iter().map(|asset| asset.personas.bytes() + asset.message_templates.bytes());
        self.attachments.bytes() + self.labels.bytes() + of_assets.sum::<usize>()
    }

    /// The settings at the start.
    pub fn new(config: &Config) -> Self {
        Self {
            assets: config.assets.iter().map(|page| AssetSettings::new(page, config.apps.len())).collect(),
            apps: config.apps.iter().map(AppSettings::new).collect(),
            tokens: Tokens::new(config),
            attachments: Attachments::default(),
            recipient_ids: RecipientIds::default(),
            publications: Publications::default(),
            labels: Labels::default(),
            deliveries: Deliveries::new(config.limits.waiting, config.delivery.give_up_after),
        }
    }

    /// Adds, updates or removes a post or a comment. One that was removed leads to nobody any more.
    pub fn publish(&mut self, page: AssetKey, id: Box<str>, publication: Option<Publication>) {
        match publication {
            Some(publication) => self.publications.insert(page, id, publication),
            None => {
                for id in self.publications.remove(page, &id) {
                    self.recipient_ids.remove(page, &id);
                }
            }
        }
    }

    pub fn asset(&self, page: AssetKey) -> &AssetSettings {
        &self.assets[page.index()]
    }

    pub fn asset_mut(&mut self, page: AssetKey) -> &mut AssetSettings {
        &mut self.assets[page.index()]
    }

    pub fn app(&self, app: AppKey) -> &AppSettings {
        &self.apps[app.index()]
    }

    pub fn app_mut(&mut self, app: AppKey) -> &mut AppSettings {
        &mut self.apps[app.index()]
    }
}

impl AppSettings {
    fn new(config: &AppConfig) -> Self {
        Self {
            fields: FieldsOfObjects::default(),
            callback_url: None,
            other_subscriptions: BTreeMap::new(),
            permissions: config.permissions,
            published: config.published,
        }
    }
}

/// The number of former settings that a page remembers. They date changes that are noticed only later.
const MAX_REMEMBERED: usize = 1000;

fn remember<T>(list: &mut Vec<T>, item: T) {
    if list.len() == MAX_REMEMBERED {
        list.remove(0);
    }
    list.push(item);
}

impl AssetSettings {
    fn new(config: &AssetConfig, apps: usize) -> Self {
        let mut connections = vec![None; apps];
        for connection in config.connections.iter().filter(|connection| connection.connected) {
            connections[connection.app.index()] = Some(AppConnection {
                fields: connection.fields,
                subscribed: true,
                standby: connection.standby,
                take_control: connection.take_control,
                epoch: 0,
                subscriptions: 0,
            });
        }
        Self {
            ruleset: config.ruleset,
            with_default_app: config.with_default_app,
            without_default_app: config.without_default_app,
            primary: config.primary,
            knobs: config.knobs,
            default_app: config.default_app,
            had_default_app: config.default_app.is_some(),
            social: config.social,
            links: config.links.clone(),
            handover_apis_blocked: false,
            messages_allowed: config.account.as_ref().is_none_or(|account| account.messages_allowed),
            profile: config.profile.as_ref().map_or_else(Profile::default, |profile| {
                Profile::default().changed(&ProfileChange::Sets(profile.settings.clone()), profile.by)
            }),
            personas: Personas::default(),
            message_templates: MessageTemplates::default(),
            welcome_flows: WelcomeFlows::default(),
            ended_broadcasts: Vec::new(),
            send_rates: SendRates::default(),
            connections,
            connects: 0,
            default_apps_before: Vec::new(),
            ended: Vec::new(),
        }
    }

    pub fn connection(&self, app: AppKey) -> Option<&AppConnection> {
        self.connections.get(app.index())?.as_ref()
    }

    pub fn connection_mut(&mut self, app: AppKey) -> Option<&mut AppConnection> {
        self.connections.get_mut(app.index())?.as_mut()
    }

    /// The default app at `at`, if it is another one now, and the time at which it ended.
    pub fn former_default_app(&self, at: Moment) -> Option<(AppKey, Moment)> {
        let (until, app) = self.default_apps_before.iter().find(|(until, _)| at < *until)?;
        app.filter(|app| Some(*app) != self.default_app).map(|app| (app, *until))
    }

    /// The time at which this connection of the app ended.
    pub fn connection_ended(&self, app: AppKey, epoch: u16) -> Option<Moment> {
        self.ended.iter().find(|(of, which, _)| *of == app && *which == epoch).map(|(_, _, at)| *at)
    }

    pub fn is_connected(&self, app: AppKey) -> bool {
        self.connection(app).is_some()
    }

    /// The role of the app, if the page has roles.
    pub fn role(&self, app: AppKey) -> Option<Role> {
        if !self.ruleset.has_roles() || !self.is_connected(app) {
            return None;
        }
        Some(if self.primary == Some(app) { Role::Primary } else { Role::Secondary })
    }

    /// Sets the default app. Without one the page has no Conversation Routing.
    pub fn set_default_app(&mut self, app: Option<AppKey>, now: Moment) {
        remember(&mut self.default_apps_before, (now, self.default_app));
        self.default_app = app;
        self.had_default_app |= app.is_some();
        self.ruleset = if app.is_some() { self.with_default_app } else { self.without_default_app };
    }

    /// Connects an app without a subscription. Its standby toggle is on, so that only its subscription decides what
    /// it gets.
    pub fn connect(&mut self, app: AppKey) {
        self.connects = self.connects.wrapping_add(1);
        self.connections[app.index()] = Some(AppConnection {
            fields: FieldSet::EMPTY,
            subscribed: false,
            standby: true,
            take_control: false,
            epoch: self.connects,
            subscriptions: 0,
        });
    }

    /// Disconnects an app and removes its routes.
    pub fn disconnect(&mut self, app: AppKey, now: Moment) {
        let connection = self.connections[app.index()].take();
        if let Some(connection) = connection {
            remember(&mut self.ended, (app, connection.epoch, now));
        }
        if self.default_app == Some(app) {
            self.set_default_app(None, now);
        }
        self.primary = self.primary.filter(|primary| *primary != app);
        self.social = self.social.filter(|routed| *routed != app);
        self.links.iter_mut().filter(|link| link.app == Some(app)).for_each(|link| link.app = None);
    }

    /// The connected apps, in the order of their keys.
    pub fn connected(&self) -> impl Iterator<Item = (AppKey, &AppConnection)> {
        (0u16..).zip(&self.connections).filter_map(|(key, connection)| Some((AppKey(key), connection.as_ref()?)))
    }

    pub fn connected_mut(&mut self) -> impl Iterator<Item = &mut AppConnection> {
        self.connections.iter_mut().flatten()
    }
}
