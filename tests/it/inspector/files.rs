//! The files of the page: each is served, they are small, and nothing in them comes from elsewhere.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::support::{BAKERY, TestServer, get};

/// Bytes of the page's own modules and styles. They are written to be read, and sent as they are.
const MAX_OWN: usize = 145_000;
const MAX_MODULES: usize = 20;

/// What is taken from others, as it was published: `lit-html` 3, the bundle without directives.
const VENDORED: &[(&str, &str)] = &[
    ("vendor/lit-html.LICENSE", "2b66f9390afde29edfe4314daff93f01fb182e1178053e228120178987e5db75"),
    ("vendor/lit-html.js", "b878e7f95dec8a9b6e9b217faca6b6a11bad82ebc44c0caa77419ed83edd81f2"),
];

/// Addresses that are names of things, or stand in a licence, and that nobody calls.
const NAMES_OF_THINGS: &[&str] = &["http://www.w3.org/", "https://…"];

/// The path of each file below `page/`, sorted.
fn files() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inspector/page");
    let mut folders = vec![root.clone()];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("the folder of the page");
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    let name = |path: &PathBuf| path.strip_prefix(&root).expect("below the folder").to_string_lossy().into_owned();
    found.iter().map(|path| (name(path), std::fs::read(path).expect("a file"))).collect()
}

fn is_own(name: &str) -> bool {
    !name.starts_with("vendor/")
}

#[tokio::test]
async fn each_file_of_the_folder_is_served() {
    let server = TestServer::start(BAKERY).await;
    let files = files();
    assert!(files.len() > 10, "{files:?}");
    for (name, bytes) in files {
        let reply = server.ask(get(format!("/_inspector/{name}"))).await;
        assert_eq!(reply.status, 200, "{name} needs its row in src/inspector/page_files.rs");
        assert!(reply.body == bytes, "{name}");
    }
}

#[test]
fn the_page_stays_small() {
    let own: Vec<(String, usize)> =
        files().into_iter().filter(|(name, _)| is_own(name)).map(|(name, bytes)| (name, bytes.len())).collect();
    let code: Vec<&(String, usize)> =
        own.iter().filter(|(name, _)| name.ends_with(".js") || name.ends_with(".css")).collect();
    let size: usize = code.iter().map(|(_, size)| size).sum();
    assert!(size <= MAX_OWN, "{size} bytes are more than {MAX_OWN}: {code:?}");
    let modules = code.iter().filter(|(name, _)| name.ends_with(".js")).count();
    assert!(modules <= MAX_MODULES, "{modules} modules are more than {MAX_MODULES}: {code:?}");
}

#[test]
fn what_is_taken_from_others_is_as_it_was_published() {
    let files = files();
    let vendored: Vec<(&str, String)> = files
        .iter()
        .filter(|(name, _)| !is_own(name))
        .map(|(name, bytes)| (&**name, hex::encode(Sha256::digest(bytes))))
        .collect();
    let expected: Vec<(&str, String)> = VENDORED.iter().map(|(name, sum)| (*name, (*sum).to_owned())).collect();
    assert_eq!(vendored, expected);
    let licence = &files.iter().find(|(name, _)| name == "vendor/lit-html.LICENSE").expect("the licence").1;
    assert!(String::from_utf8_lossy(licence).starts_with("BSD 3-Clause License"));
}

#[test]
fn no_file_names_a_remote_host() {
    for (name, bytes) in files().into_iter().filter(|(name, _)| !name.ends_with("LICENSE")) {
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is not UTF-8"));
        for (at, _) in text.match_indices("http://").chain(text.match_indices("https://")) {
            let rest = &text[at..];
            let line = rest.lines().next().unwrap_or_default();
            assert!(NAMES_OF_THINGS.iter().any(|known| rest.starts_with(known)), "{name}: {line}");
        }
        assert!(!text.contains("@import") && !text.contains("import('"), "{name} loads something in another way");
    }
}
