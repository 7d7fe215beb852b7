//! What an app sets in a page's Messenger profile, menus for single people, and personas.

use std::sync::Arc;

use super::connected::require_connected;
use super::setting_changed::setting_changed;
use crate::domain::event::Event;
use crate::domain::model::access::Role;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::persona::PersonaChange;
use crate::domain::model::platform::Platform;
use crate::domain::model::profile::{Localized, Menu, ProfileChange, Property, Setting, UserMenu};
use crate::domain::model::settings::{AssetSettings, Settings};
use crate::domain::outcome::{Outcome, Reply};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// Makes the whole change, or none of it.
pub fn change_profile(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    app: AppKey,
    change: &ProfileChange,
) -> Result<Outcome, Refusal> {
    require_connected(settings.asset(page), app)?;
    if sets_menu(change) && !may_set_menu(settings.asset(page), app) {
        return Err(Refusal::new(Reason::MenuOfPrimaryOnly, rules::MENU_NOT_PRIMARY));
    }
    let changed = settings.asset(page).profile.changed(change, app);
    // Instagram has no Get Started button.
    if config.platform(page) == Platform::Messenger && changed.lacks_get_started() {
        return Err(Refusal::new(Reason::MenuNeedsGetStarted, rules::MENU_NEEDS_GET_STARTED));
    }
    settings.asset_mut(page).profile = changed;
    let (verb, properties): (_, Vec<Property>) = match change {
        ProfileChange::Sets(set) => ("set", set.iter().map(Setting::property).collect()),
        ProfileChange::Deletes(deleted) => ("deleted", deleted.clone()),
    };
    let event = |property: Property| Event::SettingChanged {
        page: Some(page),
        app: Some(app),
        what: format!("{} {verb}", property.name()).into(),
        rule: rules::PROFILE_SET,
    };
    Ok(Outcome { reply: Reply::Done, events: properties.into_iter().map(event).collect() })
}

fn sets_menu(change: &ProfileChange) -> bool {
    let ProfileChange::Sets(set) = change else { return false };
    set.iter().any(|setting| setting.property() == Property::PersistentMenu)
}

fn may_set_menu(page: &AssetSettings, app: AppKey) -> bool {
    match page.role(app) {
        Some(role) => role == Role::Primary,
        None => !page.knobs.menu_by_default_app || page.default_app.is_none_or(|default| default == app),
    }
}

/// Gives the person a menu of their own, or takes it away.
pub fn set_user_menu(tx: &mut ThreadTx<'_>, app: AppKey, menus: Option<&[Localized<Menu>]>) -> Result<Reply, Refusal> {
    require_connected(tx.asset(), app)?;
    tx.thread.set_menu(menus.map(|menus| Arc::new(UserMenu { menus: menus.to_vec(), by: app })));
    let verb = if menus.is_some() { "set" } else { "deleted" };
    let what = format!("persistent_menu of {} {verb}", tx.config.thread_name(tx.key));
    let page = Some(tx.key.asset);
    tx.push_event(Event::SettingChanged { page, app: Some(app), what: what.into(), rule: rules::USER_MENU_SET });
    Ok(Reply::Done)
}

pub fn change_personas(
    settings: &mut Settings,
    seed: u64,
    page: AssetKey,
    app: AppKey,
    change: &PersonaChange,
) -> Result<Outcome, Refusal> {
    require_connected(settings.asset(page), app)?;
    let personas = &mut settings.asset_mut(page).personas;
    let (reply, what) = match change {
        PersonaChange::Makes { name, picture } => {
            let made = personas.make(seed, page, name, picture);
            let id = made.ok_or_else(|| Refusal::new(Reason::TooManyPersonas, rules::PERSONA_SET))?;
            (Reply::Made(id), format!("persona `{name}` made"))
        }
        PersonaChange::Deletes(id) => {
            let deleted = personas.delete(id);
            let persona = deleted.ok_or_else(|| Refusal::new(Reason::NoSuchPersona, rules::PERSONA_UNKNOWN))?;
            (Reply::Done, format!("persona `{}` deleted", persona.name))
        }
    };
    Ok(setting_changed(reply, page, app, what, rules::PERSONA_SET))
}
