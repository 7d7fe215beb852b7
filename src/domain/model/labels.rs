//! Labels that the apps of a page put on people.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ids::{AssetKey, PersonKey};

/// The maximum number of labels of a page.
pub const MAX_LABELS: usize = 1000;

/// The labels of all pages, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    list: Vec<Label>,
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

    pub fn get_mut(&mut self, page: AssetKey, id: &str) -> Option<&mut Label> {
        self.list.iter_mut().find(|label| label.page == page && &*label.id == id)
    }

    pub fn add(&mut self, label: Label) {
        self.made += 1;
        self.list.push(label);
    }

    pub fn remove(&mut self, page: AssetKey, id: &str) -> Option<Label> {
        let place = self.list.iter().position(|label| label.page == page && &*label.id == id)?;
        Some(self.list.remove(place))
    }
}
