//! Handles the Send API: messages and sender actions of an app. The checks come first, in Meta's order.

use std::sync::Arc;

use super::connected::require_messages;
use super::recipients::{OwnerNeed, SenderNeeds};
use super::{control, instagram_content, lead, moderation, notification_opt_ins, rates, recipients};
use crate::domain::command::{Send, SenderAction, Tag, ThreadControl};
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{
    Attachment, Author, Content, Message, QuickReply, QuickReplyKind, Reaction, ReplyTo,
};
use crate::domain::model::platform::Platform;
use crate::domain::model::reactions::Reactor;
use crate::domain::model::ruleset::Ruleset;
use crate::domain::model::time::Moment;
use crate::domain::outcome::Reply;
use crate::domain::policy::{access, messaging_window};
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// Since October 5, 2026, Instagram shows no quick replies that ask for a telephone number or an address.
const CONTACT_REPLIES_GONE: Moment = Moment::from_millis(1_791_158_400_000);

pub fn send_message(tx: &mut ThreadTx<'_>, app: AppKey, send: &Send) -> Result<Reply, Refusal> {
    check_thread_control_form(send.thread_control)?;
    let through = match send.through.as_deref() {
        Some(id) => {
            let recipient =
                tx.recipient_id(id).filter(|recipient| recipient.thread == tx.key).ok_or_else(no_such_message)?;
            recipients::check_recipient(tx, (id, recipient), &send.content)?;
            Some((id, recipient.clone()))
        }
        None => None,
    };
    let needs = match &through {
        Some((_, recipient)) => recipients::needs_of(tx, recipient),
        None => SenderNeeds::ALL,
    };
    let allowed = check_sender(tx, app, send.tag, needs)?;
    let in_private = through.as_ref().is_some_and(|(_, recipient)| recipient.kind.is_published());
    instagram_content::check(tx, &send.content)?;
    notification_opt_ins::check_request(tx, &send.content, in_private)?;
    if let Some(asked) = send.thread_control {
        // If the control part of a call cannot be executed, the whole call is refused before anything is sent.
        control::check_thread_control(tx, asked)?;
    }
    let reply_to = match &send.reply_to {
        Some(mid) => Some(reply_to(tx, mid)?),
        None => None,
    };
    let answered = through.as_ref().filter(|(_, recipient)| recipient.kind.is_published());
    rates::count(tx, &send.content, answered.map(|(id, _)| *id))?;
    take_by_sending(tx, app, allowed);
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: allowed });
    if send.tag == Some(Tag::Utility) {
        tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::UTILITY });
    }
    if let Some((id, recipient)) = through {
        recipients::use_recipient(tx, app, id, recipient);
    }
    let (content, attachment_id) = save_reusable(tx, send);
    let draft = Draft { content, reply_to, metadata: send.metadata.clone(), ..Draft::default() };
    let control_first = tx.asset().knobs.echo_after_control;
    if let (Some(thread_control), true) = (send.thread_control, control_first) {
        control::apply_thread_control(tx, app, thread_control)?;
    }
    let mid = write_message(tx, app, draft);
    if let (Some(thread_control), false) = (send.thread_control, control_first) {
        control::apply_thread_control(tx, app, thread_control)?;
    }
    Ok(Reply::Sent { mid, attachment_id })
}

/// An app that may send although another app owns the thread gets the thread by it.
fn take_by_sending(tx: &mut ThreadTx<'_>, app: AppKey, allowed: RuleId) {
    match allowed {
        rules::TOGGLE_TAKES if !tx.asset().knobs.implicit_take_notifies => {
            tx.give_control(app, allowed, None);
        }
        rules::TOGGLE_TAKES | rules::INSTAGRAM_PRIVATE_REPLY_TAKES => tx.take_control(app, allowed, None),
        rules::LEAD_INTERRUPTED => {
            tx.take_control(app, allowed, None);
            tx.restart_idle_clock();
        }
        _ => {}
    }
}

/// Writes a message of the page, with its echo and, on Messenger, the delivery receipt of the person's device.
pub fn write_message(tx: &mut ThreadTx<'_>, app: AppKey, draft: Draft) -> Arc<str> {
    let message = tx.write_message(Author::App(app), draft);
    tx.emit_at(message.at, WebhookPayload::Echo(message.clone()), None);
    if tx.is_on_instagram() && tx.asset().knobs.instagram.echo_field {
        tx.emit_at(message.at, WebhookPayload::EchoInOwnField(message.clone()), None);
    }
    if !tx.is_on_instagram() {
        tx.emit(WebhookPayload::Delivered { mids: [message.mid.clone()].into(), watermark: message.at });
    }
    message.mid.clone()
}

pub fn handle_sender_action(tx: &mut ThreadTx<'_>, app: AppKey, action: &SenderAction) -> Result<Reply, Refusal> {
    check_sender(tx, app, None, SenderNeeds::ALL)?;
    let rule = match action {
        SenderAction::React { mid, reaction } => react(tx, mid, Some(reaction_of(reaction)))?,
        SenderAction::Unreact { mid } => react(tx, mid, None)?,
        SenderAction::MarkSeen => {
            tx.thread.unread = 0;
            rules::ACTION_MOVES_NOTHING
        }
        SenderAction::TypingOn | SenderAction::TypingOff => rules::ACTION_MOVES_NOTHING,
    };
    tx.push_event(Event::Allowed { thread: tx.key, app, rule });
    Ok(Reply::Done)
}

/// The reaction of an app, which sends only the name, or on Instagram an emoji.
fn reaction_of(text: &str) -> Reaction {
    match text.is_ascii() {
        true => Reaction { name: text.into(), emoji: "".into() },
        false => Reaction { name: "other".into(), emoji: text.into() },
    }
}

/// Sets the page's reaction to a message of either side, or removes it.
fn react(tx: &mut ThreadTx<'_>, mid: &str, reaction: Option<Reaction>) -> Result<RuleId, Refusal> {
    let mid = message_that_stands(tx, mid)?.mid.clone();
    tx.thread.set_reaction(&mid, Reactor::Page, reaction);
    Ok(rules::ACTION_REACTS)
}

/// The rule by which the app may send now, or a refusal. Thread control is checked before the window.
fn check_sender(tx: &ThreadTx<'_>, app: AppKey, tag: Option<Tag>, needs: SenderNeeds) -> Result<RuleId, Refusal> {
    let Some(connection) = tx.asset().connection(app) else {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    };
    require_messages(tx.asset())?;
    if !access::knows(tx.config, tx.settings, app, tx.key.person) {
        return Err(Refusal::new(Reason::NoRoleOnApp, rules::SEND_NEEDS_ROLE));
    }
    if tx.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    moderation::check_not_shut_out(tx)?;
    let ruleset = tx.asset().ruleset;
    let allowed = match (lead::check_interrupt(tx, app)?, tx.owner()) {
        (Some(rule), _) => rule,
        (None, Some(owner)) if owner == app => rules::SEND_BY_OWNER,
        _ if needs.owner == OwnerNeed::Becomes => rules::INSTAGRAM_PRIVATE_REPLY_TAKES,
        (None, None) => ruleset.send_uncontrolled,
        _ if needs.owner == OwnerNeed::None => rules::INSTAGRAM_PRIVATE_REPLY,
        (None, Some(_)) if connection.take_control && ruleset.toggle_takes => rules::TOGGLE_TAKES,
        (None, Some(_)) => return Err(not_owner(tag, ruleset)),
    };
    match messaging_window::may_send(&tx.thread, tag, tx.now) {
        Ok(()) => check_human_agent(tx, app, tag).map(|()| allowed),
        Err(_) if tx.config.is_note_to_self(tx.key) => Ok(rules::INSTAGRAM_NOTE_TO_SELF),
        Err(_) if !needs.window => Ok(allowed),
        Err(rule) => Err(Refusal::new(Reason::OutsideWindow, rule)),
    }
}

/// Checks the feature Human Agent, which a message in the open window does not need.
fn check_human_agent(tx: &ThreadTx<'_>, app: AppKey, tag: Option<Tag>) -> Result<(), Refusal> {
    let is_needed = tag == Some(Tag::HumanAgent) && !messaging_window::is_open(&tx.thread, tx.now);
    match is_needed && !tx.config.app(app).human_agent {
        true => Err(Refusal::new(Reason::NoHumanAgent, rules::HUMAN_AGENT_FEATURE)),
        false => Ok(()),
    }
}

fn not_owner(tag: Option<Tag>, ruleset: &Ruleset) -> Refusal {
    let rule = match tag {
        Some(Tag::HumanAgent) if ruleset.toggle_takes => rules::HUMAN_AGENT_DOES_NOT_TAKE,
        _ => rules::SEND_NOT_OWNER,
    };
    Refusal::new(Reason::AnotherAppControls, rule)
}

fn check_thread_control_form(asked: Option<ThreadControl>) -> Result<(), Refusal> {
    match asked {
        Some(ThreadControl { payload: Some(_), app, control_type }) if app.is_some() || control_type.is_some() => {
            Err(Refusal::new(Reason::PayloadWithAppId, rules::PAYLOAD_XOR_APP_ID))
        }
        _ => Ok(()),
    }
}

fn reply_to(tx: &ThreadTx<'_>, mid: &str) -> Result<ReplyTo, Refusal> {
    let message = message_that_stands(tx, mid)?;
    Ok(ReplyTo { mid: message.mid.clone(), is_self_reply: message.author != Author::Person })
}

/// A message that nobody has taken back.
fn message_that_stands<'t>(tx: &'t ThreadTx<'_>, mid: &str) -> Result<&'t Arc<Message>, Refusal> {
    tx.message_by_id(mid).filter(|message| !message.is_unsent).ok_or_else(no_such_message)
}

fn no_such_message() -> Refusal {
    Refusal::new(Reason::NoSuchMessage, rules::UNKNOWN_MESSAGE)
}

/// The content that the person sees.
fn shown_content(tx: &mut ThreadTx<'_>, send: &Send) -> Arc<Content> {
    let is_contact = |reply: &QuickReply| reply.kind != QuickReplyKind::Text;
    let is_gone = tx.platform() == Platform::Instagram && tx.now >= CONTACT_REPLIES_GONE;
    if !is_gone || !send.content.quick_replies.iter().any(is_contact) {
        return send.content.clone();
    }
    tx.push_event(Event::Applied { thread: tx.key, rule: rules::INSTAGRAM_CONTACT_REPLIES_GONE });
    let mut content = Content::clone(&send.content);
    content.quick_replies.retain(|reply| !is_contact(reply));
    content.into()
}

/// Saves a reusable attachment. Returns the content to send, and the id of the saved attachment.
fn save_reusable(tx: &mut ThreadTx<'_>, send: &Send) -> (Arc<Content>, Option<Box<str>>) {
    if !matches!(send.content.attachments.first(), Some(Attachment::Media { reusable: true, .. })) {
        return (shown_content(tx, send), None);
    }
    let mut content = Content::clone(&send.content);
    if let Some(Attachment::Media { reusable, .. }) = content.attachments.first_mut() {
        *reusable = false;
    }
    let id = tx.save_attachment(content.attachments[0].clone());
    (content.into(), Some(id))
}
