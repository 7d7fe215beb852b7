//! The files of the page. `build.rs` packs them and makes their table; a debug build reads them from the source folder where that exists, so
//! that a change of the page needs no build.

/// A file of the page. A build without the page has none.
#[derive(Debug)]
#[cfg_attr(not(feature = "inspector"), allow(dead_code))]
pub struct PageFile {
    /// Its path below `page/`, and below `/_inspector/`.
    pub name: &'static str,
    /// What it has in it, in the gzip format.
    packed: &'static [u8],
}

/// The file at `/_inspector/` itself.
pub const INDEX: &str = "index.html";

/// The folder of the page while it is worked on.
#[cfg(debug_assertions)]
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/inspector/page/");

/// Every file, sorted by name.
#[cfg(feature = "inspector")]
pub const PAGE_FILES: &[PageFile] = include!(concat!(env!("OUT_DIR"), "/page_files.rs"));
#[cfg(not(feature = "inspector"))]
pub const PAGE_FILES: &[PageFile] = &[];

impl PageFile {
    /// The file of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        PAGE_FILES.iter().find(|file| file.name == name)
    }

    /// What the file has in it.
    pub fn bytes(&self) -> Vec<u8> {
        self.source().unwrap_or_else(|| unpacked(self.packed))
    }

    /// The same in the gzip format, unless the file was read from the folder.
    pub fn packed(&self) -> Option<&'static [u8]> {
        self.source().is_none().then_some(self.packed)
    }

    fn source(&self) -> Option<Vec<u8>> {
        #[cfg(debug_assertions)]
        return std::fs::read(format!("{FOLDER}{}", self.name)).ok();
        #[cfg(not(debug_assertions))]
        None
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

/// What was packed by `build.rs`, which cannot be broken.
#[cfg(feature = "inspector")]
fn unpacked(packed: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let read = flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes);
    debug_assert!(read.is_ok());
    bytes
}

#[cfg(not(feature = "inspector"))]
fn unpacked(_: &[u8]) -> Vec<u8> {
    Vec::new()
}
