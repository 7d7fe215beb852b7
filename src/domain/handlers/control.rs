//! Handles handover calls, and the `thread_control` parameter of the Send API.

use std::sync::Arc;

use super::connected::{require_connected, require_messages};
use super::lead;
use crate::domain::command::{ControlType, HandoverCall, Target, ThreadControl};
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::access::Role;
use crate::domain::model::ids::AppKey;
use crate::domain::model::ruleset::{HandoverCallKind, PassPolicy, RequestPolicy, TakePolicy, ThreadControlPolicy};
use crate::domain::model::time::Span;
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::ThreadTx;

pub fn handle_call(tx: &mut ThreadTx<'_>, app: AppKey, call: &HandoverCall) -> Result<Reply, Refusal> {
    require_connected(tx.asset(), app)?;
    require_messages(tx.asset())?;
    check_ruleset(tx, kind_of(call))?;
    match call {
        HandoverCall::Pass { target, metadata } => pass(tx, app, *target, text(metadata)),
        HandoverCall::Release => release(tx, app),
        HandoverCall::Request { metadata } => request(tx, app, text(metadata)),
        HandoverCall::Extend { duration } => extend(tx, app, *duration),
        HandoverCall::Take { metadata } => take(tx, app, text(metadata)),
        HandoverCall::PassMetadata { target, metadata } => pass_metadata(tx, app, *target, text(metadata)),
    }
}

fn kind_of(call: &HandoverCall) -> HandoverCallKind {
    match call {
        HandoverCall::Pass { .. } => HandoverCallKind::Pass,
        HandoverCall::Release => HandoverCallKind::Release,
        HandoverCall::Take { .. } => HandoverCallKind::Take,
        HandoverCall::Request { .. } => HandoverCallKind::Request,
        HandoverCall::Extend { .. } => HandoverCallKind::Extend,
        HandoverCall::PassMetadata { .. } => HandoverCallKind::PassMetadata,
    }
}

/// Refuses calls that the page's ruleset does not have, and calls that the page has blocked.
fn check_ruleset(tx: &ThreadTx<'_>, kind: HandoverCallKind) -> Result<(), Refusal> {
    let (page, ruleset) = (tx.asset(), tx.asset().ruleset);
    let rule = match (kind, ruleset.take, ruleset.request) {
        (HandoverCallKind::Take, TakePolicy::Refused(rule), _)
        | (HandoverCallKind::Request, _, RequestPolicy::Refused(rule)) => Some(rule),
        (HandoverCallKind::Extend, ..) => ruleset.extend,
        (HandoverCallKind::PassMetadata, ..) => ruleset.pass_metadata,
        _ => None,
    };
    let rule = rule.or(page.handover_apis_blocked.then_some(rules::HANDOVER_BLOCKED));
    rule.map_or(Ok(()), |rule| Err(refused_by_ruleset(kind, rule)))
}

fn refused_by_ruleset(kind: HandoverCallKind, rule: RuleId) -> Refusal {
    let reason = match rule {
        rules::HANDOVER_DISABLED | rules::HANDOVER_BLOCKED => Reason::HandoverDisabled,
        rules::TAKE_NEEDS_ROUTING => Reason::TakeNotSupported,
        _ => Reason::NotSupported(kind.name()),
    };
    Refusal::new(reason, rule)
}

/// Takes control. An app that loses the thread by it gets a webhook.
fn take(tx: &mut ThreadTx<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Reply, Refusal> {
    let rule = match lead::check_interrupt(tx, app)? {
        Some(rule) => rule,
        None => may_take(tx, app)?,
    };
    match tx.holder().map(|holder| holder.app) {
        // The primary receiver may take a thread that it holds already. That changes nothing.
        Some(holder) if holder == app => {}
        Some(_) => {
            tx.take_control(app, rule, metadata);
            if rule == rules::LEAD_INTERRUPTED {
                tx.restart_idle_clock();
            }
        }
        None => {
            tx.give_control(app, rule, metadata);
        }
    }
    tx.push_event(Event::Allowed { thread: tx.key, app, rule });
    Ok(Reply::Done)
}

/// The rule by which the app may take control now, or why it may not.
fn may_take(tx: &ThreadTx<'_>, app: AppKey) -> Result<RuleId, Refusal> {
    let call = HandoverCallKind::Take.name();
    let holder = tx.holder().map(|holder| holder.app);
    match tx.asset().ruleset.take {
        TakePolicy::Refused(rule) => Err(refused_by_ruleset(HandoverCallKind::Take, rule)),
        TakePolicy::ByToggle if !tx.asset().connection(app).is_some_and(|connection| connection.take_control) => {
            Err(Refusal::new(Reason::NotSupported(call), rules::TAKE_TOGGLE_OFF))
        }
        TakePolicy::ByToggle if holder == Some(app) => Err(Refusal::new(Reason::AlreadyOwner, rules::TAKE_BY_OWNER)),
        TakePolicy::ByToggle => Ok(rules::TAKE_BY_TOGGLE),
        TakePolicy::ByRole if holder.is_none() => Ok(rules::TAKE_WHEN_IDLE),
        TakePolicy::ByRole if tx.asset().primary == Some(app) => Ok(rules::TAKE_BY_PRIMARY),
        TakePolicy::ByRole => {
            Err(Refusal::new(Reason::WrongRole { call, needed: Role::Primary }, rules::TAKE_NOT_PRIMARY))
        }
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
) -> Result<Reply, Refusal> {
    let (new, rule) = may_pass(tx, app, target)?;
    tx.pass_control(new, rule, metadata);
    Ok(Reply::Done)
}

/// The app that gets control and the rule, or why control may not be passed.
fn may_pass(tx: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<(AppKey, RuleId), Refusal> {
    let uncontrolled = tx.asset().ruleset.pass_uncontrolled.filter(|_| tx.holder().is_none());
    let owner = tx.owner().filter(|_| uncontrolled.is_none());
    if owner.is_some_and(|owner| owner != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("pass"), rules::PASS_NOT_OWNER));
    }
    let (new, rule) = new_holder(tx, app, target)?;
    if owner == Some(new) {
        return Err(Refusal::new(Reason::PassToSelf, tx.asset().ruleset.pass_to_self));
    }
    Ok((new, uncontrolled.unwrap_or(rule)))
}

/// The app that gets control, and the rule.
fn new_holder(tx: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<(AppKey, RuleId), Refusal> {
    let page = tx.asset();
    match (page.ruleset.pass, page.role(app), page.primary, target) {
        (PassPolicy::ByRole, Some(Role::Secondary), Some(primary), _) => Ok((primary, rules::PASS_TO_PRIMARY)),
        (PassPolicy::ByRole, _, _, None) => Err(target_needed()),
        (PassPolicy::NamedOrDefault, _, _, None) => Ok((tx.resolve_target(None)?, rules::PASS_TO_DEFAULT)),
        (_, _, _, Some(_)) => Ok((tx.resolve_target(target)?, rules::PASS_TO_APP)),
    }
}

fn target_needed() -> Refusal {
    Refusal::new(Reason::ParameterNeeded("target_app_id"), rules::PASS_NEEDS_TARGET)
}

fn release(tx: &mut ThreadTx<'_>, app: AppKey) -> Result<Reply, Refusal> {
    if tx.previous_owner() != Some(app) {
        return Err(Refusal::new(Reason::NotThreadOwner("release"), rules::RELEASE_NOT_OWNER));
    }
    tx.release_control(tx.asset().ruleset.release);
    Ok(Reply::Done)
}

fn request(tx: &mut ThreadTx<'_>, app: AppKey, metadata: Option<Arc<str>>) -> Result<Reply, Refusal> {
    let primary = tx.asset().primary.filter(|_| tx.asset().ruleset.request == RequestPolicy::AsksPrimary);
    if tx.owner() == Some(app) {
        return Err(Refusal::new(Reason::AlreadyOwner, rules::REQUEST_BY_OWNER));
    }
    if primary == Some(app) {
        let reason = Reason::WrongRole { call: HandoverCallKind::Request.name(), needed: Role::Secondary };
        return Err(Refusal::new(reason, rules::REQUEST_BY_PRIMARY));
    }
    match (primary, tx.owner()) {
        (Some(primary), _) => tx.request_control(app, primary, rules::REQUEST_TO_PRIMARY, metadata),
        (None, Some(owner)) => tx.request_control(app, owner, rules::REQUEST_FORWARDED, metadata),
        (None, None) => tx.pass_control(app, rules::REQUEST_GRANTED, metadata),
    }
    Ok(Reply::Done)
}

fn extend(tx: &mut ThreadTx<'_>, app: AppKey, duration: Span) -> Result<Reply, Refusal> {
    if tx.holder().is_none_or(|holder| holder.app != app) {
        return Err(Refusal::new(Reason::NotThreadOwner("extend"), rules::EXTEND_NOT_OWNER));
    }
    let longest = tx.asset().knobs.extend_max;
    if duration > longest {
        return Err(Refusal::new(Reason::TooLong(longest), rules::EXTEND_TOO_LONG));
    }
    let until = tx.now + duration;
    let idle_timeout = tx.asset().knobs.idle_after;
    if let Some(holder) = &mut tx.thread.holder {
        // Like every handover call, this ends the longer timeout that an ad granted.
        (holder.until, holder.idle_timeout) = (until, idle_timeout);
    }
    tx.push_event(Event::ControlKept { thread: tx.key, owner: app, until, rule: rules::EXTENDED });
    Ok(Reply::Done)
}

fn pass_metadata(
    tx: &mut ThreadTx<'_>,
    by: AppKey,
    target: Option<Target>,
    metadata: Option<Arc<str>>,
) -> Result<Reply, Refusal> {
    let Some(target) = target else { return Err(target_needed()) };
    if metadata.is_none() {
        return Err(Refusal::new(Reason::ParameterNeeded("metadata"), rules::PASS_NEEDS_TARGET));
    }
    let app = tx.resolve_target(Some(target))?;
    tx.emit_to_app(app, rules::METADATA_PASSED, WebhookPayload::MetadataPassed { metadata });
    tx.push_event(Event::Allowed { thread: tx.key, app: by, rule: rules::METADATA_PASSED });
    Ok(Reply::Done)
}

/// Whether `thread_control` asks to pass or to release, and the target.
fn requested_control(tx: &ThreadTx<'_>, asked: ThreadControl) -> (ControlType, Option<Target>) {
    let default = if tx.asset().knobs.control_defaults_to_pass { ControlType::Pass } else { ControlType::Release };
    match asked.payload {
        Some(payload) => (payload, None),
        None => (asked.control_type.unwrap_or(default), asked.app),
    }
}

/// Checks whether `thread_control` can be executed after the message. By then the sender owns the thread; an app that may not send is
/// refused elsewhere, with Meta's error for that.
pub fn check_thread_control(tx: &ThreadTx<'_>, asked: ThreadControl) -> Result<(), Refusal> {
    match tx.asset().ruleset.send_control {
        ThreadControlPolicy::Ignored(_) => return Ok(()),
        ThreadControlPolicy::ObeyedWithoutPayload(rule) if asked.payload.is_some() => {
            return Err(Refusal::new(Reason::PayloadForm, rule));
        }
        ThreadControlPolicy::Executed | ThreadControlPolicy::ObeyedWithoutPayload(_) => {}
    }
    if asked.app == Some(Target::Unknown) {
        return Err(Refusal::new(Reason::UnknownTarget, rules::PASS_UNKNOWN_APP));
    }
    match requested_control(tx, asked) {
        (ControlType::Pass, target) => tx.resolve_target(target).map(drop),
        (ControlType::Release, _) => Ok(()),
    }
}

/// True if control would be passed to the app that owns the thread. Of an idle thread an app may get control in this way, as with the
/// handover call.
fn keeps_control(tx: &ThreadTx<'_>, app: AppKey, target: Option<Target>) -> Result<bool, Refusal> {
    let gets_idle_thread = tx.holder().is_none() && tx.asset().ruleset.pass_uncontrolled.is_some();
    Ok(tx.resolve_target(target)? == app && !gets_idle_thread)
}

/// Executes `thread_control` of a message.
pub fn apply_thread_control(tx: &mut ThreadTx<'_>, app: AppKey, asked: ThreadControl) -> Result<(), Refusal> {
    if let ThreadControlPolicy::Ignored(rule) = tx.asset().ruleset.send_control {
        let text = "thread_control was ignored: it is obeyed only where there is a default app".into();
        tx.push_event(Event::Warning { app, text, rule });
        return Ok(());
    }
    let (what, target) = requested_control(tx, asked);
    if asked.payload.is_none() && asked.control_type.is_none() && what == ControlType::Release {
        let text =
            "thread_control without control_type releases the thread; add \"control_type\": \"pass\" to pass it".into();
        tx.push_event(Event::Warning { app, text, rule: rules::CONTROL_TYPE_DEFAULTS_TO_RELEASE });
    }
    match what {
        ControlType::Pass if keeps_control(tx, app, target)? => {
            let text = "thread_control passed nothing: the app has control already".into();
            tx.push_event(Event::Warning { app, text, rule: rules::PASS_TO_SELF_SENT });
            Ok(Reply::Done)
        }
        ControlType::Pass => pass(tx, app, target, None),
        ControlType::Release if tx.previous_owner().is_none() => {
            let text = "thread_control released nothing: no app holds the thread".into();
            tx.push_event(Event::Warning { app, text, rule: rules::RELEASE_NOT_OWNER });
            Ok(Reply::Done)
        }
        ControlType::Release => release(tx, app),
    }
    .map(|_| ())
}
