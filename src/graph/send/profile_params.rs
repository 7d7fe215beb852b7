//! The properties of a Messenger profile.

use crate::domain::model::profile::{
    DEFAULT_LOCALE, IceBreaker, IceBreakers, Localized, Menu, MenuItem, Property, Setting, SlashCommand,
};

use super::buttons::{MAX_PAYLOAD, WEBVIEW, link};
use crate::graph::errors::catalogue;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{
    Flag, List, ListWith, NonEmpty, Object, OneOf, SecureUrl, Special, Text, Url,
};
use crate::graph::http::param_table::{
    Least, ListOf, ListRule, ParamRule, ParamTable, ParamVariants, SpecialText, optional, required,
};
use crate::graph::http::params::Params;

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
const MAX_LOCALE: usize = 100;
const MAX_SURFACES: usize = 10;
const MAX_SURFACE: usize = 50;

/// Each property has the name of its parameter.
static PROFILE: ParamTable = ParamTable::of_call(&[
    optional("get_started", Object(&GET_STARTED)),
    optional("greeting", List(&GREETINGS)),
    optional("persistent_menu", List(&MENUS)),
    optional("ice_breakers", ListWith { key: "question", then: &QUESTIONS, otherwise: &QUESTIONS_BY_LOCALE }),
    optional("whitelisted_domains", List(&DOMAINS)),
    optional("account_linking_url", SecureUrl),
    optional("commands", List(&COMMANDS_BY_LOCALE)),
]);
/// The menu of one person.
static OWN_MENU: ParamTable = ParamTable::of_call(&[required("persistent_menu", List(&MENUS))]);

static GET_STARTED: ParamTable = ParamTable::of(&[required("payload", NonEmpty(MAX_PAYLOAD))]);

static GREETINGS: ListOf = ListOf::of(Object(&GREETING), Least::One, MAX_LOCALES).rule(ListRule::Locales);
static GREETING: ParamTable =
    ParamTable::of(&[required("locale", Special(&LOCALE)), required("text", Text(MAX_GREETING))]);

static MENUS: ListOf = ListOf::of(Object(&MENU), Least::One, MAX_LOCALES).rule(ListRule::Locales);
static MENU: ParamTable = ParamTable::of(&[
    required("locale", Special(&LOCALE)),
    optional("composer_input_disabled", Flag),
    optional("call_to_actions", List(&MENU_ITEMS)),
    optional("disabled_surfaces", List(&SURFACES)),
])
.rules(&[ParamRule::FlagNeeds("composer_input_disabled", "call_to_actions")]);
static MENU_ITEMS: ListOf = ListOf::of(OneOf(&MENU_ITEM), Least::Zero, MAX_MENU_ITEMS);
static MENU_ITEM: ParamVariants = ParamVariants {
    key: "type",
    tables: &[("web_url", &MENU_LINK), ("postback", &MENU_POSTBACK)],
    gone: &[("nested", &catalogue::MENU_NESTED)],
    unknown: None,
};
static MENU_LINK: ParamTable = ParamTable::of(&[
    required("title", NonEmpty(MAX_MENU_TITLE)),
    required("url", Url),
    optional("payload", Text(MAX_PAYLOAD)),
])
.and(&WEBVIEW);
static MENU_POSTBACK: ParamTable = ParamTable::of(&[
    required("title", NonEmpty(MAX_MENU_TITLE)),
    required("payload", Text(MAX_PAYLOAD)),
    optional("url", Url),
])
.and(&WEBVIEW);
static SURFACES: ListOf = ListOf::of(Text(MAX_SURFACE), Least::Zero, MAX_SURFACES);

static QUESTIONS: ListOf = ListOf::of(Object(&QUESTION), Least::One, MAX_QUESTIONS);
static QUESTION: ParamTable =
    ParamTable::of(&[required("question", NonEmpty(MAX_QUESTION)), required("payload", Text(MAX_PAYLOAD))]);
static QUESTIONS_BY_LOCALE: ListOf =
    ListOf::of(Object(&QUESTIONS_OF_LOCALE), Least::One, MAX_LOCALES).rule(ListRule::Locales);
static QUESTIONS_OF_LOCALE: ParamTable =
    ParamTable::of(&[required("locale", Special(&LOCALE)), required("call_to_actions", List(&QUESTIONS))]);

static DOMAINS: ListOf = ListOf::of(SecureUrl, Least::One, MAX_DOMAINS);

static COMMANDS_BY_LOCALE: ListOf =
    ListOf::of(Object(&COMMANDS_OF_LOCALE), Least::One, MAX_LOCALES).rule(ListRule::Locales);
static COMMANDS_OF_LOCALE: ParamTable =
    ParamTable::of(&[required("locale", Special(&LOCALE)), required("commands", List(&COMMANDS))]);
static COMMANDS: ListOf = ListOf::of(Object(&COMMAND), Least::One, MAX_COMMANDS);
static COMMAND: ParamTable = ParamTable::of(&[
    required("name", Special(&COMMAND_NAME)),
    required("description", NonEmpty(MAX_COMMAND_DESCRIPTION)),
]);
static COMMAND_NAME: SpecialText = SpecialText {
    most: MAX_COMMAND_NAME,
    accepts: |name| !name.starts_with('/'),
    error: &catalogue::PARAM_MUST_BE,
    kind: "a name without a slash",
};

static LOCALE: SpecialText = SpecialText {
    most: MAX_LOCALE,
    accepts: is_locale,
    error: &catalogue::PARAM_MUST_BE,
    kind: "default, or a locale like en_US",
};

/// `default`, or a language and a country: `de_DE`.
fn is_locale(text: &str) -> bool {
    let has_country = text.split_once('_').is_some_and(|(language, country)| {
        language.len() == 2
            && country.len() == 2
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    has_country || text == DEFAULT_LOCALE
}

/// The properties that the call sets.
pub fn read(params: &Params<'_>) -> ParamResult<Vec<Setting>> {
    let params = ParamObject::of_call(params, &PROFILE)?;
    let given = Property::ALL.into_iter().filter(|property| params.has(property.name()));
    Ok(given.map(|property| setting(&params, property)).collect())
}

fn setting(params: &ParamObject<'_>, property: Property) -> Setting {
    let name = property.name();
    match property {
        Property::GetStarted => {
            Setting::GetStarted(params.object(name).map(|object| object.string("payload")).unwrap_or_default())
        }
        Property::Greeting => Setting::Greeting(localized(params, name, |object| object.string("text"))),
        Property::PersistentMenu => Setting::PersistentMenu(localized(params, name, menu)),
        Property::IceBreakers => Setting::IceBreakers(ice_breakers(params, name)),
        Property::WhitelistedDomains => Setting::WhitelistedDomains(params.texts(name)),
        Property::AccountLinkingUrl => Setting::AccountLinkingUrl(params.string(name)),
        Property::Commands => Setting::Commands(localized(params, name, commands)),
    }
}

/// The parameter `persistent_menu` of a call that sets one person's menu.
pub fn menus(params: &Params<'_>) -> ParamResult<Vec<Localized<Menu>>> {
    let params = ParamObject::of_call(params, &OWN_MENU)?;
    Ok(localized(&params, Property::PersistentMenu.name(), menu))
}

/// One value for each locale.
fn localized<T>(params: &ParamObject<'_>, name: &str, read: impl Fn(&ParamObject<'_>) -> T) -> Vec<Localized<T>> {
    let objects = params.objects(name);
    objects.iter().map(|object| Localized { locale: object.string("locale"), value: read(object) }).collect()
}

fn menu(object: &ParamObject<'_>) -> Menu {
    Menu {
        composer_input_disabled: object.flag("composer_input_disabled").unwrap_or_default(),
        items: object.objects("call_to_actions").iter().map(menu_item).collect(),
        disabled_surfaces: object.texts("disabled_surfaces"),
    }
}

fn menu_item(object: &ParamObject<'_>) -> MenuItem {
    let title = object.string("title");
    match &*object.variant("type") {
        "postback" => MenuItem::Postback { title, payload: object.string("payload") },
        _ => MenuItem::WebUrl { title, link: link(object) },
    }
}

/// A list of questions, or a list of questions for each locale.
fn ice_breakers(params: &ParamObject<'_>, name: &str) -> IceBreakers {
    let objects = params.objects(name);
    if objects.iter().any(|object| object.has("question")) {
        let by_locale = vec![Localized { locale: DEFAULT_LOCALE.into(), value: questions(&objects) }];
        return IceBreakers { by_locale, without_locales: true };
    }
    let by_locale = localized(params, name, |object| questions(&object.objects("call_to_actions")));
    IceBreakers { by_locale, without_locales: false }
}

fn questions(objects: &[ParamObject<'_>]) -> Vec<IceBreaker> {
    let question = |object: &ParamObject<'_>| IceBreaker {
        question: object.string("question"),
        payload: object.string("payload"),
    };
    objects.iter().map(question).collect()
}

fn commands(object: &ParamObject<'_>) -> Vec<SlashCommand> {
    let command = |object: &ParamObject<'_>| SlashCommand {
        name: object.string("name"),
        description: object.string("description"),
    };
    object.objects("commands").iter().map(command).collect()
}
