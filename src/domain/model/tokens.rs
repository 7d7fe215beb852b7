//! The tokens of a world that were issued, expired or ended while it ran, and its open login codes. Only the handlers
//! write here.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Principal, TaskSet, TokenEnd, TokenKey};
use super::config::Config;
use super::ids::{AppKey, AssetKey, IdKind, IdStream, UserKey};
use super::time::{Moment, Span};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules::{self, RuleId};

/// The lifetime of a token that a login code gives.
pub const SHORT_LIFE: Span = Span::hours(2);
/// The lifetime of a token that a short-lived one is exchanged for.
pub const LONG_LIFE: Span = Span::days(60);
/// The lifetime of a login code.
const CODE_LIFE: Span = Span(10 * 60 * 1000);
/// The lifetime of a login code of Instagram.
const CODE_LIFE_ON_INSTAGRAM: Span = Span::hours(1);
/// The maximum number of issued tokens, and of remembered login codes.
pub const MAX_ISSUED: usize = 10_000;
/// The number of characters after `EAA`.
const TOKEN_LENGTH: usize = 60;

/// The state of tokens and login codes.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// Only the tokens that have changed.
    changed: BTreeMap<TokenKey, TokenChange>,
    issued: Vec<Issued>,
    codes: Vec<Code>,
    codes_issued: u64,
    /// Users who lost their role on a page.
    roles_lost: BTreeSet<(UserKey, AssetKey)>,
}

/// The change of a token since it was made.
#[derive(Debug, Clone, Copy, Default)]
struct TokenChange {
    expired: Option<Moment>,
    end: Option<TokenEnd>,
}

/// A token that was issued while the world ran.
#[derive(Debug, Clone)]
struct Issued {
    text: Box<str>,
    principal: Principal,
    by: Option<UserKey>,
    at: Moment,
    expires: Option<Moment>,
}

#[derive(Debug, Clone)]
struct Code {
    text: Box<str>,
    app: AppKey,
    owner: CodeOwner,
    expires: Option<Moment>,
    used: bool,
}

/// Who logged in to get a login code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeOwner {
    /// A user, with Facebook Login.
    User(UserKey),
    /// The owner of an Instagram account, with Instagram Login.
    Account(AssetKey),
}

/// A token with its state.
#[derive(Debug, Clone, Copy)]
pub struct Token<'w> {
    pub key: TokenKey,
    pub text: &'w str,
    pub principal: Principal,
    pub by: Option<UserKey>,
    pub issued: Moment,
    pub expires: Option<Moment>,
    /// Why it ended before it expired.
    pub end: Option<TokenEnd>,
}

impl Token<'_> {
    /// `Ok` if the token is valid now; otherwise the reason why it is not.
    pub fn check(&self, now: Moment) -> Result<(), Refusal> {
        match (self.end, self.expires) {
            (Some(TokenEnd::RoleLost), _) => {
                Err(Refusal::new(Reason::TokenEnded(TokenEnd::RoleLost), rules::TOKEN_ROLE_LOST))
            }
            (Some(end), _) => Err(Refusal::new(Reason::TokenEnded(end), rules::TOKEN_ENDED)),
            (None, Some(at)) if at <= now => Err(Refusal::new(Reason::TokenExpired { at, now }, rules::TOKEN_EXPIRED)),
            _ => Ok(()),
        }
    }

    /// The moment at which it expires. A token that never expires has the longest life.
    fn expiry(&self) -> Moment {
        self.expires.unwrap_or(Moment::from_millis(u64::MAX))
    }
}

impl Tokens {
    /// The tokens at the start. A user with tasks on a page whose declared page token another user made gets a page
    /// token of their own.
    pub fn new(config: &Config) -> Self {
        let mut tokens = Self::default();
        for (user, declared) in (0u16..).map(UserKey).zip(config.users.iter()) {
            let codes = declared.codes.iter();
            tokens.codes.extend(codes.map(|(app, text)| Code {
                text: text.clone(),
                app: *app,
                owner: CodeOwner::User(user),
                expires: None,
                used: false,
            }));
            for (app, token) in (0u16..).map(AppKey).zip(&declared.tokens).filter(|(_, token)| token.issued) {
                for (page, _) in &declared.pages {
                    let by = config.asset(*page).connections[app.index()].by;
                    if by.is_some_and(|by| by != user) {
                        tokens.issue(config, Principal::Asset(*page, app), user, config.clock, token.expires);
                    }
                }
            }
        }
        tokens
    }

    fn issue(
        &mut self,
        config: &Config,
        principal: Principal,
        by: UserKey,
        at: Moment,
        expires: Option<Moment>,
    ) -> TokenKey {
        // The declared user token is unique in the whole process, so every text that is derived from it is too.
        let root = &config.user(by).tokens[principal.app().index()].text;
        let what = match principal {
            Principal::Asset(page, _) => &config.asset(page).name,
            Principal::App(_) | Principal::User(..) => "",
        };
        let place = self.issued.len() as u32;
        let text = IdStream::named(config.seed, IdKind::Token, &format!("{root}/{what}"), u64::from(place))
            .letters_and_digits("EAA", TOKEN_LENGTH);
        self.issued.push(Issued { text, principal, by: Some(by), at, expires });
        TokenKey::Issued(place)
    }

    /// The token with this key, if it was ever issued.
    pub fn token<'w>(&'w self, config: &'w Config, key: TokenKey) -> Option<Token<'w>> {
        let (text, principal, by, issued, expires) = match key {
            TokenKey::App(app) => (&config.app(app).opaque_token, Principal::App(app), None, config.clock, None),
            TokenKey::Asset(page, app) => {
                let declared = config.asset(page).connections.get(app.index())?;
                (&declared.token, Principal::Asset(page, app), declared.by, config.clock, declared.expires)
            }
            TokenKey::User(user, app) => {
                let declared = config.user(user).tokens.get(app.index()).filter(|token| token.issued)?;
                (&declared.text, Principal::User(user, app), Some(user), config.clock, declared.expires)
            }
            TokenKey::Issued(place) => {
                let issued = self.issued.get(place as usize)?;
                (&issued.text, issued.principal, issued.by, issued.at, issued.expires)
            }
        };
        let changed = self.changed.get(&key).copied().unwrap_or_default();
        Some(Token { key, text, principal, by, issued, expires: changed.expired.or(expires), end: changed.end })
    }

    /// Every token of users, pages and accounts, valid or not.
    pub fn all<'w>(&'w self, config: &'w Config) -> impl Iterator<Item = Token<'w>> {
        let apps = || (0..config.apps.len() as u16).map(AppKey);
        let users = (0..config.users.len() as u16).map(UserKey);
        let of_users = users.flat_map(move |user| apps().map(move |app| TokenKey::User(user, app)));
        let assets = (0..config.assets.len() as u16).map(AssetKey);
        let of_assets = assets.flat_map(move |asset| apps().map(move |app| TokenKey::Asset(asset, app)));
        let issued = self.issued_after(0).map(|(_, key, _)| key);
        of_users.chain(of_assets).chain(issued).filter_map(|key| self.token(config, key))
    }

    pub fn count_issued(&self) -> usize {
        self.issued.len()
    }

    /// The tokens that were issued after the first `count`.
    pub fn issued_after(&self, count: usize) -> impl Iterator<Item = (&str, TokenKey, Principal)> {
        let numbered = (0u32..).zip(&self.issued).skip(count);
        numbered.map(|(place, issued)| (&*issued.text, TokenKey::Issued(place), issued.principal))
    }

    /// Every page token of an app on a page.
    pub fn page_tokens<'w>(
        &'w self,
        config: &'w Config,
        page: AssetKey,
        app: AppKey,
    ) -> impl Iterator<Item = Token<'w>> {
        let wanted = Principal::Asset(page, app);
        let issued = self.issued_after(0).filter(move |(_, _, principal)| *principal == wanted).map(|(_, key, _)| key);
        let keys = std::iter::once(TokenKey::Asset(page, app)).chain(issued);
        keys.filter_map(|key| self.token(config, key))
    }

    /// The page token that a user sees: of the valid tokens that the user or nobody in particular made, the one that
    /// lives longest.
    pub fn page_token_for_user<'w>(
        &'w self,
        config: &'w Config,
        (page, app): (AssetKey, AppKey),
        user: UserKey,
        now: Moment,
    ) -> Option<Token<'w>> {
        let tokens = self.page_tokens(config, page, app);
        let seen = tokens.filter(|token| token.by.is_none_or(|by| by == user) && token.check(now).is_ok());
        // Of equals the first one wins: a later token must live longer to replace it.
        seen.reduce(|best, token| if token.expiry() > best.expiry() { token } else { best })
    }

    /// The page token that an app uses: the declared one while it is valid, otherwise the first valid one of those
    /// issued since.
    pub fn page_token_of_app<'w>(
        &'w self,
        config: &'w Config,
        page: AssetKey,
        app: AppKey,
        now: Moment,
    ) -> Option<&'w str> {
        self.page_tokens(config, page, app).find(|token| token.check(now).is_ok()).map(|token| token.text)
    }

    /// The tasks of a user on a page; `None` if the user has no role there.
    pub fn tasks(&self, config: &Config, user: UserKey, page: AssetKey) -> Option<TaskSet> {
        if self.roles_lost.contains(&(user, page)) {
            return None;
        }
        config.user(user).pages.iter().find(|(known, _)| *known == page).map(|(_, tasks)| *tasks)
    }

    /// Lets the page tokens of an app expire now.
    pub(crate) fn expire(&mut self, config: &Config, page: AssetKey, app: AppKey, now: Moment) {
        for key in self.good_page_tokens(config, page, app, now) {
            self.changed.entry(key).or_default().expired = Some(now);
        }
    }

    /// Ends the page tokens of an app now. The users who made them lose more: with a lost role every token of theirs
    /// on the page, with a changed password every token of theirs, otherwise every token that they made for the app.
    pub(crate) fn end(&mut self, config: &Config, page: AssetKey, app: AppKey, end: TokenEnd, now: Moment) {
        let mut keys: BTreeSet<TokenKey> = self.good_page_tokens(config, page, app, now).into_iter().collect();
        let makers: BTreeSet<UserKey> =
            keys.iter().filter_map(|key| self.token(config, *key)).filter_map(|token| token.by).collect();
        for maker in makers {
            match end {
                TokenEnd::RoleLost => {
                    self.roles_lost.insert((maker, page));
                    keys.extend(self.made_by(
                        config,
                        maker,
                        |principal| matches!(principal, Principal::Asset(on, _) if on == page),
                    ));
                }
                TokenEnd::PasswordChanged => keys.extend(self.made_by(config, maker, |_| true)),
                _ => keys.extend(self.made_by(config, maker, |principal| principal.app() == app)),
            }
        }
        for key in keys {
            self.changed.entry(key).or_default().end.get_or_insert(end);
        }
    }

    /// Ends every token that a user made for an app.
    pub(crate) fn end_app(&mut self, config: &Config, user: UserKey, app: AppKey) {
        for key in self.made_by(config, user, |principal| principal.app() == app) {
            self.changed.entry(key).or_default().end.get_or_insert(TokenEnd::AppRemoved);
        }
    }

    fn good_page_tokens(&self, config: &Config, page: AssetKey, app: AppKey, now: Moment) -> Vec<TokenKey> {
        let tokens = self.page_tokens(config, page, app).filter(|token| token.check(now).is_ok());
        tokens.map(|token| token.key).collect()
    }

    fn made_by(&self, config: &Config, user: UserKey, which: impl Fn(Principal) -> bool) -> Vec<TokenKey> {
        let apps = (0..config.apps.len() as u16).map(AppKey);
        let pages = (0..config.assets.len() as u16).map(AssetKey);
        let on_pages = pages.flat_map(|page| apps.clone().map(move |app| TokenKey::Asset(page, app)));
        let keys = apps.clone().map(|app| TokenKey::User(user, app)).chain(on_pages);
        let keys = keys.chain(self.issued_after(0).map(|(_, key, _)| key));
        let tokens = keys.filter_map(|key| self.token(config, key));
        tokens.filter(|token| token.by == Some(user) && which(token.principal)).map(|token| token.key).collect()
    }

    /// Issues a login code. It can be used once and expires soon.
    pub(crate) fn issue_code(&mut self, config: &Config, app: AppKey, owner: CodeOwner, now: Moment) -> Box<str> {
        let (root, life) = match owner {
            CodeOwner::User(user) => (&config.user(user).tokens[app.index()].text, CODE_LIFE),
            CodeOwner::Account(account) => {
                (&config.asset(account).connections[app.index()].token, CODE_LIFE_ON_INSTAGRAM)
            }
        };
        let counter = self.codes_issued;
        self.codes_issued += 1;
        if self.codes.len() >= MAX_ISSUED {
            self.codes.remove(0);
        }
        let text = IdStream::named(config.seed, IdKind::Code, root, counter).url_safe("AQ", 120);
        self.codes.push(Code { text: text.clone(), app, owner, expires: Some(now + life), used: false });
        text
    }

    /// True if the code was ever issued to this app.
    pub fn knows_code(&self, app: AppKey, text: &str) -> bool {
        self.codes.iter().any(|code| code.app == app && &*code.text == text)
    }

    /// Uses up a login code of a user. Returns the user.
    pub(crate) fn use_code(&mut self, app: AppKey, text: &str, now: Moment) -> Result<UserKey, Refusal> {
        self.use_code_of(app, text, now, rules::CODE_ONCE, |owner| match owner {
            CodeOwner::User(user) => Some(user),
            CodeOwner::Account(_) => None,
        })
    }

    /// Uses up a login code of Instagram. Returns the account.
    pub(crate) fn use_account_code(&mut self, app: AppKey, text: &str, now: Moment) -> Result<AssetKey, Refusal> {
        self.use_code_of(app, text, now, rules::INSTAGRAM_CODE_ONCE, |owner| match owner {
            CodeOwner::Account(account) => Some(account),
            CodeOwner::User(_) => None,
        })
    }

    fn use_code_of<T>(
        &mut self,
        app: AppKey,
        text: &str,
        now: Moment,
        rule: RuleId,
        wanted: impl Fn(CodeOwner) -> Option<T>,
    ) -> Result<T, Refusal> {
        let refusal = |reason| Refusal::new(reason, rule);
        let codes = self.codes.iter_mut().filter(|code| code.app == app && &*code.text == text);
        let code = codes.filter_map(|code| Some((wanted(code.owner)?, code))).next();
        let (owner, code) = code.ok_or_else(|| refusal(Reason::CodeUnknown))?;
        if code.used {
            return Err(refusal(Reason::CodeUsed));
        }
        if code.expires.is_some_and(|at| at <= now) {
            return Err(refusal(Reason::CodeExpired));
        }
        code.used = true;
        Ok(owner)
    }

    /// Issues an Instagram user token for an account.
    pub(crate) fn issue_account_token(
        &mut self,
        config: &Config,
        (account, app): (AssetKey, AppKey),
        now: Moment,
        life: Span,
    ) -> Result<TokenKey, Refusal> {
        if self.issued.len() >= MAX_ISSUED {
            return Err(Refusal::new(Reason::TooManyTokens, rules::INSTAGRAM_TOKEN_ISSUED));
        }
        // The declared token is unique in the whole process, so every text that is derived from it is too.
        let root = &config.asset(account).connections[app.index()].token;
        let place = self.issued.len() as u32;
        let text = IdStream::named(config.seed, IdKind::Token, root, u64::from(place))
            .letters_and_digits("IGAA", TOKEN_LENGTH);
        let expires = Some(now + life);
        self.issued.push(Issued { text, principal: Principal::Asset(account, app), by: None, at: now, expires });
        Ok(TokenKey::Issued(place))
    }

    /// Issues a user token, and a page token for each page on which the user has no token that lives as long. Page
    /// tokens of a long-lived user token never expire.
    pub(crate) fn issue_user_token(
        &mut self,
        config: &Config,
        user: UserKey,
        app: AppKey,
        now: Moment,
        life: Span,
    ) -> Result<TokenKey, Refusal> {
        let pages = &config.user(user).pages;
        if self.issued.len() + pages.len() >= MAX_ISSUED {
            return Err(Refusal::new(Reason::TooManyTokens, rules::TOKEN_ISSUED));
        }
        let key = self.issue(config, Principal::User(user, app), user, now, Some(now + life));
        let on_pages = (life < LONG_LIFE).then_some(now + life);
        for (page, _) in pages {
            if self.roles_lost.contains(&(user, *page)) {
                continue;
            }
            let known = self.page_token_for_user(config, (*page, app), user, now);
            if known.is_none_or(|known| known.expiry() < on_pages.unwrap_or(Moment::from_millis(u64::MAX))) {
                self.issue(config, Principal::Asset(*page, app), user, now, on_pages);
            }
        }
        Ok(key)
    }
}
