//! An app in a test: what it does, what it gets, and what its bot needs to know.

use std::collections::BTreeMap;

use hyper::Method;
use serde_json::{Value, json};

use super::emulator::EmulatorError;
use super::test_step::{PerformingStep, TestExpectation, statement};
use super::unperformed::Unperformed;

statement! {
    /// An app, and what it does. A puppet does it, and a step of a real app waits until its bot has done it. What it `gets` is an expectation.
    /// Without a word behind the name nothing is performed.
    TestApp
}

impl<'w> TestApp<'w> {
    /// Expects that the app gets a webhook of this field; `standby` is one.
    pub fn gets(self, field: &str) -> TestExpectation<'w> {
        self.expects("gets", field)
    }

    /// Expects that the app gets no webhook at all.
    pub fn gets_nothing(self) -> TestExpectation<'w> {
        self.expects("gets", "nothing")
    }

    /// Expects that the app gets no webhook of this field.
    pub fn gets_no(self, field: &str) -> TestExpectation<'w> {
        self.expects("gets_no", field)
    }

    /// Expects an attempt to deliver a webhook to the app, such as `json!({ "attempt": 2, "status": 200 })`.
    pub fn delivery(self, attempt: impl Into<Value>) -> TestExpectation<'w> {
        self.expects("delivery", attempt)
    }

    /// Expects with any word that an expectation of an app has.
    pub fn expects(self, word: &str, value: impl Into<Value>) -> TestExpectation<'w> {
        TestExpectation(self.0.into_expectation().with(word, value.into()))
    }

    /// Sends the app's webhooks to a bot from now on. The app is a real one then, and its steps wait for the bot.
    ///
    /// # Errors
    /// This is no webhook URL.
    pub fn attach(&self, url: &str) -> Result<(), EmulatorError> {
        self.control(Method::PUT, "/webhook", json!({ "url": url }).to_string()).map(drop)
    }

    /// The environment for the app's bot: `GRAPHDOUBLE_URL`, `GRAPHDOUBLE_PAGE_TOKEN` and so on.
    ///
    /// # Errors
    /// There is no such app.
    pub fn env(&self) -> Result<BTreeMap<String, String>, EmulatorError> {
        let described = self.control(Method::GET, "", String::new())?;
        let variables = described["env"].as_object().into_iter().flatten();
        Ok(variables.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
    }

    fn control(&self, method: Method, path: &str, body: String) -> Result<Value, EmulatorError> {
        let path = format!("/apps/{}{path}", self.0.actor());
        self.0.world().control(method, path, body)
    }
}
