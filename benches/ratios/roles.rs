//! The servers to compare with, each in a process of its own: this program, called with a role.
//!
//! - `bare`: JSON in, JSON out, and nothing between.
//! - `pipe BOT`: JSON in, the same JSON on to the bot, and its answer waited for.
//! - `engine BOT`: the pipe's front, but what goes on is a person's message in a world of graphdouble: engine and delivery without
//!   the control API.
//! - `worlds WHAT COUNT`: no server; measures a world in a process that has done nothing else.
//! - `growth WHAT COUNT`: the same of a cost that may grow with the number of people.

use std::convert::Infallible;
use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use graphdouble::internals::delivery::{DeliverySettings, WebhookSender};
use graphdouble::internals::domain::command::{Command, UserAction, UserMessage};
use graphdouble::internals::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger_entry::Actor;
use graphdouble::internals::engine::{ActiveWorld, Engine};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::child::ROLE_PREFIX;
use crate::load::{self, Connection};
use crate::{Measured, events, growth, worlds};

/// No run takes longer. A server whose bench has ended stops then.
const LIFE: Duration = Duration::from_secs(15 * 60);
/// As long as the message ids of graphdouble.
const MESSAGE_ID: &str = "m_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Plays a role to its end.
pub fn play(role: &str, rest: &[String]) -> ExitCode {
    let bot = rest.first().and_then(|bot| bot.parse().ok()).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
    let played = match role.strip_prefix(ROLE_PREFIX) {
        Some("bare") => with_runtime(serve(|request| async { bare(request).await })),
        Some("pipe") => {
            let pipe = Arc::new(Pipe { bot, resting: Mutex::default() });
            with_runtime(serve(move |request| {
                let pipe = pipe.clone();
                async move { pipe.answer(request).await }
            }))
        }
        Some("engine") => with_runtime(async move {
            let worlds = Arc::new(worlds_with_a_bot(bot)?);
            let answer = move |request| {
                let worlds = worlds.clone();
                async move { execute_event(&worlds, request).await }
            };
            serve(answer).await
        }),
        Some("worlds") => worlds::play(rest),
        Some("growth") => growth::play(rest),
        _ => Err(format!("there is no role `{role}`")),
    };
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            writeln!(std::io::stderr(), "{why}").unwrap_or_default();
            ExitCode::FAILURE
        }
    }
}

/// The same runtime as graphdouble's.
fn with_runtime(task: impl Future<Output = Measured<()>>) -> Measured<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let mut stop = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(|error| error.to_string())?;
        tokio::select! {
            result = task => result,
            _ = stop.recv() => Ok(()),
            () = tokio::time::sleep(LIFE) => Ok(()),
        }
    })
}

async fn serve<F, A>(answer: F) -> Measured<()>
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Measured<Value>> + Send,
{
    let listener = load::listen().await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    crate::say(&format!("listens on http://{address}"));
    loop {
        let (stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).unwrap_or_default();
        let answer = answer.clone();
        let service = service_fn(move |request| {
            let answered = answer(request);
            async move { Ok::<_, Infallible>(response(answered.await)) }
        });
        // A connection ends when its client goes.
        tokio::spawn(async move {
            http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.unwrap_or_default();
        });
    }
}

fn response(answer: Measured<Value>) -> Response<Full<Bytes>> {
    let (status, value) = match answer {
        Ok(value) => (StatusCode::OK, value),
        Err(why) => (StatusCode::BAD_REQUEST, json!({ "error": why })),
    };
    let mut response = Response::new(Full::new(Bytes::from(serde_json::to_vec(&value).unwrap_or_default())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn parse(request: Request<Incoming>) -> Measured<(String, Value)> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
    Ok((path, serde_json::from_slice(&body).map_err(|error| error.to_string())?))
}

async fn bare(request: Request<Incoming>) -> Measured<Value> {
    let (_, asked) = parse(request).await?;
    let recipient = asked.pointer("/recipient/id").and_then(Value::as_str).unwrap_or_default();
    Ok(json!({ "recipient_id": recipient, "message_id": MESSAGE_ID }))
}

/// Sends on what it gets, over connections that are kept alive.
struct Pipe {
    bot: SocketAddr,
    resting: Mutex<Vec<Connection>>,
}

impl Pipe {
    async fn answer(&self, request: Request<Incoming>) -> Measured<Value> {
        if !request.uri().path().starts_with(events::EVENT) {
            return bare(request).await;
        }
        let (path, event) = parse(request).await?;
        let hook = path.replace(events::EVENT, events::HOOK);
        let body = Bytes::from(serde_json::to_vec(&event).map_err(|error| error.to_string())?);
        let rested = self.resting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match rested {
            Some(connection) => connection,
            None => Connection::open(self.bot).await?,
        };
        connection.post(&hook, body).await?;
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(json!({ "how": "acted" }))
    }
}

/// One world for each connection of the load, with one bot and one person each.
fn worlds_with_a_bot(bot: SocketAddr) -> Measured<Vec<Arc<ActiveWorld>>> {
    let engine = Engine::new(Some(WebhookSender::new(DeliverySettings::default())));
    (0..events::CONNECTIONS)
        .map(|place| {
            let config = Arc::new(worlds::config(1, Some(&events::hook(bot, place)), &events::token(place)));
            engine.add(&format!("w{place}"), config, Mode::Follow).map_err(|error| error.to_string())
        })
        .collect()
}

async fn execute_event(worlds: &[Arc<ActiveWorld>], request: Request<Incoming>) -> Measured<Value> {
    let (path, event) = parse(request).await?;
    let place = path.strip_prefix(events::EVENT).and_then(|place| place.parse::<usize>().ok());
    let world = place.and_then(|place| worlds.get(place)).ok_or("there is no such world")?;
    let text = event.get("says").and_then(Value::as_str).map(Into::into);
    let thread = ThreadKey { asset: AssetKey(0), person: PersonKey(0) };
    let says = Command::Person(thread, UserAction::Says(UserMessage { text, ..UserMessage::default() }));
    world.execute(Actor::Script, says).map_err(|refused| format!("{:?}", refused.refusal))?;
    Ok(json!({ "how": "acted" }))
}
