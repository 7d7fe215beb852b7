//! Changes of where the webhooks of an app go, while the world lives.

use std::sync::Arc;

use crate::domain::command::WebhookChange;
use crate::domain::model::config::{AppConfig, Config};
use crate::domain::model::ids::AppKey;
use crate::domain::refusal::Refusal;

/// The apps after a change.
pub fn change_webhook(config: &Config, app: AppKey, change: &WebhookChange) -> Result<Arc<[AppConfig]>, Refusal> {
    if config.is_metas(app) {
        let name = &config.app(app).name;
        return Err(Refusal::script(format!("`{name}` is Meta's own app: it takes no webhooks")));
    }
    let mut apps = config.apps.to_vec();
    let changed = &mut apps[app.index()];
    changed.webhook.clone_from(&change.webhook);
    changed.verify_token.clone_from(&change.verify_token);
    Ok(apps.into())
}
