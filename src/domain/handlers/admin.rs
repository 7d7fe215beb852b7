//! Changes of settings: what an admin changes on a page, and which fields an app subscribes to.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::setting_changed::setting_changed;
use super::{access, instagram_login, publications};
use crate::domain::command::{AccessChange, SettingChange};
use crate::domain::event::{Event, WebhookEvent, WebhookPayload};
use crate::domain::model::commented_media::CommentedMedia;
use crate::domain::model::config::Config;
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::platform::Platform;
use crate::domain::model::public_action::PageAction;
use crate::domain::model::settings::{AssetSettings, Settings};
use crate::domain::model::time::Moment;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::policy::fan_out::Audience;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// Changes of one page that are being made on a copy of its settings.
struct PageChanges<'w> {
    config: &'w Config,
    page: AssetKey,
    now: Moment,
    settings: AssetSettings,
    events: Vec<Event>,
    /// Apps whose role changed.
    roles: Vec<AppKey>,
    /// Changes outside of the page's settings. They are made last, when nothing can be refused any more.
    access: Vec<&'w AccessChange>,
    /// What the admin does as the page.
    on_page: Vec<&'w PageAction>,
}

/// Makes all of the changes, or none.
pub fn change_settings(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    changes: &[SettingChange],
    now: Moment,
) -> Result<Outcome, Refusal> {
    let copy = settings.asset(page).clone();
    let mut page_changes = PageChanges::new(config, page, now, copy);
    changes.iter().try_for_each(|change| page_changes.make(change))?;
    let PageChanges { settings: changed, mut events, roles, access, on_page, .. } = page_changes;
    let plan = |action: &&PageAction| publications::plan(config, settings, page, action, now);
    let planned = on_page.iter().map(plan).collect::<Result<Vec<_>, _>>()?;
    *settings.asset_mut(page) = changed;
    let mut reply = Reply::Done;
    for change in access {
        let (event, code) = access::apply_change(config, settings, page, change, now);
        events.push(event);
        reply = code.map_or(reply, Reply::Code);
    }
    for action in planned {
        let (event, published) = publications::perform(config, settings, page, action, now);
        events.push(event);
        reply = published.unwrap_or(reply);
    }
    // Each app gets one webhook, however often its role changed on the way.
    let roles: BTreeSet<AppKey> = roles.into_iter().collect();
    events.extend(roles.into_iter().filter_map(|app| role_webhook(config, settings, page, app, now)));
    Ok(Outcome { reply, events })
}

/// The webhook that gives an app its new role.
fn role_webhook(config: &Config, settings: &Settings, page: AssetKey, app: AppKey, now: Moment) -> Option<Event> {
    let payload = WebhookPayload::RoleChanged { app, role: settings.asset(page).role(app)? };
    let audience = Audience { config, settings, asset: page, owner: None, person: None, lead: None };
    let decisions = audience.decide_for_app(app, rules::WEBHOOK_ROLE_CHANGE, &payload);
    Some(Event::WebhookEvent(Arc::new(WebhookEvent::on_asset((config.platform(page), page), now, payload, decisions))))
}

impl<'w> PageChanges<'w> {
    fn new(config: &'w Config, page: AssetKey, now: Moment, settings: AssetSettings) -> Self {
        let (events, roles, access, on_page) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { config, page, now, settings, events, roles, access, on_page }
    }

    fn make(&mut self, change: &'w SettingChange) -> Result<(), Refusal> {
        match change {
            SettingChange::SetsDefaultApp(app) => self.set_default_app(*app),
            SettingChange::SetsPrimary(app) => self.set_primary(*app),
            SettingChange::SetsStandby(app, on) => self.set_standby(*app, *on),
            SettingChange::SetsTakeControl(app, on) => self.set_take_control(*app, *on),
            SettingChange::SetsLink(link, app) => self.set_link(*link, *app),
            SettingChange::SetsSocial(app) => self.set_social(*app),
            SettingChange::ConnectsApp(app) => {
                self.connect(*app);
                Ok(())
            }
            SettingChange::DisconnectsApp(app) => self.disconnect(*app),
            SettingChange::SetsHandoverApis { blocked } => {
                self.set_handover_apis(*blocked);
                Ok(())
            }
            SettingChange::SetsMessageAccess(on) => self.set_message_access(*on),
            SettingChange::EndsBroadcast(name) => self.end_broadcast(name),
            SettingChange::Access(change) => self.queue_access_change(change),
            SettingChange::OnPage(action) => {
                self.on_page.push(action);
                Ok(())
            }
        }
    }

    fn record(&mut self, app: Option<AppKey>, what: impl Into<Box<str>>, rule: RuleId) {
        self.events.push(Event::SettingChanged { page: Some(self.page), app, what: what.into(), rule });
    }

    fn check_connected(&self, app: AppKey) -> Result<(), Refusal> {
        if app == self.config.lead_app() {
            return Err(Refusal::script("`lead_ads` is Meta's own app: no setting is about it"));
        }
        if Some(app) == self.config.native_app() {
            return Err(Refusal::script("`instagram_app` is Meta's own app: no setting is about it"));
        }
        if self.settings.is_connected(app) {
            return Ok(());
        }
        let (app, asset) = (&self.config.app(app).name, self.config.asset(self.page));
        let (page, kind) = (&asset.name, asset.platform().asset_word());
        Err(Refusal::script(format!("the app `{app}` is not connected to the {kind} `{page}`")))
    }

    fn set_default_app(&mut self, app: Option<AppKey>) -> Result<(), Refusal> {
        app.map_or(Ok(()), |app| self.check_connected(app))?;
        let first = app.is_some() && !self.settings.had_default_app;
        self.settings.set_default_app(app, self.now);
        match app {
            Some(app) if app == self.config.inbox() => self.record(Some(app), "default app", rules::INBOX_IS_AN_APP),
            Some(app) => self.record(Some(app), "default app", rules::DEFAULT_APP_SET),
            None => self.record(None, "no default app", rules::DEFAULT_APP_SET),
        }
        if first {
            self.subscribe_everybody_to_standby();
        }
        Ok(())
    }

    /// The old primary receiver becomes a secondary one. Both get a webhook.
    fn set_primary(&mut self, app: Option<AppKey>) -> Result<(), Refusal> {
        if !self.settings.ruleset.has_roles() {
            let (page, rules) = (&self.config.asset(self.page).name, self.settings.ruleset.name);
            let text = format!("the page `{page}` has no primary receiver: it lives under {rules}");
            return Err(Refusal::script(text));
        }
        app.map_or(Ok(()), |app| self.check_connected(app))?;
        let before = std::mem::replace(&mut self.settings.primary, app);
        if before != app {
            self.roles.extend(before.into_iter().chain(app));
        }
        self.record(app, if app.is_some() { "primary receiver" } else { "no primary receiver" }, rules::PRIMARY_SET);
        Ok(())
    }

    fn subscribe_everybody_to_standby(&mut self) {
        for connection in self.settings.connected_mut() {
            connection.standby = true;
            connection.fields.insert(Field::Standby);
        }
        let config = self.config;
        let apps: Vec<AppKey> =
            self.settings.connected().map(|(app, _)| app).filter(|app| !config.is_metas(*app)).collect();
        for app in apps {
            self.record(Some(app), "standby on", rules::STANDBY_AUTOMATIC);
        }
    }

    fn set_standby(&mut self, app: AppKey, on: bool) -> Result<(), Refusal> {
        self.check_connected(app)?;
        if let Some(connection) = self.settings.connection_mut(app) {
            connection.standby = on;
        }
        self.record(Some(app), if on { "standby on" } else { "standby off" }, rules::STANDBY_TOGGLE_SET);
        Ok(())
    }

    fn set_take_control(&mut self, app: AppKey, on: bool) -> Result<(), Refusal> {
        self.check_connected(app)?;
        if let Some(connection) = self.settings.connection_mut(app) {
            connection.take_control = on;
        }
        self.record(Some(app), if on { "take control on" } else { "take control off" }, rules::TOGGLE_SET);
        Ok(())
    }

    fn set_link(&mut self, link: usize, app: Option<AppKey>) -> Result<(), Refusal> {
        app.map_or(Ok(()), |app| self.check_connected(app))?;
        let Some(link) = self.settings.links.get_mut(link) else {
            return Err(Refusal::script("there is no such link"));
        };
        link.app = app;
        let what = format!("link `{}` {}", link.name, if app.is_some() { "routed" } else { "without a route" });
        self.record(app, what, rules::ROUTE_SET);
        Ok(())
    }

    fn set_social(&mut self, app: Option<AppKey>) -> Result<(), Refusal> {
        app.map_or(Ok(()), |app| self.check_connected(app))?;
        self.settings.social = app;
        self.record(app, if app.is_some() { "social route" } else { "no social route" }, rules::ROUTE_SET);
        Ok(())
    }

    fn connect(&mut self, app: AppKey) {
        if self.settings.is_connected(app) {
            return self.record(Some(app), "connected", rules::APP_CONNECTED);
        }
        self.settings.connect(app);
        self.roles.push(app);
        self.record(Some(app), "connected, without a subscription", rules::APP_CONNECTED);
    }

    fn disconnect(&mut self, app: AppKey) -> Result<(), Refusal> {
        self.check_connected(app)?;
        if app == self.config.inbox() {
            return Err(Refusal::script("the inbox is there by itself and cannot be disconnected"));
        }
        let (was_default, was_primary) = (self.settings.default_app == Some(app), self.settings.primary == Some(app));
        self.settings.disconnect(app, self.now);
        self.record(Some(app), "disconnected", rules::APP_DISCONNECTED);
        if was_default {
            self.record(None, "no default app", rules::APP_DISCONNECTED);
        }
        if was_primary && self.settings.ruleset.has_roles() {
            self.record(None, "no primary receiver", rules::APP_DISCONNECTED);
        }
        Ok(())
    }

    fn queue_access_change(&mut self, change: &'w AccessChange) -> Result<(), Refusal> {
        access::check_change(self.config, change)?;
        if matches!(
            change,
            AccessChange::ExpiresToken(_) | AccessChange::RevokesToken(..) | AccessChange::IssuesAccountCode(_)
        ) {
            self.check_connected(change.app())?;
        }
        if let AccessChange::IssuesAccountCode(app) = change {
            instagram_login::check_login(self.config, self.page, *app)?;
        }
        self.access.push(change);
        Ok(())
    }

    fn set_message_access(&mut self, on: bool) -> Result<(), Refusal> {
        let asset = self.config.asset(self.page);
        if asset.platform() == Platform::Messenger {
            return Err(Refusal::script(format!(
                "`{}` is a page: only an Instagram account has the switch",
                asset.name
            )));
        }
        self.settings.messages_allowed = on;
        self.record(None, if on { "message access on" } else { "message access off" }, rules::INSTAGRAM_MESSAGE_ACCESS);
        Ok(())
    }

    fn end_broadcast(&mut self, name: &str) -> Result<(), Refusal> {
        let asset = &self.config.asset(self.page).name;
        let broadcast = match self.config.platform(self.page) {
            Platform::Messenger => None,
            Platform::Instagram => {
                CommentedMedia::by_name(self.config, self.page, name).filter(CommentedMedia::is_live)
            }
        };
        let Some(CommentedMedia { id, .. }) = broadcast else {
            return Err(Refusal::script(format!("`{asset}` has no live broadcast `{name}`")));
        };
        if self.settings.ended_broadcasts.contains(&id) {
            return Err(Refusal::script(format!("the broadcast `{name}` has ended before")));
        }
        self.settings.ended_broadcasts.push(id);
        self.record(None, format!("broadcast {name} ends"), rules::INSTAGRAM_BROADCAST_ENDED);
        Ok(())
    }

    fn set_handover_apis(&mut self, blocked: bool) {
        self.settings.handover_apis_blocked = blocked;
        let what = if blocked { "handover APIs blocked" } else { "handover APIs allowed" };
        self.record(None, what, rules::HANDOVER_BLOCKED);
    }
}

/// An app replaces its list of fields on a page. Without fields, it leaves the page's list.
pub fn subscribe_to_page(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    app: AppKey,
    fields: Option<FieldSet>,
) -> Result<Outcome, Refusal> {
    let Some(connection) = settings.asset_mut(page).connection_mut(app) else {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    };
    match fields {
        Some(fields) => {
            connection.fields = fields;
            connection.subscribed = true;
        }
        None => connection.end_subscription(),
    }
    let names: Vec<&str> = connection.fields.iter().map(Field::name).collect();
    let what = format!("`{}` subscribes [{}]", config.app(app).name, names.join(", "));
    Ok(setting_changed(Reply::Done, page, app, what, rules::SUBSCRIPTION_SET))
}
