//! Acts room: how control moves when an app asks for it, by the Send API or by the Handover Protocol's calls. Only
//! `World::apply` and `acts::app` enter.

use std::sync::Arc;

use super::lead;
use crate::domain::command::{Control, ControlType, Target, ThreadControl};
use crate::domain::event::{Body, Event};
use crate::domain::model::ids::AppKey;
use crate::domain::model::settings::Role;
use crate::domain::model::time::Span;
use crate::domain::outcome::Answer;
use crate::domain::policy::{Pass, Request, SendControl, Take, Verb};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::ThreadTx;

pub fn act(turn: &mut ThreadTx<'_>, app: AppKey, control: &Control) -> Result<Answer, Refusal> {
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
        Control::PassMetadata { target, metadata } => pass_metadata(turn, app, *target, text(metadata)),
    }
}

fn verb(control: &Control) -> Verb {
    match control {
        Control::Pass { .. } => Verb::Pass,
        Control::Release => Verb::Release,
        Control::Take { .. } => Verb::Take,
        Control::Request { .. } => Verb::Request,
        Control::Extend { .. } => Verb::Extend,
        Control::PassMetadata { .. } => Verb::PassMetadata,
    }
}

/// Calls that the page's rules do not know, or that are blocked.
fn refuse_by_regime(turn: &ThreadTx<'_>, verb: Verb) -> Result<(), Refusal> {
    let (page, ruleset) = (turn.page(), turn.page().ruleset);
    let rule = match (verb, ruleset.take, ruleset.request) {
        (Verb::Take, Take::Refused(rule), _) | (Verb::Request, _, Request::Refused(rule)) => Some(rule),
        (Verb::Extend, ..) => ruleset.extend,
        (Verb::PassMetadata, ..) => ruleset.pass_metadata,
        _ => None,
    };
    let rule = rule.or(page.handover_apis_blocked.then_some(rules::HANDOVER_BLOCKED));
    rule.map_or(Ok(()), |rule| Err(by_regime(verb, rule)))
}

fn by_regime(verb: Verb, rule: RuleId) -> Refusal {
    let reason = match rule {
        rules::HANDOVER_DISABLED | rules::HANDOVER_BLOCKED => Reason::HandoverDisabled,
        rules::TAKE_NEEDS_ROUTING => Reason::TakeNotSupported,
        _ => Reason::NotSupported(verb.name()),
    };
    Refusal::new(reason, rule)
}

/// Takes control; whoever loses it is told, and nobody is where no app held the thread.
fn take(turn: &mut ThreadTx<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Answer, Refusal> {
    let rule = match lead::may_interrupt(turn, app)? {
        Some(rule) => rule,
        None => may_take(turn, app)?,
    };
    match turn.holder().map(|holder| holder.app) {
        // The primary receiver may take what it has, and gains nothing by it.
        Some(holder) if holder == app => {}
        Some(_) => turn.take(app, rule, metadata),
        None => {
            turn.give(app, rule, metadata);
        }
    }
    turn.event(Event::Allowed { thread: turn.key, app, rule });
    Ok(Answer::Done)
}

/// By which rule the app may take control now; or why it may not.
fn may_take(turn: &ThreadTx<'_>, app: AppKey) -> Result<RuleId, Refusal> {
    let call = Verb::Take.name();
    let holder = turn.holder().map(|holder| holder.app);
    match turn.page().ruleset.take {
        Take::Refused(rule) => Err(by_regime(Verb::Take, rule)),
        Take::ByToggle if !turn.page().connection(app).is_some_and(|connection| connection.take_control) => {
            Err(Refusal::new(Reason::NotSupported(call), rules::TAKE_TOGGLE_OFF))
        }
        Take::ByToggle if holder == Some(app) => Err(Refusal::new(Reason::AlreadyOwner, rules::TAKE_BY_OWNER)),
        Take::ByToggle => Ok(rules::TAKE_BY_TOGGLE),
        Take::ByRole if holder.is_none() => Ok(rules::TAKE_WHEN_IDLE),
        Take::ByRole if turn.page().primary == Some(app) => Ok(rules::TAKE_BY_PRIMARY),
        Take::ByRole => Err(Refusal::new(Reason::WrongRole { call, needed: Role::Primary }, rules::TAKE_NOT_PRIMARY)),
    }
}

fn text(metadata: &Option<Box<str>>) -> Option<Arc<str>> {
    metadata.as_deref().map(Arc::from)
}

fn pass(
    turn: &mut ThreadTx<'_>,
    app: AppKey,
    target: Option<Target>,
    metadata: Option<Arc<str>>,
) -> Result<Answer, Refusal> {
    let (new, rule) = may_pass(turn, app, target)?;
    turn.pass(new, rule, metadata);
    Ok(Answer::Done)
}

/// The app that control may be passed to, and by which rule; or why it may not.
fn may_pass(turn: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<(AppKey, RuleId), Refusal> {
    let uncontrolled = turn.page().ruleset.pass_unheld.filter(|_| turn.holder().is_none());
    let owner = turn.owner().filter(|_| uncontrolled.is_none());
    if owner.is_some_and(|owner| owner != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("pass"), rules::PASS_NOT_OWNER));
    }
    let (new, rule) = destination(turn, app, target)?;
    if owner == Some(new) {
        return Err(Refusal::new(Reason::PassToSelf, rules::PASS_TO_SELF));
    }
    Ok((new, uncontrolled.unwrap_or(rule)))
}

/// Where control goes that an app passes.
fn destination(turn: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<(AppKey, RuleId), Refusal> {
    let page = turn.page();
    match (page.ruleset.pass, page.role(app), page.primary, target) {
        (Pass::ByRole, Some(Role::Secondary), Some(primary), _) => Ok((primary, rules::PASS_TO_PRIMARY)),
        (Pass::ByRole, _, _, None) => Err(target_needed()),
        (Pass::NamedOrDefault, _, _, None) => Ok((turn.target(None)?, rules::PASS_TO_DEFAULT)),
        (_, _, _, Some(_)) => Ok((turn.target(target)?, rules::PASS_TO_APP)),
    }
}

fn target_needed() -> Refusal {
    Refusal::new(Reason::ParameterNeeded("target_app_id"), rules::PASS_NEEDS_TARGET)
}

fn release(turn: &mut ThreadTx<'_>, app: AppKey) -> Result<Answer, Refusal> {
    if turn.previous_owner() != Some(app) {
        return Err(Refusal::new(Reason::NotThreadOwner("release"), rules::RELEASE_NOT_OWNER));
    }
    turn.release(turn.page().ruleset.release);
    Ok(Answer::Done)
}

fn request(turn: &mut ThreadTx<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Answer, Refusal> {
    let primary = turn.page().primary.filter(|_| turn.page().ruleset.request == Request::AsksPrimary);
    if turn.owner() == Some(app) {
        return Err(Refusal::new(Reason::AlreadyOwner, rules::REQUEST_BY_OWNER));
    }
    if primary == Some(app) {
        let reason = Reason::WrongRole { call: Verb::Request.name(), needed: Role::Secondary };
        return Err(Refusal::new(reason, rules::REQUEST_BY_PRIMARY));
    }
    match (primary, turn.owner()) {
        (Some(primary), _) => turn.ask(app, primary, rules::REQUEST_TO_PRIMARY, metadata),
        (None, Some(owner)) => turn.ask(app, owner, rules::REQUEST_FORWARDED, metadata),
        (None, None) => turn.pass(app, rules::REQUEST_GRANTED, metadata),
    }
    Ok(Answer::Done)
}

fn extend(turn: &mut ThreadTx<'_>, app: AppKey, duration: Span) -> Result<Answer, Refusal> {
    if turn.holder().is_none_or(|holder| holder.app != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("extend"), rules::EXTEND_NOT_OWNER));
    }
    let longest = turn.page().knobs.extend_max;
    if duration > longest {
        return Err(Refusal::new(Reason::TooLong(longest), rules::EXTEND_TOO_LONG));
    }
    let until = turn.now + duration;
    let idle_timeout = turn.page().knobs.idle_after;
    if let Some(holder) = &mut turn.thread.holder {
        // Like every act of control it ends what an ad granted.
        (holder.until, holder.idle_timeout) = (until, idle_timeout);
    }
    turn.event(Event::ControlKept { thread: turn.key, owner: app, until, rule: rules::EXTENDED });
    Ok(Answer::Done)
}

fn pass_metadata(
    turn: &mut ThreadTx<'_>,
    by: AppKey,
    target: Option<Target>,
    metadata: Option<Arc<str>>,
) -> Result<Answer, Refusal> {
    let Some(target) = target else { return Err(target_needed()) };
    if metadata.is_none() {
        return Err(Refusal::new(Reason::ParameterNeeded("metadata"), rules::PASS_NEEDS_TARGET));
    }
    let app = turn.target(Some(target))?;
    turn.tell_one(app, rules::METADATA_PASSED, Body::MetadataPassed { metadata });
    turn.event(Event::Allowed { thread: turn.key, app: by, rule: rules::METADATA_PASSED });
    Ok(Answer::Done)
}

/// What `thread_control` of a message asks for: pass or release, and to whom.
fn asked_for(turn: &ThreadTx<'_>, asked: ThreadControl) -> (ControlType, Option<Target>) {
    let unsaid = if turn.page().knobs.control_defaults_to_pass { ControlType::Pass } else { ControlType::Release };
    match asked.payload {
        Some(payload) => (payload, None),
        None => (asked.control_type.unwrap_or(unsaid), asked.app),
    }
}

/// Whether `thread_control` could be executed after the message. The sender owns the thread by then: an app that may not send is
/// refused for that, with Meta's own error for it.
pub fn check_after_send(turn: &ThreadTx<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    match turn.page().ruleset.send_control {
        SendControl::Ignored(_) => return Ok(()),
        SendControl::ObeyedWithoutPayload(rule) if asked.payload.is_some() => {
            return Err(Refusal::new(Reason::PayloadForm, rule));
        }
        SendControl::Executed | SendControl::ObeyedWithoutPayload(_) => {}
    }
    if asked.app == Some(Target::Unknown) {
        return Err(Refusal::new(Reason::UnknownTarget, rules::PASS_UNKNOWN_APP));
    }
    // Whoever sends into an idle thread without taking it may pass it to itself, as by the call.
    let stays_idle =
        turn.previous_owner().is_none() && turn.owner() == Some(app) && turn.page().ruleset.pass_unheld.is_some();
    match asked_for(turn, asked) {
        (ControlType::Pass, target) if turn.target(target)? == app && !stays_idle => {
            Err(Refusal::new(Reason::PassToSelf, rules::PASS_TO_SELF))
        }
        _ => Ok(()),
    }
}

/// Obeys `thread_control` of a message.
pub fn after_send(turn: &mut ThreadTx<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    if let SendControl::Ignored(rule) = turn.page().ruleset.send_control {
        let text = "thread_control was ignored: only a page with a default app obeys it".into();
        turn.event(Event::Warning { app, text, rule });
        return Ok(());
    }
    let (what, target) = asked_for(turn, asked);
    if asked.payload.is_none() && asked.control_type.is_none() && what == ControlType::Release {
        let text =
            "thread_control without control_type releases the thread; add \"control_type\": \"pass\" to pass it".into();
        turn.event(Event::Warning { app, text, rule: rules::CONTROL_TYPE_DEFAULTS_TO_RELEASE });
    }
    match what {
        ControlType::Pass => pass(turn, app, target, None),
        ControlType::Release if turn.previous_owner().is_none() => {
            let text = "thread_control released nothing: no app holds the thread".into();
            turn.event(Event::Warning { app, text, rule: rules::RELEASE_NOT_OWNER });
            Ok(Answer::Done)
        }
        ControlType::Release => release(turn, app),
    }
    .map(|_| ())
}
