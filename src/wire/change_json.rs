//! An element of `changes` in a webhook entry. The order of the fields is Meta's.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::test_values::test_value;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::page_change::{FeedChange, FeedItem, FeedVerb, PageChange, ReviewedTemplate};
use crate::domain::model::publication::PublicAuthor;
use crate::domain::model::time::Moment;

#[derive(Serialize)]
pub(super) struct ChangeJson<'e> {
    value: ChangeValueJson<'e>,
    field: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ChangeValueJson<'e> {
    Feed(FeedChangeJson<'e>),
    Mention(MentionJson<'e>),
    TemplateReviewed(ReviewedTemplateJson<'e>),
    Test(Value),
}

#[derive(Serialize)]
struct FeedChangeJson<'e> {
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
struct MentionJson<'e> {
    message: &'e str,
    post_id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_id: Option<&'e str>,
    created_time: u64,
    item: &'static str,
    verb: &'static str,
}

#[derive(Serialize)]
struct ReviewedTemplateJson<'e> {
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

/// The JSON of a change on a page, which happened at `at`.
pub(super) fn change_json<'e>(
    config: &'e Config,
    page: AssetKey,
    change: &'e PageChange,
    at: Moment,
) -> ChangeJson<'e> {
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
        PageChange::Test(field) => ChangeValueJson::Test(test_value(*field, seconds(at))),
    };
    ChangeJson { value, field: change.field().name() }
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
