//! What a page says about itself. No rule depends on it.

/// The fields of a page's node that a world file may set.
#[derive(Debug, Clone, Default)]
pub struct PageDetails {
    pub category: Option<Box<str>>,
    pub link: Option<Box<str>>,
    pub about: Option<Box<str>>,
    pub username: Option<Box<str>>,
    /// The URL of the page's picture.
    pub picture: Option<Box<str>>,
}
