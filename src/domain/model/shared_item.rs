//! What a person sends from elsewhere: links, reels and posts that they share, and stickers.

use serde::{Deserialize, Serialize};

use super::time::Moment;

/// A link, a reel or a post that a person shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedItem {
    pub kind: SharedKind,
    pub title: Option<Box<str>>,
    pub url: Option<Box<str>>,
    /// Meta's id of the reel or the post.
    pub id: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SharedKind {
    /// A web page. Meta calls it `fallback`.
    Link,
    Reel,
    InstagramReel,
    Post,
    InstagramPost,
    /// The heart of Instagram.
    Heart,
}

impl SharedKind {
    pub const ALL: [Self; 6] =
        [Self::Link, Self::Reel, Self::InstagramReel, Self::Post, Self::InstagramPost, Self::Heart];

    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "fallback",
            Self::Reel => "reel",
            Self::InstagramReel => "ig_reel",
            Self::Post => "post",
            Self::InstagramPost => "ig_post",
            Self::Heart => "like_heart",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

/// A sticker that a person sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    pub id: u64,
    /// Its picture.
    pub url: Box<str>,
}

/// The sticker of Messenger's thumb.
pub const THUMB: u64 = 369_239_263_222_822;

impl Sticker {
    /// A sticker whose picture nobody has named.
    pub fn new(id: u64) -> Self {
        Self { id, url: format!("https://scontent.xx.fbcdn.net/v/sticker_{id}.png").into() }
    }
}

/// How a webhook shows a sticker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StickerForm {
    /// An attachment of type image, which has a `sticker_id`.
    Image,
    /// An attachment of type sticker, and the image.
    Both,
    /// An attachment of type sticker.
    Sticker,
}

/// June 1, 2026: stickers have a type of their own.
const OWN_TYPE: Moment = Moment::from_millis(1_780_272_000_000);
/// August 31, 2026: the image beside it ends.
const WITHOUT_IMAGE: Moment = Moment::from_millis(1_788_134_400_000);

impl StickerForm {
    /// The form in which Meta sends stickers at this moment.
    pub fn at(moment: Moment) -> Self {
        match moment {
            moment if moment < OWN_TYPE => Self::Image,
            moment if moment < WITHOUT_IMAGE => Self::Both,
            _ => Self::Sticker,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "image" => Some(Self::Image),
            "both" => Some(Self::Both),
            "sticker" => Some(Self::Sticker),
            _ => None,
        }
    }
}
