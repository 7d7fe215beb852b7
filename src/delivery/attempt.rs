//! Delivery room: one attempt to deliver one webhook, from its bytes to the report of what came of it. `courier`, `lanes` and
//! `handshake` enter.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Request};

use crate::engine::ledger::DeliveryResult;
use crate::engine::{Attempt, Job, Outcome};
use crate::wire::signature::sign;
use crate::wire::webhook_body;

use super::client::Client;
use super::destination::Destination;
use super::failure::Failure;
use super::headers::{ANYTHING, ENCODINGS};
use super::settings::DeliverySettings;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const SENDER: HeaderValue = HeaderValue::from_static("facebookexternalua");
const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");
const SIGNATURE_256: HeaderName = HeaderName::from_static("x-hub-signature-256");
/// What we set ourselves; `Content-Length` comes from the body.
const HEADERS: usize = 7;

/// An attempt to deliver a job. Reported exactly once, come what may: a run waits for the report.
#[derive(Debug)]
pub(super) struct Delivery {
    job: Job,
    attempt: Attempt,
    reported: bool,
}

impl Delivery {
    /// An attempt that has not begun.
    pub(super) fn new(job: Job, attempt: Attempt) -> Self {
        Self { job, attempt, reported: false }
    }

    /// What is delivered.
    pub(super) fn job(&self) -> &Job {
        &self.job
    }

    /// Makes the attempt and reports it.
    pub(super) async fn make(self, client: &Client, settings: &DeliverySettings) {
        if !self.job.world.delivery_tries(&self.job, self.attempt) {
            return; // dropped, which reports to nobody, for the world was reset
        }
        let began = Instant::now();
        let result = post(&self.job, client, settings.timeout).await;
        let took = began.elapsed();
        let result = match result {
            Ok(status) => DeliveryResult::Answered(status),
            Err(failure) => DeliveryResult::Failed(failure.to_string().into()),
        };
        let was_slow = took > settings.slow_after && result.is_success();
        let warning = was_slow.then(|| self.it_was_slow(took, settings.slow_after));
        self.report(Outcome { result, took, warning });
    }

    fn it_was_slow(&self, took: Duration, limit: Duration) -> Box<str> {
        let app = &self.job.world.config().app(self.job.app).name;
        let (took, limit) = (took.as_secs_f64(), limit.as_secs_f64());
        format!("`{app}` took {took:.1} s to answer a webhook: Meta wants an answer within {limit} s").into()
    }

    fn report(mut self, outcome: Outcome) {
        self.reported = true;
        self.job.world.delivered(&self.job, self.attempt, outcome);
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if self.reported {
            return;
        }
        let text = match std::thread::panicking() {
            true => "graphdouble itself failed while it sent the webhook: please report this",
            false => "given up: the process stopped sending before an answer came",
        };
        let outcome = Outcome { result: DeliveryResult::Failed(text.into()), took: Duration::ZERO, warning: None };
        self.job.world.delivered(&self.job, self.attempt, outcome);
    }
}

async fn post(job: &Job, client: &Client, limit: Duration) -> Result<u16, Failure> {
    let destination = Destination::parse(&job.url)?;
    let config = job.world.config();
    let secret = &*config.app(job.app).secret;
    let body = Bytes::from(webhook_body(config, &job.notice, job.channel, job.view));
    let answer = client.exchange(&destination, || request(&destination, secret, &body), limit).await?;
    Ok(answer.head.status().as_u16())
}

fn request(destination: &Destination, secret: &str, body: &Bytes) -> Request<Full<Bytes>> {
    let signatures = sign(secret, body);
    let mut request = Request::new(Full::new(body.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = destination.target.clone();
    let headers = request.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(HOST, destination.authority.clone());
    headers.insert(ACCEPT, ANYTHING);
    headers.insert(ACCEPT_ENCODING, ENCODINGS);
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(USER_AGENT, SENDER);
    headers.insert(SIGNATURE, header(signatures.sha1));
    headers.insert(SIGNATURE_256, header(signatures.sha256));
    request
}

fn header(signature: String) -> HeaderValue {
    HeaderValue::try_from(signature).unwrap_or_else(|_| unreachable!("a signature is made of letters and digits"))
}
