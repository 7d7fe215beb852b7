//! Handles `POST`, `GET` and `DELETE /{page}/message_templates`, and `GET /{template}`: templates of utility messages.

use serde_json::{Value, json};

use crate::domain::Reply;
use crate::domain::command::Command;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::message_template::{MessageTemplate, TemplateChange, TemplateText, Wording};
use crate::domain::model::template::{Button, Link, Webview};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Any, List, NonEmpty, OneOf, Special, Url, Word};
use crate::graph::http::param_table::{Least, ListOf, ParamTable, ParamVariants, SpecialText, optional, required};
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
const MAX_COMPONENTS: usize = 10;
const FORMATS: &[&str] = &["POSITIONAL", "NAMED"];
const HEADER_FORMATS: &[&str] = &["TEXT", "IMAGE"];
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

static WORDING: ParamTable = ParamTable::of_call(&[
    required("name", Special(&NAME)),
    required("language", NonEmpty(MAX_LANGUAGE)),
    required("category", Word(CATEGORIES)),
    optional("parameter_format", Word(FORMATS)),
    required("components", List(&COMPONENTS)),
]);
static NAME: SpecialText = SpecialText {
    most: MAX_NAME,
    accepts: |name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
    error: &catalogue::PARAM_MUST_BE,
    kind: "lower case letters, digits and underscores",
};
static COMPONENTS: ListOf = ListOf::of(OneOf(&COMPONENT), Least::One, MAX_COMPONENTS);
static COMPONENT: ParamVariants = ParamVariants {
    key: "type",
    tables: &[("HEADER", &HEADER), ("BODY", &BODY), ("BUTTONS", &OF_BUTTONS)],
    gone: &[],
    unknown: None,
};
static HEADER: ParamTable = ParamTable::of(&[
    required("format", Word(HEADER_FORMATS)),
    optional("text", NonEmpty(MAX_HEADER)),
    optional("example", Any),
]);
static BODY: ParamTable = ParamTable::of(&[required("text", NonEmpty(MAX_BODY)), optional("example", Any)]);
static OF_BUTTONS: ParamTable = ParamTable::of(&[required("buttons", List(&BUTTONS))]);
static BUTTONS: ListOf = ListOf::of(OneOf(&BUTTON), Least::One, MAX_BUTTONS);
static BUTTON: ParamVariants = ParamVariants {
    key: "type",
    tables: &[("POSTBACK", &POSTBACK), ("URL", &URL), ("PHONE_NUMBER", &PHONE_NUMBER)],
    gone: &[],
    unknown: Some(&catalogue::UTILITY_BUTTON_TYPE),
};
static POSTBACK: ParamTable = ParamTable::of(&[
    required("text", NonEmpty(MAX_LABEL)),
    required("payload", NonEmpty(MAX_PAYLOAD)),
    optional("example", Any),
]);
static URL: ParamTable =
    ParamTable::of(&[required("text", NonEmpty(MAX_LABEL)), required("url", Url), optional("example", Any)]);
static PHONE_NUMBER: ParamTable = ParamTable::of(&[
    required("text", NonEmpty(MAX_LABEL)),
    required("phone_number", NonEmpty(MAX_LABEL)),
    optional("example", Any),
]);

/// The template of an id, if the token's page has it.
pub fn find(call: &Call, id: &str) -> Option<MessageTemplate> {
    let page = call.page().ok()?;
    call.world().read(|world, _, _| {
        let templates = world.asset(page).message_templates.list();
        templates.iter().find(|template| &*template.id == id).cloned()
    })
}

fn of_page(call: &Call, page: AssetKey) -> Vec<MessageTemplate> {
    call.world().read(|world, _, _| world.asset(page).message_templates.list().to_vec())
}

/// Handles `POST`. The review of the template takes no time.
pub fn create(call: &Call, page: AssetKey) -> Result {
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
    let params = ParamObject::of_call(&call.params, &WORDING)?;
    let written = call.params.get("components").and_then(structured).map(|it| it.to_json()).unwrap_or_default();
    let mut wording = Wording {
        name: params.string("name"),
        language: params.string("language"),
        named: params.word("parameter_format", FORMATS) == Some("NAMED"),
        written: written.to_string().into(),
        ..Wording::default()
    };
    let mut body = None;
    for part in params.objects("components") {
        match &*part.variant("type") {
            "header" => wording.header = Some(header(&part)?),
            "body" => body = Some(template_text(&part)),
            _ => wording.buttons = part.objects("buttons").iter().map(button).collect(),
        }
    }
    wording.body = body.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "components[BODY]")]))?;
    Ok(wording)
}

fn header(part: &ParamObject<'_>) -> ParamResult<TemplateText> {
    match part.word("format", HEADER_FORMATS) {
        Some("IMAGE") => Err(catalogue::NOT_BUILT.with(&[("what", "a header of format IMAGE")])),
        _ if !part.has("text") => Err(catalogue::PARAM_REQUIRED.with(&[("param", "components[HEADER][text]")])),
        _ => Ok(template_text(part)),
    }
}

fn template_text(part: &ParamObject<'_>) -> TemplateText {
    TemplateText { text: part.string("text"), has_samples: part.has("example") }
}

fn button(part: &ParamObject<'_>) -> Button {
    let title = part.string("text");
    match &*part.variant("type") {
        "postback" => Button::Postback { title, payload: part.string("payload") },
        "url" => Button::WebUrl { title, link: Link { url: part.string("url"), webview: Webview::default() } },
        _ => Button::PhoneNumber { title, payload: part.string("phone_number") },
    }
}

fn status(template: &MessageTemplate) -> &'static str {
    if template.rejected.is_some() { "REJECTED" } else { "APPROVED" }
}

/// Handles `GET`. Each filter that the call has must match.
pub fn list(call: &Call, page: AssetKey) -> Result {
    let selection = Selection::of(&call.params)?;
    TEMPLATE.selected_fields(selection.as_ref())?;
    let mut templates = of_page(call, page);
    for filter in FILTERS {
        if let Some(wanted) = call.params.text(filter)? {
            templates.retain(|template| matches(template, filter, &wanted));
        }
    }
    let path = format!("{}/message_templates", call.config().asset(page).id);
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
pub fn delete(call: &Call, page: AssetKey) -> Result {
    let id = call.params.text("hsm_id")?.or(call.params.text("template_id")?);
    let change = match id {
        Some(id) => TemplateChange::Deletes(id.into()),
        None => TemplateChange::DeletesName(call.params.required_text("name")?.into()),
    };
    call.execute(Command::MessageTemplate(page, call.app(), change))?;
    success()
}
