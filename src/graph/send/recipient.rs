//! Reads `recipient` of the Send API and of the thread control calls.

use crate::domain::model::ids::ThreadKey;
use crate::domain::model::platform::Platform;
use crate::domain::model::recipient_ids::RecipientIdKind;
use crate::domain::rules;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Id, NonEmptyScalar, Object, Text};
use crate::graph::http::param_table::{ParamRule, ParamTable, optional, required};
use crate::graph::http::params::scalar;
use crate::graph::http::surface::Surface;

/// The most characters of a token or of an id that is not a PSID.
const MAX_ID: usize = 1000;

/// Whom a call is about: one key, and the name beside a telephone number.
pub static RECIPIENT: ParamTable = ParamTable::of(&[
    optional("id", Id),
    optional("user_ref", NonEmptyScalar(MAX_ID)),
    optional("phone_number", NonEmptyScalar(MAX_ID)),
    optional("name", Object(&NAME)),
    optional("comment_id", NonEmptyScalar(MAX_ID)),
    optional("post_id", NonEmptyScalar(MAX_ID)),
    optional("notification_messages_token", NonEmptyScalar(MAX_ID)),
    optional("one_time_notif_token", NonEmptyScalar(MAX_ID)),
])
.rules(&[
    ParamRule::AnyOf(KINDS, &catalogue::PARAM_REQUIRED),
    ParamRule::AtMostOne(KINDS, &catalogue::PARAM_ONE_KEY),
    ParamRule::AtMostOne(NOT_BY_PHONE, &catalogue::PARAM_ONE_KEY),
]);
/// Whom a message on Instagram goes to.
pub static ON_INSTAGRAM: ParamTable =
    ParamTable::of(&[optional("id", Id), optional("comment_id", NonEmptyScalar(MAX_ID))]).rules(&[
        ParamRule::AnyOf(&["id", "comment_id"], &catalogue::PARAM_REQUIRED),
        ParamRule::AtMostOne(&["id", "comment_id"], &catalogue::PARAM_ONE_KEY),
    ]);
static NAME: ParamTable = ParamTable::of(&[optional("first_name", Text(MAX_ID)), optional("last_name", Text(MAX_ID))]);
/// The keys that name a person.
const KINDS: &[&str] =
    &["id", "user_ref", "phone_number", "comment_id", "post_id", "notification_messages_token", "one_time_notif_token"];
/// The keys beside which no name can stand.
const NOT_BY_PHONE: &[&str] =
    &["name", "id", "user_ref", "comment_id", "post_id", "notification_messages_token", "one_time_notif_token"];
/// The parameter of a call about one person.
static PARAMS: ParamTable = ParamTable::of_call(&[required("recipient", Object(&RECIPIENT))]);

/// The thread that `recipient` names, and the PSID as text.
pub fn thread(call: &Call) -> Result<(ThreadKey, String), Failure> {
    let recipient = checked(call)?;
    match recipient.text("id") {
        Some(id) => Ok((call.thread_of_param("recipient[id]", &id)?, id.into())),
        None => {
            let key = recipient.keys().next().unwrap_or("id");
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("recipient[{key}]"))]).into())
        }
    }
}

fn checked<'p>(call: &'p Call<'_>) -> Result<ParamObject<'p>, Failure> {
    ParamObject::of_call(&call.params, &PARAMS)?;
    let map = call.params.object("recipient")?.unwrap_or_default();
    Ok(ParamObject::from(map))
}

/// The person to whom a message goes.
pub struct Recipient {
    pub thread: ThreadKey,
    /// The PSID for the answer. The answer to a `user_ref` has none.
    pub psid: Option<String>,
    /// The id in `recipient`, if it is not a PSID.
    pub other_id: Option<Box<str>>,
}

/// The recipient of a message, with any of the Send API's keys. The table of the call has checked it.
pub fn message_recipient(call: &Call) -> Result<Recipient, Failure> {
    let recipient = checked(call)?;
    if let Some(psid) = recipient.text("id") {
        let thread = call.thread_of_param("recipient[id]", &psid)?;
        return Ok(Recipient { thread, psid: Some(psid.into()), other_id: None });
    }
    let of_kind = |kind: &RecipientIdKind| Some((*kind, recipient.text(kind.name())?));
    // A telephone number is left. No app has the permission.
    let Some((kind, id)) = RecipientIdKind::ALL.iter().find_map(of_kind) else {
        return Err(Failure::by_rule(catalogue::PHONE_REVIEW_NEEDED.error(), rules::PHONE_NUMBER));
    };
    let page = call.page()?;
    let known = call.world().read(|world, _, _| {
        let address = world.settings().recipient_ids.get(page, &id);
        address.filter(|address| address.kind == kind).map(|address| address.thread)
    });
    let thread = known.ok_or_else(|| match kind {
        RecipientIdKind::Comment | RecipientIdKind::Post => {
            Failure::by_rule(catalogue::COMMENT_UNKNOWN.with(&[("param", kind.name())]), rules::PRIVATE_REPLY_UNKNOWN)
        }
        RecipientIdKind::Notification => {
            Failure::by_rule(catalogue::TOKEN_OF_NOTIFICATION_INVALID.error(), rules::NOTIFICATION_UNKNOWN)
        }
        RecipientIdKind::Checkbox | RecipientIdKind::Login | RecipientIdKind::OneTime => {
            Failure::by_rule(catalogue::NO_MATCHING_USER.error(), rules::UNKNOWN_PERSON)
        }
    })?;
    let psid = (kind != RecipientIdKind::Checkbox).then(|| call.config().psid(thread).to_string());
    Ok(Recipient { thread, psid, other_id: Some(id) })
}

/// The platform of the thread that `recipient` names. Where it names none, the host decides.
pub fn platform(call: &Call) -> Platform {
    if call.surface == Surface::Instagram {
        return Platform::Instagram;
    }
    let has_accounts = call.config().assets_on(Platform::Instagram).next().is_some();
    match has_accounts.then(|| find_thread(call)).flatten() {
        Some(thread) => call.config().platform(thread.asset),
        None => Platform::Messenger,
    }
}

/// The recipient of a message on Instagram: an IGSID, or the author of a comment. The table of the call has checked it.
pub fn instagram_recipient(call: &Call) -> Result<Recipient, Failure> {
    let recipient = checked(call)?;
    if let Some(id) = recipient.text("id") {
        if id.bytes().all(|byte| byte == b'0') {
            return Err(call.unknown_person(&id));
        }
        let thread = call.thread_of_param("recipient[id]", &id)?;
        return Ok(Recipient { thread, psid: Some(id.into()), other_id: None });
    }
    let id = recipient.string("comment_id");
    let thread = thread_of_public_id(call, RecipientIdKind::Comment, &id)
        .ok_or_else(|| Failure::by_rule(catalogue::COMMENT_INVALID.error(), rules::INSTAGRAM_PRIVATE_REPLY_UNKNOWN))?;
    Ok(Recipient { thread, psid: Some(call.config().psid(thread).to_string()), other_id: Some(id) })
}

/// The thread of a recipient id of the token's page, or of the account that the token reaches beside it.
fn thread_of_public_id(call: &Call, kind: RecipientIdKind, id: &str) -> Option<ThreadKey> {
    let own = call.page().ok()?;
    let account = call.config().account_of(own).filter(|account| call.reaches(own, *account));
    call.world().read(|world, _, _| {
        let known = |asset| world.settings().recipient_ids.get(asset, id).filter(|known| known.kind == kind);
        known(own).or_else(|| known(account?)).map(|known| known.thread)
    })
}

/// The thread that `recipient` names in any of its forms. `None` if there is none; nothing is refused.
pub fn find_thread(call: &Call) -> Option<ThreadKey> {
    let people = &call.config().people;
    let value = call.params.get("recipient")?;
    let Some(recipient) = call.params.object("recipient").ok().flatten() else {
        return people.thread_of(&scalar(value)?);
    };
    let text = |name: &str| recipient.get(name).and_then(scalar);
    if let Some(id) = text("id") {
        return people.thread_of(&id);
    }
    RecipientIdKind::ALL.iter().find_map(|kind| thread_of_public_id(call, *kind, &text(kind.name())?))
}
