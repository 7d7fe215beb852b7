//! Reads `message[template]` of the Send API: a utility message, made from a template that Meta has approved.

use crate::domain::model::access::Permission;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::message_template::{Filling, Wording, fill, placeholders};
use crate::domain::model::template::{Button, Element, Link, Template};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

use super::content::MAX_METADATA;
use crate::graph::errors::catalogue::{self, GraphError};
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{List, NonEmpty, Object, OneOf, Special, Text, Word};
use crate::graph::http::param_table::{Least, ListOf, ParamTable, ParamVariants, SpecialText, optional, required};
use crate::graph::http::param_text::is_url;
use crate::graph::http::param_value::{ParamMap, ParamValue};

/// The most characters for one placeholder. Meta names no limit; this one bounds what a world keeps.
const MAX_FILLING: usize = 1024;
/// The most components of a message, and the most parameters of one.
const MAX_PARTS: usize = 50;

static MESSAGE: ParamTable =
    ParamTable::of(&[required("template", Object(&TEMPLATE)), optional("metadata", Text(MAX_METADATA))]);
static TEMPLATE: ParamTable = ParamTable::of(&[
    required("name", NonEmpty(MAX_FILLING)),
    required("language", Object(&LANGUAGE)),
    optional("components", List(&COMPONENTS)),
]);
static LANGUAGE: ParamTable =
    ParamTable::of(&[required("code", NonEmpty(MAX_FILLING)), optional("policy", Text(MAX_FILLING))]);
static COMPONENTS: ListOf = ListOf::of(OneOf(&COMPONENT), Least::Zero, MAX_PARTS);
static COMPONENT: ParamVariants = ParamVariants {
    key: "type",
    tables: &[("header", &OF_TEXTS), ("body", &OF_TEXTS), ("buttons", &OF_BUTTONS)],
    gone: &[],
    unknown: None,
};
static OF_TEXTS: ParamTable = ParamTable::of(&[optional("parameters", List(&TEXTS))]);
static TEXTS: ListOf = ListOf::of(Object(&FILLING), Least::Zero, MAX_PARTS);
static FILLING: ParamTable = ParamTable::of(&[
    optional("type", Word(&["text", "body"])),
    required("text", Special(&PLAIN)),
    optional("parameter_name", Text(MAX_FILLING)),
]);
static PLAIN: SpecialText =
    SpecialText { most: MAX_FILLING, accepts: is_plain, error: &catalogue::UTILITY_CHARACTERS, kind: "" };
static OF_BUTTONS: ParamTable = ParamTable::of(&[optional("parameters", List(&VALUES))]);
static VALUES: ListOf = ListOf::of(OneOf(&VALUE), Least::Zero, MAX_PARTS);
static VALUE: ParamVariants =
    ParamVariants { key: "type", tables: &[("POSTBACK", &OF_POSTBACK), ("URL", &OF_URL)], gone: &[], unknown: None };
static OF_POSTBACK: ParamTable =
    ParamTable::of(&[required("payload", NonEmpty(MAX_FILLING)), optional("url", Text(MAX_FILLING))]);
static OF_URL: ParamTable =
    ParamTable::of(&[required("url", NonEmpty(MAX_FILLING)), optional("payload", Text(MAX_FILLING))]);

fn is_plain(text: &str) -> bool {
    // Emojis are beyond the Basic Multilingual Plane.
    !text.contains(|character: char| "#%$".contains(character) || character > '\u{ffff}')
}

/// The content of a utility message; `None` if the message is another one.
pub fn read(call: &Call, message: &ParamMap<'_>) -> Result<Option<Content>, Failure> {
    if message.get("template").is_none_or(ParamValue::is_null) {
        return Ok(None);
    }
    let message = ParamObject::check(message, &MESSAGE, "message")?;
    if !call.has_permission(Permission::PagesUtilityMessaging) {
        let reason = Reason::NoPermission(Permission::PagesUtilityMessaging);
        return Err(call.failure(&Refusal::new(reason, rules::PERMISSION_MISSING)));
    }
    let template = message.object("template").unwrap_or_default();
    let code = template.object("language").map(|language| language.string("code")).unwrap_or_default();
    let name = template.string("name");
    let page = call.page()?;
    let wording = call.world().read(|world, _, _| {
        let found = world.asset(page).message_templates.find(&name, &code);
        found.filter(|template| template.rejected.is_none()).map(|template| template.wording.clone())
    });
    let wording =
        wording.ok_or_else(|| call.failure(&Refusal::new(Reason::NoSuchTemplate, rules::TEMPLATE_UNKNOWN)))?;
    Ok(Some(content(&wording, &template.objects("components"))?))
}

/// Text alone becomes a plain message. With a header or buttons it becomes a card.
fn content(wording: &Wording, components: &[ParamObject<'_>]) -> ParamResult<Content> {
    let (mut header, mut body, mut buttons) = (Vec::new(), Vec::new(), Vec::new());
    for component in components {
        match &*component.variant("type") {
            "header" => header = texts(component),
            "body" => body = texts(component),
            _ => buttons = button_values(component),
        }
    }
    let body = filled(&wording.body.text, &body)?;
    let header = match &wording.header {
        Some(text) => Some(filled(&text.text, &header)?),
        None if header.is_empty() => None,
        None => return Err(catalogue::UTILITY_PARAMETERS.error()),
    };
    let buttons = filled_buttons(&wording.buttons, &buttons)?;
    if header.is_none() && buttons.is_empty() {
        return Ok(Content::text(body));
    }
    let (title, subtitle) = match header {
        Some(header) => (header, Some(body.into())),
        None => (body, None),
    };
    let card = Element { title: title.into(), subtitle, buttons, ..Element::default() };
    let template = Template::Generic { elements: vec![card], square: None, sharable: false };
    Ok(Content { attachments: vec![Attachment::Template(template)], ..Content::default() })
}

fn filled(text: &str, fillings: &[Filling]) -> ParamResult<String> {
    fill(text, fillings).ok_or_else(|| catalogue::UTILITY_PARAMETERS.error())
}

fn texts(component: &ParamObject<'_>) -> Vec<Filling> {
    let text = |object: &ParamObject<'_>| Filling { name: object.text("parameter_name"), text: object.string("text") };
    component.objects("parameters").iter().map(text).collect()
}

fn button_values(component: &ParamObject<'_>) -> Vec<Box<str>> {
    let value = |object: &ParamObject<'_>| match &*object.variant("type") {
        "postback" => object.string("payload"),
        _ => object.string("url"),
    };
    component.objects("parameters").iter().map(value).collect()
}

/// The template's buttons with their placeholders filled in, in order.
fn filled_buttons(buttons: &[Button], values: &[Box<str>]) -> ParamResult<Vec<Button>> {
    let mut values = values.iter();
    let mut fill_in = |text: &str| -> Result<Box<str>, GraphError> {
        // A button has one placeholder with any name.
        let Some(name) = placeholders(text).next() else { return Ok(text.into()) };
        let value = values.next().ok_or_else(|| catalogue::UTILITY_PAYLOAD_MISSING.error())?;
        Ok(text.replacen(&format!("{{{{{name}}}}}"), value, 1).into())
    };
    let filled = buttons.iter().map(|button| {
        Ok(match button {
            Button::Postback { title, payload } => {
                Button::Postback { title: title.clone(), payload: fill_in(payload)? }
            }
            Button::WebUrl { title, link } => {
                let link = Link { url: valid_url(fill_in(&link.url)?)?, ..link.clone() };
                Button::WebUrl { title: title.clone(), link }
            }
            other => other.clone(),
        })
    });
    let filled = filled.collect::<ParamResult<Vec<Button>>>()?;
    match values.next() {
        Some(_) => Err(catalogue::UTILITY_PARAMETERS.error()),
        None => Ok(filled),
    }
}

fn valid_url(url: Box<str>) -> ParamResult<Box<str>> {
    match is_url(&url) {
        true => Ok(url),
        false => Err(catalogue::INVALID_URL.with(&[("url", &url)])),
    }
}
