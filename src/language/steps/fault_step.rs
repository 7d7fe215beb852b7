//! A `fault` step: what is to go wrong, and with which calls or webhooks. The vocabulary checks the words; this file checks what no
//! table can say, such as that one thing goes wrong and not two.

use std::time::Duration;

use super::read_node::{bounded_number, flag, text};
use super::webhook_fault::read_webhook_trouble;
use crate::domain::model::fields::Field;
use crate::domain::model::time::Span;
use crate::engine::fault::{
    AnswerOverride, Breakage, CallFault, FaultEffect, FaultSite, MAX_LATENCY, Schedule, Times, Usage,
};
use crate::graph::errors::catalogue;
use crate::graph::routes::call_words;
use crate::language::node::Node;
use crate::language::schema::names::Names;
use crate::language::schema::shape::{Mistakes, Shape, check};
use crate::language::schema::vocabulary;
use crate::language::schema::vocabulary::ALWAYS;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::{parse_duration, parse_percent};

/// The most calls that a fault counts.
const MAX_CALLS: u32 = 1_000_000;
/// The most bytes of a body in `status`.
const MAX_BODY: usize = 64 << 10;
/// The most percent of a quota: Meta counts on beyond a hundred.
const MAX_PERCENT: u32 = 1000;
/// The most minutes until an app may call again: a month.
const MAX_MINUTES: u64 = 31 * 24 * 60;
/// Keys that say what is answered. A fault has at most one of them.
const ANSWERS: [&str; 4] = ["reply", "status", "html", "breaks"];

/// A fault to be armed. Names are as the file has them.
#[derive(Debug, Clone)]
pub struct FaultStep {
    pub site: FaultSite,
    pub app: Option<String>,
    /// The person whose thread it is about.
    pub to: Option<String>,
    pub page: Option<String>,
    pub schedule: Schedule,
    /// True if it need not fire.
    pub optional: bool,
    pub effect: FaultEffect,
}

/// Reads a fault outside a step, as in the control API and on the command line. Reports all mistakes.
pub fn read_fault(node: &Node, names: &Names) -> Result<FaultStep, Mistakes> {
    let mut mistakes = Mistakes::new();
    check(node, &Shape::Tagged(&vocabulary::FAULT_KINDS), names, &mut mistakes);
    match mistakes.is_empty() {
        true => read_checked(node).map_err(|mistake| vec![mistake]),
        false => Err(mistakes),
    }
}

pub(super) fn read_fault_step(step: &Node) -> Result<FaultStep, Diagnostic> {
    read_checked(step.get("fault").ok_or_else(|| step.mistake("a `fault` step says what goes wrong"))?)
}

/// Reads a fault that the vocabulary has accepted.
fn read_checked(node: &Node) -> Result<FaultStep, Diagnostic> {
    let schedule = read_schedule(node)?;
    let (site, effect) = match text(node, "at") {
        Some(word) => (call_site(node, &word)?, FaultEffect::Call(read_call_trouble(node)?)),
        None => {
            let field = text(node, "webhook").and_then(|field| Field::parse(&field));
            (FaultSite::Webhook(field), FaultEffect::Webhook(read_webhook_trouble(node)?))
        }
    };
    Ok(FaultStep {
        site,
        app: text(node, "app"),
        to: text(node, "to"),
        page: text(node, "page").or_else(|| text(node, "on")),
        schedule,
        optional: flag(node, "optional").unwrap_or(schedule.chance.is_some()),
        effect,
    })
}

fn call_site(node: &Node, word: &str) -> Result<FaultSite, Diagnostic> {
    let known = call_words::WORDS.iter().find(|known| **known == word);
    known.map(|word| FaultSite::of(word)).ok_or_else(|| node.mistake("`at` is the kind of call that the fault meets"))
}

fn read_schedule(node: &Node) -> Result<Schedule, Diagnostic> {
    let chance = node.get("chance").and_then(Node::text).and_then(parse_percent);
    let times = match node.get("times").map(|times| times.text()) {
        Some(Some(ALWAYS)) => Times::Always,
        None if chance.is_some() => Times::Always,
        _ => Times::Exactly(bounded_number(node, "times", 1, 1, MAX_CALLS)?),
    };
    let first = bounded_number(node, "nth", 1, 1, MAX_CALLS)?;
    Ok(Schedule { first, every: bounded_number(node, "every", 1, 1, MAX_CALLS)?, times, chance })
}

fn read_call_trouble(node: &Node) -> Result<CallFault, Diagnostic> {
    let instead = read_answer(node)?;
    let usage = node.get("usage").map(read_usage).transpose()?;
    let latency = read_latency(node)?;
    if instead == AnswerOverride::Unchanged && latency.is_zero() && usage.is_none() {
        let help = format!("say one of {}, or `latency`, or `usage`", ANSWERS.map(|key| format!("`{key}`")).join(", "));
        return Err(node.mistake("nothing goes wrong with this fault").note(help));
    }
    if let (Some(at), AnswerOverride::Broken(Breakage::Hang | Breakage::Reset | Breakage::Close)) =
        (node.get("usage"), &instead)
    {
        return Err(at.mistake("`breaks` leaves no answer whose headers could have the usage"));
    }
    if let (Some(at), AnswerOverride::Broken(Breakage::Hang)) = (node.get("latency"), &instead) {
        return Err(at
            .mistake("an answer that never comes is not late")
            .note("leave out `latency`, or `breaks: hang`"));
    }
    Ok(CallFault { after: takes_effect(node, &instead)?, answer: instead, latency, usage })
}

fn read_answer(node: &Node) -> Result<AnswerOverride, Diagnostic> {
    let given: Vec<&str> = ANSWERS.into_iter().filter(|key| node.get(key).is_some()).collect();
    if let (Some(body), None) = (node.get("body"), node.get("status")) {
        return Err(body.mistake("`body` goes with `status`"));
    }
    match given.as_slice() {
        [] => Ok(AnswerOverride::Unchanged),
        ["reply"] => {
            let error = text(node, "reply").and_then(|name| catalogue::by_name(&name));
            error
                .map(|error| AnswerOverride::Error(error.name))
                .ok_or_else(|| node.mistake("`reply` is the name of an error"))
        }
        ["status"] => read_own_answer(node),
        ["html"] => Ok(AnswerOverride::HtmlPage(read_status(node, "html", 400)?)),
        ["breaks"] => {
            let breakage = text(node, "breaks").and_then(|word| Breakage::parse(&word));
            breakage.map(AnswerOverride::Broken).ok_or_else(|| node.mistake("`breaks` is the name of a breakage"))
        }
        several => {
            let several = several.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
            Err(node
                .mistake(format!("a call has one answer, and this fault gives it {several}"))
                .note("arm several faults for several calls"))
        }
    }
}

fn read_status(node: &Node, key: &str, from: u32) -> Result<u16, Diagnostic> {
    bounded_number(node, key, from, from, 599).map(|status| u16::try_from(status).unwrap_or_default())
}

/// The answer of `status` and `body`. Its content type follows from how the body begins.
fn read_own_answer(node: &Node) -> Result<AnswerOverride, Diagnostic> {
    let status = read_status(node, "status", 200)?;
    let body = node.get("body");
    let is_json = body.is_some_and(|body| body.text().is_none() && !body.is_null());
    let text = match body {
        Some(value) if is_json => value.json().to_string(),
        Some(value) => value.text().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    match body {
        Some(value) if text.len() > MAX_BODY => Err(value.mistake(format!("a body has at most {MAX_BODY} bytes"))),
        Some(value) if !text.is_empty() && [204, 205, 304].contains(&status) => {
            Err(value.mistake(format!("an answer with {status} has no body")))
        }
        _ => {
            let content_type = match text.trim_start().as_bytes().first() {
                Some(b'{' | b'[') => "application/json; charset=UTF-8",
                Some(b'<') => "text/html; charset=utf-8",
                _ => "text/plain; charset=utf-8",
            };
            Ok(AnswerOverride::Custom { status, content_type, body: text.into() })
        }
    }
}

fn read_latency(node: &Node) -> Result<Duration, Diagnostic> {
    let Some(value) = node.get("latency") else { return Ok(Duration::ZERO) };
    let latency = value.text().and_then(parse_duration).map(|Span(millis)| Duration::from_millis(millis));
    latency.filter(|latency| (Duration::from_millis(1)..=MAX_LATENCY).contains(latency)).ok_or_else(|| {
        value
            .mistake(format!("`latency` is a time from 1ms to {}s", MAX_LATENCY.as_secs()))
            .note("to let the app wait until it gives up, use `breaks: hang`")
    })
}

fn read_usage(node: &Node) -> Result<Usage, Diagnostic> {
    const REGAIN: &str = "estimated_time_to_regain_access";
    let percent = |key| bounded_number(node, key, 0, 0, MAX_PERCENT);
    let minutes = match node.get(REGAIN) {
        None => 0,
        Some(value) => {
            let minutes = value.text().and_then(parse_duration).filter(|Span(millis)| millis.is_multiple_of(60_000));
            let minutes = minutes.map(|Span(millis)| millis / 60_000).filter(|minutes| *minutes <= MAX_MINUTES);
            minutes.ok_or_else(|| value.mistake("Meta answers whole minutes here, a month at most"))?
        }
    };
    if node.entries().is_empty() {
        return Err(node.mistake("`usage` needs a figure").note("like `usage: { call_count: 95 }`"));
    }
    Ok(Usage {
        call_count: percent("call_count")?,
        total_cputime: percent("total_cputime")?,
        total_time: percent("total_time")?,
        minutes_to_regain_access: minutes,
    })
}

/// True if the call takes effect before the fault. It must, where the fault changes the answer that the call would have had.
fn takes_effect(node: &Node, instead: &AnswerOverride) -> Result<bool, Diagnostic> {
    let must = match instead {
        AnswerOverride::Unchanged => true,
        AnswerOverride::Broken(breakage) => breakage.needs_answer(),
        _ => false,
    };
    match (node.get("after"), flag(node, "after")) {
        (Some(at), Some(false)) if must => {
            Err(at.mistake("this fault needs the answer of a call that took effect").note("leave out `after`"))
        }
        (_, said) => Ok(said.unwrap_or(must)),
    }
}
