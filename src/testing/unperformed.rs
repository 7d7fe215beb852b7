//! A step that is put together word by word, and performed when it is dropped, awaited or asked for its outcome.

use std::panic::Location;

use serde_json::{Map, Value, json};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::emulator::{Emulator, EmulatorError};
use super::world_thread::{Working, WorldThread};

/// A step that has not been performed yet.
#[derive(Debug)]
pub(super) struct Unperformed<'w> {
    world: &'w WorldThread,
    text: StepText,
    /// Where the test writes it.
    place: &'static Location<'static>,
    is_over: bool,
}

/// What the step says.
#[derive(Debug)]
enum StepText {
    /// The words of a step, with whoever acts in the first place.
    Words(Map<String, Value>),
    /// The words of one expectation.
    Expectation(Map<String, Value>),
    /// A step as it stands in a scenario.
    Whole(String),
}

impl StepText {
    /// True if it says what is to be done, and not only by whom.
    fn is_whole(&self) -> bool {
        match self {
            Self::Words(words) => words.len() > 1 || !words.keys().all(|word| word == "user" || word == "app"),
            Self::Expectation(_) | Self::Whole(_) => true,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Words(words) => json!(words).to_string(),
            Self::Expectation(words) => json!({ "expect": [words] }).to_string(),
            Self::Whole(text) => text.clone(),
        }
    }
}

impl<'w> Unperformed<'w> {
    #[track_caller]
    pub fn step(world: &'w WorldThread, word: &str, value: Value) -> Self {
        Self::of(world, StepText::Words(Map::from_iter([(word.to_owned(), value)])))
    }

    #[track_caller]
    pub fn expectation(world: &'w WorldThread, word: &str, value: Value) -> Self {
        Self::of(world, StepText::Expectation(Map::from_iter([(word.to_owned(), value)])))
    }

    #[track_caller]
    pub fn whole(world: &'w WorldThread, text: String) -> Self {
        Self::of(world, StepText::Whole(text))
    }

    #[track_caller]
    fn of(world: &'w WorldThread, text: StepText) -> Self {
        Self { world, text, place: Location::caller(), is_over: false }
    }

    /// The same with one more word.
    pub fn with(mut self, word: &str, value: Value) -> Self {
        if let StepText::Words(words) | StepText::Expectation(words) = &mut self.text {
            words.insert(word.to_owned(), value);
        }
        self
    }

    /// An expectation with the same words.
    pub fn into_expectation(mut self) -> Self {
        if let StepText::Words(words) = &mut self.text {
            self.text = StepText::Expectation(std::mem::take(words));
        }
        self
    }

    /// Whoever acts.
    pub fn actor(&self) -> &str {
        match &self.text {
            StepText::Words(words) | StepText::Expectation(words) => {
                words.values().next().and_then(Value::as_str).unwrap_or_default()
            }
            StepText::Whole(_) => "",
        }
    }

    pub fn world(&self) -> &'w WorldThread {
        self.world
    }

    /// Performs the step, and blocks until it is over.
    pub fn outcome(mut self) -> Result<Value, EmulatorError> {
        self.perform()
    }

    /// Performs the step without blocking anybody.
    pub async fn outcome_later(mut self) -> Result<Value, EmulatorError> {
        self.is_over = true;
        let text = self.text.text();
        self.world.perform(move |emulator| perform(emulator, text)).await?.map_err(|error| self.at_place(error))
    }

    fn perform(&mut self) -> Result<Value, EmulatorError> {
        self.is_over = true;
        let text = self.text.text();
        let performed = self.world.block_on(move |emulator| perform(emulator, text))?;
        performed.map_err(|error| note_blocked_runtime(self.at_place(error)))
    }

    fn at_place(&self, error: EmulatorError) -> EmulatorError {
        EmulatorError::Mistakes(format!("the step at {} failed\n{}", self.place, error.to_string().trim_start()))
    }
}

impl Drop for Unperformed<'_> {
    /// Performs the step, unless that has been done or the test is failing already.
    fn drop(&mut self) {
        if self.is_over || !self.text.is_whole() || std::thread::panicking() {
            return;
        }
        if let Err(failure) = self.perform() {
            panic!("{failure}");
        }
    }
}

fn perform(emulator: &mut Emulator, text: String) -> Working<'_, Result<Value, EmulatorError>> {
    Box::pin(async move { Ok(emulator.step(&text).await?.answer.unwrap_or_default()) })
}

/// A step that blocks the only thread of a runtime also blocks an app that runs there.
fn note_blocked_runtime(error: EmulatorError) -> EmulatorError {
    let is_blocked = Handle::try_current().is_ok_and(|now| now.runtime_flavor() == RuntimeFlavor::CurrentThread);
    match is_blocked {
        true => EmulatorError::Mistakes(format!(
            "{error}\n\nThis step blocked the only thread of the test's runtime. If the app runs there, it could do nothing meanwhile: write \
             `.await` behind the step."
        )),
        false => error,
    }
}
