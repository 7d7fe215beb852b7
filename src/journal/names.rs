//! Names of apps in texts.

use crate::domain::model::config::Config;
use crate::domain::model::ids::AppKey;

/// The name of an app, or `nobody`.
pub fn app_name(config: &Config, app: Option<AppKey>) -> &str {
    app.map_or("nobody", |app| &config.app(app).name)
}
