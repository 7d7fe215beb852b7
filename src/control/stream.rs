//! Control room: `GET /_control/worlds/{w}/ledger/stream`: entries as server-sent events, as they are written.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::engine::Hosted;

use super::answer::{Answer, Problem};
use super::body::EntryStream;
use super::entries::entry_json;
use super::ledger::Filter;
use super::query::Query;

/// Chunks that may wait for a slow reader before the stream waits for it.
const BUFFERED: usize = 16;
/// A comment is sent after so long without an entry, so that a reader who went away is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Opens a stream of the entries after a cursor.
pub fn open(world: Arc<Hosted>, query: &str) -> Result<Answer, Problem> {
    let query = Query::read(query, &["after", "kind", "app", "page", "person"])?;
    let after = query.parsed("after", "a cursor is a whole number", |text| text.parse().ok())?;
    let after = after.unwrap_or_else(|| world.read(|_, ledger, _| ledger.next_cursor() - 1));
    let filter = Filter::read(world.config(), &query)?;
    let (sender, receiver) = mpsc::channel(BUFFERED);
    tokio::spawn(write_entries(world, filter, after, sender));
    Ok(Answer::Stream(EntryStream::new(receiver)))
}

async fn write_entries(world: Arc<Hosted>, filter: Filter, mut after: u64, sender: mpsc::Sender<Bytes>) {
    loop {
        let found = world.wait_for(HEARTBEAT, |_, ledger, _| {
            if world.is_closed() {
                return Some((String::new(), after));
            }
            let newest = ledger.next_cursor() - 1;
            // A reset starts the count anew.
            if newest < after {
                after = 0;
            }
            let entries = match ledger.after(after) {
                Ok(entries) => entries,
                Err(gone) => return Some((format!("event: gone\ndata: {gone}\n\n"), gone.oldest - 1)),
            };
            let mut chunk = String::new();
            for entry in entries.filter(|entry| filter.takes(entry)) {
                let _ = write!(chunk, "id: {}\ndata: {}\n\n", entry.cursor, entry_json(world.config(), entry));
            }
            if chunk.is_empty() {
                after = newest;
                return None;
            }
            Some((chunk, newest))
        });
        let (chunk, newest) = found.await.unwrap_or_else(|| (": still here\n\n".to_owned(), after));
        after = newest;
        if chunk.is_empty() {
            return; // the world is gone
        }
        if sender.send(Bytes::from(chunk)).await.is_err() {
            return;
        }
    }
}
