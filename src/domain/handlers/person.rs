//! Handles what a person does in a thread: writes, taps, reacts, reads, blocks. Most actions have a file of their own beside this one.

use super::entry::{begin_organic_contact, open_link, tap_ad};
use super::offered_buttons::{find_message, never_sent, page_messages};
use super::{
    checkbox, in_public, lead, linking, moderation, notification_opt_ins, postbacks, rewriting, surveys_and_coupons,
};
use crate::domain::command::{UserAction, UserMessage};
use crate::domain::event::{Event, NotificationChange, WebhookPayload};
use crate::domain::model::message::{Attachment, Author, Content, QuickReply, QuickReplyKind, Reaction, ReplyTo};
use crate::domain::model::platform::Platform;
use crate::domain::model::reactions::Reactor;
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::rules::{self, RuleId};
use crate::domain::thread_tx::{Draft, ThreadTx};

pub fn handle_action(tx: &mut ThreadTx<'_>, action: &UserAction) -> Result<Reply, Refusal> {
    let is_about_blocking = matches!(action, UserAction::Unblocks | UserAction::Blocks);
    if tx.thread.blocked && !is_about_blocking {
        let person = tx.config.person_name(tx.key.person);
        return Err(Refusal::script(format!(
            "{person} has blocked the page and cannot act in the thread before `unblocks`"
        )));
    }
    if !is_about_blocking && moderation::ignore_if_shut_out(tx) {
        return Ok(Reply::Done);
    }
    match action {
        UserAction::TapsAd(ad, next) => {
            tap_ad(tx, *ad, next.as_deref())?;
            handle_next(tx, next.as_deref())
        }
        UserAction::OpensLink(link, next) => {
            open_link(tx, *link)?;
            handle_next(tx, next.as_deref())
        }
        UserAction::GetsStarted => postbacks::get_started(tx),
        UserAction::Says(message) => send_message(tx, message),
        UserAction::TapsButton(label) => postbacks::tap_button(tx, label),
        UserAction::TapsQuickReply(label) => tap_quick_reply(tx, label),
        UserAction::TapsIceBreaker(label) => postbacks::tap_ice_breaker(tx, label),
        UserAction::TapsMenu(label) => postbacks::tap_menu_item(tx, label),
        UserAction::Reacts { message, reaction } => react(tx, message.as_deref(), reaction.as_ref()),
        UserAction::Edits { message, text } => rewriting::edit(tx, message.as_deref(), text),
        UserAction::Unsends { message } => rewriting::unsend(tx, message.as_deref()),
        UserAction::Reads => read(tx),
        UserAction::OptsIn { user_ref, reference } => checkbox::tick_checkbox(tx, user_ref, reference.as_deref()),
        UserAction::OptsInTo(title) => notification_opt_ins::opt_in(tx, title),
        UserAction::StopsMessages(topic) => notification_opt_ins::change(tx, topic, NotificationChange::Stops),
        UserAction::ResumesMessages(topic) => notification_opt_ins::change(tx, topic, NotificationChange::Resumes),
        UserAction::AnswersSurvey(reply) => surveys_and_coupons::answer_survey(tx, reply),
        UserAction::OpensCoupon(title) => surveys_and_coupons::open_coupon(tx, title),
        UserAction::InPublic(action) => in_public::act(tx, action),
        UserAction::OpensLogin => linking::open_login(tx),
        UserAction::LinksAccount(code) => linking::link_account(tx, code),
        UserAction::UnlinksAccount => linking::unlink_account(tx),
        UserAction::Blocks => set_blocked(tx, true),
        UserAction::Unblocks => set_blocked(tx, false),
    }
}

/// What the person does right after an ad or a link.
fn handle_next(tx: &mut ThreadTx<'_>, next: Option<&UserAction>) -> Result<Reply, Refusal> {
    next.map_or(Ok(Reply::Done), |action| handle_action(tx, action))
}

fn send_message(tx: &mut ThreadTx<'_>, message: &UserMessage) -> Result<Reply, Refusal> {
    let reply_to = message.replies_to.as_deref().map(|wanted| reply_to(tx, wanted)).transpose()?;
    let content =
        Content { text: message.text.clone(), attachments: message.attachments.clone(), quick_replies: Vec::new() };
    for (rule, is_applied) in [
        (rules::STICKER_SENT, content.attachments.iter().any(|part| matches!(part, Attachment::Sticker(_)))),
        (rules::ITEM_SHARED, content.attachments.iter().any(|part| matches!(part, Attachment::Shared(_)))),
    ] {
        apply_if(tx, is_applied, rule);
    }
    Ok(send_draft(tx, Draft { content: content.into(), reply_to, ..Draft::default() }))
}

fn reply_to(tx: &ThreadTx<'_>, wanted: &str) -> Result<ReplyTo, Refusal> {
    let message = find_message(tx, wanted)?;
    Ok(ReplyTo { mid: message.mid.clone(), is_self_reply: message.author == Author::Person })
}

/// Records that a rule decided about what the person did.
fn apply_if(tx: &mut ThreadTx<'_>, is_applied: bool, rule: RuleId) {
    if is_applied {
        tx.push_event(Event::Applied { thread: tx.key, rule });
    }
}

fn send_draft(tx: &mut ThreadTx<'_>, mut draft: Draft) -> Reply {
    if tx.lead().is_some() {
        return lead::handle_answer(tx, draft);
    }
    draft.prior_user_ref = tx.thread.take_prior_user_ref();
    draft.accepts_request = tx.asset().knobs.message_request && !tx.thread.is_started();
    apply_if(tx, draft.prior_user_ref.is_some(), rules::PRIOR_MESSAGE);
    apply_if(tx, draft.accepts_request, rules::REQUEST_ACCEPTED);
    let referral = begin_organic_contact(tx);
    let message = tx.write_message(Author::Person, draft);
    tx.emit_at(message.at, WebhookPayload::Message { message: message.clone(), referral }, None);
    Reply::Sent { mid: message.mid.clone(), attachment_id: None }
}

fn tap_quick_reply(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let person = tx.config.person(tx.key.person);
    let label_of = |reply: &QuickReply| match reply.kind {
        QuickReplyKind::Text => reply.title.clone(),
        QuickReplyKind::Email => person.email().into(),
        QuickReplyKind::PhoneNumber => person.phone().into(),
    };
    let offered = || page_messages(tx).flat_map(|message| &message.content.quick_replies);
    let Some(reply) = offered().find(|reply| *label_of(reply) == *label || &*reply.title == label) else {
        let labels: Vec<Box<str>> = offered().map(label_of).collect();
        return Err(never_sent("quick reply", label, labels.iter().map(|label| &**label)));
    };
    let (text, is_contact) = (label_of(reply), reply.kind != QuickReplyKind::Text);
    let quick_reply = Some(if is_contact { text.clone() } else { reply.payload.clone() });
    apply_if(tx, is_contact, rules::CONTACT_SHARED);
    Ok(send_draft(tx, Draft { content: Content::text(text).into(), quick_reply, ..Draft::default() }))
}

/// `wanted` is the message to react to; without it, the newest one of the page.
fn react(tx: &mut ThreadTx<'_>, wanted: Option<&str>, reaction: Option<&Reaction>) -> Result<Reply, Refusal> {
    let nothing_sent = || Refusal::not_there_yet("there is no message of the page in this thread to react to");
    let message = match wanted {
        Some(wanted) => find_message(tx, wanted)?,
        None => page_messages(tx).next().ok_or_else(nothing_sent)?,
    };
    let mid = message.mid.clone();
    tx.thread.set_reaction(&mid, Reactor::Person, reaction.cloned());
    let payload = WebhookPayload::Reacted { mid, reaction: reaction.cloned() };
    match tx.platform() {
        Platform::Messenger if reaction.is_some() => tx.open_window(),
        Platform::Messenger => {}
        Platform::Instagram => apply_if(tx, reaction.is_some(), rules::INSTAGRAM_REACTION_OPENS_NOTHING),
    }
    tx.emit(payload);
    Ok(Reply::Done)
}

fn read(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let watermark = tx.thread.last_timestamp.max(tx.now);
    tx.emit(WebhookPayload::Read { watermark });
    Ok(Reply::Done)
}

fn set_blocked(tx: &mut ThreadTx<'_>, blocked: bool) -> Result<Reply, Refusal> {
    tx.thread.blocked = blocked;
    Ok(Reply::Done)
}
