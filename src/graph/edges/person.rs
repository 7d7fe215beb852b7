//! Handles `GET /{psid}`: a person's profile.

use serde_json::{Value, json};

use crate::domain::model::access::Permission;
use crate::domain::model::time::Span;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::NodeKind;
use crate::graph::read::participants;

static USER: NodeKind = NodeKind {
    fields: &["id", "name", "first_name", "last_name", "profile_pic", "locale", "timezone", "gender"],
    default_fields: &["first_name", "last_name", "profile_pic", "id"],
    ..NodeKind::new("User")
};

/// How long the link to a profile picture is valid.
const PICTURE_LIFETIME: Span = Span::days(7);

/// The fields that need a permission of their own.
const GUARDED_FIELDS: [(&str, Permission); 3] = [
    ("locale", Permission::PagesUserLocale),
    ("timezone", Permission::PagesUserTimezone),
    ("gender", Permission::PagesUserGender),
];

/// A profile can be read once the person has written or tapped something.
pub fn read(call: &Call, psid: &str, selection: Option<&Selection>) -> Result<Value, Failure> {
    USER.selected_fields(selection)?;
    let thread = call.thread(psid)?;
    check_permissions(call, selection)?;
    let started = call.world().read(|world, _, _| world.thread(thread).is_some_and(|thread| thread.is_started()));
    if !started {
        return Err(Failure::by_rule(catalogue::NO_PROFILE.error(), rules::PROFILE_NEEDS_CONSENT));
    }
    let person = call.config().person(thread.person);
    let expires = (call.world().now() + PICTURE_LIFETIME).millis() / 1000;
    USER.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(psid)),
            "name" => Some(json!(participants::person_name(call.config(), thread))),
            "first_name" => Some(json!(person.first_name())),
            "last_name" => Some(json!(person.last_name())),
            // The host does not resolve: a bot must not fetch a picture from outside the test.
            "profile_pic" => Some(json!(format!("https://graphdouble.invalid/profile_pic/{psid}.jpg?ext={expires}"))),
            "locale" => Some(json!(person.locale())),
            "timezone" => Some(json!(person.timezone())),
            "gender" => person.gender().map(|gender| json!(gender)),
            _ => None,
        })
    })
}

/// Checks the permission to write to people, and those of guarded fields. Without one of those the whole call fails.
fn check_permissions(call: &Call, selection: Option<&Selection>) -> Result<(), Failure> {
    let is_selected =
        |guarded: &str| selection.is_some_and(|fields| fields.0.iter().any(|field| field.name == guarded));
    if !call.has_permission(Permission::PagesMessaging) {
        let missing = Reason::NoPermission(Permission::PagesMessaging);
        return Err(call.failure(&Refusal::new(missing, rules::PERMISSION_MISSING)));
    }
    let mut guarded = GUARDED_FIELDS.iter().filter(|(field, _)| is_selected(field));
    match guarded.find(|(_, permission)| !call.has_permission(*permission)) {
        Some(_) => Err(Failure::by_rule(catalogue::PROFILE_PERMISSION_NEEDED.error(), rules::PERMISSION_MISSING)),
        None => Ok(()),
    }
}
