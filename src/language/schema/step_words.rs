//! The words of steps and expectations as a list, for whoever offers each word as a method.

use super::shape::{Object, Shape};
use super::vocabulary::{EXPECTATION, STEP};

/// A word that stands behind a subject.
#[derive(Debug, Clone, Copy)]
pub struct StepWord {
    /// The first word of the step or the expectation.
    pub subject: &'static str,
    /// The word.
    pub word: &'static str,
    /// False if the word is only ever `true`.
    pub takes_value: bool,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

/// The words behind the subjects of steps, in the order of the vocabulary.
pub fn step_words() -> Vec<StepWord> {
    STEP.objects.iter().flat_map(|object| words_of(object)).collect()
}

/// The words behind the subjects of expectations.
pub fn expectation_words() -> Vec<StepWord> {
    EXPECTATION.objects.iter().flat_map(|object| words_of(object)).collect()
}

fn words_of(object: &'static Object) -> Vec<StepWord> {
    let Some((subject, words)) = object.keys.split_first() else { return Vec::new() };
    let word = |takes_value, word, doc| StepWord { subject: subject.name, word, takes_value, doc };
    words.iter().map(|key| word(!matches!(key.shape, Shape::True), key.name, key.doc)).collect()
}
