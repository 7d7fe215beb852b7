//! Notes to self: an Instagram account has an id to which it can write itself. The world names a person for it.

use super::config::Config;
use super::ids::{AssetKey, PersonKey, ThreadKey};

impl Config {
    /// The person as whom an account writes to itself.
    pub fn own_person(&self, asset: AssetKey) -> Option<PersonKey> {
        self.person_by_name(self.asset(asset).account.as_ref()?.own_person.as_deref()?)
    }

    /// True if the account writes to itself in the thread.
    pub fn is_note_to_self(&self, thread: ThreadKey) -> bool {
        self.own_person(thread.asset) == Some(thread.person)
    }
}
