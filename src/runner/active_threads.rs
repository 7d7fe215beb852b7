//! The threads in which a session acted, as far as it needs them: a step that names no person means the only one.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};

/// Threads that are remembered for each page. A named session that acts in more of them looks at all threads of the page.
const MAX_REMEMBERED: usize = 1000;

/// The threads in which a session acted, by page.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActiveThreads(BTreeMap<AssetKey, ThreadsOfPage>);

#[derive(Debug, Clone, Default)]
struct ThreadsOfPage {
    remembered: BTreeSet<ThreadKey>,
    /// True if there are more threads than are remembered.
    has_more: bool,
}

impl ActiveThreads {
    /// Adds a thread. Returns false if nothing has changed.
    pub(crate) fn insert(&mut self, thread: ThreadKey) -> bool {
        let page = self.0.entry(thread.asset).or_default();
        if page.remembered.len() < MAX_REMEMBERED {
            return page.remembered.insert(thread);
        }
        !page.remembered.contains(&thread) && !std::mem::replace(&mut page.has_more, true)
    }

    /// True if `insert` would change nothing.
    pub(crate) fn knows(&self, thread: ThreadKey) -> bool {
        self.0.get(&thread.asset).is_some_and(|page| page.has_more || page.remembered.contains(&thread))
    }

    /// Adds the threads of another session's memory.
    pub(crate) fn extend(&mut self, other: &Self) {
        for (page, threads) in &other.0 {
            for thread in &threads.remembered {
                self.insert(*thread);
            }
            self.0.entry(*page).or_default().has_more |= threads.has_more;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The only page with such a thread.
    pub(crate) fn only_page(&self) -> Option<AssetKey> {
        let mut pages = self.0.keys();
        pages.next().filter(|_| pages.next().is_none()).copied()
    }

    /// The only page on which this person has such a thread.
    pub(crate) fn only_page_of(&self, person: PersonKey) -> Option<AssetKey> {
        let has = |threads: &ThreadsOfPage, page| threads.remembered.contains(&ThreadKey { asset: page, person });
        let mut pages = self.0.iter().filter(|(page, threads)| has(threads, **page)).map(|(page, _)| *page);
        pages.next().filter(|_| pages.next().is_none())
    }

    /// The remembered threads of one page or of all pages.
    pub(crate) fn remembered(&self, page: Option<AssetKey>) -> impl Iterator<Item = ThreadKey> {
        self.pages(page).flat_map(|threads| threads.remembered.iter().copied())
    }

    /// True if there are more threads than are remembered.
    pub(crate) fn has_more(&self, page: Option<AssetKey>) -> bool {
        self.pages(page).any(|threads| threads.has_more)
    }

    fn pages(&self, page: Option<AssetKey>) -> impl Iterator<Item = &ThreadsOfPage> {
        self.0.iter().filter(move |(key, _)| page.is_none_or(|page| page == **key)).map(|(_, threads)| threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(page: u16, person: u32) -> ThreadKey {
        ThreadKey { asset: AssetKey(page), person: PersonKey(person) }
    }

    #[test]
    fn a_million_people_take_no_more_room_than_a_few() {
        let mut threads = ActiveThreads::default();
        let changes = (0..1_000_000).filter(|person| threads.insert(thread(0, *person))).count();
        assert_eq!(changes, MAX_REMEMBERED + 1);
        assert_eq!((threads.remembered(None).count(), threads.has_more(None)), (MAX_REMEMBERED, true));
        assert!(threads.knows(thread(0, 999_999)) && !threads.knows(thread(1, 0)));
    }

    #[test]
    fn a_page_is_the_only_one_until_there_is_another() {
        let mut threads = ActiveThreads::default();
        assert_eq!(threads.only_page(), None);
        threads.insert(thread(3, 1));
        assert_eq!(threads.only_page(), Some(AssetKey(3)));
        threads.insert(thread(4, 1));
        assert_eq!(threads.only_page(), None);
    }
}
