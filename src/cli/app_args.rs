//! Parses flags that say where the webhooks of an app go.

use crate::engine::webhook_url::WebhookUrl;
use crate::language::world::app::LATER;

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
