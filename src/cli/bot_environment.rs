//! The variables that a bot is started with: the Graph URL, and the ids, tokens and secrets of the worlds in play.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::model::config::{AppConfig, Config};
use crate::domain::model::ids::AppKey;
use crate::runner::bot_environment::{NamedVariable, named_variables, own_variables};

/// The variables for a bot, and the names that would mean several things.
#[derive(Debug, Default)]
pub struct BotEnvironment {
    pub variables: BTreeMap<String, String>,
    /// A sentence for each variable that is left out.
    pub left_out: Vec<String>,
}

impl BotEnvironment {
    /// The variables of the real apps in these worlds. Those without the name of an app or a page are of the first real app on its first
    /// page.
    pub fn new(configs: &[Arc<Config>], graph_url: &str) -> Self {
        let mut environment = Self::default();
        environment.variables.insert("GRAPHDOUBLE_URL".to_owned(), graph_url.to_owned());
        if let Some((config, app)) = configs.iter().find_map(|config| Some((config, real_apps(config).next()?))) {
            environment.variables.extend(own_variables(config, app, graph_url));
        }
        let mut candidates: BTreeMap<String, Vec<NamedVariable>> = BTreeMap::new();
        for config in configs {
            for variable in named_variables(config, &real_apps(config).collect::<Vec<_>>()) {
                candidates.entry(variable.name.clone()).or_default().push(variable);
            }
        }
        for (name, candidates) in candidates {
            environment.add(name, &candidates);
        }
        environment
    }

    /// Sets a variable, unless its name would mean different things.
    fn add(&mut self, name: String, candidates: &[NamedVariable]) {
        let Some(first) = candidates.first() else { return };
        match candidates.iter().find(|other| other.value != first.value) {
            Some(other) => self.left_out.push(format!(
                "the bot gets no {name}: it would be that of {} and that of {}, which differ",
                first.of, other.of
            )),
            None => {
                self.variables.entry(name).or_insert_with(|| first.value.clone());
            }
        }
    }
}

fn real_apps(config: &Config) -> impl Iterator<Item = AppKey> {
    let apps = (0u16..).map(AppKey).zip(config.apps.iter());
    let has_real = config.apps.iter().any(|app| app.webhook.is_some());
    // A bot of a world of puppets attaches itself. It is that of the first app.
    let is_for_a_bot =
        move |key: AppKey, app: &AppConfig| if has_real { app.webhook.is_some() } else { key == AppKey(0) };
    apps.filter(move |(key, app)| is_for_a_bot(*key, app)).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Node;
    use crate::language::world::overrides::WorldOverrides;
    use crate::language::world::read_world;
    use crate::text::source::SourceText;

    fn environment(worlds: &[&str]) -> BotEnvironment {
        let config = |text: &&str| {
            let node = Node::parse(&SourceText::inline("w", text)).unwrap_or_else(|error| panic!("{error:?}"));
            read_world::read(&node, &WorldOverrides::default()).unwrap_or_else(|error| panic!("{error:?}"))
        };
        BotEnvironment::new(&worlds.iter().map(config).collect::<Vec<_>>(), "http://g")
    }

    #[test]
    fn each_page_and_each_app_has_variables_of_its_own() {
        let found = environment(&["
apps: { bot: { id: 11, secret: s, webhook: { url: 'http://b/', verify_token: v } }, ad-bot: { id: 2, secret: t, webhook: { url: 'http://c/', verify_token: w } }, desk: { id: 3 } }
pages:
  shop: { id: 7, apps: { bot: { token: A }, desk: { token: X } } }
  flower-shop: { id: 8, apps: { bot: { token: B }, ad-bot: { token: C } } }
"]);
        let lines: Vec<String> = found.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            lines.join("\n"),
            "GRAPHDOUBLE_APP_ID=11\nGRAPHDOUBLE_APP_ID_AD_BOT=2\nGRAPHDOUBLE_APP_ID_BOT=11\nGRAPHDOUBLE_APP_ID_DESK=3\n\
            GRAPHDOUBLE_APP_SECRET=s\nGRAPHDOUBLE_APP_SECRET_AD_BOT=t\nGRAPHDOUBLE_APP_SECRET_BOT=s\nGRAPHDOUBLE_PAGE_ID=7\n\
            GRAPHDOUBLE_PAGE_ID_FLOWER_SHOP=8\nGRAPHDOUBLE_PAGE_ID_SHOP=7\nGRAPHDOUBLE_PAGE_TOKEN=A\n\
            GRAPHDOUBLE_PAGE_TOKEN_FLOWER_SHOP_AD_BOT=C\nGRAPHDOUBLE_PAGE_TOKEN_FLOWER_SHOP_BOT=B\nGRAPHDOUBLE_PAGE_TOKEN_SHOP=A\n\
            GRAPHDOUBLE_PAGE_TOKEN_SHOP_BOT=A\n\
            GRAPHDOUBLE_URL=http://g\nGRAPHDOUBLE_VERIFY_TOKEN=v\nGRAPHDOUBLE_VERIFY_TOKEN_AD_BOT=w\nGRAPHDOUBLE_VERIFY_TOKEN_BOT=v"
        );
        assert!(found.left_out.is_empty(), "{:?}", found.left_out);
    }

    #[test]
    fn a_name_that_would_mean_two_things_is_left_out() {
        let world = |token: &str| {
            format!(
                "apps: {{ bot: {{ webhook: {{ url: 'http://b/' }} }} }}\npages: {{ shop: {{ apps: {{ bot: {{ token: {token} }} }} }} }}"
            )
        };
        let (one, other) = (world("A"), world("B"));
        let found = environment(&[&one, &other]);
        assert_eq!(
            found.left_out,
            ["SHOP", "SHOP_BOT"].map(|ending| format!(
                "the bot gets no GRAPHDOUBLE_PAGE_TOKEN_{ending}: it would be that of the app `bot` on the page `shop` and that of the \
                 app `bot` on the page `shop`, which differ"
            ))
        );
        assert_eq!(found.variables.get("GRAPHDOUBLE_PAGE_TOKEN").map(String::as_str), Some("A"));
        assert!(!found.variables.contains_key("GRAPHDOUBLE_PAGE_TOKEN_SHOP"));
        assert_eq!(environment(&[&one, &one]).left_out, Vec::<String>::new());
    }
}
