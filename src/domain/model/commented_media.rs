//! The media of an account on which somebody comments: by name, by id, or those of an ad.

use super::account_media::{AccountMedia, PublishedMedia, media_number};
use super::ad_config::AdConfig;
use super::config::Config;
use super::ids::{AdKey, AssetKey, IdKind, IdStream};

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

    /// The account's media of this name: one that the world declares, or one that each account has.
    pub fn by_name(config: &Config, asset: AssetKey, name: &str) -> Option<Self> {
        // Older histories have the name of a kind with a capital letter.
        let kind = || AccountMedia::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name));
        let declared = config.asset(asset).media().iter().find(|media| *media.name == *name);
        declared.map(Self::of_declared).or_else(|| Some(Self::own(config, asset, kind()?)))
    }

    fn of_declared(media: &PublishedMedia) -> Self {
        Self { id: media.id.clone(), kind: CommentedKind::Own(media.kind) }
    }

    /// The media of an ad.
    pub fn of_ad(config: &Config, ad: AdKey) -> Self {
        Self { id: ad_media_id(config.seed, config.ad(ad)), kind: CommentedKind::Ad(ad) }
    }

    /// The media of the account with this id.
    pub fn by_id(config: &Config, asset: AssetKey, id: &str) -> Option<Self> {
        let own = AccountMedia::ALL.into_iter().map(|media| Self::own(config, asset, media));
        let declared = config.asset(asset).media().iter().map(Self::of_declared);
        let ads = (0u16..).map(AdKey).zip(config.ads.iter()).filter(|(_, ad)| ad.page == asset);
        own.chain(declared).chain(ads.map(|(ad, _)| Self::of_ad(config, ad))).find(|media| *media.id == *id)
    }

    /// True for a post or a reel of the account, which apps can send.
    pub fn is_post(&self) -> bool {
        matches!(self.kind, CommentedKind::Own(AccountMedia::Post | AccountMedia::Reel))
    }

    /// True for a live broadcast.
    pub fn is_live(&self) -> bool {
        self.kind == CommentedKind::Own(AccountMedia::Live)
    }
}

fn ad_media_id(seed: u64, ad: &AdConfig) -> Box<str> {
    media_number(&mut IdStream::named(seed, IdKind::InstagramMedia, &ad.name, 0)).to_string().into()
}
