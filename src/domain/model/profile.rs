//! Domain room: a page's Messenger profile: what greets people before anybody wrote, and the buttons that stand beside a
//! conversation. Shapes of Meta's properties, without JSON. Everyone may enter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::AppKey;
use super::template::Link;

/// The locale of whatever is for everybody else.
pub const DEFAULT_LOCALE: &str = "default";

/// The properties of a Messenger profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Property {
    /// The Get Started button.
    GetStarted,
    /// The greeting of the welcome screen.
    Greeting,
    /// The persistent menu.
    PersistentMenu,
    /// Questions to begin with.
    IceBreakers,
    /// Domains that webviews may show.
    WhitelistedDomains,
    /// Where accounts are linked.
    AccountLinkingUrl,
    /// Commands that begin with a slash.
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

    /// Meta's word.
    pub fn name(self) -> &'static str {
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

    /// The property of Meta's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.name() == name)
    }
}

/// A property with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Setting {
    /// The payload of the Get Started button.
    GetStarted(Box<str>),
    /// The greeting.
    Greeting(Vec<Localized<Box<str>>>),
    /// The persistent menu.
    PersistentMenu(Vec<Localized<Menu>>),
    /// Questions to begin with.
    IceBreakers(IceBreakers),
    /// Domains that webviews may show.
    WhitelistedDomains(Vec<Box<str>>),
    /// Where accounts are linked.
    AccountLinkingUrl(Box<str>),
    /// Commands that begin with a slash.
    Commands(Vec<Localized<Vec<SlashCommand>>>),
}

impl Setting {
    /// Which property it is.
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

/// Something for the people of one locale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Localized<T> {
    /// `default`, or a locale like `de_DE`.
    pub locale: Box<str>,
    /// What they see.
    pub value: T,
}

/// What somebody of this locale sees: their own, or else what is for everybody.
pub fn for_locale<'l, T>(all: &'l [Localized<T>], locale: &str) -> Option<&'l T> {
    let of = |wanted: &str| all.iter().find(|one| &*one.locale == wanted);
    of(locale).or_else(|| of(DEFAULT_LOCALE)).map(|one| &one.value)
}

/// A persistent menu in one locale.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Menu {
    /// Whether the person cannot write beside it.
    pub composer_input_disabled: bool,
    /// What can be tapped.
    pub items: Vec<MenuItem>,
    /// Where it is not shown.
    pub disabled_surfaces: Vec<Box<str>>,
}

/// An item of a menu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum MenuItem {
    /// Comes back as a postback.
    Postback {
        /// Label.
        title: Box<str>,
        /// What comes back to the app that set the menu.
        payload: Box<str>,
    },
    /// Opens a page; Meta tells nobody.
    WebUrl {
        /// Label.
        title: Box<str>,
        /// Where it leads.
        link: Link,
    },
}

impl MenuItem {
    /// The label.
    pub fn title(&self) -> &str {
        match self {
            Self::Postback { title, .. } | Self::WebUrl { title, .. } => title,
        }
    }
}

/// Questions to begin with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IceBreakers {
    /// The questions.
    pub by_locale: Vec<Localized<Vec<IceBreaker>>>,
    /// Whether they were set without locales, as before 2022, and are read so.
    pub without_locales: bool,
}

/// A question to tap instead of typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceBreaker {
    /// Label.
    pub question: Box<str>,
    /// What comes back to the app that set it.
    pub payload: Box<str>,
}

/// A command that begins with a slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlashCommand {
    /// Its name, without the slash.
    pub name: Box<str>,
    /// What it does.
    pub description: Box<str>,
}

/// A change of a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ProfileChange {
    /// Properties are set.
    Sets(Vec<Setting>),
    /// Properties are deleted.
    Deletes(Vec<Property>),
}

/// A page's Messenger profile: each property with the app that set it.
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

    /// A property, where it is set.
    pub fn get(&self, property: Property) -> Option<&Setting> {
        self.0.get(&property).map(|(setting, _)| setting)
    }

    /// The payload of Get Started, and who set it.
    pub fn get_started(&self) -> Option<(&str, AppKey)> {
        match self.0.get(&Property::GetStarted)? {
            (Setting::GetStarted(payload), by) => Some((payload, *by)),
            _ => None,
        }
    }

    /// The persistent menus, and who set them.
    pub fn menus(&self) -> Option<(&[Localized<Menu>], AppKey)> {
        match self.0.get(&Property::PersistentMenu)? {
            (Setting::PersistentMenu(menus), by) => Some((menus, *by)),
            _ => None,
        }
    }

    /// The questions for somebody of this locale, and who set them.
    pub fn ice_breakers(&self, locale: &str) -> Option<(&[IceBreaker], AppKey)> {
        match self.0.get(&Property::IceBreakers)? {
            (Setting::IceBreakers(breakers), by) => Some((for_locale(&breakers.by_locale, locale)?, *by)),
            _ => None,
        }
    }

    /// Whether there is a menu without the Get Started button that it needs.
    pub fn lacks_get_started(&self) -> bool {
        self.0.contains_key(&Property::PersistentMenu) && !self.0.contains_key(&Property::GetStarted)
    }
}

/// The persistent menu of one person, in the place of the page's.
#[derive(Debug, Clone, PartialEq)]
pub struct UserMenu {
    /// The menus.
    pub menus: Vec<Localized<Menu>>,
    /// Who set them.
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
