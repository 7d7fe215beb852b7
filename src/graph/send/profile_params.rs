//! Edges room: the properties of a Messenger profile as a call brings them, each with Meta's limits.

use crate::domain::model::profile::{
    DEFAULT_LOCALE, IceBreaker, IceBreakers, Localized, Menu, MenuItem, Property, Setting, SlashCommand,
};

use super::buttons::{MAX_PAYLOAD, link, with_webview};
use super::part::{Parsed, Part, check_count, url};
use crate::graph::errors::catalogue;
use crate::graph::http::params::{Params, check_length};

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

/// The properties that the call sets.
pub fn read(params: &Params) -> Parsed<Vec<Setting>> {
    let given = Property::ALL.into_iter().filter(|property| params.get(property.name()).is_some());
    given.map(|property| setting(params, property)).collect()
}

fn setting(params: &Params, property: Property) -> Parsed<Setting> {
    let name = property.name();
    Ok(match property {
        Property::GetStarted => Setting::GetStarted(get_started(&Part::param(params, name)?)?),
        Property::Greeting => Setting::Greeting(localized(&Part::list(params, name)?, name, greeting)?),
        Property::PersistentMenu => Setting::PersistentMenu(localized(&Part::list(params, name)?, name, menu)?),
        Property::IceBreakers => Setting::IceBreakers(ice_breakers(&Part::list(params, name)?, name)?),
        Property::WhitelistedDomains => Setting::WhitelistedDomains(domains(params, name)?),
        Property::AccountLinkingUrl => Setting::AccountLinkingUrl(secure_url(&params.needed_text(name)?)?),
        Property::Commands => Setting::Commands(localized(&Part::list(params, name)?, name, commands)?),
    })
}

/// `persistent_menu`, if the call has it.
pub fn menus(params: &Params) -> Parsed<Option<Vec<Localized<Menu>>>> {
    let name = Property::PersistentMenu.name();
    let given = params.get(name).is_some();
    given.then(|| localized(&Part::list(params, name)?, name, menu)).transpose()
}

/// One value for each locale, and one for everybody else.
fn localized<T>(parts: &[Part<'_>], param: &str, read: impl Fn(&Part<'_>) -> Parsed<T>) -> Parsed<Vec<Localized<T>>> {
    check_count(parts.len(), 1, MAX_LOCALES, param)?;
    let all = parts.iter().map(|part| Ok(Localized { locale: locale(part)?, value: read(part)? }));
    let all = all.collect::<Parsed<Vec<_>>>()?;
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
fn locale(part: &Part<'_>) -> Parsed<Box<str>> {
    let locale = part.needed("locale")?;
    let is_locale = locale.split_once('_').is_some_and(|(language, country)| {
        language.len() == 2
            && country.len() == 2
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    match is_locale || &*locale == DEFAULT_LOCALE {
        true => Ok(locale),
        false => Err(part.must_be("locale", "default, or a locale like en_US")),
    }
}

fn secure_url(text: &str) -> Parsed<Box<str>> {
    match text.starts_with("https://") {
        true => url(text.into()),
        false => Err(catalogue::INVALID_URL.with(&[("url", text)])),
    }
}

fn get_started(part: &Part<'_>) -> Parsed<Box<str>> {
    part.knows(&["payload"])?;
    part.filled("payload", MAX_PAYLOAD)
}

fn greeting(part: &Part<'_>) -> Parsed<Box<str>> {
    part.knows(&["locale", "text"])?;
    part.limited("text", MAX_GREETING)?.ok_or_else(|| part.missing("text"))
}

fn menu(part: &Part<'_>) -> Parsed<Menu> {
    part.knows(&["locale", "composer_input_disabled", "call_to_actions", "disabled_surfaces"])?;
    let composer_input_disabled = part.flag("composer_input_disabled")?.unwrap_or(false);
    if composer_input_disabled && !part.has("call_to_actions") {
        return Err(part.missing("call_to_actions"));
    }
    let items = part.parts("call_to_actions")?;
    let least = usize::from(composer_input_disabled);
    check_count(items.len(), least, MAX_MENU_ITEMS, &part.path("call_to_actions"))?;
    Ok(Menu {
        composer_input_disabled,
        items: items.iter().map(menu_item).collect::<Parsed<_>>()?,
        disabled_surfaces: surfaces(part)?,
    })
}

fn surfaces(part: &Part<'_>) -> Parsed<Vec<Box<str>>> {
    let surfaces = part.texts("disabled_surfaces")?;
    let path = part.path("disabled_surfaces");
    check_count(surfaces.len(), 0, MAX_SURFACES, &path)?;
    for (index, surface) in surfaces.iter().enumerate() {
        check_length(&format!("{path}[{index}]"), surface, MAX_SURFACE)?;
    }
    Ok(surfaces)
}

fn menu_item(part: &Part<'_>) -> Parsed<MenuItem> {
    let kind = part.needed("type")?.to_ascii_lowercase();
    if kind == "nested" {
        return Err(catalogue::MENU_NESTED.error());
    }
    part.knows(&with_webview(&["type", "title", "payload", "url"]))?;
    let title = || part.filled("title", MAX_MENU_TITLE);
    let payload = || part.limited("payload", MAX_PAYLOAD)?.ok_or_else(|| part.missing("payload"));
    match kind.as_str() {
        "postback" => Ok(MenuItem::Postback { title: title()?, payload: payload()? }),
        "web_url" => Ok(MenuItem::WebUrl { title: title()?, link: link(part)? }),
        _ => Err(part.one_of("type", &["web_url", "postback"], &kind)),
    }
}

/// A list of questions, or lists of questions by locale: one form or the other.
fn ice_breakers(parts: &[Part<'_>], param: &str) -> Parsed<IceBreakers> {
    if !parts.iter().any(|part| part.has("question")) {
        let by_locale = localized(parts, param, |part| {
            part.knows(&["locale", "call_to_actions"])?;
            questions(&part.parts("call_to_actions")?, &part.path("call_to_actions"))
        })?;
        return Ok(IceBreakers { by_locale, without_locales: false });
    }
    let by_locale = vec![Localized { locale: DEFAULT_LOCALE.into(), value: questions(parts, param)? }];
    Ok(IceBreakers { by_locale, without_locales: true })
}

fn questions(parts: &[Part<'_>], param: &str) -> Parsed<Vec<IceBreaker>> {
    check_count(parts.len(), 1, MAX_QUESTIONS, param)?;
    let question = |part: &Part<'_>| {
        part.knows(&["question", "payload"])?;
        let payload = part.limited("payload", MAX_PAYLOAD)?.ok_or_else(|| part.missing("payload"))?;
        Ok(IceBreaker { question: part.filled("question", MAX_QUESTION)?, payload })
    };
    parts.iter().map(question).collect()
}

fn domains(params: &Params, name: &str) -> Parsed<Vec<Box<str>>> {
    let domains = params.list(name)?.unwrap_or_default();
    check_count(domains.len(), 1, MAX_DOMAINS, name)?;
    domains.iter().map(|domain| secure_url(domain)).collect()
}

fn commands(part: &Part<'_>) -> Parsed<Vec<SlashCommand>> {
    part.knows(&["locale", "commands"])?;
    let parts = part.parts("commands")?;
    check_count(parts.len(), 1, MAX_COMMANDS, &part.path("commands"))?;
    parts.iter().map(command).collect()
}

fn command(part: &Part<'_>) -> Parsed<SlashCommand> {
    part.knows(&["name", "description"])?;
    let name = part.filled("name", MAX_COMMAND_NAME)?;
    match name.starts_with('/') {
        true => Err(part.must_be("name", "a name without a slash")),
        false => Ok(SlashCommand { name, description: part.filled("description", MAX_COMMAND_DESCRIPTION)? }),
    }
}
