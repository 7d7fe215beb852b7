//! Labels that the apps of a page put on people.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ids::{AssetKey, PersonKey};

/// The maximum number of labels of a page.
pub const MAX_LABELS: usize = 1000;
/// What a label keeps beside its name, and what a person on it costs: estimates.
const LABEL: usize = 200;
const ON_PERSON: usize = 24;

/// The labels of all pages, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    list: Vec<Label>,
    bytes: usize,
    /// How many labels were ever made.
    pub made: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub id: Box<str>,
    pub page: AssetKey,
    pub name: Box<str>,
    /// The people with this label. Shared, so that reading a label does not copy them.
    pub people: Arc<BTreeSet<PersonKey>>,
}

impl Labels {
    pub fn of(&self, page: AssetKey) -> impl Iterator<Item = &Label> {
        self.list.iter().filter(move |label| label.page == page)
    }

    pub fn get(&self, page: AssetKey, id: &str) -> Option<&Label> {
        self.of(page).find(|label| &*label.id == id)
    }

    /// The bytes of all of them, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Puts a label on a person. `None` if the page has no such label.
    pub fn put(&mut self, page: AssetKey, id: &str, person: PersonKey) -> Option<&Label> {
        let label = self.list.iter_mut().find(|label| label.page == page && &*label.id == id)?;
        if Arc::make_mut(&mut label.people).insert(person) {
            self.bytes += ON_PERSON;
        }
        Some(label)
    }

    /// Takes a label off a person. `None` if the page has no such label.
    pub fn take(&mut self, page: AssetKey, id: &str, person: PersonKey) -> Option<&Label> {
        let label = self.list.iter_mut().find(|label| label.page == page && &*label.id == id)?;
        if Arc::make_mut(&mut label.people).remove(&person) {
            self.bytes -= ON_PERSON;
        }
        Some(label)
    }

    pub fn add(&mut self, label: Label) {
        self.made += 1;
        self.bytes += size(&label);
        self.list.push(label);
    }

    pub fn remove(&mut self, page: AssetKey, id: &str) -> Option<Label> {
        let place = self.list.iter().position(|label| label.page == page && &*label.id == id)?;
        let removed = self.list.remove(place);
        self.bytes -= size(&removed);
        Some(removed)
    }
}

fn size(label: &Label) -> usize {
    LABEL + label.name.len() + ON_PERSON * label.people.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_with_the_people_on_them_until_they_are_removed() {
        let (mut labels, page) = (Labels::default(), AssetKey(0));
        labels.add(Label { id: "1".into(), page, name: "new".into(), people: Arc::default() });
        let empty = labels.bytes();
        for person in [PersonKey(1), PersonKey(2), PersonKey(1)] {
            assert!(labels.put(page, "1", person).is_some());
        }
        assert_eq!(labels.bytes(), empty + 2 * ON_PERSON);
        assert!(labels.take(page, "1", PersonKey(2)).is_some() && labels.take(page, "1", PersonKey(2)).is_some());
        assert_eq!(labels.bytes(), empty + ON_PERSON);
        assert!(labels.remove(page, "1").is_some());
        assert_eq!((labels.bytes(), labels.put(page, "1", PersonKey(1))), (0, None));
    }
}
