//! Handles what a person does in a thread: writes, taps, reacts, reads, blocks. Most actions have a file of their own beside this one.

use std::sync::Arc;

use super::entry::{begin_organic_contact, open_link, tap_ad};
use super::offered_buttons::{find_message, never_sent, page_messages};
use super::{
    checkbox, in_public, instagram_items, lead, linking, moderation, notification_opt_ins, postbacks, rewriting,
    surveys_and_coupons,
};
use crate::domain::command::{UserAction, UserMessage};
use crate::domain::event::{Event, NotificationChange, WebhookPayload};
use crate::domain::model::instagram_knobs::ShadowEdit;
use crate::domain::model::message::{
    Attachment, Author, Content, Message, QuickReply, QuickReplyKind, Reaction, Referral, ReplyTo, StoryReply,
};
use crate::domain::model::reactions::Reactor;
use crate::domain::outcome::Reply;
use crate::domain::refusal::Refusal;
use crate::domain::rules::{self, RuleId};
use crate::domain::thread_tx::{Draft, ThreadTx};

pub fn handle_action(tx: &mut ThreadTx<'_>, action: &UserAction) -> Result<Reply, Refusal> {
    let is_about_blocking = matches!(action, UserAction::Unblocks | UserAction::Blocks);
    if tx.thread.blocked && !is_about_blocking {
        let (person, asset) = (tx.config.person_name(tx.key.person), tx.platform().asset_word());
        return Err(Refusal::script(format!(
            "{person} has blocked the {asset} and cannot act in the thread before `unblocks`"
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
    let attachments = instagram_items::with_urls(tx, &message.attachments)?;
    let story = message.story.as_ref().map(|answered| Box::new(instagram_items::story_reply(tx, answered)));
    let content = Content { text: message.text.clone(), attachments, quick_replies: Vec::new() };
    apply_rules_of(tx, &content, story.as_deref());
    let about = message.about_product.clone().map(|id| Arc::new(Referral::Product { id }));
    apply_if(tx, about.is_some(), rules::INSTAGRAM_PRODUCT);
    Ok(send_draft(tx, Draft { content: content.into(), reply_to, story, ..Draft::default() }, about))
}

/// Records the rules by which apps get the parts of a message.
fn apply_rules_of(tx: &mut ThreadTx<'_>, content: &Content, story: Option<&StoryReply>) {
    if tx.is_on_instagram() {
        return instagram_items::rules_of(content, story).for_each(|rule| apply_if(tx, true, rule));
    }
    let has = |is_it: fn(&Attachment) -> bool| content.attachments.iter().any(is_it);
    apply_if(tx, has(|part| matches!(part, Attachment::Sticker(_))), rules::STICKER_SENT);
    apply_if(tx, has(|part| matches!(part, Attachment::Shared(_))), rules::ITEM_SHARED);
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

/// `about` is the product that the message asks about.
fn send_draft(tx: &mut ThreadTx<'_>, mut draft: Draft, about: Option<Arc<Referral>>) -> Reply {
    if tx.lead().is_some() {
        return lead::handle_answer(tx, draft);
    }
    draft.prior_user_ref = tx.thread.take_prior_user_ref();
    draft.accepts_request = tx.asset().knobs.message_request && !tx.thread.is_started();
    apply_if(tx, draft.prior_user_ref.is_some(), rules::PRIOR_MESSAGE);
    apply_if(tx, draft.accepts_request, rules::REQUEST_ACCEPTED);
    let referral = about.or(begin_organic_contact(tx));
    let message = tx.write_message(Author::Person, draft);
    let shadow = tx.asset().knobs.instagram.shadow_edit;
    emit_shadow_if(tx, shadow == ShadowEdit::Before, &message);
    tx.emit_at(message.at, WebhookPayload::Message { message: message.clone(), referral }, None);
    emit_shadow_if(tx, shadow == ShadowEdit::After, &message);
    Reply::Sent { mid: message.mid.clone(), attachment_id: None }
}

/// Instagram accompanies each new message of a person with an edit that says nothing.
fn emit_shadow_if(tx: &mut ThreadTx<'_>, is_now: bool, message: &Message) {
    if is_now && tx.is_on_instagram() {
        apply_if(tx, true, rules::INSTAGRAM_SHADOW_EDIT);
        tx.emit_at(message.at, WebhookPayload::Edited { mid: message.mid.clone(), text: None, edits: 0 }, None);
    }
}

/// The quick replies of the page's messages, newest first, each with what stands on it for the person.
pub fn offered_quick_replies<'t>(
    tx: &'t ThreadTx<'_>,
) -> impl Iterator<Item = (Box<str>, &'t QuickReply, &'t Arc<Message>)> {
    let person = tx.config.person(tx.key.person);
    let label_of = move |reply: &QuickReply| match reply.kind {
        QuickReplyKind::Text => reply.title.clone(),
        QuickReplyKind::Email => person.email().into(),
        QuickReplyKind::PhoneNumber => person.phone().into(),
    };
    let of_message =
        |message: &'t Arc<Message>| message.content.quick_replies.iter().map(move |reply| (reply, message));
    page_messages(tx).flat_map(of_message).map(move |(reply, message)| (label_of(reply), reply, message))
}

fn tap_quick_reply(tx: &mut ThreadTx<'_>, label: &str) -> Result<Reply, Refusal> {
    let is_meant = |shown: &str, reply: &QuickReply| shown == label || &*reply.title == label;
    let found = offered_quick_replies(tx).find(|(shown, reply, _)| is_meant(shown, reply));
    let Some((text, reply, _)) = found else {
        let labels: Vec<Box<str>> = offered_quick_replies(tx).map(|(shown, ..)| shown).collect();
        return Err(never_sent("quick reply", label, labels.iter().map(|label| &**label)));
    };
    let is_contact = reply.kind != QuickReplyKind::Text;
    let quick_reply = Some(if is_contact { text.clone() } else { reply.payload.clone() });
    apply_if(tx, is_contact, rules::CONTACT_SHARED);
    Ok(send_draft(tx, Draft { content: Content::text(text).into(), quick_reply, ..Draft::default() }, None))
}

/// `wanted` is the message to react to; without it, the newest one of the page.
fn react(tx: &mut ThreadTx<'_>, wanted: Option<&str>, reaction: Option<&Reaction>) -> Result<Reply, Refusal> {
    let asset = tx.platform().asset_word();
    let nothing_sent =
        || Refusal::not_there_yet(format!("there is no message of the {asset} in this thread to react to"));
    let message = match wanted {
        Some(wanted) => find_message(tx, wanted)?,
        None => page_messages(tx).next().ok_or_else(nothing_sent)?,
    };
    let mid = message.mid.clone();
    tx.thread.set_reaction(&mid, Reactor::Person, reaction.cloned());
    let is_on_instagram = tx.is_on_instagram();
    match reaction {
        Some(_) if is_on_instagram => apply_if(tx, true, rules::INSTAGRAM_REACTION),
        Some(_) => tx.open_window(),
        None if is_on_instagram && !tx.asset().knobs.instagram.unreact_webhook => {
            apply_if(tx, true, rules::INSTAGRAM_UNREACT_SILENT);
            return Ok(Reply::Done);
        }
        None => {}
    }
    tx.emit(WebhookPayload::Reacted { mid, reaction: reaction.cloned() });
    Ok(Reply::Done)
}

fn read(tx: &mut ThreadTx<'_>) -> Result<Reply, Refusal> {
    let watermark = tx.thread.last_timestamp.max(tx.now);
    let mid = match tx.is_on_instagram() {
        true => Some(newest_to_read(tx)?),
        false => None,
    };
    apply_if(tx, mid.is_some(), rules::INSTAGRAM_SEEN);
    tx.emit(WebhookPayload::Read { watermark, mid });
    Ok(Reply::Done)
}

/// Instagram names the newest message of the account instead of a moment.
fn newest_to_read(tx: &ThreadTx<'_>) -> Result<Arc<str>, Refusal> {
    let nothing_sent = || Refusal::not_there_yet("there is no message of the account in this thread to read");
    page_messages(tx).next().map(|message| message.mid.clone()).ok_or_else(nothing_sent)
}

fn set_blocked(tx: &mut ThreadTx<'_>, blocked: bool) -> Result<Reply, Refusal> {
    tx.thread.blocked = blocked;
    Ok(Reply::Done)
}
