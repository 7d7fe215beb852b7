//! Control room: `GET /_control/worlds/{w}/ledger/stream`: entries as server-sent events, as they are written.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::engine::ActiveWorld;
use crate::engine::ledger::{CursorAhead, EntriesGone, Ledger, LedgerEntry};
use crate::journal::entry_json::{Durations, whole_entry_json};

use super::answer::{Answer, Problem};
use super::body::EntryStream;
use super::ledger::{Filter, Form};
use super::query::Query;

/// Chunks that may wait for a slow reader before the stream waits for it.
const BUFFERED: usize = 16;
/// A comment is sent after so long without an entry, so that a reader who went away is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Entries in one chunk; the rest follows in the next.
const MAX_CHUNK: usize = 200;

/// What whoever opens a stream may say.
pub const STREAMING: &[&str] = &["after", "kind", "app", "page", "person", "stable"];

/// Opens a stream of the entries after a cursor; a reader that was cut off says by `Last-Event-ID` where it was.
pub fn open(world: Arc<ActiveWorld>, query: &str, last_event: Option<&str>) -> Result<Answer, Problem> {
    let query = Query::read(query, STREAMING)?;
    let durations = Form::read(&query, false)?.durations();
    let after = query.parsed("after", "a cursor is a whole number", |text| text.parse().ok())?;
    let resumed = last_event.map(|id| id.parse().map_err(|_| unknown_event(id))).transpose()?;
    let after = resumed.or(after).unwrap_or_else(|| world.read(|_, ledger, _| ledger.next_cursor() - 1));
    let filter = Filter::read(world.config(), &query)?;
    let (sender, receiver) = mpsc::channel(BUFFERED);
    tokio::spawn(write_entries(world, Wanted { filter, durations }, after, sender));
    Ok(Answer::Stream(EntryStream::new(receiver)))
}

fn unknown_event(id: &str) -> Problem {
    Problem::new(400, format!("`Last-Event-ID: {id}`: the id of an event is the cursor of its entry, a whole number"))
}

/// What is found in the ledger, to be written once its lock is free.
enum Found {
    Entries(Vec<LedgerEntry>),
    Gone(EntriesGone),
    /// The world was put back to what it was, and the ledger ends with this entry now.
    PutBack(CursorAhead),
    Closed,
}

/// What a reader wants to see, and how.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    filter: Filter,
    durations: Durations,
}

async fn write_entries(world: Arc<ActiveWorld>, wanted: Wanted, mut after: u64, sender: mpsc::Sender<Bytes>) {
    let mut generation = world.generation();
    loop {
        let found = world
            .wait_for(HEARTBEAT, |_, ledger, _| {
                let is_another = world.is_stale(generation) && ledger.first_cursor() <= after;
                let put_back = is_another.then(|| CursorAhead { newest: ledger.next_cursor() - 1 });
                let put_back = put_back.or(ledger.reaches(after).err());
                put_back.map(Found::PutBack).or_else(|| look(&world, ledger, wanted.filter, &mut after))
            })
            .await;
        let chunk = match found {
            None => ": still here\n\n".to_owned(),
            Some(Found::Closed) => return,
            Some(Found::Gone(gone)) => {
                after = gone.oldest - 1;
                format!("event: gone\ndata: {gone}\n\n")
            }
            Some(Found::PutBack(ahead)) => {
                after = ahead.newest;
                generation = world.generation();
                format!("event: put_back\ndata: {ahead}\n\n")
            }
            Some(Found::Entries(entries)) => {
                let json = |entry: &LedgerEntry| whole_entry_json(world.config(), entry, wanted.durations);
                let event = |entry: &LedgerEntry| format!("id: {}\ndata: {}\n\n", entry.cursor, json(entry));
                entries.iter().map(event).collect()
            }
        };
        if sender.send(Bytes::from(chunk)).await.is_err() {
            return;
        }
    }
}

fn look(world: &ActiveWorld, ledger: &Ledger, filter: Filter, after: &mut u64) -> Option<Found> {
    if world.is_closed() {
        return Some(Found::Closed);
    }
    let entries = match ledger.after(*after) {
        Ok(entries) => entries,
        Err(gone) => return Some(Found::Gone(gone)),
    };
    let mut wanted = Vec::new();
    for entry in entries {
        *after = entry.cursor;
        if filter.takes(entry) {
            wanted.push(entry.clone());
        }
        if wanted.len() == MAX_CHUNK {
            break;
        }
    }
    (!wanted.is_empty()).then_some(Found::Entries(wanted))
}
