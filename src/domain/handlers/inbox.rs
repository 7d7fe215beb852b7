//! Acts room: what people do in the Business Suite inbox. Only `World::apply` enters.

use super::{moderation, send};
use crate::domain::command::InboxAction;
use crate::domain::event::Event;
use crate::domain::model::ruleset::InboxPolicy;
use crate::domain::model::thread::Folder;
use crate::domain::outcome::Reply;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// What the inbox says when it passes a thread that is done, as recorded.
const DONE: &str = "Pass thread control from Page Inbox";

pub fn act(tx: &mut ThreadTx<'_>, act: &InboxAction) -> Result<Reply, Refusal> {
    if tx.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    if matches!(act, InboxAction::Replies(_)) {
        moderation::may_reach(tx)?;
    }
    if tx.lead().is_some() && *act != InboxAction::MovesToDone {
        take(tx, rules::LEAD_INBOX);
    }
    match act {
        InboxAction::Replies(_) => {}
        InboxAction::MovesToMain => tx.thread.folder = Folder::Inbox,
        InboxAction::MovesToDone => tx.thread.folder = Folder::Done,
    }
    match (act, tx.page().ruleset.inbox) {
        (InboxAction::Replies(content), InboxPolicy::Takes) => {
            take(tx, rules::INBOX_TAKES);
            Ok(reply(tx, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAction::Replies(content), InboxPolicy::Asks) => {
            reply_as_owner(tx)?;
            Ok(reply(tx, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAction::MovesToMain, InboxPolicy::Takes) => {
            tx.take_control(tx.config.inbox(), rules::INBOX_TAKES, None);
            Ok(Reply::Done)
        }
        (InboxAction::MovesToMain, InboxPolicy::Asks) => Ok(asks(tx)),
        (InboxAction::MovesToDone, InboxPolicy::Takes) => Ok(done(tx)),
        (InboxAction::MovesToDone, InboxPolicy::Asks) => Ok(passes(tx)),
    }
}

fn take(tx: &mut ThreadTx<'_>, rule: RuleId) {
    let inbox = tx.config.inbox();
    tx.take_control(inbox, rule, None);
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule });
}

fn reply(tx: &mut ThreadTx<'_>, draft: Draft) -> Reply {
    Reply::Sent { mid: send::speak(tx, tx.config.inbox(), draft), attachment_id: None }
}

/// Under the Handover Protocol the inbox is an app like any other.
fn reply_as_owner(tx: &mut ThreadTx<'_>) -> Result<(), Refusal> {
    let inbox = tx.config.inbox();
    let rule = match tx.owner() {
        Some(owner) if owner == inbox => rules::SEND_BY_OWNER,
        None => tx.page().ruleset.send_uncontrolled,
        Some(_) => return Err(Refusal::new(Reason::AnotherAppControls, rules::SEND_NOT_OWNER)),
    };
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule });
    Ok(())
}

/// Asks whoever may give the thread; nobody has to be asked for an idle one, nor by the primary receiver.
fn asks(tx: &mut ThreadTx<'_>) -> Reply {
    let (inbox, primary) = (tx.config.inbox(), tx.page().primary);
    match (tx.owner(), primary) {
        (Some(owner), _) if owner == inbox => {}
        (Some(_), Some(primary)) if primary == inbox => tx.take_control(inbox, rules::INBOX_ASKS, None),
        (Some(owner), primary) => tx.request_control(inbox, primary.unwrap_or(owner), rules::INBOX_ASKS, None),
        (None, _) => tx.take_control(inbox, rules::INBOX_ASKS, None),
    }
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_ASKS });
    Reply::Done
}

fn done(tx: &mut ThreadTx<'_>) -> Reply {
    let inbox = tx.config.inbox();
    match tx.owner() == Some(inbox) {
        true => tx.release_control(rules::INBOX_DONE),
        false => tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_DONE }),
    }
    Reply::Done
}

fn passes(tx: &mut ThreadTx<'_>) -> Reply {
    let inbox = tx.config.inbox();
    match tx.page().primary.filter(|primary| *primary != inbox) {
        _ if tx.owner() != Some(inbox) => {}
        Some(primary) => tx.pass_control(primary, rules::INBOX_PASSES, Some(DONE.into())),
        None => tx.release_control(rules::INBOX_PASSES),
    }
    tx.push_event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_PASSES });
    Reply::Done
}
