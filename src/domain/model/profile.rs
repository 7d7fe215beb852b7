//! The Messenger profile of a page: greeting, Get Started, ice breakers, persistent menu and commands. The vocabulary
//! of Meta's Messenger Profile API, without JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::AppKey;
use super::template::Link;

/// The locale of the fallback for all other locales.
pub const DEFAULT_LOCALE: &str = "default";

/// A property of a Messenger profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Property {
    GetStarted,
    Greeting,
    PersistentMenu,
    /// Questions that a person can tap to begin a conversation.
    IceBreakers,
    /// Domains that webviews may open.
    WhitelistedDomains,
    AccountLinkingUrl,
    Commands,
}

impl Property {
    /// Every property, in the order in which a whole profile is read.
    pub const ALL: [Self; 7] = [
        Self::GetStarted,
        Self::Greeting,
        Self::PersistentMenu,
        Self::IceBreakers,
        Self::WhitelistedDomains,
        Self::AccountLinkingUrl,
        Self::Commands,
    ];
    /// Meta's words, in the same order.
    pub const NAMES: &[&str] = &{
        let mut names = [""; Self::ALL.len()];
        let mut place = 0;
        while place < names.len() {
            names[place] = Self::ALL[place].name();
            place += 1;
        }
        names
    };

    /// Meta's word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetStarted => "get_started",
            Self::Greeting => "greeting",
            Self::PersistentMenu => "persistent_menu",
            Self::IceBreakers => "ice_breakers",
            Self::WhitelistedDomains => "whitelisted_domains",
            Self::AccountLinkingUrl => "account_linking_url",
            Self::Commands => "commands",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.name() == name)
    }
}

/// A property with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Setting {
    /// The payload of the Get Started button.
    GetStarted(Box<str>),
    Greeting(Vec<Localized<Box<str>>>),
    PersistentMenu(Vec<Localized<Menu>>),
    IceBreakers(IceBreakers),
    WhitelistedDomains(Vec<Box<str>>),
    AccountLinkingUrl(Box<str>),
    Commands(Vec<Localized<Vec<SlashCommand>>>),
}

impl Setting {
    pub fn property(&self) -> Property {
        match self {
            Self::GetStarted(_) => Property::GetStarted,
            Self::Greeting(_) => Property::Greeting,
            Self::PersistentMenu(_) => Property::PersistentMenu,
            Self::IceBreakers(_) => Property::IceBreakers,
            Self::WhitelistedDomains(_) => Property::WhitelistedDomains,
            Self::AccountLinkingUrl(_) => Property::AccountLinkingUrl,
            Self::Commands(_) => Property::Commands,
        }
    }
}

/// A value for the people of one locale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Localized<T> {
    /// `default`, or a locale like `de_DE`.
    pub locale: Box<str>,
    pub value: T,
}

/// The value for this locale, or else the default.
pub fn for_locale<'l, T>(all: &'l [Localized<T>], locale: &str) -> Option<&'l T> {
    let of = |wanted: &str| all.iter().find(|one| &*one.locale == wanted);
    of(locale).or_else(|| of(DEFAULT_LOCALE)).map(|one| &one.value)
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Menu {
    /// True if the person cannot type while the menu is shown.
    pub composer_input_disabled: bool,
    pub items: Vec<MenuItem>,
    /// The places where the menu is not shown.
    pub disabled_surfaces: Vec<Box<str>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum MenuItem {
    /// Sends a postback.
    Postback {
        title: Box<str>,
        /// The payload for the app that set the menu.
        payload: Box<str>,
    },
    /// Opens a web page. No webhook is sent.
    WebUrl { title: Box<str>, link: Link },
}

impl MenuItem {
    pub fn title(&self) -> &str {
        match self {
            Self::Postback { title, .. } | Self::WebUrl { title, .. } => title,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IceBreakers {
    pub by_locale: Vec<Localized<Vec<IceBreaker>>>,
    /// True if they were set without locales, as before 2022. They are then read back without locales.
    pub without_locales: bool,
}

/// A question that a person can tap to begin a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceBreaker {
    pub question: Box<str>,
    /// The payload for the app that set the ice breaker.
    pub payload: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlashCommand {
    /// The name without the slash.
    pub name: Box<str>,
    pub description: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ProfileChange {
    Sets(Vec<Setting>),
    Deletes(Vec<Property>),
}

/// A Messenger profile: each property with the app that set it.
#[derive(Debug, Clone, Default)]
pub struct Profile(BTreeMap<Property, (Setting, AppKey)>);

impl Profile {
    /// The profile after a change by an app.
    pub fn changed(&self, change: &ProfileChange, by: AppKey) -> Self {
        let mut properties = self.0.clone();
        match change {
            ProfileChange::Sets(settings) => {
                properties.extend(settings.iter().map(|setting| (setting.property(), (setting.clone(), by))));
            }
            ProfileChange::Deletes(deleted) => properties.retain(|property, _| !deleted.contains(property)),
        }
        Self(properties)
    }

    pub fn get(&self, property: Property) -> Option<&Setting> {
        self.0.get(&property).map(|(setting, _)| setting)
    }

    /// The payload of Get Started, and the app that set it.
    pub fn get_started(&self) -> Option<(&str, AppKey)> {
        match self.0.get(&Property::GetStarted)? {
            (Setting::GetStarted(payload), by) => Some((payload, *by)),
            _ => None,
        }
    }

    /// The persistent menus, and the app that set them.
    pub fn menus(&self) -> Option<(&[Localized<Menu>], AppKey)> {
        match self.0.get(&Property::PersistentMenu)? {
            (Setting::PersistentMenu(menus), by) => Some((menus, *by)),
            _ => None,
        }
    }

    /// The ice breakers for this locale, and the app that set them.
    pub fn ice_breakers(&self, locale: &str) -> Option<(&[IceBreaker], AppKey)> {
        match self.0.get(&Property::IceBreakers)? {
            (Setting::IceBreakers(breakers), by) => Some((for_locale(&breakers.by_locale, locale)?, *by)),
            _ => None,
        }
    }

    /// True if there is a persistent menu without the Get Started button that it needs.
    pub fn lacks_get_started(&self) -> bool {
        self.0.contains_key(&Property::PersistentMenu) && !self.0.contains_key(&Property::GetStarted)
    }
}

/// The persistent menu of one person. It replaces the menu of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct UserMenu {
    pub menus: Vec<Localized<Menu>>,
    /// The app that set it.
    pub by: AppKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn localized(locale: &str, value: u8) -> Localized<u8> {
        Localized { locale: locale.into(), value }
    }

    #[test]
    fn a_person_sees_what_is_for_their_locale_and_else_what_is_for_everybody() {
        let all = [localized("default", 1), localized("de_DE", 2)];
        assert_eq!(for_locale(&all, "de_DE"), Some(&2));
        assert_eq!(for_locale(&all, "de_AT"), Some(&1));
        assert_eq!(for_locale(&all[1..], "de_AT"), None);
    }

    #[test]
    fn a_menu_without_get_started_lacks_it() {
        let by = AppKey(0);
        let menu = ProfileChange::Sets(vec![Setting::PersistentMenu(Vec::new())]);
        let start = ProfileChange::Sets(vec![Setting::GetStarted("GO".into())]);
        let profile = Profile::default().changed(&menu, by);
        assert!(profile.lacks_get_started());
        let profile = profile.changed(&start, by);
        assert!(!profile.lacks_get_started());
        assert!(profile.changed(&ProfileChange::Deletes(vec![Property::GetStarted]), by).lacks_get_started());
        let both = ProfileChange::Deletes(vec![Property::GetStarted, Property::PersistentMenu]);
        assert!(!profile.changed(&both, by).lacks_get_started());
    }
}
