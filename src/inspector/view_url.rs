//! The address of a view of the page: what it shows stands in the part behind `#`, which no server sees.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{INSPECTOR_PATH, IS_BUILT};

/// What stands in an address as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What the page shows. Without a screen it shows how to connect a bot, until something has happened in the world.
#[derive(Debug, Default)]
pub struct PageView<'v> {
    pub world: &'v str,
    /// The word of the screen, as in `chat`.
    pub screen: Option<&'v str>,
    /// The cursor of the entry that is selected.
    pub entry: Option<u64>,
    pub page: Option<&'v str>,
    pub person: Option<&'v str>,
}

impl PageView<'_> {
    /// Its address on the server at `base_url`. `None` if the build has no page.
    pub fn url(&self, base_url: &str) -> Option<String> {
        if !IS_BUILT {
            return None;
        }
        let screen = self.screen.unwrap_or_default();
        let mut url = format!("{base_url}{INSPECTOR_PATH}#/{}/{screen}", utf8_percent_encode(self.world, ESCAPED));
        let entry = self.entry.map(|entry| entry.to_string());
        let shown = [("entry", entry.as_deref()), ("page", self.page), ("person", self.person)];
        let mut separator = '?';
        for (name, value) in shown.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            // A `String` takes all that is written to it.
            let _ = write!(url, "{separator}{name}={}", utf8_percent_encode(value, ESCAPED));
            separator = '&';
        }
        Some(url)
    }
}

#[cfg(all(test, feature = "inspector"))]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_one_address() {
        let base = "http://127.0.0.1:4004";
        let world = PageView { world: "default", ..PageView::default() };
        assert_eq!(world.url(base).as_deref(), Some("http://127.0.0.1:4004/_inspector/#/default/"));
        let entry = PageView {
            world: "a b/ü?#",
            screen: Some("chat"),
            entry: Some(7),
            page: Some("shop & co"),
            person: Some("crowd.17"),
        };
        assert_eq!(
            entry.url(base).as_deref(),
            Some(
                "http://127.0.0.1:4004/_inspector/#/a%20b%2F%C3%BC%3F%23/chat?entry=7&page=shop%20%26%20co&person=crowd.17"
            )
        );
    }
}
