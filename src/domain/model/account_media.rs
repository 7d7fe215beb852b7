//! What an Instagram account has published: one post, one reel, one story and one live broadcast from the beginning, and what the world
//! declares. People comment on them and reply to the story, and apps send posts and reels.

use serde::{Deserialize, Serialize};

use super::ids::{AssetKey, IdKind, IdStream};

/// Ids of media and comments have 17 digits, which begin with these.
const FIRST_DIGITS: u64 = 17;
const OTHER_DIGITS: u32 = 15;
/// The number of digits of a file's number on Instagram's CDN.
const FILE_DIGITS: u32 = 17;
/// The number of characters of a signature on Instagram's CDN.
const SIGNATURE: usize = 150;

/// A kind of media, of which each account has one from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountMedia {
    Post,
    Reel,
    Story,
    Live,
}

impl AccountMedia {
    pub const ALL: [Self; 4] = [Self::Post, Self::Reel, Self::Story, Self::Live];
    pub const WORDS: &'static [&'static str] = &["post", "reel", "story", "live"];

    /// The word of scenarios, and the name of the account's media of this kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Reel => "reel",
            Self::Story => "story",
            Self::Live => "live",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.name() == text)
    }

    /// `media_product_type`.
    pub fn product_type(self) -> &'static str {
        match self {
            Self::Post => "FEED",
            Self::Reel => "REELS",
            Self::Story => "STORY",
            Self::Live => "LIVE",
        }
    }

    /// The id of the account's media of this kind.
    pub fn id_on(self, seed: u64, asset: AssetKey) -> Box<str> {
        let owner = (u64::from(asset.0) << 8) | self as u64;
        media_number(&mut IdStream::new(seed, IdKind::InstagramMedia, owner, 0)).to_string().into()
    }
}

/// Media that a world declares on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedMedia {
    pub name: Box<str>,
    pub id: Box<str>,
    pub kind: AccountMedia,
}

impl PublishedMedia {
    /// The id of media that are declared without one.
    pub fn derived_id(seed: u64, account: &str, name: &str) -> Box<str> {
        let mut ids = IdStream::named(seed, IdKind::InstagramMedia, &format!("{account}/{name}"), 0);
        media_number(&mut ids).to_string().into()
    }
}

/// A new id of media or of a comment.
pub fn media_number(ids: &mut IdStream) -> u64 {
    FIRST_DIGITS * 10u64.pow(OTHER_DIGITS) + ids.digits(OTHER_DIGITS)
}

/// A URL on Instagram's CDN, as messages have it.
pub fn cdn_url(ids: &mut IdStream) -> Box<str> {
    let asset = ids.digits(FILE_DIGITS);
    let signature = ids.url_safe("", SIGNATURE);
    format!("https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id={asset}&signature={signature}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_media_has_an_id_of_its_own_on_each_account() {
        let ids: std::collections::BTreeSet<_> = AccountMedia::ALL
            .into_iter()
            .flat_map(|media| [0, 1].map(|asset| media.id_on(7, AssetKey(asset))))
            .collect();
        assert_eq!(ids.len(), 8);
        assert!(ids.iter().all(|id| id.len() == 17 && id.starts_with("17")));
    }

    #[test]
    fn a_url_of_the_cdn_looks_like_a_recorded_one() {
        let url = cdn_url(&mut IdStream::new(1, IdKind::InstagramMedia, 0, 0));
        assert!(url.starts_with("https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id="), "{url}");
        assert_eq!(url.len(), "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=&signature=".len() + 17 + 150);
    }
}
