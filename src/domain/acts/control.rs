//! Acts room: how control moves when an app asks for it, by the Send API or by the Handover Protocol's calls. Only
//! `World::apply` and `acts::app` enter.

use std::sync::Arc;

use super::super::applied::Answer;
use super::super::command::{Control, ControlType, Target, ThreadControl};
use super::super::event::{Body, Event};
use super::super::ids::AppKey;
use super::super::policy::{Take, Unheld, Verb};
use super::super::refusal::{Reason, Refusal};
use super::super::rules::{self, RuleId};
use super::super::time::Span;
use super::super::turn::Turn;

/// The longest that control can be extended to.
const LONGEST_EXTENSION: Span = Span::days(7);

pub fn act(turn: &mut Turn<'_>, app: AppKey, control: &Control) -> Result<Answer, Refusal> {
    if !turn.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    refuse_by_regime(turn, verb(control))?;
    match control {
        Control::Pass { target, metadata } => pass(turn, app, *target, text(metadata)),
        Control::Release => release(turn, app),
        Control::Request { metadata } => request(turn, app, text(metadata)),
        Control::Extend { duration } => extend(turn, app, *duration),
        Control::Take { metadata } => take(turn, app, text(metadata)),
        Control::PassMetadata => Err(not_supported("pass_thread_metadata", turn.page().regime.pass_metadata)),
    }
}

fn verb(control: &Control) -> Verb {
    match control {
        Control::Pass { .. } => Verb::Pass,
        Control::Release => Verb::Release,
        Control::Take { .. } => Verb::Take,
        Control::Request { .. } => Verb::Request,
        Control::Extend { .. } => Verb::Extend,
        Control::PassMetadata => Verb::PassMetadata,
    }
}

/// Calls that the page's rules do not know.
fn refuse_by_regime(turn: &Turn<'_>, verb: Verb) -> Result<(), Refusal> {
    let page = turn.page();
    let rule = match verb {
        Verb::Pass | Verb::Release => page.handover_apis_blocked.then_some(rules::HANDOVER_BLOCKED),
        Verb::Take => match page.regime.take {
            Take::Refused(rule) => Some(rule),
            Take::ByToggle => None,
        },
        Verb::Request => page.regime.request,
        Verb::Extend => page.regime.extend,
        Verb::PassMetadata => Some(page.regime.pass_metadata),
    };
    match rule {
        None => Ok(()),
        Some(rules::HANDOVER_DISABLED) => Err(Refusal::new(Reason::HandoverDisabled, rules::HANDOVER_DISABLED)),
        Some(rules::HANDOVER_BLOCKED) => Err(Refusal::new(Reason::HandoverDisabled, rules::HANDOVER_BLOCKED)),
        Some(rules::TAKE_NEEDS_ROUTING) => Err(Refusal::new(Reason::TakeNotSupported, rules::TAKE_NEEDS_ROUTING)),
        Some(rule) => Err(not_supported(verb.name(), rule)),
    }
}

fn not_supported(call: &'static str, rule: RuleId) -> Refusal {
    Refusal::new(Reason::NotSupported(call), rule)
}

/// Takes control; whoever loses it is told, and nobody is where no app held the thread.
fn take(turn: &mut Turn<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Answer, Refusal> {
    let may_take = turn.page().connection(app).is_some_and(|connection| connection.take_control);
    if !may_take {
        return Err(Refusal::new(Reason::NotSupported("take_thread_control"), rules::TAKE_TOGGLE_OFF));
    }
    match turn.holder().map(|holder| holder.app) {
        Some(holder) if holder == app => return Err(Refusal::new(Reason::AlreadyOwner, rules::TAKE_BY_OWNER)),
        Some(_) => turn.take(app, rules::TAKE_BY_TOGGLE, metadata),
        None => {
            turn.give(app, rules::TAKE_BY_TOGGLE, metadata);
        }
    }
    turn.event(Event::Allowed { thread: turn.key, app, rule: rules::TAKE_BY_TOGGLE });
    Ok(Answer::Done)
}

fn text(metadata: &Option<Box<str>>) -> Option<Arc<str>> {
    metadata.as_deref().map(Arc::from)
}

fn pass(
    turn: &mut Turn<'_>,
    app: AppKey,
    target: Option<Target>,
    metadata: Option<Arc<str>>,
) -> Result<Answer, Refusal> {
    let new = may_pass(turn, app, target)?;
    let rule = pass_rule(turn, target);
    turn.pass(new, rule, metadata);
    Ok(Answer::Done)
}

/// The app that control may be passed to; or why it may not.
fn may_pass(turn: &Turn<'_>, app: AppKey, target: Option<Target>) -> Result<AppKey, Refusal> {
    let free = turn.holder().is_none() && turn.page().regime.pass_unheld.is_some();
    let owner = turn.owner().filter(|_| !free);
    if owner.is_some_and(|owner| owner != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("pass"), rules::PASS_NOT_OWNER));
    }
    let new = turn.target(target)?;
    if owner == Some(new) {
        return Err(Refusal::new(Reason::PassToSelf, rules::PASS_TO_SELF));
    }
    Ok(new)
}

fn pass_rule(turn: &Turn<'_>, target: Option<Target>) -> RuleId {
    match (turn.holder(), turn.page().regime.pass_unheld, target) {
        (None, Some(rule), _) => rule,
        (_, _, None) => rules::PASS_TO_DEFAULT,
        (_, _, Some(_)) => rules::PASS_TO_APP,
    }
}

fn release(turn: &mut Turn<'_>, app: AppKey) -> Result<Answer, Refusal> {
    if turn.owner() != Some(app) {
        return Err(Refusal::new(Reason::NotThreadOwner("release"), rules::RELEASE_NOT_OWNER));
    }
    turn.release(rules::RELEASE_TO_DEFAULT);
    Ok(Answer::Done)
}

fn request(turn: &mut Turn<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Answer, Refusal> {
    match turn.owner() {
        None => turn.pass(app, rules::REQUEST_GRANTED, metadata),
        Some(owner) if owner == app => return Err(Refusal::new(Reason::AlreadyOwner, rules::REQUEST_BY_OWNER)),
        Some(owner) => turn.tell_one(owner, rules::REQUEST_FORWARDED, Body::Requested { by: app, metadata }),
    }
    Ok(Answer::Done)
}

fn extend(turn: &mut Turn<'_>, app: AppKey, duration: Span) -> Result<Answer, Refusal> {
    if turn.holder().is_none_or(|holder| holder.app != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("extend"), rules::EXTEND_NOT_OWNER));
    }
    if duration > LONGEST_EXTENSION {
        return Err(Refusal::new(Reason::TooLong, rules::EXTEND_TOO_LONG));
    }
    let until = turn.now + duration;
    if let Some(holder) = &mut turn.thread.holder {
        holder.until = until;
    }
    turn.event(Event::ControlKept { thread: turn.key, owner: app, until, rule: rules::EXTENDED });
    Ok(Answer::Done)
}

/// What `thread_control` of a message asks for: pass or release, and to whom.
fn asked_for(asked: ThreadControl) -> (ControlType, Option<Target>) {
    match asked.payload {
        Some(payload) => (payload, None),
        None => (asked.control_type.unwrap_or(ControlType::Release), asked.app),
    }
}

/// Whether `thread_control` could be obeyed after the message. The sender owns the thread by then: an app that may not send is
/// refused for that, with Meta's own error for it.
pub fn check_after_send(turn: &Turn<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    if turn.page().regime.unheld == Unheld::Nobody {
        return Ok(());
    }
    if let (Some(_), Some(rule)) = (asked.payload, turn.page().regime.payload_form) {
        return Err(Refusal::new(Reason::PayloadForm, rule));
    }
    if asked.app == Some(Target::Unknown) {
        return Err(Refusal::new(Reason::UnknownTarget, rules::PASS_UNKNOWN_APP));
    }
    match asked_for(asked) {
        (ControlType::Pass, target) if turn.target(target)? == app => {
            Err(Refusal::new(Reason::PassToSelf, rules::PASS_TO_SELF))
        }
        _ => Ok(()),
    }
}

/// Obeys `thread_control` once the message is sent.
pub fn after_send(turn: &mut Turn<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    if turn.page().regime.unheld == Unheld::Nobody {
        let text = "thread_control was ignored: the page has no default app".into();
        turn.event(Event::Warning { app, text, rule: rules::CONTROL_IGNORED });
        return Ok(());
    }
    if asked.payload.is_none() && asked.control_type.is_none() {
        let text =
            "thread_control without control_type releases the thread; add \"control_type\": \"pass\" to pass it".into();
        turn.event(Event::Warning { app, text, rule: rules::CONTROL_TYPE_DEFAULTS_TO_RELEASE });
    }
    match asked_for(asked) {
        (ControlType::Pass, target) => pass(turn, app, target, None),
        (ControlType::Release, _) => release(turn, app),
    }
    .map(|_| ())
}
