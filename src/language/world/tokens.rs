//! Checks the tokens of a world file: each has one owner, and begins as its kind does.

use std::collections::HashSet;

use super::world_reader::WorldReader;
use crate::domain::model::platform::Login;
use crate::language::account_notes::login_of;
use crate::language::node::Node;

/// Tokens of pages and of users of Facebook begin with this.
const FACEBOOK: &str = "EAA";
/// Tokens of Instagram users begin with this.
const INSTAGRAM: &str = "IGAA";

impl<'w> WorldReader<'w> {
    pub(super) fn check_tokens(&mut self) {
        let of_accounts = self.tokens_of("instagram", |account, app| login_of(account, app) != Some(Login::Facebook));
        let users = self.part("users").iter().filter_map(|(_, user)| user.get("tokens"));
        let of_users = users.flat_map(Node::entries).map(|(_, token)| token.get("token").unwrap_or(token));
        let of_pages = self.tokens_of("pages", |_, _| true);
        let of_facebook: Vec<&Node> =
            of_pages.into_iter().chain(of_users.filter(|token| token.text().is_some())).collect();
        let mut seen = HashSet::new();
        for token in of_facebook.iter().chain(&of_accounts) {
            let text = token.text().unwrap_or_default();
            if text.is_empty() {
                self.wrong(token, "a token cannot be empty".to_owned(), "leave it out, and it has one");
            } else if !seen.insert(text) {
                let note =
                    "each app needs its own token on each page and for each user: only the token says whose call it is";
                self.wrong(token, format!("the token `{text}` is used twice"), note);
            }
        }
        for token in of_facebook {
            let text = token.text().unwrap_or_default();
            if text.starts_with(INSTAGRAM) {
                let note = "such a token belongs to an app of an account, under `instagram`; those of pages and users begin with EAA, or with anything else";
                self.wrong(token, format!("the token `{text}` is an Instagram user's"), note);
            }
        }
        self.check_prefixes();
    }

    /// Checks that the token of an app on an account is one of its login.
    fn check_prefixes(&mut self) {
        let with_instagram =
            self.tokens_of("instagram", |account, app| login_of(account, app) == Some(Login::Instagram));
        for token in
            with_instagram.into_iter().filter(|token| token.text().is_some_and(|text| text.starts_with(FACEBOOK)))
        {
            let message = format!("the token `{}` is not an Instagram user's", token.text().unwrap_or_default());
            let note = "such a token belongs to a page or a user of Facebook; those of accounts begin with IGAA, or with anything else";
            self.wrong(token, message, note);
        }
        let with_unified = self.tokens_of("instagram", |account, app| login_of(account, app) == Some(Login::Unified));
        for token in
            with_unified.into_iter().filter(|token| token.text().is_some_and(|text| text.starts_with(INSTAGRAM)))
        {
            let message = format!("the token `{}` is an Instagram user's", token.text().unwrap_or_default());
            let note = "with `login: unified` an app has the token of a system user; it begins with EAA, or with anything else";
            self.wrong(token, message, note);
        }
    }

    /// The tokens of the apps of pages or accounts, where `counts` says so of the asset and its app.
    fn tokens_of(&self, part: &str, counts: fn(&Node, &Node) -> bool) -> Vec<&'w Node> {
        let token = |asset: &'w Node, app: &'w Node| app.get("token").filter(|_| counts(asset, app));
        let of_asset = |asset: &'w Node| {
            let apps = asset.get("apps").map(Node::entries).unwrap_or_default();
            apps.iter().filter_map(move |(_, app)| token(asset, app))
        };
        self.part(part).iter().flat_map(|(_, asset)| of_asset(asset)).collect()
    }
}
