//! What a person does on a page in public: writes posts and comments.

use serde::{Deserialize, Serialize};

/// An action of a person on a page, outside of Messenger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicAction {
    Comments {
        text: Box<str>,
        on: PublicPlace,
    },
    /// Writes a post on the page.
    Posts(Box<str>),
}

/// Where on a page somebody acts. Posts and comments are named by their id or their text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicPlace {
    /// The post that each page has from the beginning.
    FirstPost,
    Post(Box<str>),
    Comment(Box<str>),
}

impl PublicAction {
    /// The same action with each text replaced.
    pub fn try_map<E>(&self, map: impl Fn(&str) -> Result<Box<str>, E>) -> Result<Self, E> {
        Ok(match self {
            Self::Comments { text, on } => Self::Comments { text: map(text)?, on: on.try_map(map)? },
            Self::Posts(text) => Self::Posts(map(text)?),
        })
    }
}

impl PublicPlace {
    fn try_map<E>(&self, map: impl Fn(&str) -> Result<Box<str>, E>) -> Result<Self, E> {
        Ok(match self {
            Self::FirstPost => Self::FirstPost,
            Self::Post(wanted) => Self::Post(map(wanted)?),
            Self::Comment(wanted) => Self::Comment(map(wanted)?),
        })
    }
}
