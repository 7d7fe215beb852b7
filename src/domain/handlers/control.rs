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

pub fn act(tx: &mut ThreadTx<'_>, app: AppKey, control: &Control) -> Result<Answer, Refusal> {
    if !tx.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    refuse_by_regime(tx, verb(control))?;
    match control {
        Control::Pass { target, metadata } => pass(tx, app, *target, text(metadata)),
        Control::Release => release(tx, app),
        Control::Request { metadata } => request(tx, app, text(metadata)),
        Control::Extend { duration } => extend(tx, app, *duration),
        Control::Take { metadata } => take(tx, app, text(metadata)),
        Control::PassMetadata { target, metadata } => pass_metadata(tx, app, *target, text(metadata)),
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
fn refuse_by_regime(tx: &ThreadTx<'_>, verb: Verb) -> Result<(), Refusal> {
    let (page, ruleset) = (tx.page(), tx.page().ruleset);
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
fn take(tx: &mut ThreadTx<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Answer, Refusal> {
    let rule = match lead::may_interrupt(tx, app)? {
        Some(rule) => rule,
        None => may_take(tx, app)?,
    };
    match tx.holder().map(|holder| holder.app) {
        // The primary receiver may take what it has, and gains nothing by it.
        Some(holder) if holder == app => {}
        Some(_) => tx.take(app, rule, metadata),
        None => {
            tx.give(app, rule, metadata);
        }
    }
    tx.event(Event::Allowed { thread: tx.key, app, rule });
    Ok(Answer::Done)
}

/// By which rule the app may take control now; or why it may not.
fn may_take(tx: &ThreadTx<'_>, app: AppKey) -> Result<RuleId, Refusal> {
    let call = Verb::Take.name();
    let holder = tx.holder().map(|holder| holder.app);
    match tx.page().ruleset.take {
        Take::Refused(rule) => Err(by_regime(Verb::Take, rule)),
        Take::ByToggle if !tx.page().connection(app).is_some_and(|connection| connection.take_control) => {
            Err(Refusal::new(Reason::NotSupported(call), rules::TAKE_TOGGLE_OFF))
        }
        Take::ByToggle if holder == Some(app) => Err(Refusal::new(Reason::AlreadyOwner, rules::TAKE_BY_OWNER)),
        Take::ByToggle => Ok(rules::TAKE_BY_TOGGLE),
        Take::ByRole if holder.is_none() => Ok(rules::TAKE_WHEN_IDLE),
        Take::ByRole if tx.page().primary == Some(app) => Ok(rules::TAKE_BY_PRIMARY),
        Take::ByRole => Err(Refusal::new(Reason::WrongRole { call, needed: Role::Primary }, rules::TAKE_NOT_PRIMARY)),
    }
}

fn text(metadata: &Option<Box<str>>) -> Option<Arc<str>> {
    metadata.as_deref().map(Arc::from)
}

fn pass(
    tx: &mut ThreadTx<'_>,
    app: AppKey,
    target: Option<Target>,
    metadata: Option<Arc<str>>,
) -> Result<Answer, Refusal> {
    let (new, rule) = may_pass(tx, app, target)?;
    tx.pass(new, rule, metadata);
    Ok(Answer::Done)
}

/// The app that control may be passed to, and by which rule; or why it may not.
fn may_pass(tx: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<(AppKey, RuleId), Refusal> {
    let uncontrolled = tx.page().ruleset.pass_unheld.filter(|_| tx.holder().is_none());
    let owner = tx.owner().filter(|_| uncontrolled.is_none());
    if owner.is_some_and(|owner| owner != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("pass"), rules::PASS_NOT_OWNER));
    }
    let (new, rule) = destination(tx, app, target)?;
    if owner == Some(new) {
        return Err(Refusal::new(Reason::PassToSelf, rules::PASS_TO_SELF));
    }
    Ok((new, uncontrolled.unwrap_or(rule)))
}

/// Where control goes that an app passes.
fn destination(tx: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<(AppKey, RuleId), Refusal> {
    let page = tx.page();
    match (page.ruleset.pass, page.role(app), page.primary, target) {
        (Pass::ByRole, Some(Role::Secondary), Some(primary), _) => Ok((primary, rules::PASS_TO_PRIMARY)),
        (Pass::ByRole, _, _, None) => Err(target_needed()),
        (Pass::NamedOrDefault, _, _, None) => Ok((tx.target(None)?, rules::PASS_TO_DEFAULT)),
        (_, _, _, Some(_)) => Ok((tx.target(target)?, rules::PASS_TO_APP)),
    }
}

fn target_needed() -> Refusal {
    Refusal::new(Reason::ParameterNeeded("target_app_id"), rules::PASS_NEEDS_TARGET)
}

fn release(tx: &mut ThreadTx<'_>, app: AppKey) -> Result<Answer, Refusal> {
    if tx.previous_owner() != Some(app) {
        return Err(Refusal::new(Reason::NotThreadOwner("release"), rules::RELEASE_NOT_OWNER));
    }
    tx.release(tx.page().ruleset.release);
    Ok(Answer::Done)
}

fn request(tx: &mut ThreadTx<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Answer, Refusal> {
    let primary = tx.page().primary.filter(|_| tx.page().ruleset.request == Request::AsksPrimary);
    if tx.owner() == Some(app) {
        return Err(Refusal::new(Reason::AlreadyOwner, rules::REQUEST_BY_OWNER));
    }
    if primary == Some(app) {
        let reason = Reason::WrongRole { call: Verb::Request.name(), needed: Role::Secondary };
        return Err(Refusal::new(reason, rules::REQUEST_BY_PRIMARY));
    }
    match (primary, tx.owner()) {
        (Some(primary), _) => tx.ask(app, primary, rules::REQUEST_TO_PRIMARY, metadata),
        (None, Some(owner)) => tx.ask(app, owner, rules::REQUEST_FORWARDED, metadata),
        (None, None) => tx.pass(app, rules::REQUEST_GRANTED, metadata),
    }
    Ok(Answer::Done)
}

fn extend(tx: &mut ThreadTx<'_>, app: AppKey, duration: Span) -> Result<Answer, Refusal> {
    if tx.holder().is_none_or(|holder| holder.app != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("extend"), rules::EXTEND_NOT_OWNER));
    }
    let longest = tx.page().knobs.extend_max;
    if duration > longest {
        return Err(Refusal::new(Reason::TooLong(longest), rules::EXTEND_TOO_LONG));
    }
    let until = tx.now + duration;
    let idle_timeout = tx.page().knobs.idle_after;
    if let Some(holder) = &mut tx.thread.holder {
        // Like every act of control it ends what an ad granted.
        (holder.until, holder.idle_timeout) = (until, idle_timeout);
    }
    tx.event(Event::ControlKept { thread: tx.key, owner: app, until, rule: rules::EXTENDED });
    Ok(Answer::Done)
}

fn pass_metadata(
    tx: &mut ThreadTx<'_>,
    by: AppKey,
    target: Option<Target>,
    metadata: Option<Arc<str>>,
) -> Result<Answer, Refusal> {
    let Some(target) = target else { return Err(target_needed()) };
    if metadata.is_none() {
        return Err(Refusal::new(Reason::ParameterNeeded("metadata"), rules::PASS_NEEDS_TARGET));
    }
    let app = tx.target(Some(target))?;
    tx.tell_one(app, rules::METADATA_PASSED, Body::MetadataPassed { metadata });
    tx.event(Event::Allowed { thread: tx.key, app: by, rule: rules::METADATA_PASSED });
    Ok(Answer::Done)
}

/// What `thread_control` of a message asks for: pass or release, and to whom.
fn asked_for(tx: &ThreadTx<'_>, asked: ThreadControl) -> (ControlType, Option<Target>) {
    let unsaid = if tx.page().knobs.control_defaults_to_pass { ControlType::Pass } else { ControlType::Release };
    match asked.payload {
        Some(payload) => (payload, None),
        None => (asked.control_type.unwrap_or(unsaid), asked.app),
    }
}

/// Whether `thread_control` could be executed after the message. The sender owns the thread by then: an app that may not send is
/// refused for that, with Meta's own error for it.
pub fn check_after_send(tx: &ThreadTx<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    match tx.page().ruleset.send_control {
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
        tx.previous_owner().is_none() && tx.owner() == Some(app) && tx.page().ruleset.pass_unheld.is_some();
    match asked_for(tx, asked) {
        (ControlType::Pass, target) if tx.target(target)? == app && !stays_idle => {
            Err(Refusal::new(Reason::PassToSelf, rules::PASS_TO_SELF))
        }
        _ => Ok(()),
    }
}

/// Obeys `thread_control` of a message.
pub fn after_send(tx: &mut ThreadTx<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    if let SendControl::Ignored(rule) = tx.page().ruleset.send_control {
        let text = "thread_control was ignored: only a page with a default app obeys it".into();
        tx.event(Event::Warning { app, text, rule });
        return Ok(());
    }
    let (what, target) = asked_for(tx, asked);
    if asked.payload.is_none() && asked.control_type.is_none() && what == ControlType::Release {
        let text =
            "thread_control without control_type releases the thread; add \"control_type\": \"pass\" to pass it".into();
        tx.event(Event::Warning { app, text, rule: rules::CONTROL_TYPE_DEFAULTS_TO_RELEASE });
    }
    match what {
        ControlType::Pass => pass(tx, app, target, None),
        ControlType::Release if tx.previous_owner().is_none() => {
            let text = "thread_control released nothing: no app holds the thread".into();
            tx.event(Event::Warning { app, text, rule: rules::RELEASE_NOT_OWNER });
            Ok(Answer::Done)
        }
        ControlType::Release => release(tx, app),
    }
    .map(|_| ())
}
