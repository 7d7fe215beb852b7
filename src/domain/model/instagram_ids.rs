//! Ids of Instagram's messages and conversations: base64 of a text that names the account, the thread and the item. The alphabet writes `Z`
//! and the characters that are none of letters and digits as `Z` with a letter.

use std::sync::Arc;

use super::ids::{AppId, IdKind, IdStream, ThreadKey, conversation_id};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Threads have 39 digits, which begin with these.
const FIRST_DIGITS_OF_THREAD: &str = "340282366841710301244";
/// Items have 35 digits, which begin with these.
const FIRST_DIGITS_OF_ITEM: &str = "323";

/// The id of a message. All messages of a thread share its beginning.
pub fn instagram_message_id(seed: u64, account: &str, thread: ThreadKey, counter: u64) -> Arc<str> {
    let owner = (u64::from(thread.asset.0) << 32) | u64::from(thread.person.0);
    let mut stream = IdStream::new(seed, IdKind::Message, owner, counter);
    let item = format!("{FIRST_DIGITS_OF_ITEM}{}{}", stream.digits(16), stream.digits(16));
    let number = thread_number(seed, thread);
    encode(&format!("ig_dm_item:1:IGMessageID:{account}:{number}:{item}")).into()
}

/// The id of a conversation.
pub fn instagram_conversation_id(seed: u64, account: &str, thread: ThreadKey) -> String {
    encode(&format!("ig_dm:1:IGMessageThread:{account}:{}", thread_number(seed, thread)))
}

/// The id that an app knows an account by beside the account's own id. Each app has another one.
pub fn app_scoped_id(seed: u64, account: &str, app: AppId) -> String {
    IdStream::named(seed, IdKind::User, &format!("{account}/{app}"), 0).digits(17).to_string()
}

/// The digits by which Instagram numbers a thread. A conversation's id on Messenger has the last of them.
fn thread_number(seed: u64, thread: ThreadKey) -> String {
    format!("{FIRST_DIGITS_OF_THREAD}{:018}", conversation_id(seed, thread))
}

/// The number that a conversation with this id would have on Messenger.
pub fn number_of_conversation(id: &str) -> Option<u64> {
    let text = decode(id)?;
    let (_, number) = text.strip_prefix("ig_dm:1:IGMessageThread:")?.split_once(':')?;
    number.strip_prefix(FIRST_DIGITS_OF_THREAD)?.parse().ok()
}

/// True if it looks like the id of a conversation.
pub fn is_instagram_conversation(id: &str) -> bool {
    id.starts_with("aWdfZAG06")
}

/// True if it looks like the id of a message.
pub fn is_instagram_message(id: &str) -> bool {
    id.starts_with("aWdfZAG1f")
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3 / 2);
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            match ALPHABET[(bits >> (18 - 6 * place)) as usize & 63] {
                _ if place > three.len() => encoded.push_str("ZD"),
                b'Z' => encoded.push_str("ZA"),
                b'+' => encoded.push_str("ZB"),
                b'/' => encoded.push_str("ZC"),
                other => encoded.push(char::from(other)),
            }
        }
    }
    encoded
}

/// The text behind an id; `None` if it is none of ours.
fn decode(id: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    let mut characters = id.bytes();
    while let Some(character) = characters.next() {
        let plain = match character {
            b'Z' => match characters.next()? {
                b'A' => b'Z',
                b'B' => b'+',
                b'C' => b'/',
                b'D' => continue,
                _ => return None,
            },
            other => other,
        };
        bits = (bits << 6) | ALPHABET.iter().position(|known| *known == plain)? as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model::ids::{AssetKey, PersonKey};

    const THREAD: ThreadKey = ThreadKey { asset: AssetKey(1), person: PersonKey(2) };
    const ACCOUNT: &str = "17841405309211844";

    #[test]
    fn a_message_id_looks_like_a_recorded_one() {
        let mid = instagram_message_id(1, ACCOUNT, THREAD, 1);
        assert!(mid.starts_with("aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE"), "{mid}");
        assert_eq!(mid.len(), 164, "{mid}");
        assert_ne!(mid, instagram_message_id(1, ACCOUNT, THREAD, 2));
    }

    #[test]
    fn a_conversation_id_leads_back_to_its_thread() {
        let id = instagram_conversation_id(1, ACCOUNT, THREAD);
        assert!(id.starts_with("aWdfZAG06MTpJR01lc3NhZA2VUaHJlYWQ6"), "{id}");
        assert_eq!(number_of_conversation(&id), Some(conversation_id(1, THREAD)));
        assert_eq!(number_of_conversation("aWdfZ"), None);
        assert_eq!(number_of_conversation("t_123456789012345"), None);
    }
}
