//! Domain room: labels that a page's apps put on people. Only `acts::belongings` writes here.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ids::{PageKey, PersonKey};

/// Labels of one page.
pub const MAX_LABELS: usize = 1000;

/// The labels of all pages, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    list: Vec<Label>,
    /// How many there ever were.
    pub made: u64,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its id.
    pub id: Box<str>,
    /// The page that it belongs to.
    pub page: PageKey,
    /// What it says.
    pub name: Box<str>,
    /// Who has it. Shared, so that whoever only reads the label does not copy everybody.
    pub people: Arc<BTreeSet<PersonKey>>,
}

impl Labels {
    /// The labels of a page.
    pub fn of(&self, page: PageKey) -> impl Iterator<Item = &Label> {
        self.list.iter().filter(move |label| label.page == page)
    }

    /// The label of this id, on its page.
    pub fn get(&self, page: PageKey, id: &str) -> Option<&Label> {
        self.of(page).find(|label| &*label.id == id)
    }

    /// The label of this id, to change.
    pub fn get_mut(&mut self, page: PageKey, id: &str) -> Option<&mut Label> {
        self.list.iter_mut().find(|label| label.page == page && &*label.id == id)
    }

    /// Adds a label.
    pub fn add(&mut self, label: Label) {
        self.made += 1;
        self.list.push(label);
    }

    /// Removes a label, and takes it from everybody.
    pub fn remove(&mut self, page: PageKey, id: &str) -> Option<Label> {
        let place = self.list.iter().position(|label| label.page == page && &*label.id == id)?;
        Some(self.list.remove(place))
    }
}
