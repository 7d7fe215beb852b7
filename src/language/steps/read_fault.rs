//! Language room: from a part of a file to a fault. What no table can say is checked here: that one thing goes wrong and not two, that
//! numbers are within bounds, that there is an answer where one is to be broken. `read_step` enters, and whoever arms a fault without a
//! step.

use std::time::Duration;

use super::read_webhook_fault;
use super::step::FaultStep;
use crate::domain::model::fields::Field;
use crate::domain::model::time::Span;
use crate::engine::fault::{
    AnswerOverride, Breakage, CallFault, FaultEffect, FaultSite, MAX_LATENCY, Schedule, Times, Usage,
};
use crate::graph::errors::catalogue;
use crate::graph::routes::faults;
use crate::language::node::Node;
use crate::language::schema::shape::{Mistakes, Names, Shape, check};
use crate::language::schema::vocabulary;
use crate::language::schema::vocabulary::ALWAYS;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::{parse_duration, parse_percent};

/// Calls that one fault may count.
const MAX_CALLS: u32 = 1_000_000;
/// Bytes of a body of one's own.
const MAX_BODY: usize = 64 << 10;
/// Meta goes on counting beyond a hundred.
const MAX_PERCENT: u32 = 1000;
/// Minutes until an app may call again: a month.
const MAX_MINUTES: u64 = 31 * 24 * 60;
/// Keys that say what is answered; a fault has one of them, or none.
const ANSWERS: [&str; 4] = ["reply", "status", "html", "breaks"];

/// Reads a fault that stands for itself, as in the control API and on the command line. All mistakes are reported.
///
/// # Errors
/// The mistakes.
pub fn read(node: &Node, names: &Names) -> Result<FaultStep, Mistakes> {
    let mut mistakes = Mistakes::new();
    check(node, &Shape::Tagged(&vocabulary::FAULT_KINDS), names, &mut mistakes);
    match mistakes.is_empty() {
        true => fault(node).map_err(|mistake| vec![mistake]),
        false => Err(mistakes),
    }
}

/// Reads the fault of a step.
pub(crate) fn of_step(step: &Node) -> Result<FaultStep, Diagnostic> {
    fault(step.get("fault").ok_or_else(|| step.mistake("a `fault` step says what goes wrong"))?)
}

fn fault(node: &Node) -> Result<FaultStep, Diagnostic> {
    let schedule = schedule(node)?;
    let (at, effect) = match text(node, "at") {
        Some(word) => (at_call(node, &word)?, FaultEffect::Call(trouble(node)?)),
        None => {
            let field = text(node, "webhook").and_then(|field| Field::parse(&field));
            (FaultSite::Webhook(field), FaultEffect::Webhook(read_webhook_fault::trouble(node)?))
        }
    };
    Ok(FaultStep {
        at,
        app: text(node, "app"),
        to: text(node, "to"),
        page: text(node, "page"),
        schedule,
        optional: flag(node, "optional").unwrap_or(schedule.chance.is_some()),
        effect,
    })
}

fn at_call(node: &Node, word: &str) -> Result<FaultSite, Diagnostic> {
    let known = faults::WORDS.iter().find(|known| **known == word);
    known.map(|word| FaultSite::of(word)).ok_or_else(|| node.mistake("a fault has a place"))
}

pub(crate) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

fn flag(node: &Node, key: &str) -> Option<bool> {
    node.get(key).and_then(Node::bool)
}

/// A number within bounds; the usual one where the key is left out.
pub(crate) fn number(node: &Node, key: &str, usual: u32, from: u32, to: u32) -> Result<u32, Diagnostic> {
    let Some(value) = node.get(key) else { return Ok(usual) };
    let number = value.text().and_then(|text| text.parse().ok()).filter(|number| (from..=to).contains(number));
    number.ok_or_else(|| value.mistake(format!("`{key}` is a number from {from} to {to}")))
}

fn schedule(node: &Node) -> Result<Schedule, Diagnostic> {
    let chance = node.get("chance").and_then(Node::text).and_then(parse_percent);
    let times = match node.get("times").map(|times| times.text()) {
        Some(Some(ALWAYS)) => Times::Always,
        None if chance.is_some() => Times::Always,
        _ => Times::Exactly(number(node, "times", 1, 1, MAX_CALLS)?),
    };
    let first = number(node, "nth", 1, 1, MAX_CALLS)?;
    Ok(Schedule { first, every: number(node, "every", 1, 1, MAX_CALLS)?, times, chance })
}

fn trouble(node: &Node) -> Result<CallFault, Diagnostic> {
    let instead = instead(node)?;
    let usage = node.get("usage").map(usage).transpose()?;
    let latency = latency(node)?;
    if instead == AnswerOverride::Unchanged && latency.is_zero() && usage.is_none() {
        let help = format!("say one of {}, or `latency`, or `usage`", ANSWERS.map(|key| format!("`{key}`")).join(", "));
        return Err(node.mistake("nothing goes wrong with this fault").note(help));
    }
    if let (Some(at), AnswerOverride::Broken(Breakage::Hang | Breakage::Reset | Breakage::Close)) =
        (node.get("usage"), &instead)
    {
        return Err(at.mistake("there is no answer whose headers could say it"));
    }
    if let (Some(at), AnswerOverride::Broken(Breakage::Hang)) = (node.get("latency"), &instead) {
        return Err(at
            .mistake("an answer that never comes is not late")
            .note("leave out `latency`, or `breaks: hang`"));
    }
    Ok(CallFault { after: after(node, &instead)?, instead, latency, usage })
}

fn instead(node: &Node) -> Result<AnswerOverride, Diagnostic> {
    let said: Vec<&str> = ANSWERS.into_iter().filter(|key| node.get(key).is_some()).collect();
    if let (Some(body), None) = (node.get("body"), node.get("status")) {
        return Err(body.mistake("`body` goes with `status`"));
    }
    match said.as_slice() {
        [] => Ok(AnswerOverride::Unchanged),
        ["reply"] => {
            let error = text(node, "reply").and_then(|name| catalogue::by_name(&name));
            error
                .map(|error| AnswerOverride::Error(error.name))
                .ok_or_else(|| node.mistake("`reply` is the name of an error"))
        }
        ["status"] => own(node),
        ["html"] => Ok(AnswerOverride::HtmlPage(status(node, "html", 400)?)),
        ["breaks"] => {
            let breakage = text(node, "breaks").and_then(|word| Breakage::parse(&word));
            breakage.map(AnswerOverride::Broken).ok_or_else(|| node.mistake("`breaks` is a word"))
        }
        several => {
            let several = several.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
            Err(node
                .mistake(format!("a call has one answer, and this fault gives it {several}"))
                .note("arm several faults for several calls"))
        }
    }
}

fn status(node: &Node, key: &str, from: u32) -> Result<u16, Diagnostic> {
    number(node, key, from, from, 599).map(|status| u16::try_from(status).unwrap_or_default())
}

/// An answer of somebody's own, in what it says by itself that it is written in.
fn own(node: &Node) -> Result<AnswerOverride, Diagnostic> {
    let status = status(node, "status", 200)?;
    let body = node.get("body");
    let is_json = body.is_some_and(|body| body.text().is_none() && !body.is_null());
    let told = match body {
        Some(value) if is_json => value.json().to_string(),
        Some(value) => value.text().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    match body {
        Some(value) if told.len() > MAX_BODY => Err(value.mistake(format!("a body has at most {MAX_BODY} bytes"))),
        Some(value) if !told.is_empty() && [204, 205, 304].contains(&status) => {
            Err(value.mistake(format!("an answer with {status} has no body")))
        }
        _ => {
            let content_type = match told.trim_start().as_bytes().first() {
                Some(b'{' | b'[') => "application/json; charset=UTF-8",
                Some(b'<') => "text/html; charset=utf-8",
                _ => "text/plain; charset=utf-8",
            };
            Ok(AnswerOverride::Custom { status, content_type, body: told.into() })
        }
    }
}

fn latency(node: &Node) -> Result<Duration, Diagnostic> {
    let Some(value) = node.get("latency") else { return Ok(Duration::ZERO) };
    let latency = value.text().and_then(parse_duration).map(|Span(millis)| Duration::from_millis(millis));
    latency.filter(|latency| (Duration::from_millis(1)..=MAX_LATENCY).contains(latency)).ok_or_else(|| {
        value
            .mistake(format!("an answer is late by 1ms to {}s", MAX_LATENCY.as_secs()))
            .note("for an app that is to give up waiting there is `breaks: hang`")
    })
}

fn usage(node: &Node) -> Result<Usage, Diagnostic> {
    const REGAIN: &str = "estimated_time_to_regain_access";
    let percent = |key| number(node, key, 0, 0, MAX_PERCENT);
    let minutes = match node.get(REGAIN) {
        None => 0,
        Some(value) => {
            let minutes = value.text().and_then(parse_duration).filter(|Span(millis)| millis.is_multiple_of(60_000));
            let minutes = minutes.map(|Span(millis)| millis / 60_000).filter(|minutes| *minutes <= MAX_MINUTES);
            minutes.ok_or_else(|| value.mistake("Meta tells whole minutes, at most a month of them"))?
        }
    };
    if node.entries().is_empty() {
        return Err(node.mistake("usage without a figure says nothing").note("like `usage: { call_count: 95 }`"));
    }
    Ok(Usage {
        call_count: percent("call_count")?,
        total_cputime: percent("total_cputime")?,
        total_time: percent("total_time")?,
        minutes_to_regain_access: minutes,
    })
}

/// Whether the call takes effect first. Where its own answer is what goes wrong, there must be one.
fn after(node: &Node, instead: &AnswerOverride) -> Result<bool, Diagnostic> {
    let must = match instead {
        AnswerOverride::Unchanged => true,
        AnswerOverride::Broken(breakage) => breakage.needs_answer(),
        _ => false,
    };
    match (node.get("after"), flag(node, "after")) {
        (Some(at), Some(false)) if must => {
            Err(at.mistake("only a call that took effect has an answer for this").note("leave out `after`"))
        }
        (_, said) => Ok(said.unwrap_or(must)),
    }
}
