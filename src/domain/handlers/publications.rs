//! Finds the posts and comments that steps name, and what an admin does to them as the page.

use std::sync::Arc;

use crate::domain::event::{Event, WebhookEvent, WebhookPayload};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AssetKey, IdKind, IdStream};
use crate::domain::model::page_change::{FeedChange, FeedVerb, PageChange};
use crate::domain::model::public_action::{PageAction, PublicPlace};
use crate::domain::model::publication::{ID_DIGITS, PublicAuthor, Publication, PublicationKind, first_post_id};
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

/// The publication that is meant, with its id: the one with this id, otherwise the newest one with this text, and of those first one of
/// this author.
pub fn find_publication(
    config: &Config,
    settings: &Settings,
    page: AssetKey,
    (place, author): (&PublicPlace, Option<PublicAuthor>),
) -> Result<(Box<str>, Publication), Refusal> {
    let first_id = first_post_id(config.seed, page, &config.asset(page).id);
    let (kind, wanted) = match place {
        PublicPlace::FirstPost => (PublicationKind::Post, &first_id),
        PublicPlace::Post(wanted) => (PublicationKind::Post, wanted),
        PublicPlace::Comment(wanted) => (PublicationKind::Comment, wanted),
    };
    let all = &settings.publications;
    let by_id = all.get(page, wanted).filter(|publication| publication.kind == kind);
    if let Some(publication) = by_id {
        return Ok((wanted.clone(), publication.clone()));
    }
    let is_it = |publication: &Publication| publication.kind == kind && publication.text == *wanted;
    let of_text = || all.newest_first(page).filter(|(_, publication)| is_it(publication));
    let own = of_text().find(|(_, publication)| Some(publication.by) == author);
    if let Some((id, publication)) = own.or_else(|| of_text().next()) {
        return Ok((id.into(), publication.clone()));
    }
    match kind == PublicationKind::Post && *wanted == first_id {
        true => Ok((first_id.clone(), first_post(first_id, config.clock))),
        false => Err(in_feed(place, "is not on the page: name it by its text or its id")),
    }
}

fn first_post(id: Box<str>, at: Moment) -> Publication {
    let (kind, by) = (PublicationKind::Post, PublicAuthor::Page);
    Publication { kind, by, post: id, parent: None, text: "".into(), at, reactions: Vec::new() }
}

/// The post or comment with this id. Each page has one post from the beginning.
pub fn publication(config: &Config, settings: &Settings, page: AssetKey, id: &str) -> Option<Publication> {
    let first_id = first_post_id(config.seed, page, &config.asset(page).id);
    let first = || (*id == *first_id).then(|| first_post(first_id.clone(), config.clock));
    settings.publications.get(page, id).cloned().or_else(first)
}

/// The refusal of a step that names a post or a comment.
pub fn in_feed(place: &PublicPlace, what: &str) -> Refusal {
    Refusal::script(match place {
        PublicPlace::FirstPost => format!("the first post of the page {what}"),
        PublicPlace::Post(wanted) => format!("the post `{wanted}` {what}"),
        PublicPlace::Comment(wanted) => format!("the comment `{wanted}` {what}"),
    })
}

/// What an admin's action will do. Nothing has changed yet.
pub enum PlannedAction {
    Publication(PublicationChange),
    Test(PageChange),
}

pub fn plan(
    config: &Config,
    settings: &Settings,
    page: AssetKey,
    action: &PageAction,
    now: Moment,
) -> Result<PlannedAction, Refusal> {
    let change = match action {
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
    Event::WebhookEvent(Arc::new(WebhookEvent::on_page(page, now, payload, decisions)))
}
