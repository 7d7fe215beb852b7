//! Explain room: what each connected app may do in a thread now. No rule is written here: each thing is weighed by the world itself.

use crate::domain::command::{Command, HandoverCall, Send, Tag, Target};
use crate::domain::event::Event;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::message::Content;
use crate::domain::model::time::{Moment, Span};
use crate::domain::refusal::Refusal;
use crate::domain::rules::RuleId;
use crate::domain::{Outcome, World};
use crate::journal::names::app_name;
use crate::text::units::format_duration;

use super::explanation::{AppMay, May, Rule, When};

/// By how long an extension is tried.
const EXTENSION: Span = Span::days(1);

/// What every connected app may do. Meta's own apps make no calls.
pub fn dry_run(world: &World, thread: ThreadKey, now: Moment) -> Vec<AppMay> {
    let owner = world.ownership(thread, now).owner;
    let apps = calling_apps(world, thread);
    let may = |app: &AppKey| AppMay {
        app: world.config().app(*app).name.to_string(),
        is_owner: owner == Some(*app),
        attempts: attempts(world, thread, *app)
            .into_iter()
            .map(|(what, command)| weigh_one(world, thread, now, what, &command))
            .collect(),
    };
    apps.iter().map(may).collect()
}

fn calling_apps(world: &World, thread: ThreadKey) -> Vec<AppKey> {
    world.page(thread.page).connected().map(|(app, _)| app).filter(|app| !world.config().is_metas(*app)).collect()
}

/// What an app could try, in words and as a command.
pub fn attempts(world: &World, thread: ThreadKey, app: AppKey) -> Vec<(String, Command)> {
    let send = |tag| Command::Send(thread, app, Send { content: Content::text("…"), tag, ..Send::default() });
    let control = |control| Command::Control(thread, app, control);
    let pass = |target| control(HandoverCall::Pass { target, metadata: None });
    let mut attempts = vec![
        ("send".to_owned(), send(None)),
        ("send with HUMAN_AGENT".to_owned(), send(Some(Tag::HumanAgent))),
        (pass_to_nobody_named(world, thread), pass(None)),
    ];
    if let Some(other) = another_app(world, thread, app) {
        let name = &world.config().app(other).name;
        attempts.push((format!("pass to {name}"), pass(Some(Target::App(other)))));
    }
    attempts.extend([
        ("release".to_owned(), control(HandoverCall::Release)),
        ("take".to_owned(), control(HandoverCall::Take { metadata: None })),
        ("request".to_owned(), control(HandoverCall::Request { metadata: None })),
        (format!("extend by {}", format_duration(EXTENSION)), control(HandoverCall::Extend { duration: EXTENSION })),
    ]);
    attempts
}

/// In which words an app passes that names nobody: a page with roles has no default app that would be meant.
fn pass_to_nobody_named(world: &World, thread: ThreadKey) -> String {
    if world.page(thread.page).default_app.is_some() { "pass to default" } else { "pass" }.to_owned()
}

/// An app to pass to that is neither the app itself nor, if there are others, the default app, which has an attempt of its own.
fn another_app(world: &World, thread: ThreadKey, app: AppKey) -> Option<AppKey> {
    let others: Vec<AppKey> = calling_apps(world, thread).into_iter().filter(|other| *other != app).collect();
    let default_app = world.page(thread.page).default_app;
    others.iter().find(|other| Some(**other) != default_app).or(others.first()).copied()
}

fn weigh_one(world: &World, thread: ThreadKey, now: Moment, what: String, command: &Command) -> May {
    let owner = world.ownership(thread, now).owner;
    let name = |app: Option<AppKey>| app.map(|app| app_name(world.config(), Some(app)).to_owned());
    match world.dry_run(now, command) {
        Ok(applied) => {
            let after = owner_after(&applied, owner);
            May {
                what,
                allowed: true,
                owner: name(after),
                moves: after != owner,
                until: kept_until(&applied),
                reason: None,
                rule: rule_of(&applied, owner).map(Rule),
            }
        }
        Err(Refusal { reason, rule }) => May {
            what,
            allowed: false,
            owner: name(owner),
            moves: false,
            until: None,
            reason: Some(reason.to_string()),
            rule: rule.map(Rule),
        },
    }
}

/// The owner once the events have happened.
fn owner_after(applied: &Outcome, before: Option<AppKey>) -> Option<AppKey> {
    let last = applied.events.iter().rev().find_map(|event| match event {
        Event::OwnerChanged { to, .. } => Some(*to),
        _ => None,
    });
    last.unwrap_or(before)
}

fn kept_until(applied: &Outcome) -> Option<When> {
    applied.events.iter().find_map(|event| match event {
        Event::ControlKept { until, .. } => Some(When(*until)),
        _ => None,
    })
}

/// The rule by which something was allowed: the one that says so, or else the one by which control moved, or else the one by which
/// somebody is told. A change that leads to the owner of now is none of the command's: control had lapsed before.
fn rule_of(applied: &Outcome, owner: Option<AppKey>) -> Option<RuleId> {
    let events = || applied.events.iter();
    let allowed = events().rev().find_map(|event| match event {
        Event::Allowed { rule, .. } => Some(*rule),
        _ => None,
    });
    let moved = || {
        events().rev().find_map(|event| match event {
            Event::OwnerChanged { to, rule, .. } if *to != owner => Some(*rule),
            Event::ControlKept { rule, .. } => Some(*rule),
            _ => None,
        })
    };
    let told = || {
        events().find_map(|event| match event {
            Event::WebhookEvent(webhook_event) => webhook_event.decisions.first().map(|decision| decision.rule),
            _ => None,
        })
    };
    allowed.or_else(moved).or_else(told)
}
