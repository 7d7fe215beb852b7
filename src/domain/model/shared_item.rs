//! What a person sends from elsewhere: links, reels, posts and stories that they share, and stickers.

use serde::{Deserialize, Serialize};

use super::time::Moment;

/// What a person shares: a link, a reel or a post, and on Instagram also what has no content of its own, like a heart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedItem {
    pub kind: SharedKind,
    pub title: Option<Box<str>>,
    pub url: Option<Box<str>>,
    /// Meta's id of the reel, the post or the story.
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
    /// The address of a post or a reel. Meta calls it `share`.
    Permalink,
    Story,
    /// The person's own story, which mentions the account.
    StoryMention,
    /// A comment. Apps get a template without elements.
    Comment,
    /// An ad. Apps get a template without elements.
    SharedAd,
    /// A photo or video that can be seen once.
    Ephemeral,
    /// The heart of Instagram.
    Heart,
    Gif,
    Poll,
    Profile,
}

impl SharedKind {
    pub const ALL: [Self; 15] = [
        Self::Link,
        Self::Reel,
        Self::InstagramReel,
        Self::Post,
        Self::InstagramPost,
        Self::Permalink,
        Self::Story,
        Self::StoryMention,
        Self::Comment,
        Self::SharedAd,
        Self::Ephemeral,
        Self::Heart,
        Self::Gif,
        Self::Poll,
        Self::Profile,
    ];

    /// The word of scenarios, which is Meta's for what Meta has a word for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "fallback",
            Self::Reel => "reel",
            Self::InstagramReel => "ig_reel",
            Self::Post => "post",
            Self::InstagramPost => "ig_post",
            Self::Permalink => "share",
            Self::Story => "ig_story",
            Self::StoryMention => "story_mention",
            Self::Comment => "comment",
            Self::SharedAd => "ad",
            Self::Ephemeral => "ephemeral",
            Self::Heart => "like_heart",
            Self::Gif => "gif",
            Self::Poll => "poll",
            Self::Profile => "profile",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }

    /// Meta's word in a webhook.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Comment | Self::SharedAd => "template",
            _ => self.name(),
        }
    }

    /// False if a webhook of Instagram only says that there is something.
    pub fn is_showable(self) -> bool {
        !matches!(self, Self::Gif | Self::Poll | Self::Profile)
    }

    /// True if people can share it on Instagram alone.
    pub fn is_of_instagram(self) -> bool {
        !matches!(self, Self::Link | Self::Reel | Self::InstagramReel | Self::Post | Self::InstagramPost)
    }

    /// True if a webhook names the file behind it.
    pub fn has_url(self) -> bool {
        !matches!(self, Self::Comment | Self::SharedAd | Self::Ephemeral | Self::Heart) && self.is_showable()
    }

    /// True if a webhook names Meta's id of it.
    pub fn has_id(self) -> bool {
        matches!(self, Self::Reel | Self::InstagramReel | Self::Post | Self::InstagramPost | Self::Story)
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
