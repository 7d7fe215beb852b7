//! What each connected app may do in a thread now. The world itself decides each action in a dry run; no rule is written here.

use crate::domain::command::{Command, HandoverCall, Send, Tag, Target};
use crate::domain::event::Event;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::message::Content;
use crate::domain::model::platform::Login;
use crate::domain::model::time::{Moment, Span};
use crate::domain::refusal::Refusal;
use crate::domain::rules::RuleId;
use crate::domain::{Outcome, World};
use crate::journal::names::app_name;
use crate::text::units::format_duration;

use super::explanation::{AppPermissions, DryRun, MomentText, RuleText};

/// The extension of control that is tried.
const EXTENSION: Span = Span::days(1);

/// The permissions of every connected app except Meta's own, which make no calls.
pub fn of_all_apps(world: &World, thread: ThreadKey, now: Moment) -> Vec<AppPermissions> {
    let owner = world.ownership(thread, now).owner;
    let apps = calling_apps(world, thread);
    let permissions = |app: &AppKey| AppPermissions {
        app: world.config().app(*app).name.to_string(),
        is_owner: owner == Some(*app),
        attempts: attempts(world, thread, *app)
            .into_iter()
            .map(|(what, command)| dry_run(world, thread, now, what, &command))
            .collect(),
    };
    apps.iter().map(permissions).collect()
}

fn calling_apps(world: &World, thread: ThreadKey) -> Vec<AppKey> {
    world.asset(thread.asset).connected().map(|(app, _)| app).filter(|app| !world.config().is_metas(*app)).collect()
}

/// The actions that an app could try, in words and as commands.
fn attempts(world: &World, thread: ThreadKey, app: AppKey) -> Vec<(String, Command)> {
    let send = |tag| Command::Send(thread, app, Send { content: Content::text("…").into(), tag, ..Send::default() });
    let control = |control| Command::Control(thread, app, control);
    let pass = |target| control(HandoverCall::Pass { target, metadata: None });
    let mut attempts = vec![
        ("send".to_owned(), send(None)),
        ("send with HUMAN_AGENT".to_owned(), send(Some(Tag::HumanAgent))),
        (pass_without_target(world, thread), pass(None)),
    ];
    if let Some(other) = another_app(world, thread, app) {
        let name = &world.config().app(other).name;
        attempts.push((format!("pass to {name}"), pass(Some(Target::App(other)))));
    }
    attempts.push(("release".to_owned(), control(HandoverCall::Release)));
    if !has_all_calls(world, thread, app) {
        return attempts;
    }
    attempts.extend([
        ("take".to_owned(), control(HandoverCall::Take { metadata: None })),
        ("request".to_owned(), control(HandoverCall::Request { metadata: None })),
        (format!("extend by {}", format_duration(EXTENSION)), control(HandoverCall::Extend { duration: EXTENSION })),
    ]);
    attempts
}

/// True if the host of the app has every call of thread control. graph.instagram.com has pass and release alone.
fn has_all_calls(world: &World, thread: ThreadKey, app: AppKey) -> bool {
    world.config().asset(thread.asset).login_of(app) == Login::Facebook
}

/// The words for a pass without a target. It goes to the default app; a page with roles has none.
fn pass_without_target(world: &World, thread: ThreadKey) -> String {
    if world.asset(thread.asset).default_app.is_some() { "pass to default" } else { "pass" }.to_owned()
}

/// Another app to pass to. The default app is the last choice, because a pass without a target already tries it.
fn another_app(world: &World, thread: ThreadKey, app: AppKey) -> Option<AppKey> {
    let others: Vec<AppKey> = calling_apps(world, thread).into_iter().filter(|other| *other != app).collect();
    let default_app = world.asset(thread.asset).default_app;
    others.iter().find(|other| Some(**other) != default_app).or(others.first()).copied()
}

fn dry_run(world: &World, thread: ThreadKey, now: Moment, what: String, command: &Command) -> DryRun {
    let owner = world.ownership(thread, now).owner;
    let name = |app: Option<AppKey>| app.map(|app| app_name(world.config(), Some(app)).to_owned());
    match world.dry_run(now, command) {
        Ok(outcome) => {
            let after = owner_after(&outcome, owner);
            DryRun {
                what,
                allowed: true,
                owner: name(after),
                moves: after != owner,
                until: kept_until(&outcome),
                reason: None,
                rule: rule_of(&outcome, owner).map(RuleText),
            }
        }
        Err(Refusal { reason, rule }) => DryRun {
            what,
            allowed: false,
            owner: name(owner),
            moves: false,
            until: None,
            reason: Some(reason.to_string()),
            rule: rule.map(RuleText),
        },
    }
}

/// The owner after the events.
fn owner_after(outcome: &Outcome, before: Option<AppKey>) -> Option<AppKey> {
    let last = outcome.events.iter().rev().find_map(|event| match event {
        Event::OwnerChanged { to, .. } => Some(*to),
        _ => None,
    });
    last.unwrap_or(before)
}

fn kept_until(outcome: &Outcome) -> Option<MomentText> {
    outcome.events.iter().find_map(|event| match event {
        Event::ControlKept { until, .. } => Some(MomentText(*until)),
        _ => None,
    })
}

/// The rule that allows an action: the rule of an explicit permission, or else the rule that moves control, or else the rule that delivers
/// its webhook. A change to the present owner is not the command's: control had lapsed before it.
fn rule_of(outcome: &Outcome, owner: Option<AppKey>) -> Option<RuleId> {
    let events = || outcome.events.iter();
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
    let delivered = || {
        events().find_map(|event| match event {
            Event::WebhookEvent(webhook_event) => webhook_event.decisions.first().map(|decision| decision.rule),
            _ => None,
        })
    };
    allowed.or_else(moved).or_else(delivered)
}
