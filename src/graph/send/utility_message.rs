//! Reads `message[template]` of the Send API: a utility message, made from a template that Meta has approved.

use crate::domain::model::access::Permission;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::message_template::{Filling, Wording, fill, placeholders};
use crate::domain::model::template::{Button, Element, Link, Template};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

use crate::graph::errors::catalogue::{self, GraphError};
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::{ParamObject, ParamResult, url};
use crate::graph::http::param_value::ParamMap;

/// The most characters for one placeholder. Meta names no limit; this one bounds what a world keeps.
const MAX_FILLING: usize = 1024;

/// The content of a utility message; `None` if the message is another one.
pub fn read(call: &Call, message: &ParamMap<'_>) -> Result<Option<Content>, Failure> {
    let message = ParamObject::new(message, "message");
    let Some(template) = message.object("template")? else { return Ok(None) };
    message.check_keys(&["template", "metadata"])?;
    if !call.has_permission(Permission::PagesUtilityMessaging) {
        let reason = Reason::NoPermission(Permission::PagesUtilityMessaging);
        return Err(call.failure(&Refusal::new(reason, rules::PERMISSION_MISSING)));
    }
    template.check_keys(&["name", "language", "components"])?;
    let language = template.required_object("language")?;
    language.check_keys(&["code", "policy"])?;
    let (name, code) = (template.required("name")?, language.required("code")?);
    let page = call.page()?;
    let wording = call.world().read(|world, _, _| {
        let found = world.page(page).message_templates.find(&name, &code);
        found.filter(|template| template.rejected.is_none()).map(|template| template.wording.clone())
    });
    let wording =
        wording.ok_or_else(|| call.failure(&Refusal::new(Reason::NoSuchTemplate, rules::TEMPLATE_UNKNOWN)))?;
    Ok(Some(content(&wording, &template.objects("components")?)?))
}

/// Text alone becomes a plain message. With a header or buttons it becomes a card.
fn content(wording: &Wording, components: &[ParamObject<'_>]) -> ParamResult<Content> {
    let (mut header, mut body, mut buttons) = (Vec::new(), Vec::new(), Vec::new());
    for component in components {
        component.check_keys(&["type", "parameters"])?;
        match component.required_word("type", &["header", "body", "buttons"])? {
            "header" => header = texts(component)?,
            "body" => body = texts(component)?,
            _ => buttons = button_values(component)?,
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

fn texts(component: &ParamObject<'_>) -> ParamResult<Vec<Filling>> {
    let text = |object: &ParamObject<'_>| {
        object.check_keys(&["type", "text", "parameter_name"])?;
        object.word("type", &["text", "body"])?;
        Ok(Filling { name: object.text("parameter_name")?, text: plain(object.nonempty("text", MAX_FILLING)?)? })
    };
    component.objects("parameters")?.iter().map(text).collect()
}

fn plain(text: Box<str>) -> ParamResult<Box<str>> {
    // Emojis are beyond the Basic Multilingual Plane.
    let is_special = |character: char| "#%$".contains(character) || character > '\u{ffff}';
    match text.contains(is_special) {
        true => Err(catalogue::UTILITY_CHARACTERS.error()),
        false => Ok(text),
    }
}

fn button_values(component: &ParamObject<'_>) -> ParamResult<Vec<Box<str>>> {
    let value = |object: &ParamObject<'_>| {
        object.check_keys(&["type", "payload", "url"])?;
        match object.required_word("type", &["POSTBACK", "URL"])? {
            "POSTBACK" => object.nonempty("payload", MAX_FILLING),
            _ => object.nonempty("url", MAX_FILLING),
        }
    };
    component.objects("parameters")?.iter().map(value).collect()
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
                let link = Link { url: url(fill_in(&link.url)?)?, ..link.clone() };
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
