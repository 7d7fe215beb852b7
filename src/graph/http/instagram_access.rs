//! Which permission a call needs that is about an Instagram account: each login has its own.

use super::call::Call;
use super::param_value::ParamValue;
use super::params::scalar;
use super::relaxed_json::{nested, structured};
use super::surface::Surface;
use crate::domain::model::access::Permission;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::instagram_ids::{is_instagram_conversation, is_instagram_message};
use crate::domain::model::platform::Platform;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::graph::errors::failure::Fallible;

/// The permission that the call needs in place of one of pages. `own` is the asset of the token.
pub fn permission_needed(call: &Call, own: AssetKey, of_page: Permission) -> Permission {
    let is_about_messages = matches!(of_page, Permission::PagesMessaging | Permission::PagesReadEngagement);
    match call.config().platform(own) {
        Platform::Instagram => match (call.surface, is_about_messages) {
            (Surface::Facebook, true) => Permission::InstagramManageMessages,
            (Surface::Facebook, false) => Permission::InstagramBasic,
            (_, true) => Permission::InstagramBusinessManageMessages,
            (_, false) => Permission::InstagramBusinessBasic,
        },
        Platform::Messenger if is_about_messages && is_about_account(call) => Permission::InstagramManageMessages,
        Platform::Messenger => of_page,
    }
}

/// Checks that the app may read what an account or a person on Instagram says about itself.
pub fn check_basic(call: &Call) -> Fallible<()> {
    let needed = match call.surface {
        Surface::Instagram => Permission::InstagramBusinessBasic,
        _ => Permission::InstagramBasic,
    };
    check(call, needed)
}

/// Checks that the app has the permission.
pub fn check(call: &Call, needed: Permission) -> Fallible<()> {
    match call.has_permission(needed) {
        true => Ok(()),
        false => Err(call.failure(&Refusal::new(Reason::NoPermission(needed), rules::PERMISSION_MISSING))),
    }
}

/// True if a call with a page token is about the linked account: by its path, its `platform`, or the person whom it names.
fn is_about_account(call: &Call) -> bool {
    let config = call.config();
    let is_of_instagram = |id: &str| {
        let asset = config.asset_by_id(id).or_else(|| config.people.thread_of(id).map(|thread| thread.asset));
        asset.is_some_and(|asset| config.platform(asset) == Platform::Instagram)
            || is_instagram_conversation(id)
            || is_instagram_message(id)
    };
    let text_of = |name: &str| call.params.text(name).ok().flatten();
    call.segments.first().is_some_and(|first| is_of_instagram(first))
        || text_of("platform").is_some_and(|platform| platform.eq_ignore_ascii_case("instagram"))
        || text_of("user_id").is_some_and(|id| is_of_instagram(&id))
        || recipient(call).is_some_and(|id| is_of_instagram(&id))
}

/// `recipient.id`, if the call has it.
fn recipient(call: &Call) -> Option<String> {
    match structured(call.params.get("recipient")?).as_deref() {
        Some(ParamValue::Object(map)) => nested(map, "id").and_then(|id| scalar(&id).map(Into::into)),
        _ => None,
    }
}
