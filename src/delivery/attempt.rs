//! One attempt to deliver one webhook: builds the POST, sends it, and reports the result.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Method, Request};

use crate::domain::event::Scope;
use crate::domain::model::config::Config;
use crate::domain::model::time::Span;
use crate::engine::ledger_entry::DeliveryResult;
use crate::engine::{AttemptOutcome, Job, JobWorld};
use crate::wire::Post;

use super::client::HttpClient;
use super::connection::BotResponse;
use super::destination::Destination;
use super::failure::ExchangeFailure;
use super::settings::DeliverySettings;

/// How much of an app's response body the ledger keeps.
pub const MAX_KEPT_BODY: usize = 1024;

/// A job that waits for its attempt. It is reported exactly once, even if it is dropped, because a run waits for the report.
#[derive(Debug)]
pub(super) struct QueuedDelivery {
    /// `None` after the report.
    job: Option<Job>,
    world: Arc<dyn JobWorld>,
    scope: Scope,
}

impl QueuedDelivery {
    pub(super) fn new(job: Job, world: Arc<dyn JobWorld>) -> Self {
        Self { scope: job.scope(), job: Some(job), world }
    }

    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    pub(super) fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    pub(super) fn world(&self) -> &Arc<dyn JobWorld> {
        &self.world
    }

    pub(super) async fn send_and_report(mut self, client: &HttpClient, settings: &DeliverySettings) {
        let Some(job) = &self.job else { return };
        if !self.world.delivery_started(job) {
            // The world has been reset. The drop reports all the same, and the world ignores the report.
            return;
        }
        let config = self.world.config();
        let limit = config.delivery.timeout.map_or(settings.timeout, |Span(millis)| Duration::from_millis(millis));
        let began = Instant::now();
        let result = send(config, job, client, limit).await;
        let took = began.elapsed();
        let (result, said) = match result {
            Ok(response) => (DeliveryResult::Answered(response.head.status().as_u16()), kept_part(response.body)),
            Err(failure) => (DeliveryResult::Failed(failure.to_string().into()), Box::default()),
        };
        let was_slow = took > settings.slow_after && result.is_success();
        let warning = was_slow.then(|| slow_warning(config, job, took, settings.slow_after));
        self.report(AttemptOutcome { result, said, took, warning });
    }

    fn report(&mut self, outcome: AttemptOutcome) {
        if let Some(job) = self.job.take() {
            self.world.clone().delivery_finished(job, outcome);
        }
    }
}

impl Drop for QueuedDelivery {
    fn drop(&mut self) {
        let text = match std::thread::panicking() {
            true => "graphdouble itself failed while it sent the webhook: please report this",
            false => "given up: the process stopped sending before an answer came",
        };
        let result = DeliveryResult::Failed(text.into());
        self.report(AttemptOutcome { result, said: Box::default(), took: Duration::ZERO, warning: None });
    }
}

fn slow_warning(config: &Config, job: &Job, took: Duration, limit: Duration) -> Box<str> {
    let app = &config.app(job.outgoing.request.app).name;
    let (took, limit) = (took.as_secs_f64(), limit.as_secs_f64());
    format!("`{app}` took {took:.1} s to answer a webhook: Meta wants an answer within {limit} s").into()
}

async fn send(
    config: &Config,
    job: &Job,
    client: &HttpClient,
    limit: Duration,
) -> Result<BotResponse, ExchangeFailure> {
    let destination = client.destination(&job.url)?;
    let Post { headers, body } = job.outgoing.request.post(config, job.outgoing.options);
    let body = Bytes::from(body);
    client.exchange(&destination, || request(&destination, &headers, &body), limit).await
}

fn request(
    destination: &Destination,
    given_headers: &[(&'static str, Cow<'static, str>)],
    body: &Bytes,
) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = destination.target.clone();
    let headers = request.headers_mut();
    headers.reserve(given_headers.len() + 1);
    headers.insert(HOST, destination.authority.clone());
    for (name, value) in given_headers {
        let value = match value {
            Cow::Borrowed(text) => HeaderValue::from_static(text),
            Cow::Owned(text) => signature_header(text),
        };
        headers.insert(HeaderName::from_static(name), value);
    }
    request
}

/// The only owned values are signatures.
fn signature_header(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| unreachable!("a signature is made of letters and digits"))
}

fn kept_part(mut body: Vec<u8>) -> Box<[u8]> {
    body.truncate(MAX_KEPT_BODY);
    body.into()
}
