//! Finds the posts and comments that steps name, by their id or their text.

use crate::domain::model::config::Config;
use crate::domain::model::ids::AssetKey;
use crate::domain::model::public_action::PublicPlace;
use crate::domain::model::publication::{PublicAuthor, Publication, PublicationKind, first_post_id};
use crate::domain::model::settings::Settings;
use crate::domain::model::time::Moment;
use crate::domain::refusal::Refusal;

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
        PublicPlace::FirstPost | PublicPlace::Media(_) | PublicPlace::Ad(_) => (PublicationKind::Post, &first_id),
        PublicPlace::Post(wanted) => (PublicationKind::Post, wanted),
        PublicPlace::Comment(wanted) => (PublicationKind::Comment, wanted),
    };
    match newest(settings, page, (kind, wanted), author) {
        Some(found) => Ok(found),
        None if kind == PublicationKind::Post && *wanted == first_id => {
            Ok((first_id.clone(), first_post(first_id, config.clock)))
        }
        None => Err(not_on_page(place)),
    }
}

/// The comment that is meant, with its id.
pub fn find_by_id_or_text(
    settings: &Settings,
    asset: AssetKey,
    (place, author): (&PublicPlace, Option<PublicAuthor>),
) -> Result<(Box<str>, Publication), Refusal> {
    let found = match place {
        PublicPlace::Comment(wanted) => newest(settings, asset, (PublicationKind::Comment, wanted), author),
        _ => None,
    };
    found.ok_or_else(|| not_on_page(place))
}

/// The publication with this id, otherwise the newest one with this text, and of those first one of this author.
fn newest(
    settings: &Settings,
    asset: AssetKey,
    (kind, wanted): (PublicationKind, &str),
    author: Option<PublicAuthor>,
) -> Option<(Box<str>, Publication)> {
    let all = &settings.publications;
    let by_id = all.get(asset, wanted).filter(|publication| publication.kind == kind);
    if let Some(publication) = by_id {
        return Some((wanted.into(), publication.clone()));
    }
    let is_it = |publication: &Publication| publication.kind == kind && *publication.text == *wanted;
    let of_text = || all.newest_first(asset).filter(|(_, publication)| is_it(publication));
    let own = of_text().find(|(_, publication)| Some(publication.by) == author);
    own.or_else(|| of_text().next()).map(|(id, publication)| (id.into(), publication.clone()))
}

fn not_on_page(place: &PublicPlace) -> Refusal {
    in_feed(place, "is not there: name it by its text or its id")
}

pub fn first_post(id: Box<str>, at: Moment) -> Publication {
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
        PublicPlace::Media(name) => format!("the {name} of the account {what}"),
        PublicPlace::Ad(name) => format!("the ad `{name}` {what}"),
        PublicPlace::Post(wanted) => format!("the post `{wanted}` {what}"),
        PublicPlace::Comment(wanted) => format!("the comment `{wanted}` {what}"),
    })
}
