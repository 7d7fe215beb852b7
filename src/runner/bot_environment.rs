//! What a bot gets as environment: the settings that every client of the Graph API needs.

use crate::domain::model::config::{AppConfig, AssetConfig, Config, ConnectionConfig};
use crate::domain::model::ids::{AppKey, AssetKey};
use crate::domain::model::platform::Platform;

/// Variables with their values, in order.
pub type Variables = Vec<(String, String)>;

/// A variable that has the name of an app, a page or an Instagram account in it.
#[derive(Debug)]
pub struct NamedVariable {
    pub name: String,
    pub value: String,
    /// Whose it is, in words.
    pub of: String,
}

/// The variables for the bot of an app. With the name of a page or an account at their
/// end, `GRAPHDOUBLE_PAGE_TOKEN_SHOP`, they are of that one; with the
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
    for (index, asset) in config.assets.iter().enumerate() {
        let serving: Vec<_> =
            apps.iter().flat_map(|app| assets_of(config, *app)).filter(|(at, ..)| *at == index).collect();
        let (word, kind) = (word_of(asset.platform()), asset.platform().asset_word());
        let part = variable_part(&asset.name);
        if !serving.is_empty() {
            add(format!("{word}_ID_{part}"), &asset.id, &format!("the {kind} `{}`", asset.name));
        }
        for (_, _, connection) in &serving {
            let app = config.app(connection.app);
            let of = format!("the app `{}` on the {kind} `{}`", app.name, asset.name);
            if serving.len() == 1 {
                add(format!("{word}_TOKEN_{part}"), &connection.token, &of);
            }
            add(format!("{word}_TOKEN_{part}_{}", variable_part(&app.name)), &connection.token, &of);
        }
    }
    all
}

/// The variables that name nobody. Those of a page and of an account are of the first that the app is connected to.
pub fn own_variables(config: &Config, app: AppKey, graph_url: &str) -> Variables {
    let own = config.app(app);
    let mut variables = vec![
        ("GRAPHDOUBLE_URL".to_owned(), graph_url.to_owned()),
        ("GRAPHDOUBLE_APP_ID".to_owned(), own.id.to_string()),
        ("GRAPHDOUBLE_APP_SECRET".to_owned(), own.secret.to_string()),
        ("GRAPHDOUBLE_VERIFY_TOKEN".to_owned(), own.verify_token.to_string()),
    ];
    for platform in Platform::ALL {
        let assets = assets_of(config, app);
        let Some((_, asset, connection)) = assets.iter().find(|(_, asset, _)| asset.platform() == platform) else {
            continue;
        };
        let word = word_of(platform);
        variables.push((format!("GRAPHDOUBLE_{word}_ID"), asset.id.to_string()));
        variables.push((format!("GRAPHDOUBLE_{word}_TOKEN"), connection.token.to_string()));
        if platform == Platform::Instagram {
            variables.push(("GRAPHDOUBLE_INSTAGRAM_APP_ID".to_owned(), own.instagram.id.to_string()));
            variables.push(("GRAPHDOUBLE_INSTAGRAM_APP_SECRET".to_owned(), own.instagram.secret.to_string()));
        }
    }
    variables
}

/// All apps but Meta's own.
fn declared_apps(config: &Config) -> impl Iterator<Item = &AppConfig> {
    let apps = (0u16..).map(AppKey).zip(config.apps.iter());
    apps.filter(|(key, _)| !config.is_metas(*key)).map(|(_, app)| app)
}

/// The word of a platform in the names of variables.
fn word_of(platform: Platform) -> &'static str {
    match platform {
        Platform::Messenger => "PAGE",
        Platform::Instagram => "INSTAGRAM",
    }
}

/// The pages and accounts to which an app is connected, or else all of them, because it may be connected later. Each has its place among
/// all assets, and the connection whose token the app uses: an account that it reaches by Facebook Login has that of the page.
fn assets_of(config: &Config, app: AppKey) -> Vec<(usize, &AssetConfig, &ConnectionConfig)> {
    let assets = || (0u16..).map(AssetKey).zip(config.assets.iter());
    let is_connected = |asset: &AssetConfig| asset.connection(app).is_some_and(|connection| connection.connected);
    let is_anywhere = assets().any(|(_, asset)| is_connected(asset));
    let used = assets().filter(|(_, asset)| is_connected(asset) || !is_anywhere);
    used.filter_map(|(key, asset)| {
        let connection = config.asset(config.token_asset(key, app)).connection(app)?;
        Some((key.index(), asset, connection))
    })
    .collect()
}

/// A name as part of the name of a variable: `flower-shop` is `FLOWER_SHOP`.
fn variable_part(name: &str) -> String {
    name.chars().map(|one| if one.is_alphanumeric() { one.to_ascii_uppercase() } else { '_' }).collect()
}
