//! Domain room: who may call: kinds of tokens and what ends them, permissions of apps, tasks of users, login codes. Everyone may
//! enter.

use serde::{Deserialize, Serialize};

use super::ids::{AppKey, PageKey, UserKey};

/// Whose token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    /// An app on a page.
    Page(PageKey, AppKey),
    /// An app itself.
    App(AppKey),
    /// An app for one of the people who administrate pages.
    User(UserKey, AppKey),
}

impl Principal {
    /// The app that calls with it.
    pub fn app(self) -> AppKey {
        let (Self::Page(_, app) | Self::App(app) | Self::User(_, app)) = self;
        app
    }
}

/// What an app is on a page with the Handover Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The primary receiver.
    Primary,
    /// A secondary receiver.
    Secondary,
}

/// A token of a world, by what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TokenKey {
    /// An app's own: `id|secret`, or the opaque one.
    App(AppKey),
    /// The page token that the world declares.
    Page(PageKey, AppKey),
    /// The user token that the world declares.
    User(UserKey, AppKey),
    /// One that was issued since, by its place.
    Issued(u32),
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($(#[$inner:meta])* $word:ident = $text:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum $name { $($(#[$inner])* $word),* }

        impl $name {
            /// All of them, in the order in which they are listed to people.
            pub const ALL: &'static [$name] = &[$($name::$word),*];
            /// Their words.
            pub const WORDS: &'static [&'static str] = &[$($text),*];

            /// The word.
            pub fn name(self) -> &'static str {
                match self { $($name::$word => $text),* }
            }

            /// The one of this word.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$word),)* _ => None }
            }
        }
    };
}

macro_rules! sets {
    ($($(#[$doc:meta])* $set:ident of $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub struct $set(u32);

        impl $set {
            /// All there are.
            pub fn all() -> Self {
                $name::ALL.iter().copied().collect()
            }

            /// Whether it is in the set.
            pub fn contains(self, one: $name) -> bool {
                self.0 & (1 << one as u32) != 0
            }

            /// What is in either.
            pub fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// What is in this one and not in the other.
            pub fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// Whether nothing is in it.
            pub fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// What is in it, in the order in which they are listed to people.
            pub fn iter(self) -> impl Iterator<Item = $name> {
                $name::ALL.iter().copied().filter(move |one| self.contains(*one))
            }
        }

        impl FromIterator<$name> for $set {
            fn from_iter<I: IntoIterator<Item = $name>>(all: I) -> Self {
                Self(all.into_iter().fold(0, |set, one| set | 1 << one as u32))
            }
        }
    )*};
}

words! {
    /// What an app may be granted, in Meta's spelling.
    #[allow(missing_docs)] // the names are Meta's and say it all
    Permission:
    PagesMessaging = "pages_messaging",
    PagesManageMetadata = "pages_manage_metadata",
    PagesShowList = "pages_show_list",
    PagesReadEngagement = "pages_read_engagement",
    PagesUserLocale = "pages_user_locale",
    PagesUserTimezone = "pages_user_timezone",
    PagesUserGender = "pages_user_gender",
    PagesUtilityMessaging = "pages_utility_messaging",
    InstagramBasic = "instagram_basic",
    InstagramManageMessages = "instagram_manage_messages",
}

words! {
    /// What a user may do on a page, in Meta's spelling.
    #[allow(missing_docs)] // the names are Meta's and say it all
    Task:
    Analyze = "ANALYZE",
    Advertise = "ADVERTISE",
    Messaging = "MESSAGING",
    Moderate = "MODERATE",
    CreateContent = "CREATE_CONTENT",
    Manage = "MANAGE",
}

words! {
    /// What ends a token before its time.
    TokenEnd:
    /// The user changed their password, which ends what was made with the old one.
    PasswordChanged = "password_changed",
    /// The user logged out.
    LoggedOut = "logged_out",
    /// The session was ended by a call.
    Invalidated = "invalidated",
    /// The user took the app off their account.
    AppRemoved = "app_removed",
    /// The user has no role on the page any more.
    RoleLost = "role_lost",
}

/// Roles that a person may have on an app, in Meta's spelling. An app that is not published knows only people with a role.
pub const APP_ROLES: &[&str] = &["admin", "developer", "tester"];

sets! {
    /// Permissions of an app.
    PermissionSet of Permission;
    /// Tasks of a user on a page.
    TaskSet of Task;
}
