//! The table of the page's files. A release has them built in; a debug build reads them from the source folder where that exists, so that a
//! change of the page needs no build.

use std::borrow::Cow;

/// A file of the page. A build without the page has none.
#[derive(Debug)]
#[cfg_attr(not(feature = "inspector"), allow(dead_code))]
pub struct PageFile {
    /// Its path below `page/`, and below `/_inspector/`.
    pub name: &'static str,
    built_in: &'static [u8],
}

/// The file at `/_inspector/` itself.
pub const INDEX: &str = "index.html";

/// The folder of the page while it is worked on.
#[cfg(debug_assertions)]
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/inspector/page/");

#[cfg(feature = "inspector")]
macro_rules! page_files {
    ($($name:literal),* $(,)?) => {
        &[$(PageFile { name: $name, built_in: include_bytes!(concat!("page/", $name)) }),*]
    };
}

/// Every file.
#[cfg(feature = "inspector")]
pub const PAGE_FILES: &[PageFile] = page_files![
    "api.js",
    "calls.js",
    "chat.css",
    "chat.js",
    "clock.js",
    "composer.js",
    "connect.js",
    "decisions.js",
    "deliveries.js",
    "faults.js",
    "fold.js",
    "index.html",
    "main.js",
    "message.js",
    "records.js",
    "rows.js",
    "screens.css",
    "store.js",
    "style.css",
    "thread.js",
    "timeline.js",
    "url.js",
    "vendor/lit-html.LICENSE",
    "vendor/lit-html.js",
    "words.js",
    "worlds.js",
];
#[cfg(not(feature = "inspector"))]
pub const PAGE_FILES: &[PageFile] = &[];

impl PageFile {
    /// The file of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        PAGE_FILES.iter().find(|file| file.name == name)
    }

    /// What the file has in it.
    pub fn bytes(&self) -> Cow<'static, [u8]> {
        #[cfg(debug_assertions)]
        if let Ok(bytes) = std::fs::read(format!("{FOLDER}{}", self.name)) {
            return Cow::Owned(bytes);
        }
        Cow::Borrowed(self.built_in)
    }

    /// Its media type, which its ending says.
    pub fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        }
    }
}
