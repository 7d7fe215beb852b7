//! The JSON of a change on an Instagram account. The order of the fields is that of Meta's documents.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::model::account_change::{AccountChange, AccountComment};
use crate::domain::model::account_media::AccountMedia;
use crate::domain::model::commented_media::{CommentedKind, CommentedMedia};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, IdKind, IdStream, ThreadKey};
use crate::domain::model::public_action::StoryInsights;
use crate::domain::model::publication::PublicAuthor;

/// Numbers below this are not said.
const LEAST_COUNT: u32 = 5;

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum AccountChangeJson<'e> {
    Comment(CommentJson<'e>),
    Mention {
        media_id: &'e str,
        #[serde(skip_serializing_if = "Option::is_none")]
        comment_id: Option<&'e str>,
    },
    StoryInsights(StoryInsightsJson<'e>),
}

#[derive(Serialize)]
pub(super) struct CommentJson<'e> {
    id: &'e str,
    from: CommenterJson<'e>,
    /// Absent for a GIF.
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<&'e str>,
    media: CommentedMediaJson<'e>,
}

#[derive(Serialize)]
struct CommenterJson<'e> {
    id: Cow<'e, str>,
    username: Cow<'e, str>,
    /// It marks what the account itself has written.
    #[serde(skip_serializing_if = "Option::is_none")]
    self_ig_scoped_id: Option<String>,
}

#[derive(Serialize)]
struct CommentedMediaJson<'e> {
    id: Cow<'e, str>,
    media_product_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_title: Option<&'e str>,
    /// The post that the ad shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_media_id: Option<Box<str>>,
}

#[derive(Serialize)]
pub(super) struct StoryInsightsJson<'e> {
    media_id: &'e str,
    impressions: i64,
    reach: i64,
    taps_forward: i64,
    taps_back: i64,
    exits: i64,
    replies: i64,
}

pub(super) fn account_change_json<'e>(
    config: &'e Config,
    account: AssetKey,
    change: &'e AccountChange,
) -> AccountChangeJson<'e> {
    match change {
        AccountChange::Comment(comment) | AccountChange::MentionInComment(comment) => {
            AccountChangeJson::Comment(comment_json(config, account, comment))
        }
        AccountChange::Mention { media_id, comment_id } => {
            AccountChangeJson::Mention { media_id, comment_id: comment_id.as_deref() }
        }
        AccountChange::StoryInsights { media_id, insights } => {
            AccountChangeJson::StoryInsights(story_insights_json(media_id, insights))
        }
    }
}

fn comment_json<'e>(config: &'e Config, account: AssetKey, comment: &'e AccountComment) -> CommentJson<'e> {
    CommentJson {
        id: &comment.id,
        from: commenter_json(config, account, comment.by),
        text: &comment.text,
        parent_id: comment.parent_id.as_deref(),
        media: media_json(config, account, &comment.media),
    }
}

fn commenter_json(config: &Config, account: AssetKey, by: PublicAuthor) -> CommenterJson<'_> {
    match by {
        PublicAuthor::Page => {
            let asset = config.asset(account);
            let mut own_id = IdStream::named(config.seed, IdKind::Psid, &asset.name, 0);
            CommenterJson {
                id: Cow::Borrowed(&asset.id),
                username: Cow::Borrowed(asset.details.username.as_deref().unwrap_or(&asset.name)),
                self_ig_scoped_id: Some(match config.own_person(account) {
                    Some(person) => config.psid(ThreadKey { asset: account, person }).to_string(),
                    None => own_id.digits(16).to_string(),
                }),
            }
        }
        PublicAuthor::Person(person) => CommenterJson {
            id: Cow::Owned(config.psid(ThreadKey { asset: account, person }).to_string()),
            username: config.person_name(person),
            self_ig_scoped_id: None,
        },
    }
}

fn media_json<'e>(config: &'e Config, account: AssetKey, media: &'e CommentedMedia) -> CommentedMediaJson<'e> {
    match media.kind {
        CommentedKind::Own(kind) => CommentedMediaJson {
            id: Cow::Borrowed(&media.id),
            media_product_type: kind.product_type(),
            ad_id: None,
            ad_title: None,
            original_media_id: None,
        },
        CommentedKind::Ad(ad) => {
            let ad = config.ad(ad);
            CommentedMediaJson {
                id: Cow::Borrowed(&media.id),
                media_product_type: "AD",
                ad_id: Some(&ad.id),
                ad_title: ad.shown.title.as_deref(),
                original_media_id: Some(AccountMedia::Post.id_on(config.seed, account)),
            }
        }
    }
}

fn story_insights_json<'e>(media_id: &'e str, insights: &StoryInsights) -> StoryInsightsJson<'e> {
    let shown = |count: u32| if count < LEAST_COUNT { -1 } else { i64::from(count) };
    StoryInsightsJson {
        media_id,
        impressions: shown(insights.impressions),
        reach: shown(insights.reach),
        taps_forward: shown(insights.taps_forward),
        taps_back: shown(insights.taps_back),
        exits: shown(insights.exits),
        replies: shown(insights.replies),
    }
}
