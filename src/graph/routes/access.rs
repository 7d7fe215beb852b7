//! Graph room: which permission and which page task each edge of a page needs, and what Meta says where one is missing. Only a world
//! with `strict_permissions` has them missing.

use hyper::http::Method;

use crate::domain::model::access::{Permission, Task};
use crate::domain::model::fields::{Field, FieldSet};
use crate::domain::policy::access::{has_task, permitted};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::engine::Principal;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::read::fields::Selection;

/// Fields of a page that everybody sees who sees the page.
const PLAIN_FIELDS: &[&str] = &["id", "name", "access_token", "recipient"];
/// Fields of the page that have nothing to do with messages.
const OTHER_FIELDS: &[Field] = &[
    Field::GroupFeed,
    Field::Feed,
    Field::Mention,
    Field::Leadgen,
    Field::Conversations,
    Field::Follow,
    Field::BusinessIntegrity,
    Field::UserAction,
    Field::StoryShare,
];

/// What an edge of a page needs.
fn needs(method: &Method, edge: &str) -> (Permission, Option<Task>) {
    match edge {
        "subscribed_apps" if *method == Method::GET => (Permission::PagesManageMetadata, None),
        "subscribed_apps" => (Permission::PagesManageMetadata, Some(Task::Moderate)),
        "message_templates" => (Permission::PagesUtilityMessaging, Some(Task::Messaging)),
        "conversations" | "threads" => (Permission::PagesReadEngagement, Some(Task::Messaging)),
        "custom_labels" | "settings" | "nlp_configs" => (Permission::PagesManageMetadata, Some(Task::Messaging)),
        _ => (Permission::PagesMessaging, Some(Task::Messaging)),
    }
}

/// Whether the call may come in at an edge of a page: with a page token, whose app has the permission, and whose maker has the task.
pub fn check_edge(call: &Call, edge: &str) -> Result<(), Failure> {
    if matches!(call.holder, Principal::User(..)) {
        return Err(no_page_token(&call.method, edge));
    }
    let page = call.page()?;
    let (permission, task) = needs(&call.method, edge);
    let checked = call.world().read(|world, _, _| {
        let (config, settings) = (world.config(), world.settings());
        permitted(config, settings, call.app(), permission)?;
        match (task, world.token(call.token)) {
            (Some(task), Some(token)) => has_task(config, settings, token, page, task),
            _ => Ok(()),
        }
    });
    checked.map_err(|refusal| call.failure(&refusal))
}

/// What a user token is told at an edge of a page: Meta has two errors for it.
pub fn no_page_token(method: &Method, edge: &str) -> Failure {
    match *method == Method::GET && edge != "subscribed_apps" {
        true => catalogue::TOKEN_NOT_OF_A_PAGE.error().into(),
        false => catalogue::PAGE_TOKEN_NEEDED.error().into(),
    }
}

/// Reading a page needs a permission as soon as more is asked for than everybody sees.
pub fn check_page(call: &Call, selection: Option<&Selection>) -> Result<(), Failure> {
    if names(selection).all(|field| PLAIN_FIELDS.contains(&field))
        || call.has_permission(Permission::PagesReadEngagement)
    {
        return Ok(());
    }
    Err(Failure::by_rule(catalogue::ENGAGEMENT_NEEDED.error(), rules::PERMISSION_MISSING))
}

/// Reading a person needs the permission to write to them, and one more for each part of the profile that Meta guards.
pub fn check_person(call: &Call, selection: Option<&Selection>) -> Result<(), Failure> {
    const GUARDED: [(&str, Permission); 3] = [
        ("locale", Permission::PagesUserLocale),
        ("timezone", Permission::PagesUserTimezone),
        ("gender", Permission::PagesUserGender),
    ];
    let guarded = GUARDED.into_iter().filter(|(field, _)| names(selection).any(|asked| asked == *field));
    let needed = std::iter::once(Permission::PagesMessaging).chain(guarded.map(|(_, permission)| permission));
    match needed.into_iter().find(|permission| !call.has_permission(*permission)) {
        Some(missing) => Err(call.failure(&Refusal::new(Reason::NoPermission(missing), rules::PERMISSION_MISSING))),
        None => Ok(()),
    }
}

/// The fields that a call names.
fn names(selection: Option<&Selection>) -> impl Iterator<Item = &str> {
    selection.into_iter().flat_map(|selection| &selection.0).map(|field| field.name.as_str())
}

/// Fields about messages are subscribed by an app that may write messages: one sentence for each that it may not have.
pub fn check_fields(call: &Call, fields: FieldSet) -> Result<(), Failure> {
    if call.has_permission(Permission::PagesMessaging) {
        return Ok(());
    }
    let guarded = fields.iter().filter(|field| !OTHER_FIELDS.contains(field));
    let errors = guarded.map(|field| catalogue::FIELD_PERMISSION_NEEDED.with(&[("field", field.name())]));
    let all = errors.reduce(|mut all, next| {
        all.message.push(' ');
        all.message.push_str(next.message.trim_start_matches("(#200) "));
        all
    });
    all.map_or(Ok(()), |error| Err(Failure::by_rule(error, rules::PERMISSION_MISSING)))
}
