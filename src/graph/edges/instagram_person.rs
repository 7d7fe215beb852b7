//! Handles `GET /{igsid}`: the profile of a person on Instagram.

use serde_json::{Value, json};

use crate::domain::model::access::Permission;
use crate::domain::model::ids::ThreadKey;
use crate::domain::model::knobs::ConsentError;
use crate::domain::model::time::Span;
use crate::domain::rules;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::instagram_access::{self, permission_needed};
use crate::graph::http::platform_param;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::NodeKind;
use crate::graph::read::participants;

static PERSON: NodeKind = NodeKind {
    fields: &[
        "id",
        "name",
        "username",
        "profile_pic",
        "follower_count",
        "is_user_follow_business",
        "is_business_follow_user",
        "is_verified_user",
    ],
    default_fields: &["name", "username", "profile_pic", "id"],
    ..NodeKind::new("IGBusinessScopedID")
};

/// How long the link to a profile picture is valid.
const PICTURE_LIFETIME: Span = Span::days(7);

/// A profile can be read once the person has written or tapped something. A comment is not enough.
pub fn read(call: &Call, igsid: &str, selection: Option<&Selection>) -> Result<Value, Failure> {
    PERSON.selected_fields(selection)?;
    let thread = call.thread(igsid)?;
    platform_param::check_messages_allowed(call, thread.asset)?;
    instagram_access::check_basic(call)?;
    let own = call.page()?;
    instagram_access::check(call, permission_needed(call, own, Permission::PagesMessaging))?;
    let (is_started, is_blocked) = call.world().read(|world, _, _| {
        let thread = world.thread(thread);
        (thread.is_some_and(|thread| thread.is_started()), thread.is_some_and(|thread| thread.blocked))
    });
    if !is_started {
        return Err(no_consent(call, thread));
    }
    call.record_read(rules::INSTAGRAM_PERSON_READ);
    let person = call.config().person(thread.person);
    let expires = (call.world().now() + PICTURE_LIFETIME).millis() / 1000;
    PERSON.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(igsid)),
            // Who has blocked the account shows it nothing.
            _ if is_blocked => None,
            "name" => Some(json!(person.full_name())),
            "username" => Some(json!(participants::username(call.config(), thread))),
            // The host does not resolve: a bot must not fetch a picture from outside the test.
            "profile_pic" => Some(json!(format!("https://graphdouble.invalid/profile_pic/{igsid}.jpg?ext={expires}"))),
            "follower_count" => Some(json!(person.on_instagram().follower_count)),
            "is_user_follow_business" => Some(json!(person.on_instagram().follows)),
            "is_business_follow_user" => Some(json!(person.on_instagram().is_followed)),
            "is_verified_user" => Some(json!(person.on_instagram().is_verified)),
            _ => None,
        })
    })
}

fn no_consent(call: &Call, thread: ThreadKey) -> Failure {
    let error = match call.config().asset(thread.asset).knobs.consent_error {
        ConsentError::UserConsent => catalogue::CONSENT_REQUIRED.error(),
        ConsentError::NoMatchingUser => catalogue::NO_INSTAGRAM_USER.error(),
        ConsentError::UnknownObject => call.unknown_object(&call.config().psid(thread).to_string()).error,
    };
    Failure::by_rule(error, rules::INSTAGRAM_CONSENT)
}
