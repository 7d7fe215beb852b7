//! How costs grow with the number of people who have written: a step, a send, the list of conversations. Each count in a process that has
//! done nothing else.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use graphdouble::internals::domain::model::ids::{AssetKey, ThreadKey};
use graphdouble::internals::engine::{ActiveWorld, Engine};
use graphdouble::internals::graph;
use graphdouble::internals::language::Node;
use graphdouble::internals::runner::{Session, Timeouts};
use graphdouble::internals::text::source::SourceText;
use hyper::Request;

use crate::Measured;
use crate::child;
use crate::figures::{Figure, Target, Unit, median_seconds};
use crate::worlds::{TOKEN, world_in_which_all_wrote};

/// How many people have written.
const COUNTS: [(u32, &str); 3] = [(10, "10 people"), (1_000, "1,000 people"), (100_000, "100,000 people")];
/// What is measured, by the word that a process is asked with.
const MEASURED: [(&str, &str); 3] = [("step", "a step"), ("send", "a send"), ("list", "a page of conversations")];
/// How often each is done.
const SAMPLES: u32 = 2_001;

/// Measures in processes of their own.
pub fn measure() -> Measured<Vec<Figure>> {
    let mut figures = Vec::new();
    for (what, words) in MEASURED {
        for (count, people) in COUNTS {
            let took = child::number("growth", what, count)?;
            figures.push(Figure::alone(&format!("{words}, {people}"), Unit::Seconds, took, None, Target::None));
        }
    }
    Ok(figures)
}

/// The role of such a process: measures one thing and prints the number.
pub fn play(rest: &[String]) -> Measured<()> {
    let (Some(what), Some(count)) = (rest.first(), rest.get(1).and_then(|count| count.parse().ok())) else {
        return Err("growth WHAT COUNT".to_owned());
    };
    crate::say(&grown(what, count)?.to_string());
    Ok(())
}

/// What one of them takes: the middle of many.
fn grown(what: &str, count: u32) -> Measured<f64> {
    let (engine, world) = world_in_which_all_wrote(count)?;
    let runtime = crate::load::runtime()?;
    let mut session = Session::new(engine.clone(), world.clone(), Timeouts::default());
    let mut took = Vec::new();
    for number in 0..SAMPLES {
        // The people take turns in an order that is not that of their keys.
        let person = (u64::from(number) * 7919 % u64::from(count)) as u32;
        let request = call(what, &world, person)?;
        let began = Instant::now();
        match request {
            Some(request) => runtime.block_on(send(&engine, request))?,
            None => runtime.block_on(step(&mut session, person))?,
        }
        took.push(began.elapsed());
    }
    Ok(median_seconds(&took))
}

/// The Graph call that is measured. `None` if it is a step.
fn call(what: &str, world: &Arc<ActiveWorld>, person: u32) -> Measured<Option<Request<Bytes>>> {
    let (method, path, body) = match what {
        "list" => ("GET", "conversations?limit=25&", String::new()),
        "send" => {
            let config = world.config();
            let person = config.person_by_name(&format!("p{person}")).ok_or("a person is missing")?;
            let psid = config.people.psid(ThreadKey { asset: AssetKey(0), person });
            ("POST", "messages?", format!(r#"{{"recipient":{{"id":"{psid}"}},"message":{{"text":"Hello"}}}}"#))
        }
        _ => return Ok(None),
    };
    let request = Request::builder()
        .method(method)
        .uri(format!("/v25.0/me/{path}access_token={TOKEN}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body));
    request.map(Some).map_err(|error| error.to_string())
}

async fn send(engine: &Arc<Engine>, request: Request<Bytes>) -> Measured<()> {
    let answer = graph::answer(engine, request).await;
    match answer.status().is_success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(answer.body()).into_owned()),
    }
}

async fn step(session: &mut Session, person: u32) -> Measured<()> {
    let text = SourceText::inline("the step", &format!("{{ user: p{person}, says: Hi }}"));
    let node = Node::parse(&text).map_err(|mistake| format!("{mistake:?}"))?;
    let step = session.read_step(&node).map_err(|mistakes| format!("{mistakes:?}"))?;
    session.perform(&step).await.map(drop).map_err(|mistake| format!("{mistake:?}"))
}
