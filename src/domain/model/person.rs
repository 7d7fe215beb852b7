//! A person with a name: who they are, and what is known about them where it differs from what is usual.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ids::{AppKey, AssetKey};
use super::scoped_id::ScopedId;

/// The last name of people who are given none.
const LAST_NAME: &str = "Doe";
/// The locale of people who are given none.
pub(super) const LOCALE: &str = "en_US";

/// A person with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonConfig {
    pub name: Arc<str>,
    /// Absent for a person about whom nothing is said.
    pub details: Option<Arc<PersonDetails>>,
}

impl PersonConfig {
    pub fn new(name: &str, details: PersonDetails) -> Self {
        Self { name: name.into(), details: (details != PersonDetails::default()).then(|| Arc::new(details)) }
    }

    pub(super) fn details(&self) -> Option<&PersonDetails> {
        self.details.as_deref()
    }

    /// The scoped id that is given for a page.
    pub(super) fn given_psid(&self, page: AssetKey) -> Option<&ScopedId> {
        self.details()?.psids.iter().find(|(known, _)| *known == page).map(|(_, psid)| psid)
    }

    pub(super) fn first_name(&self) -> Box<str> {
        let given = self.details().and_then(|details| details.first_name.clone());
        given.unwrap_or_else(|| capital(&self.name))
    }

    pub(super) fn last_name(&self) -> &str {
        self.details().and_then(|details| details.last_name.as_deref()).unwrap_or(LAST_NAME)
    }
}

/// What a world says about a person, or about all members of a crowd.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonDetails {
    pub first_name: Option<Box<str>>,
    pub last_name: Option<Box<str>>,
    /// `locale` of the profile.
    pub locale: Option<Box<str>>,
    /// `timezone` of the profile: hours from GMT.
    pub timezone: i8,
    /// `gender` of the profile.
    pub gender: Option<Box<str>>,
    /// What a tap on the quick reply `user_email` shares.
    pub email: Option<Box<str>>,
    /// What a tap on the quick reply `user_phone_number` shares.
    pub phone: Option<Box<str>>,
    /// Page-scoped ids that are not derived from the name.
    pub psids: Vec<(AssetKey, ScopedId)>,
    /// Apps on which the person has a role. These apps know the person even while they are in development.
    pub roles: Vec<AppKey>,
    #[serde(default)]
    pub on_instagram: OnInstagram,
}

/// What the profile of a person on Instagram says beside the name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnInstagram {
    pub follower_count: u64,
    /// `is_user_follow_business`: the person follows the account.
    pub follows: bool,
    /// `is_business_follow_user`: the account follows the person.
    pub is_followed: bool,
    /// `is_verified_user`.
    pub is_verified: bool,
}

/// A name with a capital first letter.
pub fn capital(name: &str) -> Box<str> {
    let mut rest = name.chars();
    let first = rest.next().map(|first| first.to_uppercase().collect::<String>() + rest.as_str());
    first.unwrap_or_default().into()
}
