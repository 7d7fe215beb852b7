//! The words for a page's routing where it is named outside the world file: `routing`, or `routing@rules`. They come from the
//! vocabulary.

use crate::domain::model::platform::Platform;
use crate::language::schema::shape::{Object, Shape};
use crate::language::schema::vocabulary;
use crate::text::suggest::did_you_mean;

const HANDOVER_PROTOCOL: &str = "handover_protocol";

/// The routing that a word means. A generation alone means that generation of Conversation Routing. The error suggests a known word.
pub fn read(word: &str) -> Result<String, String> {
    let word = word.trim();
    let (_, generations) = words();
    let full = match generations.contains(&word) {
        true => format!("conversation_routing@{word}"),
        false => word.to_owned(),
    };
    check(&full).map(|()| full)
}

/// False for the Handover Protocol on Instagram, where it ended in October 2025: accounts then keep the routing of their world.
pub fn applies_to(word: &str, platform: Platform) -> bool {
    platform == Platform::Messenger || !word.starts_with(HANDOVER_PROTOCOL)
}

/// Checks that a page's routing can be changed to `word`. The error suggests a known word.
pub fn check(word: &str) -> Result<(), String> {
    let (routings, generations) = words();
    let (routing, generation) = word.split_once('@').map_or((word, None), |(routing, rules)| (routing, Some(rules)));
    if routings.contains(&routing) && generation.is_none_or(|rules| generations.contains(&rules)) {
        return Ok(());
    }
    let all: Vec<String> = routings
        .iter()
        .flat_map(|routing| {
            let with_rules = generations.iter().map(move |rules| format!("{routing}@{rules}"));
            std::iter::once((*routing).to_owned()).chain(with_rules)
        })
        .collect();
    let nearest = did_you_mean(word, all.iter().map(String::as_str));
    let generations: Vec<String> = generations.iter().map(|rules| format!("@{rules}")).collect();
    Err(format!(
        "there is no routing `{word}`{nearest} (known are: {}; each may be followed by {})",
        routings.join(", "),
        generations.join(" or ")
    ))
}

/// The words for `routing` and for `rules` of a page.
fn words() -> (&'static [&'static str], &'static [&'static str]) {
    let pages = vocabulary::WORLD.keys.iter().find(|key| key.name == "pages").map(|key| &key.shape);
    match pages {
        Some(Shape::MapOf(_, Shape::Object(page))) => (words_of(page, "routing"), words_of(page, "rules")),
        _ => (&[], &[]),
    }
}

fn words_of(object: &Object, key: &str) -> &'static [&'static str] {
    match object.keys.iter().find(|known| known.name == key).map(|known| &known.shape) {
        Some(Shape::Word(words)) => words,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_vocabulary_is_a_routing_and_a_mistyped_one_gets_a_suggestion() {
        for word in ["zero_config", "handover_protocol", "conversation_routing", "conversation_routing@2025-09"] {
            assert_eq!(check(word), Ok(()));
        }
        for (word, nearest) in [
            ("conversation_routing@2025-10", "conversation_routing@2025-09"),
            ("handover", "handover_protocol"),
            ("zero-config", "zero_config"),
        ] {
            let error = check(word).expect_err("no routing");
            assert!(error.contains(&format!("did you mean `{nearest}`?")), "{error}");
        }
        assert_eq!(read(" 2025-09"), Ok("conversation_routing@2025-09".to_owned()));
        assert_eq!(read("zero_config"), Ok("zero_config".to_owned()));
        assert!(check("@2025-09").is_err());
        assert!(check("conversation_routing@").is_err());
        assert!(check("").is_err());
    }
}
