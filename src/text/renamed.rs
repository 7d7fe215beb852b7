//! Words that had other names before. The message about such an unknown word says what it is called now.

/// Keys of worlds, scenarios and steps.
const KEYS: [(&str, &str); 2] = [("allows", "allow_lints"), ("loses_answer", "response_lost")];

/// Kinds of ledger entries.
const LEDGER_KINDS: [(&str, &str); 5] = [
    ("asked", "command"),
    ("called", "graph_call"),
    ("delivered", "delivery_attempt"),
    ("delivery", "delivery_state"),
    ("notice", "webhook_event"),
];

/// Beginnings of rule ids.
const RULE_PREFIXES: [(&str, &str); 1] = [("tell.", "webhook.")];

/// The new name of a key.
pub fn renamed_key(old: &str) -> Option<&'static str> {
    renamed(&KEYS, old)
}

/// The new name of a kind of ledger entries.
pub fn renamed_ledger_kind(old: &str) -> Option<&'static str> {
    renamed(&LEDGER_KINDS, old)
}

/// The new id of a rule. Whether there is such a rule is for the caller to find out.
pub fn renamed_rule(old: &str) -> Option<String> {
    RULE_PREFIXES.iter().find_map(|(before, now)| Some(format!("{now}{}", old.strip_prefix(before)?)))
}

fn renamed(table: &[(&str, &'static str)], old: &str) -> Option<&'static str> {
    table.iter().find(|(before, _)| *before == old).map(|(_, now)| *now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_word_has_a_new_one_and_other_words_have_none() {
        assert_eq!(renamed_key("loses_answer"), Some("response_lost"));
        assert_eq!(renamed_key("says"), None);
        assert_eq!(renamed_ledger_kind("delivery"), Some("delivery_state"));
        assert_eq!(renamed_ledger_kind("command"), None);
        assert_eq!(renamed_rule("tell.owner").as_deref(), Some("webhook.owner"));
        assert_eq!(renamed_rule("webhook.owner"), None);
    }
}
