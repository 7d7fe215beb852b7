//! What to do about the usual mistakes in YAML. The parser says where it stopped; the line says why.

/// A hint about a text that is no YAML: what the parser says, and the text up to and from the place where it stopped.
pub(super) fn hint(info: &str, text: &str, at: usize) -> Option<&'static str> {
    let at = text.floor_char_boundary(at.min(text.len()));
    let begin = text[..at].rfind('\n').map_or(0, |line_break| line_break + 1);
    let (before, after) = (&text[begin..at], text[at..].lines().next().unwrap_or_default());
    if has_tab_indent(text, begin) || info.contains("tab") {
        return Some("YAML is indented with spaces: put spaces in the place of the tab");
    }
    let in_braces = is_in_braces(before);
    if info.contains("unexpected character") || info.contains("unknown anchor") {
        return Some(SPECIAL);
    }
    if info.contains("mapping values are not allowed") {
        return Some(match place_of_colon(before) {
            Place::SecondKey => {
                "in a step on one line, `{` and `}` stand around the keys: `- { user: alice, says: Hi }`"
            }
            Place::InText => "a text with `: ` in it needs quotes: `says: \"price: 5\"`",
            Place::Indented => INDENT,
        });
    }
    if info.contains("flow mapping") || info.contains("flow sequence") {
        return Some(flow_hint(before, after, in_braces));
    }
    if info.contains("trailing content") {
        return Some("the quotes go around the whole text: `says: \"Hi there\"`");
    }
    if info.contains("quoted scalar") {
        return Some("the quote that begins here has no second one. Inside single quotes, `''` is one quote");
    }
    if info.contains("expected '-'") || info.contains("expected key") || info.contains("simple key") {
        return Some(INDENT);
    }
    None
}

/// What a plain text cannot begin with.
pub(super) const SPECIAL: &str = "a text that begins with one of @ ` % * & ! { [ | > needs quotes: `says: \"@bob\"`";
const INDENT: &str = "keys of one map stand in one column, and so do the `- ` of one list: this line is indented more or less than those above it";

/// Where a `: ` stands that is too much.
enum Place {
    /// Behind a comma, as the next key.
    SecondKey,
    /// In a text.
    InText,
    /// After the only key of its line.
    Indented,
}

fn place_of_colon(before: &str) -> Place {
    let Some((_, value)) = before.split_once(": ") else { return Place::Indented };
    match value.rsplit_once(", ") {
        Some((_, word)) if is_word(word) => Place::SecondKey,
        _ => Place::InText,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

fn flow_hint(before: &str, after: &str, in_braces: bool) -> &'static str {
    if before.contains(" #") || after.starts_with(" #") {
        return "` #` begins a comment: a text that has it needs quotes";
    }
    if after.starts_with(':') {
        return "a text with `: ` in it needs quotes: `says: \"price: 5\"`";
    }
    match in_braces {
        true if !after.trim().is_empty() => "a text with `{`, `}`, `[`, `]` or `, ` in it needs quotes",
        _ => "a `{` or `[` has no end: `}` or `]` is missing",
    }
}

fn is_in_braces(before: &str) -> bool {
    before.contains('{') || before.contains('[')
}

/// True if this line, or the one before it, begins with a tab.
fn has_tab_indent(text: &str, begin: usize) -> bool {
    let indent = |line: &str| line.chars().take_while(|letter| letter.is_whitespace()).any(|letter| letter == '\t');
    let next = text[begin..].lines().nth(1).is_some_and(indent);
    text[begin..].lines().next().is_some_and(indent) || next
}

#[cfg(test)]
mod tests {
    use crate::language::Node;
    use crate::text::source::SourceText;

    #[test]
    fn a_usual_mistake_has_a_hint() {
        for (text, expected) in [
            ("steps:\n\t- { user: alice }", "put spaces in the place of the tab"),
            ("- user: alice\n\tsays: Hi", "put spaces in the place of the tab"),
            ("- user: alice\n  says: price: 5", "a text with `: ` in it needs quotes"),
            ("- { user: alice, says: price: 5 }", "a text with `: ` in it needs quotes"),
            ("- { user: alice, says: {name} there }", "a text with `{`"),
            ("- { user: alice, says: @bob }", "begins with one of @"),
            ("- { user: alice, says: %5 }", "begins with one of @"),
            ("- { user: alice, says: *bold* }", "begins with one of @"),
            ("- { user: alice, says: !wow }", "begins with one of @"),
            ("- { user: alice, says: &you }", "begins with one of @"),
            ("a:\n  - { b: c }\n - { b: c }", "stand in one column"),
            ("a:\n  - { b: c }\n   - { b: c }", "stand in one column"),
            ("- user: alice\n says: Hi", "stand in one column"),
            ("- user: alice\n   says: Hi", "stand in one column"),
            ("- { user: alice, says: Hi", "has no end"),
            ("- { user: alice, says: 'Hi }", "has no second one"),
            ("- { user: alice, says: \"Hi\" there }", "the quotes go around the whole text"),
            ("- { user: alice, says: Hi # there }", "begins a comment"),
            ("- user: alice, says: Hi", "`{` and `}` stand around the keys"),
        ] {
            let mistake = Node::parse(&SourceText::inline("a", text)).err().map(|mistake| mistake.render(false));
            let mistake = mistake.unwrap_or_default();
            assert!(mistake.contains(expected), "{text}\n{mistake}");
        }
    }
}
