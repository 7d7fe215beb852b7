//! Domain room: what admins and apps change while a world runs. Starts as the config says. Only `World` and `acts::admin` write here.

use super::access::{PermissionSet, Role};
use super::attachments::Attachments;
use super::config::{AppConfig, Config, LinkConfig, PageConfig};
use super::deliveries::Deliveries;
use super::fields::FieldSet;
use super::ids::{AppKey, PageKey};
use super::knobs::Knobs;
use super::labels::Labels;
use super::message_template::MessageTemplates;
use super::persona::Personas;
use super::profile::Profile;
use super::recipient_ids::RecipientIds;
use super::time::Moment;
use super::tokens::Tokens;
use crate::domain::model::ruleset::Ruleset;

/// All that can be changed.
#[derive(Debug, Clone)]
pub struct Settings {
    pages: Vec<PageSettings>,
    apps: Vec<AppSettings>,
    /// What became of tokens.
    pub tokens: Tokens,
    /// Attachments that pages keep to send again.
    pub attachments: Attachments,
    /// Ids and tokens, other than PSIDs, that lead to people.
    pub recipient_ids: RecipientIds,
    /// Labels that pages have for people.
    pub labels: Labels,
    /// Webhooks that apps did not take, which may cost them their subscription.
    pub deliveries: Deliveries,
}

/// A page's settings.
#[derive(Debug, Clone)]
pub struct PageSettings {
    /// The rules that it lives under.
    pub ruleset: &'static Ruleset,
    /// The default app.
    pub default_app: Option<AppKey>,
    /// Whether it ever had one: only the first assignment subscribes everybody to standby.
    pub had_default_app: bool,
    /// The app of the social/organic route.
    pub social: Option<AppKey>,
    /// m.me links with their routes.
    pub links: Vec<LinkConfig>,
    /// Whether `pass` and `release` are blocked too: the announced end of the Handover Protocol APIs.
    pub handover_apis_blocked: bool,
    /// The rules that hold while there is a default app.
    pub with_default_app: &'static Ruleset,
    /// The rules that hold while there is none.
    pub without_default_app: &'static Ruleset,
    /// The primary receiver, under the Handover Protocol.
    pub primary: Option<AppKey>,
    /// Switches for what Meta's documents leave open.
    pub knobs: Knobs,
    /// The Messenger profile.
    pub profile: Profile,
    /// The personas.
    pub personas: Personas,
    /// The templates of utility messages.
    pub message_templates: MessageTemplates,
    connections: Vec<Option<AppConnection>>,
    connects: u16,
    /// Default apps that the page had, each until when.
    default_apps_before: Vec<(Moment, Option<AppKey>)>,
    /// Connections that are over: whose, which of its, and since when.
    ended: Vec<(AppKey, u16, Moment)>,
}

/// An app on a page.
#[derive(Debug, Clone, Copy)]
pub struct AppConnection {
    /// Fields that the app subscribed on the page; none before it subscribed.
    pub fields: FieldSet,
    /// Whether the app has subscribed at all (an empty list is a subscription).
    pub subscribed: bool,
    /// The standby toggle.
    pub standby: bool,
    /// The "Take control of conversations" toggle.
    pub take_control: bool,
    /// How many connections the app had before this one.
    pub epoch: u16,
    /// How many subscriptions of this connection are over.
    pub subscriptions: u16,
}

impl AppConnection {
    /// The app is subscribed to nothing any more.
    pub fn end_subscription(&mut self) {
        self.fields = FieldSet::EMPTY;
        self.subscribed = false;
        self.subscriptions = self.subscriptions.wrapping_add(1);
    }
}

/// An app's own settings, over all pages.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Fields of the app-level subscription; `None` where the world leaves it to the page level alone.
    pub fields: Option<FieldSet>,
    /// The callback URL that the app registered itself, where it did.
    pub callback_url: Option<Box<str>>,
    /// What it is granted.
    pub permissions: PermissionSet,
    /// Whether it is published. Others know only those who have a role on the app.
    pub published: bool,
}

impl Settings {
    /// The settings that a world starts with.
    pub fn new(config: &Config) -> Self {
        Self {
            pages: config.pages.iter().map(|page| PageSettings::new(page, config.apps.len())).collect(),
            apps: config.apps.iter().map(AppSettings::new).collect(),
            tokens: Tokens::new(config),
            attachments: Attachments::default(),
            recipient_ids: RecipientIds::default(),
            labels: Labels::default(),
            deliveries: Deliveries::new(config.limits.waiting, config.delivery.give_up_after),
        }
    }

    /// A page's settings.
    pub fn page(&self, page: PageKey) -> &PageSettings {
        &self.pages[page.index()]
    }

    /// A page's settings, to change.
    pub fn page_mut(&mut self, page: PageKey) -> &mut PageSettings {
        &mut self.pages[page.index()]
    }

    /// An app's settings.
    pub fn app(&self, app: AppKey) -> &AppSettings {
        &self.apps[app.index()]
    }

    /// An app's settings, to change.
    pub fn app_mut(&mut self, app: AppKey) -> &mut AppSettings {
        &mut self.apps[app.index()]
    }
}

impl AppSettings {
    fn new(config: &AppConfig) -> Self {
        Self { fields: None, callback_url: None, permissions: config.permissions, published: config.published }
    }
}

/// Former settings that a page remembers, to date what nobody looked at when it happened.
const MAX_REMEMBERED: usize = 1000;

fn remember<T>(list: &mut Vec<T>, item: T) {
    if list.len() == MAX_REMEMBERED {
        list.remove(0);
    }
    list.push(item);
}

impl PageSettings {
    fn new(config: &PageConfig, apps: usize) -> Self {
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
            profile: Profile::default(),
            personas: Personas::default(),
            message_templates: MessageTemplates::default(),
            connections,
            connects: 0,
            default_apps_before: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// The app's connection, where it is connected.
    pub fn connection(&self, app: AppKey) -> Option<&AppConnection> {
        self.connections.get(app.index())?.as_ref()
    }

    /// The app's connection, to change.
    pub fn connection_mut(&mut self, app: AppKey) -> Option<&mut AppConnection> {
        self.connections.get_mut(app.index())?.as_mut()
    }

    /// A default app that the page had at this moment and has no more, and until when it had it.
    pub fn former_default_app(&self, at: Moment) -> Option<(AppKey, Moment)> {
        let (until, app) = self.default_apps_before.iter().find(|(until, _)| at < *until)?;
        app.filter(|app| Some(*app) != self.default_app).map(|app| (app, *until))
    }

    /// When this connection of the app ended, if it did.
    pub fn ended(&self, app: AppKey, epoch: u16) -> Option<Moment> {
        self.ended.iter().find(|(of, which, _)| *of == app && *which == epoch).map(|(_, _, at)| *at)
    }

    /// Whether the app is connected to the page.
    pub fn is_connected(&self, app: AppKey) -> bool {
        self.connection(app).is_some()
    }

    /// The app's role, on a page that has roles.
    pub fn role(&self, app: AppKey) -> Option<Role> {
        if !self.ruleset.has_roles() || !self.is_connected(app) {
            return None;
        }
        Some(if self.primary == Some(app) { Role::Primary } else { Role::Secondary })
    }

    /// Chooses the default app; without one the page has no Conversation Routing.
    pub fn set_default_app(&mut self, app: Option<AppKey>, now: Moment) {
        remember(&mut self.default_apps_before, (now, self.default_app));
        self.default_app = app;
        self.had_default_app |= app.is_some();
        self.ruleset = if app.is_some() { self.with_default_app } else { self.without_default_app };
    }

    /// Connects an app with nothing subscribed yet. Its standby toggle is on, so that its subscription decides what it hears.
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

    /// Disconnects an app and drops its routes.
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

    /// Connected apps in the order of their keys.
    pub fn connected(&self) -> impl Iterator<Item = (AppKey, &AppConnection)> {
        (0u16..).zip(&self.connections).filter_map(|(key, connection)| Some((AppKey(key), connection.as_ref()?)))
    }

    /// Connected apps, to change.
    pub fn connected_mut(&mut self) -> impl Iterator<Item = &mut AppConnection> {
        self.connections.iter_mut().flatten()
    }
}
