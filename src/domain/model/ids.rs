//! Keys and ids. Every id is derived from (seed, kind, owner, counter) and never drawn at random, so the same world
//! makes the same ids in any order of threads.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Meta's id of an app. It is a number because handover events carry it as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(pub u64);

impl fmt::Display for AppId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The Business Suite inbox. It is an app of every page.
pub const INBOX_APP_ID: AppId = AppId(263_902_037_430_900);
/// The same inbox on Instagram accounts.
pub const INSTAGRAM_INBOX_APP_ID: AppId = AppId(1_217_981_644_879_628);
/// The app in which the people of a business write on Instagram themselves. Its id stands nowhere on the wire.
pub const NATIVE_APP_ID: AppId = AppId(1);
/// Messenger's own app, which asks the questions of lead-generation ads.
pub const LEAD_APP_ID: AppId = AppId(413_038_776_280_800);

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident($inner:ty)),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl $name {
            /// The index in the world's list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

keys! {
    /// Index of an app in the world's list.
    AppKey(u16),
    /// Index of an asset in the world's list: what a business owns and people write to. So far an asset is a page.
    AssetKey(u16),
    /// Index of a person in the world's list.
    PersonKey(u32),
    /// Index of an ad in the world's list.
    AdKey(u16),
    /// Index of a user in the world's list. Users administrate pages.
    UserKey(u16),
}

/// The conversation of one person with one asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ThreadKey {
    pub asset: AssetKey,
    pub person: PersonKey,
}

/// The kind of an id. It keeps the streams of different kinds apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum IdKind {
    App = 1,
    Page,
    /// Page-scoped ids of people.
    Psid,
    Ad,
    Message,
    /// Access tokens.
    Token,
    /// App secrets.
    Secret,
    /// `fbtrace_id` and the request id header.
    Trace,
    /// `hub.challenge` of a verification request.
    Challenge,
    Attachment,
    VerifyToken,
    /// Ids of the users who administrate pages.
    User,
    /// Login codes.
    Code,
    Conversation,
    /// Ids of custom labels.
    Label,
    Persona,
    /// Tokens and ids, other than PSIDs, that name a person as recipient.
    RecipientId,
    /// Templates of utility messages.
    MessageTemplate,
    /// The random decisions of faults.
    Fault,
    /// Posts of pages.
    Publication,
    /// What accounts publish and people share on Instagram, and comments there.
    InstagramMedia,
    /// Welcome message flows.
    WelcomeFlow,
}

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LETTERS_AND_DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const MESSAGE_ID_PREFIX: &[u8] = b"m_";
const MESSAGE_ID_LENGTH: usize = 86;

/// A stream of 64-bit values that depends only on (seed, kind, owner, counter): SplitMix64 over a mix of the four.
#[derive(Debug, Clone)]
pub struct IdStream(u64);

impl IdStream {
    /// The stream of one id, for an owner with a number.
    pub fn new(seed: u64, kind: IdKind, owner: u64, counter: u64) -> Self {
        let start = mix(seed ^ mix(kind as u64));
        Self(mix(start ^ mix(owner)) ^ mix(counter.wrapping_add(0x5bd1)))
    }

    /// The stream of one id, for an owner with a name.
    pub fn named(seed: u64, kind: IdKind, owner: &str, counter: u64) -> Self {
        Self::new(seed, kind, hash_name(&[owner]), counter)
    }

    /// The stream of one id, for an owner whose name consists of these parts.
    pub fn named_by_parts(seed: u64, kind: IdKind, owner: &[&str], counter: u64) -> Self {
        Self::new(seed, kind, hash_name(owner), counter)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A decimal number of exactly `digits` digits (1 to 18).
    pub fn digits(&mut self, digits: u32) -> u64 {
        let floor = 10u64.pow(digits - 1);
        floor + self.next() % (floor * 9)
    }

    /// `length` characters of the url-safe base64 alphabet.
    pub fn url_safe(&mut self, prefix: &str, length: usize) -> Box<str> {
        let mut text = Vec::with_capacity(prefix.len() + length);
        text.extend_from_slice(prefix.as_bytes());
        text.resize(prefix.len() + length, 0);
        self.fill_url_safe(&mut text[prefix.len()..]);
        // The prefix is text and the alphabet is ASCII.
        String::from_utf8(text).unwrap_or_default().into_boxed_str()
    }

    fn fill_url_safe(&mut self, text: &mut [u8]) {
        for ten in text.chunks_mut(10) {
            let mut bits = self.next();
            for character in ten {
                *character = URL_SAFE[(bits & 63) as usize];
                bits >>= 6;
            }
        }
    }

    /// `length` letters and digits.
    pub fn letters_and_digits(&mut self, prefix: &str, length: usize) -> Box<str> {
        self.characters(prefix, length, LETTERS_AND_DIGITS)
    }

    /// `length` lower-case hex digits.
    pub fn hex(&mut self, length: usize) -> Box<str> {
        self.characters("", length, b"0123456789abcdef")
    }

    fn characters(&mut self, prefix: &str, length: usize, alphabet: &[u8]) -> Box<str> {
        let mut text = String::with_capacity(prefix.len() + length);
        text.push_str(prefix);
        let mut bits = 0u64;
        for position in 0..length {
            if position % 10 == 0 {
                bits = self.next();
            }
            text.push(char::from(alphabet[(bits & 63) as usize % alphabet.len()]));
            bits >>= 6;
        }
        text.into_boxed_str()
    }
}

/// A message id in Meta's form: `m_` and 86 url-safe characters. Every message needs one, so it is made without an allocation in between.
pub fn message_id(seed: u64, thread: ThreadKey, counter: u64) -> Arc<str> {
    let owner = (u64::from(thread.asset.0) << 32) | u64::from(thread.person.0);
    let mut id = [0; MESSAGE_ID_PREFIX.len() + MESSAGE_ID_LENGTH];
    let (prefix, rest) = id.split_at_mut(MESSAGE_ID_PREFIX.len());
    prefix.copy_from_slice(MESSAGE_ID_PREFIX);
    IdStream::new(seed, IdKind::Message, owner, counter).fill_url_safe(rest);
    // Prefix and alphabet are ASCII.
    std::str::from_utf8(&id).unwrap_or_default().into()
}

/// The number of bits in each half of a permuted thread.
const HALF: u32 = 24;
const HALF_MASK: u64 = (1 << HALF) - 1;
const ROUNDS: u64 = 4;
/// Makes every conversation id equally long: 15 digits.
const FIRST_CONVERSATION: u64 = 100_000_000_000_000;
/// Makes the scoped ids of crowd members equally long: 17 digits. All ids that are derived from names of people have 16.
const FIRST_MEMBER: u64 = 24_000_000_000_000_000;

/// The digits of a conversation id. No index is needed to find its thread.
pub fn conversation_id(seed: u64, thread: ThreadKey) -> u64 {
    FIRST_CONVERSATION + permuted(seed, IdKind::Conversation, thread)
}

/// The thread of a conversation id. Its page and its person need not exist.
pub fn thread_of_conversation(seed: u64, id: u64) -> Option<ThreadKey> {
    thread_of_permuted(seed, IdKind::Conversation, id.checked_sub(FIRST_CONVERSATION)?)
}

/// The page-scoped id of a member of a crowd. No index is needed to find the member.
pub fn member_psid(seed: u64, thread: ThreadKey) -> u64 {
    FIRST_MEMBER + permuted(seed, IdKind::Psid, thread)
}

/// The thread of the page-scoped id of a member. Its page and its person need not exist.
pub fn thread_of_member(seed: u64, psid: u64) -> Option<ThreadKey> {
    thread_of_permuted(seed, IdKind::Psid, psid.checked_sub(FIRST_MEMBER)?)
}

/// The key of a thread, permuted by the seed among all numbers of 48 bits. It can be reversed.
fn permuted(seed: u64, kind: IdKind, thread: ThreadKey) -> u64 {
    let (mut left, mut right) =
        ((u64::from(thread.asset.0) << 8) | u64::from(thread.person.0) >> HALF, u64::from(thread.person.0) & HALF_MASK);
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ shuffled(seed, kind, round, right));
    }
    (left << HALF) | right
}

fn thread_of_permuted(seed: u64, kind: IdKind, number: u64) -> Option<ThreadKey> {
    if number >> (2 * HALF) != 0 {
        return None;
    }
    let (mut left, mut right) = (number >> HALF, number & HALF_MASK);
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ shuffled(seed, kind, round, left), left);
    }
    let person = ((left & 0xff) << HALF) | right;
    Some(ThreadKey { asset: AssetKey((left >> 8) as u16), person: PersonKey(person as u32) })
}

fn shuffled(seed: u64, kind: IdKind, round: u64, half: u64) -> u64 {
    IdStream::new(seed, kind, round, half).next() & HALF_MASK
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// FNV-1a of the parts in a row. Names are short, and the result only has to be stable.
pub fn hash_name(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_every_part_and_on_nothing_else() {
        let id = |seed, kind, owner: &str, counter| IdStream::named(seed, kind, owner, counter).digits(16);
        let base = id(1, IdKind::Psid, "alice", 0);
        assert_eq!(base, id(1, IdKind::Psid, "alice", 0));
        assert_ne!(base, id(2, IdKind::Psid, "alice", 0));
        assert_ne!(base, id(1, IdKind::App, "alice", 0));
        assert_ne!(base, id(1, IdKind::Psid, "bob", 0));
        assert_ne!(base, id(1, IdKind::Psid, "alice", 1));
        assert_eq!(base.to_string().len(), 16);
    }

    #[test]
    fn a_conversation_id_leads_back_to_its_thread() {
        let mut ids = std::collections::BTreeSet::new();
        for (page, person) in [(0, 0), (0, 1), (1, 0), (7, 1 << 24), (u16::MAX, u32::MAX)] {
            let thread = ThreadKey { asset: AssetKey(page), person: PersonKey(person) };
            let id = conversation_id(1, thread);
            assert_eq!(id.to_string().len(), 15);
            assert_eq!(thread_of_conversation(1, id), Some(thread));
            assert_ne!(conversation_id(2, thread), id);
            ids.insert(id);
        }
        assert_eq!(ids.len(), 5);
        assert_eq!(thread_of_conversation(1, 42), None);
        assert_eq!(thread_of_conversation(1, u64::MAX), None);
    }

    #[test]
    fn message_ids_have_metas_shape() {
        let thread = ThreadKey { asset: AssetKey(0), person: PersonKey(3) };
        let mid = message_id(1, thread, 7);
        assert_eq!(mid.len(), 88);
        assert!(mid.starts_with("m_"));
        assert!(mid[2..].bytes().all(|byte| URL_SAFE.contains(&byte)));
        assert_ne!(mid, message_id(1, thread, 8));
    }
}
