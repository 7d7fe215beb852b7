//! Edges room: `message[template]` of the Send API: a utility message, made from a template that Meta has approved.

use serde_json::{Map, Value};

use crate::domain::model::access::Permission;
use crate::domain::model::message::{Attachment, Content};
use crate::domain::model::message_template::{Filling, Wording, fill, placeholders};
use crate::domain::model::template::{Button, Element, Link, Template};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

use super::part::{Parsed, Part, url};
use crate::graph::errors::catalogue;
use crate::graph::errors::catalogue::GraphError;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;

/// Characters of what stands in one placeholder. Meta names no number; a world remembers what was sent.
const MAX_FILLING: usize = 1024;

/// The content of a utility message, where the message is one.
pub fn read(call: &Call, message: &Map<String, Value>) -> Result<Option<Content>, Failure> {
    let message = Part::of(message, "message");
    let Some(asked) = message.part("template")? else { return Ok(None) };
    message.knows(&["template", "metadata"])?;
    if !call.is_granted(Permission::PagesUtilityMessaging) {
        let reason = Reason::NoPermission(Permission::PagesUtilityMessaging);
        return Err(call.failure(&Refusal::new(reason, rules::PERMISSION_MISSING)));
    }
    asked.knows(&["name", "language", "components"])?;
    let language = asked.needed_part("language")?;
    language.knows(&["code", "policy"])?;
    let (name, code) = (asked.needed("name")?, language.needed("code")?);
    let page = call.page()?;
    let wording = call.world().read(|world, _, _| {
        let found = world.page(page).message_templates.find(&name, &code);
        found.filter(|template| template.rejected.is_none()).map(|template| template.wording.clone())
    });
    let wording =
        wording.ok_or_else(|| call.failure(&Refusal::new(Reason::NoSuchTemplate, rules::TEMPLATE_UNKNOWN)))?;
    Ok(Some(content(&wording, &asked.parts("components")?)?))
}

/// A text alone is a plain message; with a header or buttons it is a card.
fn content(wording: &Wording, components: &[Part<'_>]) -> Parsed<Content> {
    let (mut header, mut body, mut buttons) = (Vec::new(), Vec::new(), Vec::new());
    for component in components {
        component.knows(&["type", "parameters"])?;
        match component.needed_word("type", &["header", "body", "buttons"])? {
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
    let buttons = labelled(&wording.buttons, &buttons)?;
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

fn filled(text: &str, fillings: &[Filling]) -> Parsed<String> {
    fill(text, fillings).ok_or_else(|| catalogue::UTILITY_PARAMETERS.error())
}

fn texts(component: &Part<'_>) -> Parsed<Vec<Filling>> {
    let text = |part: &Part<'_>| {
        part.knows(&["type", "text", "parameter_name"])?;
        part.word("type", &["text", "body"])?;
        Ok(Filling { name: part.text("parameter_name")?, text: plain(part.filled("text", MAX_FILLING)?)? })
    };
    component.parts("parameters")?.iter().map(text).collect()
}

fn plain(text: Box<str>) -> Parsed<Box<str>> {
    // Emojis stand above the plane of the alphabets.
    let is_special = |character: char| "#%$".contains(character) || character > '\u{ffff}';
    match text.contains(is_special) {
        true => Err(catalogue::UTILITY_CHARACTERS.error()),
        false => Ok(text),
    }
}

fn button_values(component: &Part<'_>) -> Parsed<Vec<Box<str>>> {
    let value = |part: &Part<'_>| {
        part.knows(&["type", "payload", "url"])?;
        match part.needed_word("type", &["POSTBACK", "URL"])? {
            "POSTBACK" => part.filled("payload", MAX_FILLING),
            _ => part.filled("url", MAX_FILLING),
        }
    };
    component.parts("parameters")?.iter().map(value).collect()
}

/// The buttons of the template, each with what is given for its placeholder, in their order.
fn labelled(buttons: &[Button], values: &[Box<str>]) -> Parsed<Vec<Button>> {
    let mut values = values.iter();
    let mut fill_in = |text: &str| -> Result<Box<str>, GraphError> {
        // A button has one placeholder, whatever its name.
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
    let filled = filled.collect::<Parsed<Vec<Button>>>()?;
    match values.next() {
        Some(_) => Err(catalogue::UTILITY_PARAMETERS.error()),
        None => Ok(filled),
    }
}
