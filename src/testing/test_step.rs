//! Steps that are said in one statement: what a person does, what an administrator does, and what must have happened.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use serde_json::Value;

use super::emulator::EmulatorError;
use super::unperformed::Unperformed;

/// A step while it is performed.
pub type PerformingStep<'w> = Pin<Box<dyn Future<Output = Value> + Send + 'w>>;

/// Makes a type of statements: a struct around `Unperformed` and what all of them have.
macro_rules! statement {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// It is performed when its statement ends; then the thread blocks until it is over, and a failure is a panic with the drawn mistake. With `.await`
        /// behind it, nobody is blocked.
        #[derive(Debug)]
        pub struct $name<'w>(pub(super) Unperformed<'w>);

        impl $name<'_> {
            /// Puts in any word that docs/SCENARIOS.md has for it.
            pub fn with(self, word: &str, value: impl Into<Value>) -> Self {
                Self(self.0.with(word, value.into()))
            }

            /// Performs it now, and returns the answer of the Graph call that was made, if one was made, in the form that `save` sees.
            ///
            /// # Panics
            /// It has mistakes, was refused, or does not hold; the text is drawn at its place.
            pub fn answer(self) -> Value {
                self.outcome().unwrap_or_else(|failure| panic!("{failure}"))
            }

            /// Performs it now, and does not panic if it fails.
            ///
            /// # Errors
            /// It has mistakes, was refused, or does not hold; drawn at its place.
            pub fn outcome(self) -> Result<Value, EmulatorError> {
                self.0.outcome()
            }
        }

        impl<'w> IntoFuture for $name<'w> {
            type Output = Value;
            type IntoFuture = PerformingStep<'w>;

            /// Performs it without blocking the thread.
            fn into_future(self) -> PerformingStep<'w> {
                Box::pin(async move { self.0.outcome_later().await.unwrap_or_else(|failure| panic!("{failure}")) })
            }
        }
    };
}
pub(super) use statement;

statement! {
    /// What a person does.
    TestUser
}
statement! {
    /// What somebody does who administrates a page.
    TestAdmin
}
statement! {
    /// What somebody does at the Business Suite inbox of a page.
    TestInbox
}
statement! {
    /// A Graph call that the test writes out.
    TestCall
}
statement! {
    /// A step without words to add.
    TestStep
}
statement! {
    /// What must have happened. A positive expectation waits for real apps; a negative one is decided at once.
    TestExpectation
}
