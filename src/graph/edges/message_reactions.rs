//! Handles `GET /{mid}/reactions`: who reacted to a message, and how.

use crate::domain::model::message::Message;
use crate::domain::rules;

use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::read::fields::Selection;
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::reaction;

/// The most reactions in one answer. A message has one of the person and one of the page.
const MAX_REACTIONS: usize = 25;

pub fn list(call: &Call, message: &Message) -> Result {
    let selection = Selection::of(&call.params)?;
    let kind = reaction::kind_on(call.config().platform(message.thread.asset));
    kind.selected_fields(selection.as_ref())?;
    let path = format!("{}/reactions", message.mid);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_REACTIONS)? };
    let reactions = reaction::of_message(call, message);
    call.record_read(rules::REACTIONS_READ);
    answer(&listing.page(call, &reactions, |whole| {
        kind.describe(selection.as_ref(), |field| Ok(whole.get(&field.name).cloned()))
    })?)
}
