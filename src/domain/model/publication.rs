//! Publications: the posts and comments on a page that everybody can read. Their number is bounded.

use std::collections::{BTreeMap, VecDeque};

use super::ids::{AssetKey, IdKind, IdStream, PersonKey};
use super::time::Moment;

/// The number of publications that a page remembers. The oldest one is forgotten first.
const MAX_PUBLICATIONS: usize = 10_000;
/// The number of digits of the second part of an id.
pub const ID_DIGITS: u32 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationKind {
    Post,
    Comment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicAuthor {
    Page,
    Person(PersonKey),
}

/// A post or a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub kind: PublicationKind,
    pub by: PublicAuthor,
    /// The id of the post that it is, or that it belongs to.
    pub post: Box<str>,
    /// What a comment answers: the id of a post or of another comment.
    pub parent: Option<Box<str>>,
    pub text: Box<str>,
    pub at: Moment,
    /// Who reacted, and with what.
    pub reactions: Vec<(PersonKey, Box<str>)>,
}

impl Publication {
    /// Takes back the reaction of a person.
    pub fn take_reaction(&mut self, person: PersonKey) -> Option<Box<str>> {
        let index = self.reactions.iter().position(|(by, _)| *by == person)?;
        Some(self.reactions.remove(index).1)
    }
}

/// The publications of all pages.
#[derive(Debug, Clone, Default)]
pub struct Publications {
    by_id: BTreeMap<(AssetKey, Box<str>), Publication>,
    order: BTreeMap<AssetKey, VecDeque<Box<str>>>,
    /// How many publications each page ever had.
    written: BTreeMap<AssetKey, u64>,
}

impl Publications {
    /// Adds a publication, or replaces it. Drops the oldest one of the page if there are too many.
    pub fn insert(&mut self, page: AssetKey, id: Box<str>, publication: Publication) {
        if self.by_id.insert((page, id.clone()), publication).is_some() {
            return;
        }
        *self.written.entry(page).or_default() += 1;
        let order = self.order.entry(page).or_default();
        order.push_back(id);
        if order.len() > MAX_PUBLICATIONS
            && let Some(evicted) = order.pop_front()
        {
            self.by_id.remove(&(page, evicted));
        }
    }

    /// Removes a publication and all that stands below it: the comments on a post, and the answers to a comment. Returns their ids.
    pub fn remove(&mut self, page: AssetKey, id: &str) -> Vec<Box<str>> {
        let mut removed: Vec<Box<str>> = vec![id.into()];
        // What answers something is newer than that.
        for candidate in self.order.get(&page).into_iter().flatten() {
            let parent = self.get(page, candidate).and_then(|publication| publication.parent.as_ref());
            if parent.is_some_and(|parent| removed.contains(parent)) {
                removed.push(candidate.clone());
            }
        }
        for id in &removed {
            self.by_id.remove(&(page, id.clone()));
        }
        self.order.entry(page).or_default().retain(|known| !removed.contains(known));
        removed
    }

    /// How many publications the page ever had.
    pub fn written(&self, page: AssetKey) -> u64 {
        self.written.get(&page).copied().unwrap_or_default()
    }

    pub fn get(&self, page: AssetKey, id: &str) -> Option<&Publication> {
        self.by_id.get(&(page, id.into()))
    }

    /// The publications of a page, newest first.
    pub fn newest_first(&self, page: AssetKey) -> impl Iterator<Item = (&str, &Publication)> {
        let ids = self.order.get(&page).into_iter().flatten().rev();
        ids.filter_map(move |id| Some((&**id, self.get(page, id)?)))
    }
}

/// The id of the post that each page has from the beginning.
pub fn first_post_id(seed: u64, page: AssetKey, page_id: &str) -> Box<str> {
    let number = IdStream::new(seed, IdKind::Publication, u64::from(page.0), 0).digits(ID_DIGITS);
    format!("{page_id}_{number}").into()
}

/// The id of a comment on a post: the number of the post, and a number of its own.
pub fn comment_id(post: &str, number: &str) -> Box<str> {
    let of_post = post.rsplit('_').next().unwrap_or(post);
    format!("{of_post}_{number}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_forgets_its_oldest_publications() {
        let mut publications = Publications::default();
        let publication = Publication {
            kind: PublicationKind::Post,
            by: PublicAuthor::Page,
            post: "1".into(),
            parent: None,
            text: "Hi".into(),
            at: Moment::from_millis(0),
            reactions: Vec::new(),
        };
        for number in 0..=MAX_PUBLICATIONS {
            publications.insert(AssetKey(0), number.to_string().into(), publication.clone());
        }
        publications.insert(AssetKey(1), "0".into(), publication);
        let known = |page, id: &str| publications.get(AssetKey(page), id).is_some();
        assert_eq!((known(0, "0"), known(0, "1"), known(1, "0")), (false, true, true));
        let newest = publications.newest_first(AssetKey(0)).next().map(|(id, _)| id.to_owned());
        assert_eq!(newest, Some(MAX_PUBLICATIONS.to_string()));
    }

    #[test]
    fn what_stands_below_a_publication_goes_with_it() {
        let mut publications = Publications::default();
        for (id, parent) in
            [("post", None), ("other", None), ("a", Some("post")), ("b", Some("a")), ("c", Some("other"))]
        {
            let publication = Publication {
                kind: PublicationKind::Comment,
                by: PublicAuthor::Page,
                post: "post".into(),
                parent: parent.map(Into::into),
                text: "Hi".into(),
                at: Moment::from_millis(0),
                reactions: Vec::new(),
            };
            publications.insert(AssetKey(0), id.into(), publication);
        }
        assert_eq!(publications.remove(AssetKey(0), "post"), ["post".into(), "a".into(), Box::<str>::from("b")]);
        let left: Vec<&str> = publications.newest_first(AssetKey(0)).map(|(id, _)| id).collect();
        assert_eq!(left, ["c", "other"]);
    }

    #[test]
    fn the_id_of_a_comment_begins_with_the_number_of_its_post() {
        assert_eq!(&*comment_id("2001_77", "5"), "77_5");
    }
}
