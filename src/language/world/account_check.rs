//! What Instagram says of the names, ids and links of accounts, as far as one account alone can break it.

use std::collections::HashMap;

use super::account::MAX_USERNAME;
use super::world_reader::{WorldReader, named};
use crate::domain::model::config::AssetConfig;
use crate::domain::model::platform::Platform;
use crate::language::node::Node;

/// The longest `ref` of an m.me or ig.me link, in characters.
const MAX_REF: usize = 2083;

impl WorldReader<'_> {
    pub(super) fn check_account(&mut self, entry: &(Node, Node), pages: &[AssetConfig]) {
        let (name, node) = named(entry);
        if pages.iter().any(|page| &*page.name == name) {
            let note = "steps name both in the same place: choose another name";
            self.wrong(&entry.0, format!("a page is called `{name}` already"), note);
        }
        self.check_platform_word(&entry.0, Platform::Instagram);
        if let Some(id) = node.get("id") {
            let text = id.text().unwrap_or_default();
            if text.is_empty() || !text.chars().all(|digit| digit.is_ascii_digit()) {
                let note = "an account has 17 digits that begin with 17841; leave `id` out for one of these";
                self.wrong(id, format!("`{text}` is no id of an Instagram account"), note);
            }
        }
        if let Some(username) = node.get("username") {
            let text = username.text().unwrap_or_default();
            let fits = |letter: char| letter.is_ascii_alphanumeric() || "._".contains(letter);
            if !(1..=MAX_USERNAME).contains(&text.chars().count()) || !text.chars().all(fits) {
                let note = format!("it has from 1 to {MAX_USERNAME} letters, digits, `.` and `_`");
                self.wrong(username, format!("`{text}` is no username on Instagram"), &note);
            }
        }
    }

    /// `on: instagram` means the only account and `on: messenger` the only page, so neither may be the name of something else.
    pub(super) fn check_platform_word(&mut self, name: &Node, platform: Platform) {
        let word = name.text().unwrap_or_default();
        let (what, meaning) = match (platform, Platform::parse(word)) {
            (Platform::Messenger, Some(Platform::Instagram)) => ("a page", "the only Instagram account"),
            (Platform::Instagram, Some(Platform::Messenger)) => ("an Instagram account", "the only page"),
            _ => return,
        };
        let message = format!("{what} cannot be called `{word}`: in steps the word means {meaning}");
        self.wrong(name, message, "choose another name");
    }

    /// Checks that no two accounts have one username. Instagram makes no difference between small and capital letters.
    pub(super) fn check_usernames(&mut self, assets: &[AssetConfig]) {
        let accounts = assets.iter().filter(|asset| asset.account.is_some());
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (account, (_, node)) in accounts.zip(self.part("instagram")) {
            let username = account.details.username.as_deref().unwrap_or_default();
            if let Some(other) = seen.insert(username.to_ascii_lowercase(), &account.name) {
                let message = format!("`{}` has the username `{username}` of `{other}`", account.name);
                self.wrong(node.get("username").unwrap_or(node), message, "give each account a `username` of its own");
            }
        }
    }

    /// Checks the `ref` of an m.me or ig.me link.
    pub(super) fn check_ref(&mut self, link: &Node) {
        let Some(at) = link.get("ref") else { return };
        let text = at.text().unwrap_or_default();
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_=".contains(letter);
        if text.is_empty() || !text.chars().all(fits) {
            self.wrong(at, format!("`{text}` cannot be a `ref`"), "it has letters, digits, `-`, `_` and `=`");
        } else if text.len() > MAX_REF {
            self.wrong(at, format!("this `ref` has {} characters", text.len()), "a `ref` has at most 2083");
        }
    }
}
