//! Handles custom labels: `POST` and `GET /{page}/custom_labels`, `GET /{psid}/custom_labels`, `GET` and `DELETE /{label}`, `POST` and
//! `DELETE /{label}/label`.

use serde_json::{Value, json};

use crate::domain::command::{Command, LabelChange};
use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
use crate::domain::model::labels::Label;
use crate::domain::{Reply, rules};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Id, Special};
use crate::graph::http::param_table::{ParamRule, ParamTable, SpecialText, optional, required};
use crate::graph::http::response::{Result, json as answer, success};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::node_kind::NodeKind;

static LABEL: NodeKind = NodeKind {
    fields: &["id", "name", "page_label_name"],
    default_fields: &["name", "page_label_name", "id"],
    ..NodeKind::new("PageUserMessageThreadLabel")
};
/// The most labels in one answer.
const MAX_LABELS: usize = 100;
/// The most characters of a label.
const MAX_NAME: usize = 200;

/// The name has two names: the parameter of Meta's newer documents, and the one of older clients.
static LABEL_PARAMS: ParamTable =
    ParamTable::of_call(&[optional("page_label_name", Special(&NAME)), optional("name", Special(&NAME))])
        .rules(&[ParamRule::AnyOf(&["page_label_name", "name"], &catalogue::PARAM_REQUIRED)]);
static NAME: SpecialText =
    SpecialText { most: MAX_NAME, accepts: |name| !name.trim().is_empty(), error: &catalogue::PARAM_NO_TEXT, kind: "" };
static PUT_PARAMS: ParamTable = ParamTable::of_call(&[required("user", Id)]);

/// The label of an id, if the token's page has it.
pub fn find(call: &Call, id: &str) -> Option<Label> {
    let page = call.page().ok()?;
    call.world().read(|world, _, _| world.settings().labels.get(page, id).cloned())
}

/// Handles `POST /{page}/custom_labels`.
pub fn create(call: &Call, page: AssetKey) -> Result {
    let params = ParamObject::of_call(&call.params, &LABEL_PARAMS)?;
    let name = params.text("page_label_name").unwrap_or_else(|| params.string("name"));
    let executed = call.execute(Command::Label(page, call.app(), LabelChange::Makes(name.trim().into())))?;
    match &executed.answer {
        Reply::Made(id) => answer(&json!({ "id": id })),
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}

/// Handles `GET /{page}/custom_labels`.
pub fn of_page(call: &Call, page: AssetKey) -> Result {
    let labels = call.world().read(|world, _, _| world.settings().labels.of(page).cloned().collect::<Vec<_>>());
    list(call, &format!("{}/custom_labels", call.config().asset(page).id), &labels)
}

/// Handles `GET /{psid}/custom_labels`.
pub fn of_person(call: &Call, thread: ThreadKey) -> Result {
    let labels = call.world().read(|world, _, _| {
        let labels = world.settings().labels.of(thread.asset);
        labels.filter(|label| label.people.contains(&thread.person)).cloned().collect::<Vec<_>>()
    });
    list(call, &format!("{}/custom_labels", call.config().psid(thread)), &labels)
}

fn list(call: &Call, path: &str, labels: &[Label]) -> Result {
    let selection = Selection::of(&call.params)?;
    LABEL.selected_fields(selection.as_ref())?;
    let listing = Listing { path, paging: Paging::of_call(call, MAX_LABELS)? };
    call.record_read(rules::LABELS_KEPT);
    answer(&listing.page(call, labels, |label| read(label, selection.as_ref()))?)
}

/// Handles `GET /{label}`.
pub fn read(label: &Label, selection: Option<&Selection>) -> Fallible<Value> {
    LABEL.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(label.id)),
            _ => Some(json!(label.name)),
        })
    })
}

/// Handles `DELETE /{label}`.
pub fn delete(call: &Call, label: &Label) -> Result {
    call.execute(Command::Label(label.page, call.app(), LabelChange::Deletes(label.id.clone())))?;
    success()
}

/// Handles `POST /{label}/label`: puts the label on a person.
pub fn put_on(call: &Call, label: &Label) -> Result {
    let person = person_of_call(call)?;
    call.execute(Command::Label(label.page, call.app(), LabelChange::Puts(label.id.clone(), person)))?;
    success()
}

/// Handles `DELETE /{label}/label`: takes the label off a person.
pub fn take_off(call: &Call, label: &Label) -> Result {
    let person = person_of_call(call)?;
    call.execute(Command::Label(label.page, call.app(), LabelChange::Takes(label.id.clone(), person)))?;
    success()
}

fn person_of_call(call: &Call) -> Fallible<PersonKey> {
    let params = ParamObject::of_call(&call.params, &PUT_PARAMS)?;
    Ok(call.thread_of_param("user", &params.string("user"))?.person)
}
