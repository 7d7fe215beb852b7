//! The kinds of media files that a message can carry.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaKind {
    Image,
    Audio,
    Video,
    /// Any other file.
    File,
}

impl MediaKind {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::File => "file",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Image, Self::Audio, Self::Video, Self::File].into_iter().find(|kind| kind.name() == text)
    }
}
