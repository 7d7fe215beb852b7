//! The room that all large bodies of the process have together. A body takes more of it as its bytes arrive, so what a sender only declares takes
//! none. A document of the control API takes room of another kind while it is read, because it costs much more than its bytes.

use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The most bytes of large bodies that are in memory at the same time. Small ones have no part in it. One more body may exceed it, so that bodies
/// that have come in part do not wait for each other.
pub const MAX_BODIES: usize = 256 * 1024 * 1024;
/// A body up to this size, in bytes, needs no room.
pub(super) const SMALL_BODY: usize = 64 * 1024;
/// How many times its own bytes a document costs while it is read. Each value of YAML or JSON has a place in the text, a name, and a value.
const DOCUMENT_FACTOR: usize = 100;
/// Room is given in blocks of this many bytes.
const BLOCK: usize = 64 * 1024;
const ALL_BLOCKS: usize = MAX_BODIES / BLOCK;

static BODIES: Room = Room::new(ALL_BLOCKS);

/// The room of the documents that are being read. They have their own: a body that has come would otherwise wait for itself.
static DOCUMENTS: Semaphore = Semaphore::const_new(ALL_BLOCKS);

/// Room for bodies.
struct Room {
    blocks: Semaphore,
    /// The body that has it needs no blocks.
    last: Semaphore,
}

impl Room {
    const fn new(blocks: usize) -> Self {
        Self { blocks: Semaphore::const_new(blocks), last: Semaphore::const_new(1) }
    }
}

/// The room that one body has. It is free again after the drop.
pub(super) struct BodyRoom<'r> {
    room: &'r Room,
    taken: Option<SemaphorePermit<'r>>,
    last: Option<SemaphorePermit<'r>>,
    /// The log has one line for each body that waits.
    has_waited: bool,
}

impl BodyRoom<'static> {
    /// No room yet.
    pub(super) fn none() -> Self {
        Self::none_of(&BODIES)
    }

    /// The same bytes. The room is free again when the last part of them is dropped.
    pub(super) fn hold(self, bytes: Bytes) -> Bytes {
        match self.taken.is_some() || self.last.is_some() {
            true => Bytes::from_owner(RoomyBody { bytes, _room: self }),
            false => bytes,
        }
    }
}

impl<'r> BodyRoom<'r> {
    fn none_of(room: &'r Room) -> Self {
        Self { room, taken: None, last: None, has_waited: false }
    }

    /// Waits until the body may have this many bytes.
    pub(super) async fn grow_to(&mut self, bytes: usize) {
        let taken = self.taken.as_ref().map_or(0, SemaphorePermit::num_permits);
        let more = bytes.div_ceil(BLOCK).saturating_sub(taken);
        if bytes <= SMALL_BODY || more == 0 || self.last.is_some() {
            return;
        }
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        if let Ok(permit) = self.room.blocks.try_acquire_many(more) {
            return self.add(permit);
        }
        if !std::mem::replace(&mut self.has_waited, true) {
            warn_of_wait();
        }
        // Neither semaphore is ever closed.
        tokio::select! {
            Ok(permit) = self.room.blocks.acquire_many(more) => self.add(permit),
            Ok(permit) = self.room.last.acquire() => self.last = Some(permit),
        }
    }

    fn add(&mut self, permit: SemaphorePermit<'r>) {
        match &mut self.taken {
            Some(taken) => taken.merge(permit),
            None => self.taken = Some(permit),
        }
    }
}

fn warn_of_wait() {
    tracing::warn!(
        "a body of more than {} KiB waits, because all large bodies have {} MiB together: other uploads have not ended",
        SMALL_BODY / 1024,
        MAX_BODIES / 1024 / 1024
    );
}

/// A body that gives its room back when the last part of it is dropped.
struct RoomyBody {
    bytes: Bytes,
    _room: BodyRoom<'static>,
}

impl AsRef<[u8]> for RoomyBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Waits until a document of this many bytes may be read. A small one needs no room.
pub(super) async fn document_room(bytes: usize) -> Option<SemaphorePermit<'static>> {
    if bytes <= SMALL_BODY {
        return None;
    }
    let blocks = bytes.saturating_mul(DOCUMENT_FACTOR).div_ceil(BLOCK).min(ALL_BLOCKS);
    let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
    if let Ok(permit) = DOCUMENTS.try_acquire_many(blocks) {
        return Some(permit);
    }
    tracing::warn!("a control call with a body of {bytes} bytes waits until other large ones are answered");
    // It is never closed.
    DOCUMENTS.acquire_many(blocks).await.ok()
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn is_ready(work: impl Future<Output = ()>) -> bool {
        pin!(work).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn a_body_takes_room_as_it_grows() {
        let room = Room::new(4);
        let mut body = BodyRoom::none_of(&room);
        assert!(is_ready(body.grow_to(SMALL_BODY)));
        assert_eq!(room.blocks.available_permits(), 4);
        assert!(is_ready(body.grow_to(2 * BLOCK)) && is_ready(body.grow_to(2 * BLOCK + 1)));
        assert_eq!(room.blocks.available_permits(), 1);
        drop(body);
        assert_eq!(room.blocks.available_permits(), 4);
    }

    #[test]
    fn one_of_the_bodies_that_wait_for_each_other_goes_on() {
        let room = Room::new(4);
        let (mut one, mut two) = (BodyRoom::none_of(&room), BodyRoom::none_of(&room));
        assert!(is_ready(one.grow_to(2 * BLOCK)) && is_ready(two.grow_to(2 * BLOCK)));
        assert!(is_ready(one.grow_to(9 * BLOCK)) && !is_ready(two.grow_to(3 * BLOCK)));
        drop(one);
        assert!(is_ready(two.grow_to(3 * BLOCK)));
    }
}
