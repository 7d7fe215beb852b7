//! What a bot gets as environment: the settings that every client of the Graph API needs.

use crate::domain::model::config::{AppConfig, AssetConfig, Config, ConnectionConfig};
use crate::domain::model::ids::AppKey;

/// Variables with their values, in order.
pub type Variables = Vec<(String, String)>;

/// The variables for the bot of an app. With the name of a page at their end, `GRAPHDOUBLE_PAGE_TOKEN_SHOP`, they are of that page; with the
/// name of an app, `GRAPHDOUBLE_APP_ID_DESK`, of that app.
pub fn bot_environment(config: &Config, app: AppKey, graph_url: &str) -> Variables {
    let mut variables = own_variables(config, app, graph_url);
    variables.extend(declared_apps(config).map(app_id));
    for (page, connection) in pages_of(config, app) {
        let ending = variable_part(&page.name);
        variables.push((format!("GRAPHDOUBLE_PAGE_ID_{ending}"), page.id.to_string()));
        variables.push((format!("GRAPHDOUBLE_PAGE_TOKEN_{ending}"), connection.token.to_string()));
    }
    variables
}

/// The variables that name nobody. Those of a page are of the first page that the app is connected to.
pub fn own_variables(config: &Config, app: AppKey, graph_url: &str) -> Variables {
    let own = config.app(app);
    let mut variables = vec![
        ("GRAPHDOUBLE_URL".to_owned(), graph_url.to_owned()),
        ("GRAPHDOUBLE_APP_ID".to_owned(), own.id.to_string()),
        ("GRAPHDOUBLE_APP_SECRET".to_owned(), own.secret.to_string()),
        ("GRAPHDOUBLE_VERIFY_TOKEN".to_owned(), own.verify_token.to_string()),
    ];
    if let Some((page, connection)) = pages_of(config, app).first() {
        variables.push(("GRAPHDOUBLE_PAGE_ID".to_owned(), page.id.to_string()));
        variables.push(("GRAPHDOUBLE_PAGE_TOKEN".to_owned(), connection.token.to_string()));
    }
    variables
}

/// The id of an app: a bot hands over to other apps by their ids.
pub fn app_id(app: &AppConfig) -> (String, String) {
    (format!("GRAPHDOUBLE_APP_ID_{}", variable_part(&app.name)), app.id.to_string())
}

/// All apps but Meta's own.
pub fn declared_apps(config: &Config) -> impl Iterator<Item = &AppConfig> {
    let apps = (0u16..).map(AppKey).zip(config.apps.iter());
    apps.filter(|(key, _)| !config.is_metas(*key)).map(|(_, app)| app)
}

/// The pages to which an app is connected, or else all pages, because it may be connected later.
fn pages_of(config: &Config, app: AppKey) -> Vec<(&AssetConfig, &ConnectionConfig)> {
    let connection = |page: &AssetConfig| page.connections.iter().position(|connection| connection.app == app);
    let mut pages: Vec<_> =
        config.assets.iter().filter_map(|page| Some((page, &page.connections[connection(page)?]))).collect();
    if pages.iter().any(|(_, connection)| connection.connected) {
        pages.retain(|(_, connection)| connection.connected);
    }
    pages
}

/// A name as part of the name of a variable: `flower-shop` is `FLOWER_SHOP`.
pub fn variable_part(name: &str) -> String {
    name.chars().map(|one| if one.is_alphanumeric() { one.to_ascii_uppercase() } else { '_' }).collect()
}
