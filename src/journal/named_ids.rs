//! Ids in calls as the names that a scenario has for them: `${alice}`, `${page.shop}`, `${app.bot}`.

use serde_json::Value;

use crate::domain::model::config::Config;

/// The shortest id that is looked up. No smaller number is mistaken for one.
const SHORTEST_ID: usize = 3;

/// The name of an id, as a scenario writes it.
pub fn name_of_id(config: &Config, id: &str) -> Option<String> {
    if id.len() < SHORTEST_ID || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some(thread) = config.people.thread_of(id) {
        return Some(format!("${{{}}}", config.thread_name(thread)));
    }
    if let Some(page) = config.assets.iter().find(|page| page.id.to_string() == id) {
        return Some(format!("${{page.{}}}", page.name));
    }
    if let Some(app) = config.apps.iter().find(|app| app.id.to_string() == id) {
        return Some(format!("${{app.{}}}", app.name));
    }
    let ad = config.ads.iter().find(|ad| ad.id.to_string() == id)?;
    Some(format!("${{ad.{}}}", ad.name))
}

/// A value in which names stand in the place of ids.
pub fn named(config: &Config, value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, named(config, value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| named(config, item)).collect()),
        Value::String(text) => Value::String(name_of_id(config, &text).unwrap_or(text)),
        Value::Number(number) => match name_of_id(config, &number.to_string()) {
            Some(name) => Value::String(name),
            None => Value::Number(number),
        },
        other => other,
    }
}

/// A path in which names stand in the place of ids.
pub fn named_path(config: &Config, path: &str) -> String {
    let named = path.split('/').map(|part| name_of_id(config, part).unwrap_or_else(|| part.to_owned()));
    named.collect::<Vec<_>>().join("/")
}
