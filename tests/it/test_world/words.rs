//! Each word of steps and expectations is a method. The file with the methods is written from the vocabulary.

use std::path::Path;

use graphdouble::internals::language::schema::step_words::{StepWord, expectation_words, step_words};

const FILE: &str = "src/testing/words.rs";

/// Methods of `TestApp`, because they make an expectation of it.
const ELSEWHERE: [&str; 3] = ["gets", "gets_no", "delivery"];

const HEAD: &str = "//! The words of steps and expectations as methods. `UPDATE_DOCS=1 cargo test --test it test_world` writes this file from the vocabulary.

use serde_json::Value;

use super::test_app::TestApp;
use super::test_step::{TestAdmin, TestCall, TestExpectation, TestInbox, TestUser};

/// Makes a method of each word. A word without a value is `true`.
macro_rules! words {
    ($name:ident: $($word:ident $($value:ident)? => $says:literal)*) => {
        impl<'w> $name<'w> {
            $(words! { @method $word $($value)? => $says })*
        }
    };
    (@method $word:ident => $says:literal) => {
        #[doc = $says]
        pub fn $word(self) -> Self {
            self.with(stringify!($word), true)
        }
    };
    (@method $word:ident value => $says:literal) => {
        #[doc = $says]
        pub fn $word(self, value: impl Into<Value>) -> Self {
            self.with(stringify!($word), value)
        }
    };
}
";

/// A type, and the words behind its subject.
fn of_step(name: &str, subject: &str) -> String {
    written(name, &step_words().into_iter().filter(|word| word.subject == subject).collect::<Vec<_>>())
}

/// The words of all expectations. What they are about comes first, and is a method elsewhere.
fn of_expectations() -> String {
    let mut words: Vec<StepWord> = Vec::new();
    for word in expectation_words() {
        if !ELSEWHERE.contains(&word.word) && words.iter().all(|known| known.word != word.word) {
            words.push(word);
        }
    }
    written("TestExpectation", &words)
}

fn written(name: &str, words: &[StepWord]) -> String {
    let mut text = format!("\nwords! {{\n    {name}:\n");
    for StepWord { word, takes_value, doc, .. } in words {
        text.push_str(&format!("    {word}{} => {doc:?}\n", if *takes_value { " value" } else { "" }));
    }
    text + "}\n"
}

#[test]
fn the_methods_of_all_words_are_current() {
    let mut text = HEAD.to_owned();
    for (name, subject) in [("TestUser", "user"), ("TestApp", "app"), ("TestAdmin", "admin"), ("TestInbox", "inbox")] {
        text.push_str(&of_step(name, subject));
    }
    text.push_str(&of_step("TestCall", "call"));
    text.push_str(&of_expectations());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).expect("the file");
    }
    let now = std::fs::read_to_string(&path).expect("the file");
    assert!(now == text, "{FILE} is old: UPDATE_DOCS=1 cargo test --test it test_world");
}
