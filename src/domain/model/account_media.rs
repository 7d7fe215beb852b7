//! What an Instagram account has published from the beginning: one post, one reel, one story and one live broadcast. People comment on them,
//! and reply to the story.

use serde::{Deserialize, Serialize};

use super::ad_config::AdConfig;
use super::config::Config;
use super::ids::{AdKey, AssetKey, IdKind, IdStream};

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

    /// The word of scenarios.
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

/// Media of an account on which somebody comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentedMedia {
    pub id: Box<str>,
    pub kind: CommentedKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentedKind {
    Own(AccountMedia),
    /// An ad, which shows a post of the account.
    Ad(AdKey),
}

impl CommentedMedia {
    /// The account's media of a kind.
    pub fn own(config: &Config, asset: AssetKey, media: AccountMedia) -> Self {
        Self { id: media.id_on(config.seed, asset), kind: CommentedKind::Own(media) }
    }

    /// The media of an ad.
    pub fn of_ad(config: &Config, ad: AdKey) -> Self {
        Self { id: ad_media_id(config.seed, config.ad(ad)), kind: CommentedKind::Ad(ad) }
    }

    /// The media of the account with this id.
    pub fn by_id(config: &Config, asset: AssetKey, id: &str) -> Option<Self> {
        let own = AccountMedia::ALL.into_iter().map(|media| Self::own(config, asset, media));
        let ads = (0u16..).map(AdKey).zip(config.ads.iter()).filter(|(_, ad)| ad.page == asset);
        own.chain(ads.map(|(ad, _)| Self::of_ad(config, ad))).find(|media| *media.id == *id)
    }

    /// True for a live broadcast.
    pub fn is_live(&self) -> bool {
        self.kind == CommentedKind::Own(AccountMedia::Live)
    }
}

fn ad_media_id(seed: u64, ad: &AdConfig) -> Box<str> {
    media_number(&mut IdStream::named(seed, IdKind::InstagramMedia, &ad.name, 0)).to_string().into()
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
