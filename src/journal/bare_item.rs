//! The JSON of a webhook's item without ids, times, sender and recipient, which say nothing new in a text.

/// The keys that are left out of the item, of its parts, and of what a part replies to.
const LEFT_OUT: [&[&str]; 3] =
    [&["sender", "recipient", "timestamp", "field"], &["mid", "mids", "watermark", "app_id"], &["mid"]];

/// The item without what says nothing new. It is read in the compact form in which it is written.
pub(super) fn bare_item(item: &str) -> String {
    let mut bare = String::with_capacity(item.len());
    write_bare(&mut bare, item, 0);
    bare
}

/// Writes a value that is nested this deeply in the item.
fn write_bare(bare: &mut String, value: &str, depth: usize) {
    let Some(left_out) = LEFT_OUT.get(depth).filter(|_| value.starts_with('{')) else {
        return bare.push_str(value);
    };
    let mut members = members_of(value);
    for key in *left_out {
        if let Some(at) = members.iter().position(|member| member.key == *key) {
            // The last member takes the place of the one that is left out. Texts have always had this order.
            members.swap_remove(at);
        }
    }
    bare.push('{');
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            bare.push(',');
        }
        bare.push('"');
        bare.push_str(member.key);
        bare.push_str("\":");
        match depth == 0 || member.key == "reply_to" {
            true => write_bare(bare, member.value, depth + 1),
            false => bare.push_str(member.value),
        }
    }
    bare.push('}');
}

struct Member<'j> {
    /// As it stands between the quotes.
    key: &'j str,
    value: &'j str,
}

/// The members of a compact map.
fn members_of(map: &str) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    let mut rest = map.get(1..).unwrap_or_default();
    while rest.starts_with('"') {
        let key_end = text_end(rest);
        let Some((key, after)) = rest.get(1..key_end - 1).zip(rest.get(key_end + 1..)) else { break };
        let (value, after) = after.split_at(value_end(after));
        members.push(Member { key, value });
        rest = after.get(1..).unwrap_or_default();
    }
    members
}

/// Where the text that begins here ends. It has at least its two quotes.
fn text_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while bytes.get(at).is_some_and(|byte| *byte != b'"') {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// Where the value that begins here ends: at the next `,`, `}` or `]` that is not inside of it.
fn value_end(json: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while let Some(byte) = json.as_bytes().get(at) {
        match byte {
            b',' | b'}' | b']' if depth == 0 => return at,
            b'"' => {
                at += text_end(&json[at..]);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_keeps_what_it_says() {
        let item = r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":3,"message":{"mid":"m","text":"a \"}\\","quick_reply":{"mid":"x"},"reply_to":{"mid":"m","is_self_reply":false},"attachments":[{"mid":{}}]}}"#;
        let bare = r#"{"message":{"attachments":[{"mid":{}}],"text":"a \"}\\","quick_reply":{"mid":"x"},"reply_to":{"is_self_reply":false}}}"#;
        assert_eq!(bare_item(item), bare);
        assert_eq!(bare_item(r#"{"delivery":{"mids":["m"],"watermark":1}}"#), r#"{"delivery":{}}"#);
        assert_eq!(bare_item("{}"), "{}");
    }

    #[test]
    fn half_an_item_does_no_harm() {
        let item = r#"{"a":{"b":["c\"ä"#;
        for end in (0..=item.len()).filter(|end| item.is_char_boundary(*end)) {
            bare_item(&item[..end]);
        }
    }
}
