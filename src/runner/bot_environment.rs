//! What a bot gets as environment: the settings that every client of the Graph API needs.

use crate::domain::model::config::{AppConfig, AssetConfig, Config, ConnectionConfig};
use crate::domain::model::ids::AppKey;

/// Variables with their values, in order.
pub type Variables = Vec<(String, String)>;

/// A variable that has the name of an app or a page in it.
#[derive(Debug)]
pub struct NamedVariable {
    pub name: String,
    pub value: String,
    /// Whose it is, in words.
    pub of: String,
}

/// The variables for the bot of an app. With the name of a page at their end, `GRAPHDOUBLE_PAGE_TOKEN_SHOP`, they are of that page; with the
/// name of an app, `GRAPHDOUBLE_APP_ID_DESK`, of that app.
pub fn bot_environment(config: &Config, app: AppKey, graph_url: &str) -> Variables {
    let mut variables = own_variables(config, app, graph_url);
    variables.extend(named_variables(config, &[app]).into_iter().map(|variable| (variable.name, variable.value)));
    variables
}

/// The variables that name an app or a page, for a bot that serves these apps.
pub fn named_variables(config: &Config, apps: &[AppKey]) -> Vec<NamedVariable> {
    let mut all = Vec::new();
    let mut add = |name: String, value: &str, of: &str| {
        all.push(NamedVariable { name: format!("GRAPHDOUBLE_{name}"), value: value.to_owned(), of: of.to_owned() });
    };
    for app in declared_apps(config) {
        add(format!("APP_ID_{}", variable_part(&app.name)), &app.id.to_string(), &format!("the app `{}`", app.name));
    }
    for app in apps.iter().map(|app| config.app(*app)) {
        let (part, of) = (variable_part(&app.name), format!("the app `{}`", app.name));
        add(format!("APP_SECRET_{part}"), &app.secret, &of);
        add(format!("VERIFY_TOKEN_{part}"), &app.verify_token, &of);
    }
    for (index, page) in config.assets.iter().enumerate() {
        let serving: Vec<_> =
            apps.iter().flat_map(|app| pages_of(config, *app)).filter(|(at, ..)| *at == index).collect();
        let page_part = variable_part(&page.name);
        if !serving.is_empty() {
            add(format!("PAGE_ID_{page_part}"), &page.id, &format!("the page `{}`", page.name));
        }
        for (_, _, connection) in &serving {
            let app = config.app(connection.app);
            let of = format!("the app `{}` on the page `{}`", app.name, page.name);
            if serving.len() == 1 {
                add(format!("PAGE_TOKEN_{page_part}"), &connection.token, &of);
            }
            add(format!("PAGE_TOKEN_{page_part}_{}", variable_part(&app.name)), &connection.token, &of);
        }
    }
    all
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
    if let Some((_, page, connection)) = pages_of(config, app).first() {
        variables.push(("GRAPHDOUBLE_PAGE_ID".to_owned(), page.id.to_string()));
        variables.push(("GRAPHDOUBLE_PAGE_TOKEN".to_owned(), connection.token.to_string()));
    }
    variables
}

/// All apps but Meta's own.
fn declared_apps(config: &Config) -> impl Iterator<Item = &AppConfig> {
    let apps = (0u16..).map(AppKey).zip(config.apps.iter());
    apps.filter(|(key, _)| !config.is_metas(*key)).map(|(_, app)| app)
}

/// The pages to which an app is connected, or else all pages, because it may be connected later. Each has its place among all pages.
fn pages_of(config: &Config, app: AppKey) -> Vec<(usize, &AssetConfig, &ConnectionConfig)> {
    let connection = |page: &AssetConfig| page.connections.iter().position(|connection| connection.app == app);
    let pages = config.assets.iter().enumerate();
    let mut pages: Vec<_> =
        pages.filter_map(|(place, page)| Some((place, page, &page.connections[connection(page)?]))).collect();
    if pages.iter().any(|(_, _, connection)| connection.connected) {
        pages.retain(|(_, _, connection)| connection.connected);
    }
    pages
}

/// A name as part of the name of a variable: `flower-shop` is `FLOWER_SHOP`.
fn variable_part(name: &str) -> String {
    name.chars().map(|one| if one.is_alphanumeric() { one.to_ascii_uppercase() } else { '_' }).collect()
}
