//! Platforms: what people write with. An asset is a page on Messenger, or an Instagram account.

use serde::{Deserialize, Serialize};

/// Messenger or Instagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Platform {
    Messenger,
    Instagram,
}

impl Platform {
    pub const ALL: [Self; 2] = [Self::Messenger, Self::Instagram];

    /// `object` of a webhook, and of a subscription at app level.
    pub fn object(self) -> &'static str {
        match self {
            Self::Messenger => "page",
            Self::Instagram => "instagram",
        }
    }

    /// What an asset of the platform is called in texts.
    pub fn asset_word(self) -> &'static str {
        match self {
            Self::Messenger => "page",
            Self::Instagram => "account",
        }
    }

    /// What Meta calls the id of a person.
    pub fn scoped_id_word(self) -> &'static str {
        match self {
            Self::Messenger => "psid",
            Self::Instagram => "igsid",
        }
    }

    /// The word of scenarios, and Meta's `platform`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.name() == text)
    }
}

/// How an app reaches an Instagram account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Login {
    /// Through the linked page, with its page token, on graph.facebook.com.
    Facebook,
    /// With an Instagram user token, on graph.instagram.com.
    Instagram,
    /// Unified Login: with the token of a system user, at the account itself, on graph.facebook.com.
    Unified,
}

impl Login {
    pub const WORDS: &'static [&'static str] = &["facebook", "instagram", "unified"];

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "facebook" => Some(Self::Facebook),
            "instagram" => Some(Self::Instagram),
            "unified" => Some(Self::Unified),
            _ => None,
        }
    }

    /// How the tokens of apps begin that reach an account by it.
    pub fn token_prefix(self) -> &'static str {
        match self {
            Self::Facebook | Self::Unified => "EAA",
            Self::Instagram => "IGAA",
        }
    }
}
