//! `GET /_control/worlds/{world}/ledger/stream`: entries as server-sent events, as they are written.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::domain::model::config::Config;
use crate::engine::ledger::{CursorAhead, EntriesGone, Ledger};
use crate::engine::ledger_entry::LedgerEntry;
use crate::engine::{ActiveWorld, WorldUse};
use crate::journal::entry_json::{Durations, EntryView};
use crate::journal::secrets::Secrets;
use crate::wire::escape::write_plain;

use super::answer::{ControlAnswer, EventStream, Problem};
use super::call::ControlCall;
use super::ledger::{EntryFilter, durations, secrets};
use super::route::Handled;

/// Chunks that a slow reader may leave unread before the stream waits for it.
const BUFFERED: usize = 16;
/// After this long without an entry a comment is sent, so that a reader who went away is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Entries in one chunk; the rest follows in the next.
const MAX_CHUNK: usize = 200;

/// Opens a stream. It begins after the `Last-Event-ID`, or `after`, or with the next entry.
pub fn open(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let (durations, secrets) = (durations(&call.query)?, secrets(&call.query)?);
    let after = call.query.after(&world)?;
    let resumed = call.last_event_id.map(|id| id.parse().map_err(|_| unknown_event(id))).transpose()?;
    let after = resumed.or(after).unwrap_or_else(|| world.read(|_, ledger, _| ledger.next_cursor() - 1));
    let filter = EntryFilter::read(&world.config(), &call.query)?;
    let (sender, receiver) = mpsc::channel(BUFFERED);
    tokio::spawn(write_events(world, StreamOptions { filter, durations, secrets }, after, sender));
    Ok(ControlAnswer::Events(EventStream(receiver)))
}

fn unknown_event(id: &str) -> Problem {
    Problem::new(400, format!("`Last-Event-ID: {id}`: the id of an event is the cursor of its entry, a whole number"))
}

/// What a reader wants to see, and how.
#[derive(Debug, Clone, Copy)]
struct StreamOptions {
    filter: EntryFilter,
    durations: Durations,
    secrets: Secrets,
}

/// What the stream has to say next. It is found under the world's lock and written outside of it.
enum NextEvents {
    Entries(Vec<LedgerEntry>),
    Gone(EntriesGone),
    /// The world was put back to a snapshot, and its ledger ends with this entry now.
    PutBack(CursorAhead),
    /// The world was reset, and its ledger begins with this entry now.
    Reset {
        first: u64,
    },
    WorldRemoved,
}

/// What happened if the world is not the one that the reader knows. After a reset the cursors go on.
fn began_anew(world: &ActiveWorld, ledger: &Ledger, generation: u64, after: u64) -> Option<NextEvents> {
    let newest = ledger.next_cursor() - 1;
    if let Err(ahead) = ledger.reaches(after) {
        return Some(NextEvents::PutBack(ahead));
    }
    let first = ledger.first_cursor();
    let is_reset = first > after;
    world.is_stale(generation).then_some(if is_reset {
        NextEvents::Reset { first }
    } else {
        NextEvents::PutBack(CursorAhead { newest })
    })
}

async fn write_events(world: Arc<ActiveWorld>, options: StreamOptions, mut after: u64, sender: mpsc::Sender<Bytes>) {
    let _use = WorldUse::begin(world.clone());
    let mut generation = world.generation();
    loop {
        let next = world
            .wait_for(HEARTBEAT, |state, ledger, _| {
                began_anew(&world, ledger, generation, after)
                    .or_else(|| find_next((&world, state.config()), ledger, options.filter, &mut after))
            })
            .await;
        let chunk = match next {
            None => b": still here\n\n".to_vec(),
            Some(NextEvents::WorldRemoved) => return,
            Some(NextEvents::Gone(gone)) => {
                after = gone.oldest - 1;
                format!("event: gone\ndata: {gone}\n\n").into_bytes()
            }
            Some(NextEvents::PutBack(ahead)) => {
                after = ahead.newest;
                generation = world.generation();
                format!("event: put_back\ndata: {ahead}\n\n").into_bytes()
            }
            Some(NextEvents::Reset { first }) => {
                after = first - 1;
                generation = world.generation();
                format!("event: reset\ndata: the world was reset; its ledger goes on with entry {first}\n\n")
                    .into_bytes()
            }
            Some(NextEvents::Entries(entries)) => entry_events(&world.config(), &entries, options),
        };
        if sender.send(Bytes::from(chunk)).await.is_err() {
            return;
        }
    }
}

/// An event for each entry; its id is the entry's cursor.
fn entry_events(config: &Config, entries: &[LedgerEntry], options: StreamOptions) -> Vec<u8> {
    let mut events = Vec::new();
    for entry in entries {
        events.extend(format!("id: {}\ndata: ", entry.cursor).into_bytes());
        write_plain(&mut events, &EntryView::whole(config, entry, options.durations).with_secrets(options.secrets));
        events.extend(b"\n\n");
    }
    events
}

fn find_next(
    (world, config): (&ActiveWorld, &Config),
    ledger: &Ledger,
    filter: EntryFilter,
    after: &mut u64,
) -> Option<NextEvents> {
    if world.is_closed() {
        return Some(NextEvents::WorldRemoved);
    }
    let entries = match ledger.after(*after) {
        Ok(entries) => entries,
        Err(gone) => return Some(NextEvents::Gone(gone)),
    };
    let mut wanted = Vec::new();
    for entry in entries {
        *after = entry.cursor;
        if filter.matches(config, entry) {
            wanted.push(entry.clone());
        }
        if wanted.len() == MAX_CHUNK {
            break;
        }
    }
    (!wanted.is_empty()).then_some(NextEvents::Entries(wanted))
}
