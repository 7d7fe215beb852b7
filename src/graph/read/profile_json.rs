//! The properties of a Messenger profile as JSON, in the form in which an app sets them.

use serde_json::{Value, json};

use crate::domain::model::profile::{IceBreaker, IceBreakers, Localized, Menu, MenuItem, Setting};

pub fn setting(setting: &Setting) -> Value {
    match setting {
        Setting::GetStarted(payload) => json!({ "payload": payload }),
        Setting::Greeting(greeting) => localized(greeting, |text| json!({ "text": text })),
        Setting::PersistentMenu(all) => menus(all),
        Setting::IceBreakers(breakers) => ice_breakers(breakers),
        Setting::WhitelistedDomains(domains) => json!(domains),
        Setting::AccountLinkingUrl(url) => json!(url),
        Setting::Commands(all) => localized(all, |commands| {
            let commands = commands.iter().map(|one| json!({ "name": one.name, "description": one.description }));
            json!({ "commands": commands.collect::<Vec<_>>() })
        }),
    }
}

pub fn menus(menus: &[Localized<Menu>]) -> Value {
    localized(menus, |menu| {
        let items: Vec<Value> = menu.items.iter().map(item).collect();
        let mut described =
            json!({ "composer_input_disabled": menu.composer_input_disabled, "call_to_actions": items });
        if !menu.disabled_surfaces.is_empty() {
            described["disabled_surfaces"] = json!(menu.disabled_surfaces);
        }
        described
    })
}

/// One object for each locale, with `locale` as its first member.
fn localized<T>(all: &[Localized<T>], describe: impl Fn(&T) -> Value) -> Value {
    let one = |one: &Localized<T>| {
        let mut described = json!({ "locale": one.locale });
        if let (Value::Object(whole), Value::Object(part)) = (&mut described, describe(&one.value)) {
            whole.extend(part);
        }
        described
    };
    all.iter().map(one).collect()
}

fn item(item: &MenuItem) -> Value {
    match item {
        MenuItem::Postback { title, payload } => json!({ "type": "postback", "title": title, "payload": payload }),
        MenuItem::WebUrl { title, link } => {
            let mut described = json!({ "type": "web_url", "title": title, "url": link.url });
            let webview = &link.webview;
            for (key, value) in [
                ("webview_height_ratio", webview.height.map(|height| json!(height.name()))),
                ("messenger_extensions", webview.extensions.map(|on| json!(on))),
                ("fallback_url", webview.fallback_url.as_ref().map(|url| json!(url))),
                ("webview_share_button", webview.hides_share_button.then(|| json!("hide"))),
            ] {
                if let Some(value) = value {
                    described[key] = value;
                }
            }
            described
        }
    }
}

/// One object for each locale, also if they were set without locales.
pub fn ice_breakers_by_locale(breakers: &IceBreakers) -> Vec<Value> {
    let one = |one: &Localized<Vec<IceBreaker>>| {
        let questions: Value =
            one.value.iter().map(|one| json!({ "question": one.question, "payload": one.payload })).collect();
        json!({ "call_to_actions": questions, "locale": one.locale })
    };
    breakers.by_locale.iter().map(one).collect()
}

fn ice_breakers(breakers: &IceBreakers) -> Value {
    let questions = |questions: &Vec<IceBreaker>| -> Value {
        questions.iter().map(|one| json!({ "question": one.question, "payload": one.payload })).collect()
    };
    match breakers.by_locale.as_slice() {
        [only] if breakers.without_locales => questions(&only.value),
        all => localized(all, |list| json!({ "call_to_actions": questions(list) })),
    }
}
