//! An element of `changes` in a webhook entry. The order of the fields is Meta's.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Value;

use super::account_change_json::{AccountChangeJson, account_change_json};
use super::instagram_test_values::instagram_test_value;
use super::test_values::test_value;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::page_change::{FeedChange, FeedItem, FeedVerb, PageChange, ReviewedTemplate};
use crate::domain::model::platform::Platform;
use crate::domain::model::publication::PublicAuthor;
use crate::domain::model::time::Moment;

/// Pages have the value before the field, Instagram after it.
#[derive(Serialize)]
pub(super) struct ChangeJson<'e> {
    #[serde(rename = "field", skip_serializing_if = "Option::is_none")]
    field_before: Option<&'static str>,
    pub value: ChangeValueJson<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ChangeValueJson<'e> {
    Feed(FeedChangeJson<'e>),
    Mention(MentionJson<'e>),
    TemplateReviewed(ReviewedTemplateJson<'e>),
    OnAccount(AccountChangeJson<'e>),
    Test(Value),
}

#[derive(Serialize)]
pub(super) struct FeedChangeJson<'e> {
    from: PublicAuthorJson<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'e str>,
    post_id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_id: Option<&'e str>,
    created_time: u64,
    item: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reaction_type: Option<&'e str>,
    /// 1 for what the page itself has written.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<u8>,
    verb: &'static str,
}

#[derive(Serialize)]
pub(super) struct MentionJson<'e> {
    message: &'e str,
    post_id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_id: Option<&'e str>,
    created_time: u64,
    item: &'static str,
    verb: &'static str,
}

#[derive(Serialize)]
pub(super) struct ReviewedTemplateJson<'e> {
    event: &'static str,
    message_template_id: u64,
    message_template_name: &'e str,
    message_template_language: &'e str,
    reason: &'static str,
}

#[derive(Serialize)]
struct PublicAuthorJson<'e> {
    id: Cow<'e, str>,
    name: Cow<'e, str>,
}

impl ChangeJson<'_> {
    /// Writes the change into an entry, without a map of its own.
    pub(super) fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if let Some(field) = self.field_before.or(self.field) {
            map.serialize_entry("field", field)?;
        }
        map.serialize_entry("value", &self.value)
    }
}

/// The JSON of a change on a page, which happened at `at`.
pub(super) fn change_json<'e>(
    config: &'e Config,
    page: AssetKey,
    change: &'e PageChange,
    at: Moment,
) -> ChangeJson<'e> {
    let platform = config.platform(page);
    let value = match change {
        PageChange::Feed(feed) => ChangeValueJson::Feed(feed_change_json(config, page, feed)),
        PageChange::Mention(mention) => ChangeValueJson::Mention(MentionJson {
            message: &mention.text,
            post_id: &mention.post_id,
            comment_id: mention.comment_id.as_deref(),
            created_time: seconds(at),
            item: if mention.comment_id.is_some() { "comment" } else { "post" },
            verb: "add",
        }),
        PageChange::TemplateReviewed(template) => ChangeValueJson::TemplateReviewed(reviewed_template_json(template)),
        PageChange::OnAccount(change) => ChangeValueJson::OnAccount(account_change_json(config, page, change)),
        PageChange::Test(field) => ChangeValueJson::Test(match platform {
            Platform::Messenger => test_value(*field, seconds(at)),
            Platform::Instagram => instagram_test_value(*field),
        }),
    };
    let (field, is_on_instagram) = (change.field().name(), platform == Platform::Instagram);
    ChangeJson { field_before: is_on_instagram.then_some(field), value, field: (!is_on_instagram).then_some(field) }
}

fn reviewed_template_json(template: &ReviewedTemplate) -> ReviewedTemplateJson<'_> {
    ReviewedTemplateJson {
        event: if template.rejected.is_some() { "REJECTED" } else { "APPROVED" },
        message_template_id: template.id.parse().unwrap_or_default(),
        message_template_name: &template.name,
        message_template_language: &template.language,
        reason: template.rejected.unwrap_or("NONE"),
    }
}

fn feed_change_json<'e>(config: &'e Config, page: AssetKey, change: &'e FeedChange) -> FeedChangeJson<'e> {
    FeedChangeJson {
        from: author_json(config, page, change.by),
        message: change.message.as_deref(),
        post_id: &change.post_id,
        comment_id: change.comment_id.as_deref(),
        created_time: seconds(change.created),
        item: change.item.name(),
        parent_id: change.parent_id.as_deref(),
        reaction_type: change.reaction.as_deref(),
        published: (change.item == FeedItem::Status && change.verb != FeedVerb::Remove).then_some(1),
        verb: change.verb.name(),
    }
}

fn author_json(config: &Config, page: AssetKey, by: PublicAuthor) -> PublicAuthorJson<'_> {
    match by {
        PublicAuthor::Page => {
            let page = config.asset(page);
            PublicAuthorJson { id: Cow::Borrowed(&page.id), name: Cow::Borrowed(&page.name) }
        }
        PublicAuthor::Person(person) => PublicAuthorJson {
            id: Cow::Owned(config.psid(ThreadKey { asset: page, person }).to_string()),
            name: Cow::Owned(config.person(person).full_name()),
        },
    }
}

/// Times in `changes` are seconds, not milliseconds.
pub(super) fn seconds(moment: Moment) -> u64 {
    moment.millis() / 1000
}
