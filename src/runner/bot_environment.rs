//! What the bot of an app gets as environment: the settings that every client of the Graph API needs.

use crate::domain::model::config::{Config, PageConfig};
use crate::domain::model::ids::AppKey;

/// The variables for the bot of an app, in order. `GRAPHDOUBLE_PAGE_ID` and `GRAPHDOUBLE_PAGE_TOKEN` are of the first page that the app is
/// connected to; with the name of a page at their end, `GRAPHDOUBLE_PAGE_TOKEN_SHOP`, they are of that page.
pub fn bot_environment(config: &Config, app: AppKey, graph_url: &str) -> Vec<(String, String)> {
    let own = config.app(app);
    let mut variables = vec![
        ("GRAPHDOUBLE_URL".to_owned(), graph_url.to_owned()),
        ("GRAPHDOUBLE_APP_ID".to_owned(), own.id.to_string()),
        ("GRAPHDOUBLE_APP_SECRET".to_owned(), own.secret.to_string()),
        ("GRAPHDOUBLE_VERIFY_TOKEN".to_owned(), own.verify_token.to_string()),
    ];
    // A bot hands over to other apps by their ids.
    let apps = (0u16..).map(AppKey).zip(config.apps.iter());
    for (_, app) in apps.filter(|(key, _)| !config.is_metas(*key)) {
        variables.push((format!("GRAPHDOUBLE_APP_ID_{}", variable_part(&app.name)), app.id.to_string()));
    }
    let connection = |page: &PageConfig| {
        let connection = page.connections.get(app.index()).filter(|connection| connection.app == app)?;
        Some((page.id.to_string(), connection.token.to_string(), connection.connected))
    };
    let mut pages: Vec<_> = config.pages.iter().filter_map(|page| Some((page, connection(page)?))).collect();
    if pages.iter().any(|(_, (.., connected))| *connected) {
        pages.retain(|(_, (.., connected))| *connected);
    }
    let endings = pages.iter().map(|(page, _)| format!("_{}", variable_part(&page.name)));
    let endings: Vec<String> = std::iter::once(String::new()).chain(endings).collect();
    let of_pages = pages.first().into_iter().chain(&pages);
    for (ending, (_, (id, token, _))) in endings.iter().zip(of_pages) {
        variables.push((format!("GRAPHDOUBLE_PAGE_ID{ending}"), id.clone()));
        variables.push((format!("GRAPHDOUBLE_PAGE_TOKEN{ending}"), token.clone()));
    }
    variables
}

/// A name as part of the name of a variable: `flower-shop` is `FLOWER_SHOP`.
pub fn variable_part(name: &str) -> String {
    name.chars().map(|one| if one.is_alphanumeric() { one.to_ascii_uppercase() } else { '_' }).collect()
}
