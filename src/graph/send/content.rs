//! `message` of the Send API: text, an attachment, quick replies.

use crate::domain::model::ids::AssetKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Content};

use super::quick_replies::{QUICK_REPLIES, quick_replies};
use super::templates::{self, PLACEHOLDER, TEMPLATE, saved_attachment};
use super::uploaded::uploaded;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Any, Flag, List, MediaUrl, Object, Scalar, Special, Text};
use crate::graph::http::param_table::{ParamRule, ParamTable, SpecialText, optional, required};
use crate::graph::http::param_value::ParamMap;

const MAX_TEXT: usize = 2000;
pub const MAX_METADATA: usize = 1000;
/// More digits than the id of an attachment has.
const MAX_ID: usize = 100;

static MESSAGE: ParamTable = ParamTable::of(&[
    optional("text", Text(MAX_TEXT)),
    optional("attachment", Object(&ATTACHMENT)),
    optional("attachments", Any),
    optional("quick_replies", List(&QUICK_REPLIES)),
    optional("metadata", Text(MAX_METADATA)),
])
.rules(&[
    ParamRule::AnyOf(&["text", "attachment", "attachments"], &catalogue::MESSAGE_EMPTY),
    ParamRule::AtMostOne(&["text", "attachment"], &catalogue::TEXT_AND_ATTACHMENT),
]);
static ATTACHMENT: ParamTable =
    ParamTable::of(&[required("type", Special(&ATTACHMENT_TYPE)), required("payload", Object(&PAYLOAD))]);
static ATTACHMENT_TYPE: SpecialText =
    SpecialText { most: MAX_ID, accepts: is_attachment_type, error: &catalogue::ATTACHMENT_TYPE, kind: "" };
/// The type of the attachment says which keys the payload has. It is checked when the message is.
static PAYLOAD: ParamTable = ParamTable::open();
pub static MEDIA: ParamTable = ParamTable::of(&[
    optional("url", MediaUrl),
    optional("is_reusable", Flag),
    optional("attachment_id", Scalar(MAX_ID)),
]);

fn is_attachment_type(text: &str) -> bool {
    text.eq_ignore_ascii_case("template") || MediaKind::parse(&text.to_ascii_lowercase()).is_some()
}

pub fn read(call: &Call, page: AssetKey, message: &ParamMap<'_>) -> Result<Content, Failure> {
    let message = ParamObject::check(message, &MESSAGE, "message")?;
    if message.has("attachments") {
        return Err(catalogue::NOT_BUILT.with(&[("what", "message[attachments]")]).into());
    }
    let attachment = message.object("attachment").map(|object| attachment(call, page, &object)).transpose()?;
    Ok(Content {
        text: message.text("text").filter(|text| !text.is_empty()),
        attachments: attachment.into_iter().collect(),
        quick_replies: quick_replies(&message),
    })
}

fn attachment(call: &Call, page: AssetKey, object: &ParamObject<'_>) -> ParamResult<Attachment> {
    let payload = object.object("payload").unwrap_or_default();
    let Some(kind) = MediaKind::parse(&object.variant("type")) else {
        payload.check_variant(&TEMPLATE, PLACEHOLDER)?;
        return templates::read(call, &payload).map(Attachment::Template);
    };
    payload.check_as(&MEDIA, "message[attachment][payload]")?;
    media(call, page, kind, &payload)
}

/// A file behind a URL, a file in the call, or one that the asset has saved. The payload has been checked.
pub fn media(call: &Call, asset: AssetKey, kind: MediaKind, payload: &ParamObject<'_>) -> ParamResult<Attachment> {
    if let Some(id) = payload.text("attachment_id") {
        return saved_attachment(call, asset, &id).ok_or_else(|| catalogue::ATTACHMENT_UNKNOWN.error());
    }
    let url = match uploaded(call, kind, call.config().platform(asset))? {
        Some(url) => url,
        None => payload.text("url").ok_or_else(|| catalogue::FILE_COUNT.error())?,
    };
    Ok(Attachment::Media { kind, url, reusable: payload.flag("is_reusable").unwrap_or_default() })
}
