//! What an admin does as the page to the posts and comments that steps name.

use std::sync::Arc;

use super::account_comments::{self, ActionOnAccount};
use super::find_publication::{find_publication, first_post, in_feed};
use crate::domain::event::{Event, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, IdKind, IdStream};
use crate::domain::model::page_change::{FeedChange, FeedVerb, PageChange};
use crate::domain::model::platform::Platform;
use crate::domain::model::public_action::PageAction;
use crate::domain::model::publication::{ID_DIGITS, PublicAuthor, Publication, first_post_id};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::outcome::Reply;
use crate::domain::policy::fan_out::Audience;
use crate::domain::refusal::Refusal;

/// A post or comment as it is afterwards, and what apps get.
pub struct PublicationChange {
    pub id: Box<str>,
    /// `None` if it was removed.
    pub publication: Option<Publication>,
    pub change: FeedChange,
}

impl PublicationChange {
    /// Something was written or edited.
    pub fn new(id: Box<str>, publication: Publication, verb: FeedVerb) -> Self {
        let change = FeedChange::written(&id, &publication, verb);
        Self { id, publication: Some(publication), change }
    }

    pub fn removal(id: Box<str>, publication: &Publication, now: Moment) -> Self {
        let change = FeedChange::removed(&id, publication, now);
        Self { id, publication: None, change }
    }
}

/// What an admin's action will do. Nothing has changed yet.
pub enum PlannedAction {
    Publication(PublicationChange),
    Test(PageChange),
    OnAccount(ActionOnAccount),
}

pub fn plan(
    config: &Config,
    settings: &Settings,
    page: AssetKey,
    action: &PageAction,
    now: Moment,
) -> Result<PlannedAction, Refusal> {
    if let (Platform::Instagram, false) = (config.platform(page), matches!(action, PageAction::PressesTest(_))) {
        return account_comments::plan(config, settings, page, action, now).map(PlannedAction::OnAccount);
    }
    let change = match action {
        PageAction::Comments { .. } | PageAction::StoryEnds(_) => {
            return Err(Refusal::script("only an Instagram account does this"));
        }
        PageAction::Posts(text) => {
            let number = settings.publications.written(page) + 1;
            let number = IdStream::new(config.seed, IdKind::Publication, u64::from(page.0), number).digits(ID_DIGITS);
            let id: Box<str> = format!("{}_{number}", config.asset(page).id).into();
            let post = Publication { text: text.clone(), ..first_post(id.clone(), now) };
            PublicationChange::new(id, post, FeedVerb::Add)
        }
        PageAction::Edits { post, text } => {
            let (id, publication) = find_publication(config, settings, page, (post, Some(PublicAuthor::Page)))?;
            if publication.by != PublicAuthor::Page {
                return Err(in_feed(post, "is not the page's own: only its author can change it"));
            }
            PublicationChange::new(id, Publication { text: text.clone(), ..publication }, FeedVerb::Edited)
        }
        PageAction::Removes(place) => {
            let (id, publication) = find_publication(config, settings, page, (place, Some(PublicAuthor::Page)))?;
            if *id == *first_post_id(config.seed, page, &config.asset(page).id) {
                return Err(in_feed(place, "cannot be removed: each page has it from the beginning"));
            }
            PublicationChange::removal(id, &publication, now)
        }
        PageAction::PressesTest(field) => return Ok(PlannedAction::Test(PageChange::Test(*field))),
    };
    Ok(PlannedAction::Publication(change))
}

/// Does what was planned. Returns the event, and the id of a new post.
pub fn perform(
    config: &Config,
    settings: &mut Settings,
    page: AssetKey,
    planned: PlannedAction,
    now: Moment,
) -> (Event, Option<Reply>) {
    match planned {
        PlannedAction::Test(change) => (page_change_event(config, settings, page, change, now), None),
        PlannedAction::OnAccount(ActionOnAccount { published, change }) => {
            let reply = published.map(|(id, publication)| {
                let post = publication.post.clone();
                settings.publish(page, id.clone(), Some(publication));
                Reply::Published { comment: Some(id), post }
            });
            (page_change_event(config, settings, page, PageChange::OnAccount(change), now), reply)
        }
        PlannedAction::Publication(PublicationChange { id, publication, change }) => {
            let is_new = change.verb == FeedVerb::Add;
            settings.publish(page, id.clone(), publication);
            let event = page_change_event(config, settings, page, PageChange::Feed(change), now);
            (event, is_new.then_some(Reply::Published { comment: None, post: id }))
        }
    }
}

/// The event of a change that no person brought about.
pub fn page_change_event(
    config: &Config,
    settings: &Settings,
    page: AssetKey,
    change: PageChange,
    now: Moment,
) -> Event {
    let is_test = matches!(change, PageChange::Test(_));
    let payload = WebhookPayload::Change(Box::new(change));
    let audience = Audience { config, settings, asset: page, owner: None, person: None, lead: None };
    let decisions = if is_test { audience.decide_for_test(&payload) } else { audience.decide_for_change(&payload) };
    Event::WebhookEvent(Arc::new(WebhookEvent::on_asset((config.platform(page), page), now, payload, decisions)))
}
