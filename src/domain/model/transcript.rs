//! The messages that a world remembers: one bounded ring for all threads. Each message points to the previous one of
//! its thread, so that an idle thread costs only one number. The ring is bounded in messages and in bytes.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::sync::Arc;

use super::byte_count::byte_count;
use super::message::Message;

/// Number of a message in the world's sequence of messages, starting at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageSeq(NonZeroU64);

#[derive(Debug)]
struct RememberedMessage {
    message: Arc<Message>,
    previous: Option<MessageSeq>,
    bytes: u32,
}

/// What a message costs beside its content.
const MESSAGE: usize = 300;

fn size_of_message(message: &Message) -> u32 {
    let texts = [&message.quick_reply, &message.metadata, &message.prior_user_ref];
    let texts: usize = texts.into_iter().flatten().map(|text| text.len()).sum();
    let story = message.story.as_ref().map_or(0, |story| story.id.len() + story.url.len());
    u32::try_from(MESSAGE + texts + story + byte_count(&*message.content)).unwrap_or(u32::MAX)
}

#[derive(Debug)]
pub struct Transcript {
    ring: VecDeque<RememberedMessage>,
    evicted: u64,
    bytes: usize,
    limit: usize,
    byte_limit: usize,
}

impl Transcript {
    /// A transcript that remembers so many messages, with so many bytes. It remembers at least one.
    pub fn new(limit: usize, byte_limit: usize) -> Self {
        Self { ring: VecDeque::new(), evicted: 0, bytes: 0, limit: limit.max(1), byte_limit }
    }

    /// The bytes of the messages, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a message. `previous` is the last message of its thread.
    pub fn push(&mut self, message: Arc<Message>, previous: Option<MessageSeq>) -> MessageSeq {
        let bytes = size_of_message(&message);
        self.bytes += bytes as usize;
        while self.ring.len() == self.limit || self.bytes > self.byte_limit {
            let Some(oldest) = self.ring.pop_front() else { break };
            self.bytes -= oldest.bytes as usize;
            self.evicted += 1;
        }
        self.ring.push_back(RememberedMessage { message, previous, bytes });
        MessageSeq(NonZeroU64::MIN.saturating_add(self.evicted + self.ring.len() as u64 - 1))
    }

    /// The remembered messages of a thread, from `last` to the oldest.
    pub fn back_from(&self, last: Option<MessageSeq>) -> impl Iterator<Item = &Arc<Message>> {
        let mut next = last;
        std::iter::from_fn(move || {
            let entry = self.get(next?)?;
            next = entry.previous;
            Some(&entry.message)
        })
    }

    /// The message with this id, in any thread.
    pub fn find(&self, mid: &str) -> Option<&Arc<Message>> {
        self.ring.iter().rev().map(|entry| &entry.message).find(|message| &*message.mid == mid)
    }

    /// Puts a changed message in the place of the one with its id.
    pub fn replace(&mut self, changed: Arc<Message>) {
        let mut newest_first = self.ring.iter_mut().rev();
        if let Some(entry) = newest_first.find(|entry| entry.message.mid == changed.mid) {
            let bytes = size_of_message(&changed);
            self.bytes = self.bytes - entry.bytes as usize + bytes as usize;
            (entry.message, entry.bytes) = (changed, bytes);
        }
    }

    fn get(&self, MessageSeq(seq): MessageSeq) -> Option<&RememberedMessage> {
        self.ring.get(usize::try_from(seq.get().checked_sub(self.evicted + 1)?).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
    use crate::domain::model::message::{Author, Content};
    use crate::domain::model::time::Moment;

    fn message(person: u32, text: &str) -> Arc<Message> {
        Arc::new(Message {
            mid: text.into(),
            thread: ThreadKey { asset: AssetKey(0), person: PersonKey(person) },
            author: Author::Person,
            at: Moment::from_millis(0),
            content: Content::text(text).into(),
            quick_reply: None,
            reply_to: None,
            story: None,
            metadata: None,
            edits: 0,
            is_unsent: false,
            prior_user_ref: None,
            accepts_request: false,
        })
    }

    #[test]
    fn threads_are_separate_and_the_oldest_message_is_evicted() {
        let mut transcript = Transcript::new(3, 1 << 20);
        let mut last = [None, None];
        for (person, text) in [(0, "a"), (1, "b"), (0, "c"), (1, "d")] {
            last[person] = Some(transcript.push(message(person as u32, text), last[person]));
        }
        let texts = |last| transcript.back_from(last).map(|message| message.mid.to_string()).collect::<Vec<_>>();
        assert_eq!(texts(last[0]), ["c"], "a was pushed out by d");
        assert_eq!(texts(last[1]), ["d", "b"]);
        assert!(texts(None).is_empty());
    }

    #[test]
    fn messages_are_bounded_in_bytes() {
        let mut transcript = Transcript::new(1000, 100_000);
        let mut last = None;
        for number in 0..100 {
            let content = Arc::new(Content::text(number.to_string().repeat(5_000)));
            last = Some(transcript.push(Arc::new(Message { content, ..(*message(0, "a")).clone() }), last));
        }
        assert!((50_000..100_000).contains(&transcript.bytes()), "{}", transcript.bytes());
        assert_eq!(transcript.back_from(last).count(), 9);
        transcript.replace(message(0, "a"));
        assert!(transcript.bytes() < 90_000, "the longest is replaced by a short one: {}", transcript.bytes());
        let huge = Content::text("x".repeat(200_000)).into();
        let last = transcript.push(Arc::new(Message { content: huge, ..(*message(0, "b")).clone() }), last);
        assert_eq!(transcript.back_from(Some(last)).count(), 1, "the newest message is always remembered");
    }
}
