//! Edges room: the properties of a Messenger profile as a call brings them, each with Meta's limits.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::profile::{
    DEFAULT_LOCALE, IceBreakers, Localized, Menu, MenuItem, Property, Question, Setting, SlashCommand, Webview,
};

use super::super::catalogue;
use super::super::params::{Params, check_length, scalar, structured};
use super::content::{MAX_PAYLOAD, Parsed, known_keys, limited, list, needed, object, optional, url};

const MAX_GREETING: usize = 160;
const MAX_MENU_ITEMS: usize = 20;
const MAX_MENU_TITLE: usize = 30;
const MAX_QUESTIONS: usize = 4;
/// Meta names no number; what people could still read on a button.
const MAX_QUESTION: usize = 640;
const MAX_DOMAINS: usize = 50;
const MAX_COMMANDS: usize = 100;
const MAX_COMMAND_NAME: usize = 32;
const MAX_COMMAND_DESCRIPTION: usize = 64;
/// More than Messenger speaks.
const MAX_LOCALES: usize = 150;
const MAX_SURFACES: usize = 10;
const MAX_SURFACE: usize = 50;
const HEIGHTS: &[&str] = &["compact", "tall", "full"];
const MENU_KEYS: &[&str] = &["locale", "composer_input_disabled", "call_to_actions", "disabled_surfaces"];
const ITEM_KEYS: &[&str] = &[
    "type",
    "title",
    "payload",
    "url",
    "webview_height_ratio",
    "messenger_extensions",
    "fallback_url",
    "webview_share_button",
];

/// The properties that the call sets.
pub fn read(params: &Params) -> Parsed<Vec<Setting>> {
    let given = Property::ALL.into_iter().filter(|property| params.get(property.name()).is_some());
    given.map(|property| setting(params, property)).collect()
}

fn setting(params: &Params, property: Property) -> Parsed<Setting> {
    let name = property.name();
    Ok(match property {
        Property::GetStarted => Setting::GetStarted(get_started(params, name)?),
        Property::Greeting => Setting::Greeting(localized(&items(params, name)?, name, &["locale", "text"], greeting)?),
        Property::PersistentMenu => Setting::PersistentMenu(localized(&items(params, name)?, name, MENU_KEYS, menu)?),
        Property::IceBreakers => Setting::IceBreakers(ice_breakers(&items(params, name)?, name)?),
        Property::WhitelistedDomains => Setting::WhitelistedDomains(domains(params, name)?),
        Property::AccountLinkingUrl => Setting::AccountLinkingUrl(secure_url(&params.needed_text(name)?)?),
        Property::Commands => {
            Setting::Commands(localized(&items(params, name)?, name, &["locale", "commands"], commands)?)
        }
    })
}

/// `persistent_menu`, if the call has it.
pub fn menus(params: &Params) -> Parsed<Option<Vec<Localized<Menu>>>> {
    let name = Property::PersistentMenu.name();
    let given = params.get(name).is_some();
    given.then(|| localized(&items(params, name)?, name, MENU_KEYS, menu)).transpose()
}

fn items(params: &Params, name: &str) -> Parsed<Vec<Value>> {
    match params.get(name).and_then(structured).map(Cow::into_owned) {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(catalogue::PARAM_MUST_BE.with(&[("param", name), ("kind", "an array")])),
    }
}

fn count<T>(items: &[T], least: usize, most: usize, param: &str) -> Parsed<()> {
    match items.len() {
        count if count > most => Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", param)])),
        count if count < least => Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", param)])),
        _ => Ok(()),
    }
}

/// Each item of a list, an object with these keys and no other.
fn each<T>(
    items: &[Value],
    param: &str,
    keys: &[&str],
    read: impl Fn(&Map<String, Value>, &str) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let one = |(index, item): (usize, &Value)| {
        let param = format!("{param}[{index}]");
        let map = object(&structured(item).unwrap_or(Cow::Borrowed(item)), &param)?;
        known_keys(&map, keys, &param)?;
        read(&map, &param)
    };
    items.iter().enumerate().map(one).collect()
}

/// One value for each locale, and one for everybody else.
fn localized<T>(
    items: &[Value],
    param: &str,
    keys: &[&str],
    read: impl Fn(&Map<String, Value>, &str) -> Parsed<T>,
) -> Parsed<Vec<Localized<T>>> {
    count(items, 1, MAX_LOCALES, param)?;
    let all =
        each(items, param, keys, |map, param| Ok(Localized { locale: locale(map, param)?, value: read(map, param)? }))?;
    let twice =
        all.iter().enumerate().find(|(place, one)| all[..*place].iter().any(|other| other.locale == one.locale));
    if let Some((_, Localized { locale, .. })) = twice {
        return Err(catalogue::LOCALE_TWICE.with(&[("param", param), ("locale", locale)]));
    }
    match all.iter().any(|one| &*one.locale == DEFAULT_LOCALE) {
        true => Ok(all),
        false => Err(catalogue::DEFAULT_LOCALE_NEEDED.with(&[("param", param)])),
    }
}

/// `default`, or a language and a country: `de_DE`.
fn locale(map: &Map<String, Value>, param: &str) -> Parsed<Box<str>> {
    let locale = needed(map, "locale", param)?;
    let is_locale = locale.split_once('_').is_some_and(|(language, country)| {
        language.len() == 2
            && country.len() == 2
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    match is_locale || &*locale == DEFAULT_LOCALE {
        true => Ok(locale),
        false => {
            let param = format!("{param}[locale]");
            Err(catalogue::PARAM_MUST_BE.with(&[("param", &param), ("kind", "default, or a locale like en_US")]))
        }
    }
}

fn flag(map: &Map<String, Value>, key: &str, param: &str) -> Parsed<Option<bool>> {
    let Some(value) = map.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    match scalar(value).map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        _ => {
            let param = format!("{param}[{key}]");
            Err(catalogue::PARAM_MUST_BE.with(&[("param", &param), ("kind", "a boolean")]))
        }
    }
}

fn secure_url(text: &str) -> Parsed<Box<str>> {
    match text.starts_with("https://") {
        true => url(text.into()),
        false => Err(catalogue::INVALID_URL.with(&[("url", text)])),
    }
}

fn get_started(params: &Params, name: &str) -> Parsed<Box<str>> {
    let map = params.object(name)?.unwrap_or_default();
    known_keys(&map, &["payload"], name)?;
    filled(limited(&map, "payload", name, MAX_PAYLOAD)?, "payload", name)
}

/// A text that is not empty.
fn filled(text: Box<str>, key: &str, param: &str) -> Parsed<Box<str>> {
    match text.is_empty() {
        true => Err(catalogue::PARAM_REQUIRED.with(&[("param", &format!("{param}[{key}]"))])),
        false => Ok(text),
    }
}

fn greeting(map: &Map<String, Value>, param: &str) -> Parsed<Box<str>> {
    limited(map, "text", param, MAX_GREETING)
}

fn menu(map: &Map<String, Value>, param: &str) -> Parsed<Menu> {
    let composer_input_disabled = flag(map, "composer_input_disabled", param)?.unwrap_or(false);
    let actions = format!("{param}[call_to_actions]");
    let items = list(map, "call_to_actions", &actions)?;
    if items.is_none() && composer_input_disabled {
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", &actions)]));
    }
    let items = items.unwrap_or_default();
    count(&items, usize::from(composer_input_disabled), MAX_MENU_ITEMS, &actions)?;
    Ok(Menu {
        composer_input_disabled,
        items: each(&items, &actions, &[ITEM_KEYS, &["call_to_actions"]].concat(), menu_item)?,
        disabled_surfaces: surfaces(map, param)?,
    })
}

fn surfaces(map: &Map<String, Value>, param: &str) -> Parsed<Vec<Box<str>>> {
    let param = format!("{param}[disabled_surfaces]");
    let surfaces = list(map, "disabled_surfaces", &param)?.unwrap_or_default();
    count(&surfaces, 0, MAX_SURFACES, &param)?;
    let surface = |(index, item): (usize, &Value)| {
        let param = format!("{param}[{index}]");
        let text =
            scalar(item).ok_or_else(|| catalogue::PARAM_MUST_BE.with(&[("param", &param), ("kind", "a string")]))?;
        check_length(&param, &text, MAX_SURFACE)?;
        Ok(text.into())
    };
    surfaces.iter().enumerate().map(surface).collect()
}

fn menu_item(map: &Map<String, Value>, param: &str) -> Parsed<MenuItem> {
    let kind = needed(map, "type", param)?.to_ascii_lowercase();
    if kind == "nested" {
        return Err(catalogue::MENU_NESTED.error());
    }
    known_keys(map, ITEM_KEYS, param)?;
    let title = || filled(limited(map, "title", param, MAX_MENU_TITLE)?, "title", param);
    match kind.as_str() {
        "postback" => Ok(MenuItem::Postback { title: title()?, payload: limited(map, "payload", param, MAX_PAYLOAD)? }),
        "web_url" => Ok(MenuItem::WebUrl {
            title: title()?,
            url: url(needed(map, "url", param)?)?,
            webview: webview(map, param)?,
        }),
        _ => Err(catalogue::PARAM_ONE_OF.with(&[
            ("param", &format!("{param}[type]")),
            ("values", "web_url, postback"),
            ("got", &kind),
        ])),
    }
}

fn webview(map: &Map<String, Value>, param: &str) -> Parsed<Webview> {
    Ok(Webview {
        height_ratio: word(map, "webview_height_ratio", param, HEIGHTS)?,
        extensions: flag(map, "messenger_extensions", param)?,
        fallback_url: optional(map, "fallback_url").map(url).transpose()?,
        share_button: word(map, "webview_share_button", param, &["hide", "show"])?,
    })
}

fn word(map: &Map<String, Value>, key: &str, param: &str, values: &[&str]) -> Parsed<Option<Box<str>>> {
    let Some(got) = optional(map, key) else { return Ok(None) };
    match values.iter().find(|value| value.eq_ignore_ascii_case(&got)) {
        Some(value) => Ok(Some((*value).into())),
        None => Err(catalogue::PARAM_ONE_OF.with(&[
            ("param", &format!("{param}[{key}]")),
            ("values", &values.join(", ")),
            ("got", &got),
        ])),
    }
}

/// A list of questions, or lists of questions by locale: one form or the other.
fn ice_breakers(items: &[Value], param: &str) -> Parsed<IceBreakers> {
    let is_question = |item: &Value| structured(item).is_some_and(|item| item.get("question").is_some());
    if !items.iter().any(is_question) {
        let by_locale = localized(items, param, &["locale", "call_to_actions"], |map, param| {
            let param = format!("{param}[call_to_actions]");
            questions(&list(map, "call_to_actions", &param)?.unwrap_or_default(), &param)
        })?;
        return Ok(IceBreakers { by_locale, without_locales: false });
    }
    let value = questions(items, param)?;
    let by_locale = vec![Localized { locale: DEFAULT_LOCALE.into(), value }];
    Ok(IceBreakers { by_locale, without_locales: true })
}

fn questions(items: &[Value], param: &str) -> Parsed<Vec<Question>> {
    count(items, 1, MAX_QUESTIONS, param)?;
    each(items, param, &["question", "payload"], |map, param| {
        Ok(Question {
            question: filled(limited(map, "question", param, MAX_QUESTION)?, "question", param)?,
            payload: limited(map, "payload", param, MAX_PAYLOAD)?,
        })
    })
}

fn domains(params: &Params, name: &str) -> Parsed<Vec<Box<str>>> {
    let domains = params.list(name)?.unwrap_or_default();
    count(&domains, 1, MAX_DOMAINS, name)?;
    domains.iter().map(|domain| secure_url(domain)).collect()
}

fn commands(map: &Map<String, Value>, param: &str) -> Parsed<Vec<SlashCommand>> {
    let param = format!("{param}[commands]");
    let items = list(map, "commands", &param)?.unwrap_or_default();
    count(&items, 1, MAX_COMMANDS, &param)?;
    each(&items, &param, &["name", "description"], |map, param| {
        let name = filled(limited(map, "name", param, MAX_COMMAND_NAME)?, "name", param)?;
        if name.starts_with('/') {
            let (param, kind) = (format!("{param}[name]"), "a name without a slash");
            return Err(catalogue::PARAM_MUST_BE.with(&[("param", &param), ("kind", kind)]));
        }
        let description = limited(map, "description", param, MAX_COMMAND_DESCRIPTION)?;
        Ok(SlashCommand { name, description: filled(description, "description", param)? })
    })
}
