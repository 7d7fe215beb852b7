//! Fills in `${names}` when a step runs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::model::byte_count::byte_count;
use crate::domain::model::commented_media::CommentedMedia;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
use crate::language::steps::references::DOLLAR;
use crate::wire::signature::appsecret_proof;

/// The most bytes of all texts of one step once its `${names}` are filled in.
pub const MAX_FILLED_STEP: usize = 4 * 1024 * 1024;

/// How many more bytes the values of a step may have.
struct RoomForValues(usize);

impl RoomForValues {
    fn take(&mut self, bytes: usize) -> Result<(), String> {
        self.0 = self.0.checked_sub(bytes).ok_or_else(|| {
            format!(
                "the values of this step have more than {MAX_FILLED_STEP} bytes once its `${{names}}` are filled in"
            )
        })?;
        Ok(())
    }
}

/// The values of `${names}`.
pub struct PlaceholderValues<'s> {
    pub config: &'s Config,
    /// Values that earlier steps saved, and the values of the row.
    pub saved: &'s BTreeMap<String, Value>,
    /// The page of a PSID if the name has no page.
    pub page: Option<AssetKey>,
}

impl PlaceholderValues<'_> {
    /// Fills in a text. Most unknown names are found earlier, when the file is checked.
    pub fn fill_text(&self, text: &str) -> Result<String, String> {
        if !text.contains("${") {
            return Ok(text.to_owned());
        }
        match self.fill_value(&Value::String(text.to_owned()))? {
            Value::String(text) => Ok(text),
            other => Ok(other.to_string()),
        }
    }

    /// Fills in every text of a value. A text that consists of one name keeps the type of the saved value.
    pub fn fill_value(&self, value: &Value) -> Result<Value, String> {
        self.fill(value, &mut RoomForValues(MAX_FILLED_STEP))
    }

    fn fill(&self, value: &Value, room: &mut RoomForValues) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if !name.contains("${") && !name.contains('}') => {
                    let value = self.lookup(name)?;
                    room.take(byte_count(&value))?;
                    value
                }
                _ => Value::String(self.fill_string(text, room)?),
            },
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.fill(item, room)).collect::<Result<_, _>>()?)
            }
            Value::Object(map) => {
                let filled = map.iter().map(|(key, value)| Ok((self.fill_string(key, room)?, self.fill(value, room)?)));
                Value::Object(filled.collect::<Result<_, String>>()?)
            }
            other => other.clone(),
        })
    }

    fn fill_string(&self, text: &str, room: &mut RoomForValues) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            let value = match self.lookup(name)? {
                Value::String(text) => text,
                other => other.to_string(),
            };
            room.take(value.len())?;
            filled.push_str(&value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn lookup(&self, name: &str) -> Result<Value, String> {
        if name == DOLLAR {
            return Ok(DOLLAR.into());
        }
        if let Some(saved) = self.saved.get(name) {
            return Ok(saved.clone());
        }
        let parts: Vec<&str> = name.split('.').collect();
        let found = match parts.as_slice() {
            ["page", page] => self.config.asset_by_name(page).map(|page| self.config.asset(page).id.to_string()),
            ["app", app] => self.config.app_by_name(app).map(|app| self.config.app(app).id.to_string()),
            ["secret", app] => self.config.app_by_name(app).map(|app| self.config.app(app).secret.to_string()),
            ["media", account, media] => self.media(account, media),
            ["ad", ad] => self.config.ad_by_name(ad).map(|ad| self.config.ad(ad).id.to_string()),
            ["token", page, app] => self.token(page, app).map(str::to_owned),
            ["proof", page, app] => self.proof(page, app),
            ["user", user] => self.config.user_by_name(user).map(|user| self.config.user(user).id.to_string()),
            ["user_token", user, app] => self.user_token(user, app),
            _ => match name.split_once('@') {
                Some((person, page)) => self.psid(person, self.config.asset_by_name(page)),
                None => self.psid(name, self.page.or_else(|| self.config.only_asset())),
            },
        };
        found.map(Value::String).ok_or_else(|| format!("`${{{name}}}` is not known here"))
    }

    fn psid(&self, person: &str, page: Option<AssetKey>) -> Option<String> {
        let person: PersonKey = self.config.person_by_name(person)?;
        Some(self.config.psid(ThreadKey { asset: page?, person }).to_string())
    }

    fn media(&self, account: &str, name: &str) -> Option<String> {
        let account = self.config.asset_by_name(account)?;
        CommentedMedia::by_name(self.config, account, name).map(|media| media.id.into())
    }

    fn token(&self, page: &str, app: &str) -> Option<&str> {
        let app = self.config.app_by_name(app)?;
        let page = self.config.asset(self.config.asset_by_name(page)?);
        page.connections.iter().find(|connection| connection.app == app).map(|connection| &*connection.token)
    }

    /// The `appsecret_proof` of the page token.
    fn proof(&self, page: &str, app: &str) -> Option<String> {
        let token = self.token(page, app)?;
        let secret = &self.config.app(self.config.app_by_name(app)?).secret;
        Some(appsecret_proof(secret, token, None))
    }

    fn user_token(&self, user: &str, app: &str) -> Option<String> {
        let user = self.config.user(self.config.user_by_name(user)?);
        user.tokens.get(self.config.app_by_name(app)?.index()).map(|token| token.text.to_string())
    }
}
