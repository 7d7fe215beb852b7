//! Acts room: what an app sends. Checks first, in Meta's order, then changes. `World::apply` enters, and `acts::inbox` to speak.

use super::{control, lead, moderation, notification_opt_ins, recipients};
use crate::domain::command::{Send, SenderAction, Tag, ThreadControl};
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{Attachment, Author, Content, ReplyTo};
use crate::domain::outcome::Reply;
use crate::domain::policy::{access, messaging_window};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::{Draft, ThreadTx};

pub fn send(turn: &mut ThreadTx<'_>, app: AppKey, send: &Send) -> Result<Reply, Refusal> {
    refuse_both_forms(send.thread_control)?;
    let through = match send.through.as_deref() {
        Some(id) => {
            let address =
                turn.recipient_id(id).filter(|address| address.thread == turn.key).ok_or_else(no_such_message)?;
            recipients::may_reach(turn, address, &send.content)?;
            Some((id, address.clone()))
        }
        None => None,
    };
    let needs_window = through.as_ref().is_none_or(|(_, address)| recipients::needs_window(address));
    let allowed = may_send(turn, app, send.tag, needs_window)?;
    let in_private = through.as_ref().is_some_and(|(_, address)| address.kind.is_published());
    notification_opt_ins::may_ask(turn, &send.content, in_private)?;
    if let Some(asked) = send.thread_control {
        // A request whose control part cannot be executed is refused whole, before anything is sent.
        control::check_after_send(turn, app, asked)?;
    }
    let reply_to = match &send.reply_to {
        Some(mid) => Some(reply_to(turn, mid)?),
        None => None,
    };
    take_by_sending(turn, app, allowed);
    turn.push_event(Event::Allowed { thread: turn.key, app, rule: allowed });
    if send.tag == Some(Tag::Utility) {
        turn.push_event(Event::Allowed { thread: turn.key, app, rule: rules::UTILITY });
    }
    if let Some((id, address)) = through {
        recipients::reach(turn, app, id, address);
    }
    let (content, attachment_id) = save_reusable(turn, send);
    let draft = Draft { content, reply_to, metadata: send.metadata.clone(), quick_reply: None };
    let control_first = turn.page().knobs.echo_after_control;
    if let (Some(thread_control), true) = (send.thread_control, control_first) {
        control::after_send(turn, app, thread_control)?;
    }
    let mid = speak(turn, app, draft);
    if let (Some(thread_control), false) = (send.thread_control, control_first) {
        control::after_send(turn, app, thread_control)?;
    }
    Ok(Reply::Sent { mid, attachment_id })
}

/// Some may send although another owns the thread, and thereby get it.
fn take_by_sending(turn: &mut ThreadTx<'_>, app: AppKey, allowed: RuleId) {
    match allowed {
        rules::TOGGLE_TAKES if !turn.page().knobs.implicit_take_notifies => {
            turn.give_control(app, allowed, None);
        }
        rules::TOGGLE_TAKES | rules::LEAD_INTERRUPTED => turn.take_control(app, allowed, None),
        _ => {}
    }
}

/// The page speaks through an app: the echo, and the person's device confirms the delivery.
pub fn speak(turn: &mut ThreadTx<'_>, app: AppKey, draft: Draft) -> Box<str> {
    let message = turn.write_message(Author::App(app), draft);
    turn.emit_at(message.at, WebhookPayload::Echo(message.clone()), None);
    turn.emit(WebhookPayload::Delivered { mids: vec![message.mid.clone()], watermark: message.at });
    message.mid.clone()
}

pub fn act(turn: &mut ThreadTx<'_>, app: AppKey, action: &SenderAction) -> Result<Reply, Refusal> {
    may_send(turn, app, None, true)?;
    if let SenderAction::React { mid, .. } | SenderAction::Unreact { mid } = action {
        turn.message_by_id(mid).filter(|message| message.author == Author::Person).ok_or_else(no_such_message)?;
    }
    if *action == SenderAction::MarkSeen {
        turn.thread.unread = 0;
    }
    turn.push_event(Event::Allowed { thread: turn.key, app, rule: rules::ACTION_MOVES_NOTHING });
    Ok(Reply::Done)
}

/// Whether the app may send now, by which rule; or why not. Thread control is asked before the window.
fn may_send(turn: &ThreadTx<'_>, app: AppKey, tag: Option<Tag>, needs_window: bool) -> Result<RuleId, Refusal> {
    let Some(connection) = turn.page().connection(app) else {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    };
    if !access::knows(turn.config, turn.settings, app, turn.key.person) {
        return Err(Refusal::new(Reason::NoRoleOnApp, rules::SEND_NEEDS_ROLE));
    }
    if turn.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    moderation::may_reach(turn)?;
    let ruleset = turn.page().ruleset;
    let allowed = match (lead::may_interrupt(turn, app)?, turn.owner()) {
        (Some(rule), _) => rule,
        (None, Some(owner)) if owner == app => rules::SEND_BY_OWNER,
        (None, None) => ruleset.send_uncontrolled,
        (None, Some(_)) if connection.take_control && ruleset.toggle_takes => rules::TOGGLE_TAKES,
        (None, Some(_)) => return Err(not_owner(tag)),
    };
    match messaging_window::may_send(&turn.thread, tag, turn.now) {
        Ok(()) => Ok(allowed),
        Err(_) if !needs_window => Ok(allowed),
        Err(rule) => Err(Refusal::new(Reason::OutsideWindow, rule)),
    }
}

fn not_owner(tag: Option<Tag>) -> Refusal {
    let rule = match tag {
        Some(Tag::HumanAgent) => rules::HUMAN_AGENT_DOES_NOT_TAKE,
        Some(Tag::CustomerFeedback | Tag::Utility) | None => rules::SEND_NOT_OWNER,
    };
    Refusal::new(Reason::AnotherAppControls, rule)
}

fn refuse_both_forms(asked: Option<ThreadControl>) -> Result<(), Refusal> {
    match asked {
        Some(ThreadControl { payload: Some(_), app, control_type }) if app.is_some() || control_type.is_some() => {
            Err(Refusal::new(Reason::PayloadWithAppId, rules::PAYLOAD_XOR_APP_ID))
        }
        _ => Ok(()),
    }
}

fn reply_to(turn: &ThreadTx<'_>, mid: &str) -> Result<ReplyTo, Refusal> {
    let message = turn.message_by_id(mid).ok_or_else(no_such_message)?;
    Ok(ReplyTo { mid: message.mid.clone(), is_self_reply: message.author != Author::Person })
}

fn no_such_message() -> Refusal {
    Refusal::new(Reason::NoSuchMessage, rules::UNKNOWN_MESSAGE)
}

/// An attachment that is to be used again is kept under an id of its own.
fn save_reusable(turn: &mut ThreadTx<'_>, send: &Send) -> (Content, Option<Box<str>>) {
    let mut content = send.content.clone();
    let Some(Attachment::Media { reusable, .. }) = content.attachments.first_mut() else { return (content, None) };
    if !std::mem::take(reusable) {
        return (content, None);
    }
    let id = turn.save_attachment(content.attachments[0].clone());
    (content, Some(id))
}
