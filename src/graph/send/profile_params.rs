//! Reads the properties of a Messenger profile.

use crate::domain::model::profile::{
    DEFAULT_LOCALE, IceBreaker, IceBreakers, Localized, Menu, MenuItem, Property, Setting, SlashCommand,
};

use super::buttons::{MAX_PAYLOAD, link, with_webview};
use crate::graph::errors::catalogue;
use crate::graph::http::param_object::{ParamObject, ParamResult, check_count, url};
use crate::graph::http::params::{Params, check_length};

const MAX_GREETING: usize = 160;
const MAX_MENU_ITEMS: usize = 20;
const MAX_MENU_TITLE: usize = 30;
const MAX_QUESTIONS: usize = 4;
/// Meta names no limit. This one is more than fits on a button.
const MAX_QUESTION: usize = 640;
const MAX_DOMAINS: usize = 50;
const MAX_COMMANDS: usize = 100;
const MAX_COMMAND_NAME: usize = 32;
const MAX_COMMAND_DESCRIPTION: usize = 64;
/// More languages than Messenger has.
const MAX_LOCALES: usize = 150;
const MAX_SURFACES: usize = 10;
const MAX_SURFACE: usize = 50;

/// The properties that the call sets.
pub fn read(params: &Params<'_>) -> ParamResult<Vec<Setting>> {
    let given = Property::ALL.into_iter().filter(|property| params.get(property.name()).is_some());
    given.map(|property| setting(params, property)).collect()
}

fn setting(params: &Params<'_>, property: Property) -> ParamResult<Setting> {
    let name = property.name();
    Ok(match property {
        Property::GetStarted => Setting::GetStarted(get_started(&ParamObject::param(params, name)?)?),
        Property::Greeting => Setting::Greeting(localized(&ParamObject::list(params, name)?, name, greeting)?),
        Property::PersistentMenu => Setting::PersistentMenu(localized(&ParamObject::list(params, name)?, name, menu)?),
        Property::IceBreakers => Setting::IceBreakers(ice_breakers(&ParamObject::list(params, name)?, name)?),
        Property::WhitelistedDomains => Setting::WhitelistedDomains(domains(params, name)?),
        Property::AccountLinkingUrl => Setting::AccountLinkingUrl(secure_url(&params.required_text(name)?)?),
        Property::Commands => Setting::Commands(localized(&ParamObject::list(params, name)?, name, commands)?),
    })
}

/// The parameter `persistent_menu`; `None` if the call does not have it.
pub fn menus(params: &Params<'_>) -> ParamResult<Option<Vec<Localized<Menu>>>> {
    let name = Property::PersistentMenu.name();
    let given = params.get(name).is_some();
    given.then(|| localized(&ParamObject::list(params, name)?, name, menu)).transpose()
}

/// One value for each locale. The locale `default` is required.
fn localized<T>(
    objects: &[ParamObject<'_>],
    param: &str,
    read: impl Fn(&ParamObject<'_>) -> ParamResult<T>,
) -> ParamResult<Vec<Localized<T>>> {
    check_count(objects.len(), 1, MAX_LOCALES, param)?;
    let all = objects.iter().map(|object| Ok(Localized { locale: locale(object)?, value: read(object)? }));
    let all = all.collect::<ParamResult<Vec<_>>>()?;
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
fn locale(object: &ParamObject<'_>) -> ParamResult<Box<str>> {
    let locale = object.required("locale")?;
    let is_locale = locale.split_once('_').is_some_and(|(language, country)| {
        language.len() == 2
            && country.len() == 2
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    match is_locale || &*locale == DEFAULT_LOCALE {
        true => Ok(locale),
        false => Err(object.must_be("locale", "default, or a locale like en_US")),
    }
}

fn secure_url(text: &str) -> ParamResult<Box<str>> {
    match text.starts_with("https://") {
        true => url(text.into()),
        false => Err(catalogue::INVALID_URL.with(&[("url", text)])),
    }
}

fn get_started(object: &ParamObject<'_>) -> ParamResult<Box<str>> {
    object.check_keys(&["payload"])?;
    object.nonempty("payload", MAX_PAYLOAD)
}

fn greeting(object: &ParamObject<'_>) -> ParamResult<Box<str>> {
    object.check_keys(&["locale", "text"])?;
    object.at_most("text", MAX_GREETING)?.ok_or_else(|| object.missing("text"))
}

fn menu(object: &ParamObject<'_>) -> ParamResult<Menu> {
    object.check_keys(&["locale", "composer_input_disabled", "call_to_actions", "disabled_surfaces"])?;
    let composer_input_disabled = object.flag("composer_input_disabled")?.unwrap_or(false);
    if composer_input_disabled && !object.has("call_to_actions") {
        return Err(object.missing("call_to_actions"));
    }
    let items = object.objects("call_to_actions")?;
    let least = usize::from(composer_input_disabled);
    check_count(items.len(), least, MAX_MENU_ITEMS, &object.path("call_to_actions"))?;
    Ok(Menu {
        composer_input_disabled,
        items: items.iter().map(menu_item).collect::<ParamResult<_>>()?,
        disabled_surfaces: surfaces(object)?,
    })
}

fn surfaces(object: &ParamObject<'_>) -> ParamResult<Vec<Box<str>>> {
    let surfaces = object.texts("disabled_surfaces")?;
    let path = object.path("disabled_surfaces");
    check_count(surfaces.len(), 0, MAX_SURFACES, &path)?;
    for (index, surface) in surfaces.iter().enumerate() {
        check_length(&format!("{path}[{index}]"), surface, MAX_SURFACE)?;
    }
    Ok(surfaces)
}

fn menu_item(object: &ParamObject<'_>) -> ParamResult<MenuItem> {
    let kind = object.required("type")?.to_ascii_lowercase();
    if kind == "nested" {
        return Err(catalogue::MENU_NESTED.error());
    }
    object.check_keys(&with_webview(&["type", "title", "payload", "url"]))?;
    let title = || object.nonempty("title", MAX_MENU_TITLE);
    let payload = || object.at_most("payload", MAX_PAYLOAD)?.ok_or_else(|| object.missing("payload"));
    match kind.as_str() {
        "postback" => Ok(MenuItem::Postback { title: title()?, payload: payload()? }),
        "web_url" => Ok(MenuItem::WebUrl { title: title()?, link: link(object)? }),
        _ => Err(object.not_one_of("type", &["web_url", "postback"], &kind)),
    }
}

/// A list of questions, or a list of questions for each locale.
fn ice_breakers(objects: &[ParamObject<'_>], param: &str) -> ParamResult<IceBreakers> {
    if !objects.iter().any(|object| object.has("question")) {
        let by_locale = localized(objects, param, |object| {
            object.check_keys(&["locale", "call_to_actions"])?;
            questions(&object.objects("call_to_actions")?, &object.path("call_to_actions"))
        })?;
        return Ok(IceBreakers { by_locale, without_locales: false });
    }
    let by_locale = vec![Localized { locale: DEFAULT_LOCALE.into(), value: questions(objects, param)? }];
    Ok(IceBreakers { by_locale, without_locales: true })
}

fn questions(objects: &[ParamObject<'_>], param: &str) -> ParamResult<Vec<IceBreaker>> {
    check_count(objects.len(), 1, MAX_QUESTIONS, param)?;
    let question = |object: &ParamObject<'_>| {
        object.check_keys(&["question", "payload"])?;
        let payload = object.at_most("payload", MAX_PAYLOAD)?.ok_or_else(|| object.missing("payload"))?;
        Ok(IceBreaker { question: object.nonempty("question", MAX_QUESTION)?, payload })
    };
    objects.iter().map(question).collect()
}

fn domains(params: &Params<'_>, name: &str) -> ParamResult<Vec<Box<str>>> {
    let domains = params.list(name)?.unwrap_or_default();
    check_count(domains.len(), 1, MAX_DOMAINS, name)?;
    domains.iter().map(|domain| secure_url(domain)).collect()
}

fn commands(object: &ParamObject<'_>) -> ParamResult<Vec<SlashCommand>> {
    object.check_keys(&["locale", "commands"])?;
    let objects = object.objects("commands")?;
    check_count(objects.len(), 1, MAX_COMMANDS, &object.path("commands"))?;
    objects.iter().map(command).collect()
}

fn command(object: &ParamObject<'_>) -> ParamResult<SlashCommand> {
    object.check_keys(&["name", "description"])?;
    let name = object.nonempty("name", MAX_COMMAND_NAME)?;
    match name.starts_with('/') {
        true => Err(object.must_be("name", "a name without a slash")),
        false => Ok(SlashCommand { name, description: object.nonempty("description", MAX_COMMAND_DESCRIPTION)? }),
    }
}
