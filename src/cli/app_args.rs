//! Parses flags that say where the webhooks of an app go.

use crate::domain::model::config::Config;
use crate::engine::webhook_url::WebhookUrl;
use crate::language::world::app::LATER;
use crate::text::suggest::did_you_mean;

/// What stands for the port of a bot, in its command and in URLs.
pub const PORT: &str = "${PORT}";

/// `NAME=URL`, `NAME=later` for an app whose URL comes at run time, or `NAME=puppet` for one without a webhook URL.
pub fn parse_app(text: &str) -> Result<(String, Option<String>), String> {
    match text.split_once('=') {
        Some((name, "puppet")) => Ok((name.to_owned(), None)),
        Some((name, LATER)) => Ok((name.to_owned(), Some(LATER.to_owned()))),
        Some((name, url)) => match WebhookUrl::parse(&url.replace(PORT, "1")) {
            Ok(_) => Ok((name.to_owned(), Some(url.to_owned()))),
            Err(error) => Err(format!("{error} (`puppet` and `later` are possible, too)")),
        },
        None => Err("write NAME=http://127.0.0.1:5001/webhook".to_owned()),
    }
}

/// Fails if one of these flags names an app that the world does not have, or two of them name one app.
pub fn check_app_names(apps: &[(String, Option<String>)], config: &Config) -> Result<(), String> {
    let known = || config.apps[..config.inbox().index()].iter().map(|app| &*app.name);
    for (place, (name, _)) in apps.iter().enumerate() {
        if config.app_by_name(name).is_none_or(|app| config.is_metas(app)) {
            let names: Vec<&str> = known().collect();
            let nearest = did_you_mean(name, known());
            return Err(format!("the world has no app `{name}`{nearest} (known are: {})", names.join(", ")));
        }
        if apps[..place].iter().any(|(other, _)| other == name) {
            return Err(format!("--app names `{name}` twice: an app has one webhook URL, so one bot"));
        }
    }
    Ok(())
}
