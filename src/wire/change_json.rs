//! An element of `changes` in a webhook entry. The order of the fields is Meta's.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::model::config::Config;
use crate::domain::model::ids::{PageKey, ThreadKey};
use crate::domain::model::page_change::{FeedChange, PageChange};
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
    verb: &'static str,
}

#[derive(Serialize)]
struct PublicAuthorJson<'e> {
    id: Cow<'e, str>,
    name: Cow<'e, str>,
}

/// The JSON of a change on a page.
pub(super) fn change_json<'e>(config: &'e Config, page: PageKey, change: &'e PageChange) -> ChangeJson<'e> {
    let value = match change {
        PageChange::Feed(feed) => ChangeValueJson::Feed(feed_change_json(config, page, feed)),
    };
    ChangeJson { value, field: change.field().name() }
}

fn feed_change_json<'e>(config: &'e Config, page: PageKey, change: &'e FeedChange) -> FeedChangeJson<'e> {
    FeedChangeJson {
        from: author_json(config, page, change.by),
        message: change.message.as_deref(),
        post_id: &change.post_id,
        comment_id: change.comment_id.as_deref(),
        created_time: seconds(change.created),
        item: change.item.name(),
        parent_id: change.parent_id.as_deref(),
        verb: change.verb.name(),
    }
}

fn author_json(config: &Config, page: PageKey, by: PublicAuthor) -> PublicAuthorJson<'_> {
    match by {
        PublicAuthor::Page => {
            let page = config.page(page);
            PublicAuthorJson { id: Cow::Borrowed(&page.id), name: Cow::Borrowed(&page.name) }
        }
        PublicAuthor::Person(person) => PublicAuthorJson {
            id: Cow::Owned(config.psid(ThreadKey { page, person }).to_string()),
            name: Cow::Owned(config.person(person).full_name()),
        },
    }
}

/// Times in `changes` are seconds, not milliseconds.
pub(super) fn seconds(moment: Moment) -> u64 {
    moment.millis() / 1000
}
