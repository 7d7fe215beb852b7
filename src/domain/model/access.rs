//! Access to the Graph API: the principals behind tokens, token keys, permissions, tasks and the roles of the
//! Handover Protocol.

use serde::{Deserialize, Serialize};

use super::ids::{AppKey, AssetKey, UserKey};

/// The principal that a token belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    /// A page, or an Instagram account with Instagram Login, through an app.
    Asset(AssetKey, AppKey),
    App(AppKey),
    /// A user who administrates pages, through an app.
    User(UserKey, AppKey),
}

impl Principal {
    /// The app that calls with it.
    pub fn app(self) -> AppKey {
        let (Self::Asset(_, app) | Self::App(app) | Self::User(_, app)) = self;
        app
    }
}

/// The role of an app on a page that uses the Handover Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Primary,
    Secondary,
}

/// A token of a world, by its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TokenKey {
    /// The app's own token: `id|secret`, or the opaque one.
    App(AppKey),
    /// The token of a page or an account that the world declares.
    Asset(AssetKey, AppKey),
    /// The user token that the world declares.
    User(UserKey, AppKey),
    /// A token that was issued while the world ran, by its index.
    Issued(u32),
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($(#[$inner:meta])* $word:ident = $text:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum $name { $($(#[$inner])* $word),* }

        impl $name {
            /// All values, in the order in which users see them listed.
            pub const ALL: &'static [$name] = &[$($name::$word),*];
            /// The words of all values.
            pub const WORDS: &'static [&'static str] = &[$($text),*];

            pub fn name(self) -> &'static str {
                match self { $($name::$word => $text),* }
            }

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
            pub fn all() -> Self {
                $name::ALL.iter().copied().collect()
            }

            pub fn contains(self, one: $name) -> bool {
                self.0 & (1 << one as u32) != 0
            }

            pub fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The elements that are in `self` and not in `other`.
            pub fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            pub fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The elements, in the order in which users see them listed.
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
    /// A permission of an app, in Meta's spelling.
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
    LeadsRetrieval = "leads_retrieval",
}

words! {
    /// A task of a user on a page, in Meta's spelling.
    Task:
    Analyze = "ANALYZE",
    Advertise = "ADVERTISE",
    Messaging = "MESSAGING",
    Moderate = "MODERATE",
    CreateContent = "CREATE_CONTENT",
    Manage = "MANAGE",
}

words! {
    /// Why a token ended before it expired.
    TokenEnd:
    /// The user changed the password. This ends every token that was made with the old one.
    PasswordChanged = "password_changed",
    LoggedOut = "logged_out",
    /// A call ended the session.
    Invalidated = "invalidated",
    /// The user removed the app from their account.
    AppRemoved = "app_removed",
    /// The user has no role on the page any more.
    RoleLost = "role_lost",
}

/// Roles that a person may have on an app, in Meta's spelling. An app that is not published knows only people with a
/// role.
pub const APP_ROLES: &[&str] = &["admin", "developer", "tester"];

sets! {
    /// Permissions of an app.
    PermissionSet of Permission;
    /// Tasks of a user on a page.
    TaskSet of Task;
}
