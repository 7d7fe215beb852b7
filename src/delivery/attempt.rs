//! Delivery room: one attempt to deliver one webhook, from its bytes to the report of what came of it. `courier`, `lanes` and
//! `handshake` enter.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Method, Request};

use crate::domain::event::Scope;
use crate::domain::model::time::Span;
use crate::engine::ledger::DeliveryResult;
use crate::engine::{Job, Outcome};
use crate::wire::Post;

use super::client::Client;
use super::connection::Answer;
use super::destination::Destination;
use super::failure::Failure;
use super::settings::DeliverySettings;

/// How much of an app's answer the ledger keeps.
const MAX_KEPT: usize = 1024;

/// An attempt to deliver a job. Reported exactly once, come what may: a run waits for the report.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// None once it was reported.
    job: Option<Job>,
    scope: Scope,
}

impl Delivery {
    /// An attempt that has not begun.
    pub(super) fn new(job: Job) -> Self {
        Self { scope: job.scope(), job: Some(job) }
    }

    /// Where the webhook comes from.
    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    /// What is delivered.
    pub(super) fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// Makes the attempt and reports it.
    pub(super) async fn make(mut self, client: &Client, settings: &DeliverySettings) {
        let Some(job) = &self.job else { return };
        if !job.world.delivery_tries(job) {
            return; // dropped, which reports to nobody, for the world was reset
        }
        let limit =
            job.world.config().delivery.timeout.map_or(settings.timeout, |Span(millis)| Duration::from_millis(millis));
        let began = Instant::now();
        let result = post(job, client, limit).await;
        let took = began.elapsed();
        let (result, said) = match result {
            Ok(answer) => (DeliveryResult::Answered(answer.head.status().as_u16()), beginning(answer.body)),
            Err(failure) => (DeliveryResult::Failed(failure.to_string().into()), Box::default()),
        };
        let was_slow = took > settings.slow_after && result.is_success();
        let warning = was_slow.then(|| it_was_slow(job, took, settings.slow_after));
        self.report(Outcome { result, said, took, warning });
    }

    fn report(&mut self, outcome: Outcome) {
        if let Some(job) = self.job.take() {
            let world = job.world.clone();
            world.delivered(job, outcome);
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let text = match std::thread::panicking() {
            true => "graphdouble itself failed while it sent the webhook: please report this",
            false => "given up: the process stopped sending before an answer came",
        };
        let result = DeliveryResult::Failed(text.into());
        self.report(Outcome { result, said: Box::default(), took: Duration::ZERO, warning: None });
    }
}

fn it_was_slow(job: &Job, took: Duration, limit: Duration) -> Box<str> {
    let app = &job.world.config().app(job.request.app).name;
    let (took, limit) = (took.as_secs_f64(), limit.as_secs_f64());
    format!("`{app}` took {took:.1} s to answer a webhook: Meta wants an answer within {limit} s").into()
}

async fn post(job: &Job, client: &Client, limit: Duration) -> Result<Answer, Failure> {
    let destination = Destination::parse(&job.url)?;
    let Post { headers, body } = job.request.post(job.world.config(), job.options);
    let body = Bytes::from(body);
    client.exchange(&destination, || request(&destination, &headers, &body), limit).await
}

fn request(
    destination: &Destination,
    given: &[(&'static str, Cow<'static, str>)],
    body: &Bytes,
) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = destination.target.clone();
    let headers = request.headers_mut();
    headers.reserve(given.len() + 1);
    headers.insert(HOST, destination.authority.clone());
    for (name, value) in given {
        let value = match value {
            Cow::Borrowed(text) => HeaderValue::from_static(text),
            Cow::Owned(text) => owned_header(text),
        };
        headers.insert(HeaderName::from_static(name), value);
    }
    request
}

/// A signature is made of letters and digits, which a header can carry.
fn owned_header(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| unreachable!("a signature is made of letters and digits"))
}

fn beginning(mut said: Vec<u8>) -> Box<[u8]> {
    said.truncate(MAX_KEPT);
    said.into()
}
