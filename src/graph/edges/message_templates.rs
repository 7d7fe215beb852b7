//! Handles `POST`, `GET` and `DELETE /{page}/message_templates`, and `GET /{template}`: templates of utility messages.

use serde_json::{Value, json};

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::ids::PageKey;
use crate::domain::model::message_template::{MessageTemplate, TemplateChange, TemplateText, Wording};
use crate::domain::model::template::{Button, Link, Webview};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::{ParamObject, ParamResult, check_count};
use crate::graph::http::params::check_length;
use crate::graph::http::relaxed_json::structured;
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;

static TEMPLATE: NodeKind = NodeKind {
    fields: &["id", "name", "components", "language", "status", "category", "parameter_format", "rejected_reason"],
    default_fields: &["name", "components", "language", "status", "category", "id"],
    ..NodeKind::new("MessengerBusinessTemplate")
};
/// The most templates in one answer.
const MAX_TEMPLATES: usize = 100;
const MAX_NAME: usize = 512;
const MAX_LANGUAGE: usize = 16;
const MAX_HEADER: usize = 60;
const MAX_BODY: usize = 1024;
const MAX_BUTTONS: usize = 3;
const MAX_LABEL: usize = 20;
const MAX_PAYLOAD: usize = 1000;
const CATEGORIES: &[&str] = &["UTILITY"];
/// The parameters of `POST`.
pub const PARAMS: &[&str] = &[
    "name",
    "language",
    "category",
    "parameter_format",
    "components",
    "library_template_name",
    "library_template_body_inputs",
    "library_template_button_inputs",
];
/// Parameters that take a template from Meta's library, which is not built.
const LIBRARY_PARAMS: &[&str] =
    &["library_template_name", "library_template_body_inputs", "library_template_button_inputs"];
/// The parameters of `GET`.
pub const FILTERS: &[&str] = &["name", "content", "name_or_content", "language", "category", "status"];

/// The template of an id, if the token's page has it.
pub fn find(call: &Call, id: &str) -> Option<MessageTemplate> {
    let page = call.page().ok()?;
    call.world().read(|world, _, _| {
        let templates = world.page(page).message_templates.list();
        templates.iter().find(|template| &*template.id == id).cloned()
    })
}

fn of_page(call: &Call, page: PageKey) -> Vec<MessageTemplate> {
    call.world().read(|world, _, _| world.page(page).message_templates.list().to_vec())
}

/// Handles `POST`. The review of the template takes no time.
pub fn create(call: &Call, page: PageKey) -> Result {
    if let Some(param) = LIBRARY_PARAMS.iter().find(|name| call.params.get(name).is_some()) {
        return Err(catalogue::NOT_BUILT.with(&[("what", param)]).into());
    }
    let wording = wording(call)?;
    let executed =
        call.execute(Command::MessageTemplate(page, call.app(), TemplateChange::Makes(Box::new(wording))))?;
    let Reply::Made(id) = &executed.answer else { return Err(catalogue::INTERNAL.error().into()) };
    let status = find(call, id).map_or("PENDING", |template| status(&template));
    answer(&json!({ "id": id, "status": status, "category": "UTILITY" }))
}

fn wording(call: &Call) -> ParamResult<Wording> {
    let text = |name: &str, limit: usize| {
        let text = call.params.required_text(name)?;
        check_length(name, &text, limit)?;
        match text.is_empty() {
            true => Err(catalogue::PARAM_EMPTY.with(&[("param", name)])),
            false => Ok(Box::<str>::from(text)),
        }
    };
    let name = text("name", MAX_NAME)?;
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        let kind = "lower case letters, digits and underscores";
        return Err(catalogue::PARAM_MUST_BE.with(&[("param", "name"), ("kind", kind)]));
    }
    let language = text("language", MAX_LANGUAGE)?;
    if call.params.word("category", CATEGORIES)?.is_none() {
        return Err(catalogue::PARAM_REQUIRED.with(&[("param", "category")]));
    }
    let format = call.params.word("parameter_format", &["POSITIONAL", "NAMED"])?;
    let written = call.params.get("components").map(|value| structured(value).map_or(Value::Null, |it| it.to_json()));
    let written = written.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "components")]))?;
    let empty = Wording {
        name,
        language,
        named: format == Some("NAMED"),
        written: written.to_string().into(),
        ..Wording::default()
    };
    components(empty, &ParamObject::list(&call.params, "components")?)
}

fn components(mut wording: Wording, parts: &[ParamObject<'_>]) -> ParamResult<Wording> {
    let mut body = None;
    for part in parts {
        match part.required_word("type", &["HEADER", "BODY", "BUTTONS"])? {
            "HEADER" => wording.header = Some(header(part)?),
            "BODY" => {
                part.check_keys(&["type", "text", "example"])?;
                body = Some(text_of_component(part, MAX_BODY)?);
            }
            _ => wording.buttons = buttons(part)?,
        }
    }
    wording.body = body.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "components[BODY]")]))?;
    Ok(wording)
}

fn header(part: &ParamObject<'_>) -> ParamResult<TemplateText> {
    part.check_keys(&["type", "format", "text", "example"])?;
    match part.required_word("format", &["TEXT", "IMAGE"])? {
        "TEXT" => text_of_component(part, MAX_HEADER),
        _ => Err(catalogue::NOT_BUILT.with(&[("what", "a header of format IMAGE")])),
    }
}

fn text_of_component(part: &ParamObject<'_>, limit: usize) -> ParamResult<TemplateText> {
    Ok(TemplateText { text: part.nonempty("text", limit)?, has_samples: part.has("example") })
}

fn buttons(part: &ParamObject<'_>) -> ParamResult<Vec<Button>> {
    part.check_keys(&["type", "buttons"])?;
    let buttons = part.objects("buttons")?;
    check_count(buttons.len(), 1, MAX_BUTTONS, &part.path("buttons"))?;
    buttons.iter().map(button).collect()
}

fn button(part: &ParamObject<'_>) -> ParamResult<Button> {
    let title = part.nonempty("text", MAX_LABEL)?;
    match part.required("type")?.to_ascii_uppercase().as_str() {
        "POSTBACK" => Ok(Button::Postback { title, payload: part.nonempty("payload", MAX_PAYLOAD)? }),
        "URL" => {
            Ok(Button::WebUrl { title, link: Link { url: part.required_url("url")?, webview: Webview::default() } })
        }
        "PHONE_NUMBER" => Ok(Button::PhoneNumber { title, payload: part.nonempty("phone_number", MAX_LABEL)? }),
        _ => Err(catalogue::UTILITY_BUTTON_TYPE.error()),
    }
}

fn status(template: &MessageTemplate) -> &'static str {
    if template.rejected.is_some() { "REJECTED" } else { "APPROVED" }
}

/// Handles `GET`. Each filter that the call has must match.
pub fn list(call: &Call, page: PageKey) -> Result {
    let selection = Selection::of(&call.params)?;
    TEMPLATE.selected_fields(selection.as_ref())?;
    let mut templates = of_page(call, page);
    for filter in FILTERS {
        if let Some(wanted) = call.params.text(filter)? {
            templates.retain(|template| matches(template, filter, &wanted));
        }
    }
    let path = format!("{}/message_templates", call.config().page(page).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_TEMPLATES)? };
    answer(&listing.page(call, &templates, |template| read(template, selection.as_ref()))?)
}

fn matches(template: &MessageTemplate, filter: &str, wanted: &str) -> bool {
    let Wording { name, language, header, body, .. } = &template.wording;
    let says = || header.iter().chain([body]).any(|text| text.text.contains(wanted));
    match filter {
        "name" => name.contains(wanted),
        "content" => says(),
        "name_or_content" => name.contains(wanted) || says(),
        "language" => &**language == wanted,
        "status" => status(template).eq_ignore_ascii_case(wanted),
        _ => CATEGORIES.iter().any(|category| category.eq_ignore_ascii_case(wanted)),
    }
}

/// Handles `GET /{template}`.
pub fn read(template: &MessageTemplate, selection: Option<&Selection>) -> Fallible<Value> {
    let wording = &template.wording;
    TEMPLATE.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(template.id)),
            "name" => Some(json!(wording.name)),
            "components" => serde_json::from_str(&wording.written).ok(),
            "language" => Some(json!(wording.language)),
            "status" => Some(json!(status(template))),
            "category" => Some(json!("UTILITY")),
            "parameter_format" => Some(json!(if wording.named { "NAMED" } else { "POSITIONAL" })),
            "rejected_reason" => Some(json!(template.rejected.unwrap_or("NONE"))),
            _ => None,
        })
    })
}

/// Handles `DELETE`: the templates of a name, in every language, or the one of an id.
pub fn delete(call: &Call, page: PageKey) -> Result {
    let id = call.params.text("hsm_id")?.or(call.params.text("template_id")?);
    let change = match id {
        Some(id) => TemplateChange::Deletes(id.into()),
        None => TemplateChange::DeletesName(call.params.required_text("name")?.into()),
    };
    call.execute(Command::MessageTemplate(page, call.app(), change))?;
    success()
}
