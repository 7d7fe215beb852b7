//! Acts room: what changes in the settings of pages and apps. Only `World::apply` enters.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::access;
use crate::domain::command::{AccessChange, AppSubscription, SettingChange};
use crate::domain::event::{Event, Scope, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::model::ids::{AppKey, PageKey};
use crate::domain::model::settings::{PageSettings, Settings};
use crate::domain::model::time::Moment;
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::policy::fan_out::Audience;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// A change at work on one page.
struct Change<'w> {
    config: &'w Config,
    page: PageKey,
    now: Moment,
    settings: PageSettings,
    events: Vec<Event>,
    /// Apps whose role changed.
    roles: Vec<AppKey>,
    /// What is not the page's own, and is changed once everything else is known to be possible.
    access: Vec<&'w AccessChange>,
}

/// Makes all of the changes, or none.
pub fn act(
    config: &Config,
    settings: &mut Settings,
    page: PageKey,
    acts: &[SettingChange],
    now: Moment,
) -> Result<Outcome, Refusal> {
    let changed = settings.page(page).clone();
    let mut change =
        Change { config, page, now, settings: changed, events: Vec::new(), roles: Vec::new(), access: Vec::new() };
    acts.iter().try_for_each(|act| change.act(act))?;
    let Change { settings: changed, mut events, roles, access, .. } = change;
    *settings.page_mut(page) = changed;
    let mut reply = Reply::Done;
    for act in access {
        let (event, code) = access::change(config, settings, page, act, now);
        events.push(event);
        reply = code.map_or(reply, Reply::Code);
    }
    // One webhook event an app, however often its role changed on the way.
    let roles: BTreeSet<AppKey> = roles.into_iter().collect();
    events.extend(roles.into_iter().filter_map(|app| tell_role(config, settings, page, app, now)));
    Ok(Outcome { reply, events })
}

/// An app learns what its role is now.
fn tell_role(config: &Config, settings: &Settings, page: PageKey, app: AppKey, now: Moment) -> Option<Event> {
    let payload = WebhookPayload::RoleChanged { app, role: settings.page(page).role(app)? };
    let audience = Audience { config, settings, page, owner: None, person: None, lead: None };
    let decisions = audience.decide_for_app(app, rules::WEBHOOK_ROLE_CHANGE, &payload);
    Some(Event::WebhookEvent(Arc::new(WebhookEvent {
        scope: Scope::Page(page),
        at: now,
        context: None,
        payload,
        decisions,
    })))
}

impl<'w> Change<'w> {
    fn act(&mut self, act: &'w SettingChange) -> Result<(), Refusal> {
        match act {
            SettingChange::SetsDefaultApp(app) => self.default_app(*app),
            SettingChange::SetsPrimary(app) => self.primary(*app),
            SettingChange::SetsStandby(app, on) => self.standby(*app, *on),
            SettingChange::SetsTakeControl(app, on) => self.take_control(*app, *on),
            SettingChange::SetsLink(link, app) => self.link(*link, *app),
            SettingChange::SetsSocial(app) => self.social(*app),
            SettingChange::ConnectsApp(app) => {
                self.connect(*app);
                Ok(())
            }
            SettingChange::DisconnectsApp(app) => self.disconnect(*app),
            SettingChange::SetsHandoverApis { blocked } => {
                self.handover_apis(*blocked);
                Ok(())
            }
            SettingChange::Access(act) => self.access(act),
        }
    }

    fn say(&mut self, app: Option<AppKey>, what: impl Into<Box<str>>, rule: RuleId) {
        self.events.push(Event::SettingChanged { page: Some(self.page), app, what: what.into(), rule });
    }

    fn connected(&self, app: AppKey) -> Result<(), Refusal> {
        if app == self.config.lead_app() {
            return Err(Refusal::script("`lead_ads` is Messenger's own app: no setting of a page is about it"));
        }
        if self.settings.is_connected(app) {
            return Ok(());
        }
        let (app, page) = (&self.config.app(app).name, &self.config.page(self.page).name);
        Err(Refusal::script(format!("the app `{app}` is not connected to the page `{page}`")))
    }

    fn default_app(&mut self, app: Option<AppKey>) -> Result<(), Refusal> {
        app.map_or(Ok(()), |app| self.connected(app))?;
        let first = app.is_some() && !self.settings.had_default_app;
        self.settings.set_default_app(app, self.now);
        match app {
            Some(app) if app == self.config.inbox() => self.say(Some(app), "default app", rules::INBOX_IS_AN_APP),
            Some(app) => self.say(Some(app), "default app", rules::DEFAULT_APP_SET),
            None => self.say(None, "no default app", rules::DEFAULT_APP_SET),
        }
        if first {
            self.subscribe_everybody_to_standby();
        }
        Ok(())
    }

    /// The old primary receiver becomes a secondary one, and both are told.
    fn primary(&mut self, app: Option<AppKey>) -> Result<(), Refusal> {
        if !self.settings.ruleset.has_roles() {
            let (page, rules) = (&self.config.page(self.page).name, self.settings.ruleset.name);
            let text = format!("the page `{page}` has no primary receiver: it lives under {rules}");
            return Err(Refusal::script(text));
        }
        app.map_or(Ok(()), |app| self.connected(app))?;
        let before = std::mem::replace(&mut self.settings.primary, app);
        if before != app {
            self.roles.extend(before.into_iter().chain(app));
        }
        self.say(app, if app.is_some() { "primary receiver" } else { "no primary receiver" }, rules::PRIMARY_SET);
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
            self.say(Some(app), "standby on", rules::STANDBY_AUTOMATIC);
        }
    }

    fn standby(&mut self, app: AppKey, on: bool) -> Result<(), Refusal> {
        self.connected(app)?;
        if let Some(connection) = self.settings.connection_mut(app) {
            connection.standby = on;
        }
        self.say(Some(app), if on { "standby on" } else { "standby off" }, rules::STANDBY_TOGGLE_SET);
        Ok(())
    }

    fn take_control(&mut self, app: AppKey, on: bool) -> Result<(), Refusal> {
        self.connected(app)?;
        if let Some(connection) = self.settings.connection_mut(app) {
            connection.take_control = on;
        }
        self.say(Some(app), if on { "take control on" } else { "take control off" }, rules::TOGGLE_SET);
        Ok(())
    }

    fn link(&mut self, place: usize, app: Option<AppKey>) -> Result<(), Refusal> {
        app.map_or(Ok(()), |app| self.connected(app))?;
        let Some(link) = self.settings.links.get_mut(place) else {
            return Err(Refusal::script("the page has no such link"));
        };
        link.app = app;
        let what = format!("link `{}` {}", link.name, if app.is_some() { "routed" } else { "without a route" });
        self.say(app, what, rules::ROUTE_SET);
        Ok(())
    }

    fn social(&mut self, app: Option<AppKey>) -> Result<(), Refusal> {
        app.map_or(Ok(()), |app| self.connected(app))?;
        self.settings.social = app;
        self.say(app, if app.is_some() { "social route" } else { "no social route" }, rules::ROUTE_SET);
        Ok(())
    }

    fn connect(&mut self, app: AppKey) {
        if !self.settings.is_connected(app) {
            self.settings.connect(app);
            self.roles.push(app);
        }
        self.say(Some(app), "connected", rules::APP_CONNECTED);
    }

    fn disconnect(&mut self, app: AppKey) -> Result<(), Refusal> {
        self.connected(app)?;
        if app == self.config.inbox() {
            return Err(Refusal::script("the inbox is an app of every page and cannot be disconnected"));
        }
        let (was_default, was_primary) = (self.settings.default_app == Some(app), self.settings.primary == Some(app));
        self.settings.disconnect(app, self.now);
        self.say(Some(app), "disconnected", rules::APP_DISCONNECTED);
        if was_default {
            self.say(None, "no default app", rules::APP_DISCONNECTED);
        }
        if was_primary && self.settings.ruleset.has_roles() {
            self.say(None, "no primary receiver", rules::APP_DISCONNECTED);
        }
        Ok(())
    }

    fn access(&mut self, act: &'w AccessChange) -> Result<(), Refusal> {
        access::check(self.config, act)?;
        if matches!(act, AccessChange::ExpiresToken(_) | AccessChange::RevokesToken(..)) {
            self.connected(act.app())?;
        }
        self.access.push(act);
        Ok(())
    }

    fn handover_apis(&mut self, blocked: bool) {
        self.settings.handover_apis_blocked = blocked;
        let what = if blocked { "handover APIs blocked" } else { "handover APIs allowed" };
        self.say(None, what, rules::HANDOVER_BLOCKED);
    }
}

/// An app replaces its list of fields on a page, or leaves the page's list (`None`).
pub fn subscribe(
    config: &Config,
    settings: &mut Settings,
    page: PageKey,
    app: AppKey,
    fields: Option<FieldSet>,
) -> Result<Outcome, Refusal> {
    let Some(connection) = settings.page_mut(page).connection_mut(app) else {
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
    Ok(done(Event::SettingChanged {
        page: Some(page),
        app: Some(app),
        what: what.into(),
        rule: rules::SUBSCRIPTION_SET,
    }))
}

/// An app changes its own subscription.
pub fn subscribe_app(settings: &mut Settings, app: AppKey, change: &AppSubscription) -> Result<Outcome, Refusal> {
    let own = settings.app_mut(app);
    match change {
        AppSubscription::Adds { fields, callback_url } => {
            // Without fields the call only sets the callback (and activates it anew).
            if *fields != FieldSet::EMPTY {
                own.fields = Some(own.fields.unwrap_or(FieldSet::EMPTY).union(*fields));
            }
            own.callback_url = Some(callback_url.clone());
        }
        AppSubscription::Removes(None) => own.fields = Some(FieldSet::EMPTY),
        AppSubscription::Removes(Some(fields)) => {
            let mut left = own.fields.unwrap_or_else(FieldSet::all);
            fields.iter().for_each(|field| left.remove(field));
            own.fields = Some(left);
        }
    }
    let names: Vec<&str> = own.fields.unwrap_or(FieldSet::EMPTY).iter().map(Field::name).collect();
    let what = format!("app-level fields [{}]", names.join(", "));
    Ok(done(Event::SettingChanged { page: None, app: Some(app), what: what.into(), rule: rules::APP_SUBSCRIPTION_SET }))
}

fn done(event: Event) -> Outcome {
    Outcome { reply: Reply::Done, events: vec![event] }
}
