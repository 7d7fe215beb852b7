//! Quick replies of messages.

use crate::domain::model::message::{QuickReply, QuickReplyKind};

use super::buttons::{MAX_PAYLOAD, MAX_TITLE};
use crate::graph::errors::catalogue;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{OneOf, Scalar, Text, UrlOrEmpty};
use crate::graph::http::param_table::{Least, ListOf, ParamRule, ParamTable, ParamVariants, needed, optional};

pub const MAX_QUICK_REPLIES: usize = 13;

/// A label and its payload may be empty beside a picture.
static OF_TEXT: ParamTable = ParamTable::of(&[
    needed("title", Text(MAX_TITLE), &catalogue::QUICK_REPLY_TITLE_NEEDED),
    needed("payload", Scalar(MAX_PAYLOAD), &catalogue::QUICK_REPLY_PAYLOAD_NEEDED),
    optional("image_url", UrlOrEmpty),
])
.rules(&[
    ParamRule::NonEmptyWithout("title", "image_url", &catalogue::QUICK_REPLY_TITLE_NEEDED),
    ParamRule::NonEmptyWithout("payload", "image_url", &catalogue::QUICK_REPLY_PAYLOAD_NEEDED),
]);
/// Messenger writes the label itself.
static OF_PERSON: ParamTable = ParamTable::of(&[
    optional("title", Text(MAX_TITLE)),
    optional("payload", Scalar(MAX_PAYLOAD)),
    optional("image_url", UrlOrEmpty),
]);
static QUICK_REPLY: ParamVariants = ParamVariants {
    key: "content_type",
    tables: &[("text", &OF_TEXT), ("user_phone_number", &OF_PERSON), ("user_email", &OF_PERSON)],
    gone: &[("location", &catalogue::LOCATION_GONE)],
    unknown: Some(&catalogue::PARAM_VALUE_INVALID),
};
pub static QUICK_REPLIES: ListOf = ListOf::of(OneOf(&QUICK_REPLY), Least::One, MAX_QUICK_REPLIES);

/// The quick replies of a message.
pub fn quick_replies(message: &ParamObject<'_>) -> Vec<QuickReply> {
    message.objects("quick_replies").iter().map(quick_reply).collect()
}

fn quick_reply(object: &ParamObject<'_>) -> QuickReply {
    let content_type = object.variant("content_type");
    let kind = QuickReplyKind::parse(&content_type).unwrap_or_default();
    let image_url = object.text("image_url").filter(|url| !url.is_empty());
    if kind != QuickReplyKind::Text {
        return QuickReply { kind, title: content_type.into(), payload: "".into(), image_url };
    }
    QuickReply { kind, title: object.string("title"), payload: object.string("payload"), image_url }
}
