//! The reactions to the messages of a thread: for each message at most one of the person and one of the page.

use std::sync::Arc;

use super::message::Reaction;
use super::platform::Platform;

/// The most reactions that a thread remembers. Then the oldest one is forgotten.
const MAX_REACTIONS: usize = 100;

/// The reactions of Messenger that have a name: Meta's word, and the emoji.
const ON_MESSENGER: &[(&str, &str)] = &[
    ("smile", "\u{1f606}"),
    ("angry", "\u{1f620}"),
    ("sad", "\u{1f622}"),
    ("wow", "\u{1f62e}"),
    ("love", "\u{2764}\u{fe0f}"),
    ("like", "\u{1f44d}"),
    ("dislike", "\u{1f44e}"),
];
/// Those of Instagram.
const ON_INSTAGRAM: &[(&str, &str)] = &[
    ("laugh", "\u{1f606}"),
    ("angry", "\u{1f620}"),
    ("sad", "\u{1f622}"),
    ("wow", "\u{1f62e}"),
    ("love", "\u{2764}\u{fe0f}"),
    ("like", "\u{1f44d}"),
];

/// The reaction that Meta's word or an emoji stands for. Any other emoji is `other`.
pub fn reaction_on(platform: Platform, word: &str) -> Reaction {
    let known = match platform {
        Platform::Messenger => ON_MESSENGER,
        Platform::Instagram => ON_INSTAGRAM,
    };
    let found = known.iter().find(|(name, emoji)| *name == word || *emoji == word);
    let (name, emoji) = found.copied().unwrap_or(("other", word));
    Reaction { name: name.into(), emoji: emoji.into() }
}

/// The reactions of a thread, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Reactions(Vec<GivenReaction>);

/// A reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenReaction {
    pub mid: Arc<str>,
    pub by: Reactor,
    pub reaction: Reaction,
}

/// Who reacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reactor {
    Person,
    Page,
}

impl Reactions {
    /// Sets the reaction of one side to a message, or removes it.
    pub fn set(&mut self, mid: &Arc<str>, by: Reactor, reaction: Option<Reaction>) {
        self.0.retain(|given| given.by != by || given.mid != *mid);
        if let Some(reaction) = reaction {
            if self.0.len() == MAX_REACTIONS {
                self.0.remove(0);
            }
            self.0.push(GivenReaction { mid: mid.clone(), by, reaction });
        }
    }

    /// The reactions to a message.
    pub fn of_message(&self, mid: &str) -> impl Iterator<Item = &GivenReaction> {
        self.0.iter().filter(move |given| &*given.mid == mid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like() -> Option<Reaction> {
        Some(Reaction { name: "like".into(), emoji: "👍".into() })
    }

    #[test]
    fn each_side_has_one_reaction_to_a_message_and_may_take_it_back() {
        let (mid, mut reactions) = (Arc::from("m_1"), Reactions::default());
        reactions.set(&mid, Reactor::Person, like());
        reactions.set(&mid, Reactor::Person, like());
        reactions.set(&mid, Reactor::Page, like());
        assert_eq!(reactions.of_message("m_1").count(), 2);
        reactions.set(&mid, Reactor::Person, None);
        assert!(reactions.of_message("m_1").all(|given| given.by == Reactor::Page));
        assert_eq!(reactions.of_message("m_2").count(), 0);
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let mut reactions = Reactions::default();
        for number in 0..=MAX_REACTIONS {
            reactions.set(&Arc::from(format!("m_{number}")), Reactor::Person, like());
        }
        assert_eq!((reactions.0.len(), reactions.of_message("m_0").count()), (MAX_REACTIONS, 0));
    }
}
