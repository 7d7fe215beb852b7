//! What a transaction in a thread has changed, for `World` to commit.

use std::sync::Arc;

use smallvec::SmallVec;

use super::event::Event;
use super::model::message::{Attachment, Message};
use super::model::publication::Publication;
use super::model::recipient_ids::RecipientId;
use super::model::send_rates::RateKind;
use super::model::thread::Thread;

/// The changes that `World` commits.
#[derive(Debug)]
pub(crate) struct ThreadChanges {
    pub thread: Thread,
    pub events: Vec<Event>,
    /// Oldest first.
    pub written: SmallVec<[Arc<Message>; 1]>,
    /// A message that the person changed.
    pub rewritten: Option<Arc<Message>>,
    /// A reusable attachment with its id.
    pub saved_attachment: Option<(Box<str>, Attachment)>,
    /// Recipient ids to add or to update.
    pub recipient_ids: Vec<(Box<str>, RecipientId)>,
    /// Posts and comments to add, to update, or to remove (`None`).
    pub publications: Vec<(Box<str>, Option<Publication>)>,
    /// The message that counts against a bound of its account.
    pub counted: Option<RateKind>,
}
