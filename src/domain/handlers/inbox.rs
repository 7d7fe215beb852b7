//! Handles what people do in the Business Suite inbox.

use std::sync::Arc;

use super::{moderation, native_app, send};
use crate::domain::command::InboxAction;
use crate::domain::event::Event;
use crate::domain::model::ruleset::InboxPolicy;
use crate::domain::model::thread::Folder;
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// The metadata with which the inbox passes a thread that is done, as recorded.
const DONE_METADATA: &str = "Pass thread control from Page Inbox";

pub fn handle_action(tx: &mut ThreadTx<'_>, action: &InboxAction) -> Result<Reply, Refusal> {
    if tx.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    if matches!(action, InboxAction::Replies(_) | InboxAction::RepliesInApp(_)) {
        moderation::check_not_shut_out(tx)?;
    }
    if tx.lead().is_some() && *action != InboxAction::MovesToDone {
        take_thread(tx, rules::LEAD_INBOX);
        tx.restart_idle_clock();
    }
    match action {
        InboxAction::Replies(_) | InboxAction::RepliesInApp(_) => {}
        InboxAction::MovesToMain => tx.thread.folder = Folder::Inbox,
        InboxAction::MovesToDone => tx.thread.folder = Folder::Done,
    }
    match (action, tx.asset().ruleset.inbox) {
        (InboxAction::RepliesInApp(content), _) => native_app::reply(tx, content),
        (InboxAction::Replies(content), InboxPolicy::Takes | InboxPolicy::TakesFromApps) => {
            let rule = rule_of_taking(tx);
            match rule {
                rules::INBOX_LEAVES_IDLE => {
                    tx.push_event(Event::Allowed { thread: tx.key, app: tx.config.inbox(), rule });
                }
                _ => take_thread(tx, rule),
            }
            Ok(reply(tx, Draft { content: Arc::new(content.clone()), ..Draft::default() }))
        }
        (InboxAction::Replies(content), InboxPolicy::Asks) => {
            check_reply(tx)?;
            Ok(reply(tx, Draft { content: Arc::new(content.clone()), ..Draft::default() }))
        }
        (InboxAction::MovesToMain, InboxPolicy::Takes | InboxPolicy::TakesFromApps) => {
            let (inbox, rule) = (tx.config.inbox(), rule_of_taking(tx));
            match rule {
                rules::INBOX_LEAVES_IDLE => tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule }),
                _ => tx.take_control(inbox, rule, None),
            }
            Ok(Reply::Done)
        }
        (InboxAction::MovesToMain, InboxPolicy::Asks) => Ok(request_thread(tx)),
        (InboxAction::MovesToDone, InboxPolicy::Takes | InboxPolicy::TakesFromApps) => Ok(release_done_thread(tx)),
        (InboxAction::MovesToDone, InboxPolicy::Asks) => Ok(pass_done_thread(tx)),
    }
}

/// The rule by which the inbox takes the thread, or leaves it idle.
fn rule_of_taking(tx: &ThreadTx<'_>) -> RuleId {
    let page = tx.asset();
    match (page.ruleset.inbox, tx.holder()) {
        (InboxPolicy::TakesFromApps, None) if page.knobs.inbox_holds_idle => rules::INBOX_HOLDS_IDLE,
        (InboxPolicy::TakesFromApps, None) => rules::INBOX_LEAVES_IDLE,
        (InboxPolicy::TakesFromApps, Some(holder)) if holder.because == rules::INBOX_HOLDS_IDLE => holder.because,
        _ => rules::INBOX_TAKES,
    }
}

fn take_thread(tx: &mut ThreadTx<'_>, rule: RuleId) {
    let inbox = tx.config.inbox();
    tx.take_control(inbox, rule, None);
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule });
}

fn reply(tx: &mut ThreadTx<'_>, draft: Draft) -> Reply {
    Reply::Sent { mid: send::write_message(tx, tx.config.inbox(), draft), attachment_id: None }
}

/// Under the Handover Protocol the inbox may send like any other app: only as the owner.
fn check_reply(tx: &mut ThreadTx<'_>) -> Result<(), Refusal> {
    let inbox = tx.config.inbox();
    let rule = match tx.owner() {
        Some(owner) if owner == inbox => rules::SEND_BY_OWNER,
        None => tx.asset().ruleset.send_uncontrolled,
        Some(_) => return Err(Refusal::new(Reason::AnotherAppControls, rules::SEND_NOT_OWNER)),
    };
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule });
    Ok(())
}

/// Requests the thread from the primary receiver or the owner. An idle thread needs no request, and neither does an inbox that is the
/// primary receiver.
fn request_thread(tx: &mut ThreadTx<'_>) -> Reply {
    let (inbox, primary) = (tx.config.inbox(), tx.asset().primary);
    match (tx.owner(), primary) {
        (Some(owner), _) if owner == inbox => {}
        (Some(_), Some(primary)) if primary == inbox => tx.take_control(inbox, rules::INBOX_ASKS, None),
        (Some(owner), primary) => tx.request_control(inbox, primary.unwrap_or(owner), rules::INBOX_ASKS, None),
        (None, _) => tx.take_control(inbox, rules::INBOX_ASKS, None),
    }
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_ASKS });
    Reply::Done
}

fn release_done_thread(tx: &mut ThreadTx<'_>) -> Reply {
    let inbox = tx.config.inbox();
    match tx.owner() == Some(inbox) {
        true => tx.release_control(rules::INBOX_DONE),
        false => tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_DONE }),
    }
    Reply::Done
}

fn pass_done_thread(tx: &mut ThreadTx<'_>) -> Reply {
    let inbox = tx.config.inbox();
    match tx.asset().primary.filter(|primary| *primary != inbox) {
        _ if tx.owner() != Some(inbox) => {}
        Some(primary) => tx.pass_control(primary, rules::INBOX_PASSES, Some(DONE_METADATA.into())),
        None => tx.release_control(rules::INBOX_PASSES),
    }
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_PASSES });
    Reply::Done
}
