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

pub fn act(turn: &mut ThreadTx<'_>, act: &InboxAction) -> Result<Reply, Refusal> {
    if turn.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    if matches!(act, InboxAction::Replies(_)) {
        moderation::may_reach(turn)?;
    }
    if turn.lead().is_some() && *act != InboxAction::MovesToDone {
        take(turn, rules::LEAD_INBOX);
    }
    match act {
        InboxAction::Replies(_) => {}
        InboxAction::MovesToMain => turn.thread.folder = Folder::Inbox,
        InboxAction::MovesToDone => turn.thread.folder = Folder::Done,
    }
    match (act, turn.page().ruleset.inbox) {
        (InboxAction::Replies(content), InboxPolicy::Takes) => {
            take(turn, rules::INBOX_TAKES);
            Ok(reply(turn, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAction::Replies(content), InboxPolicy::Asks) => {
            reply_as_owner(turn)?;
            Ok(reply(turn, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAction::MovesToMain, InboxPolicy::Takes) => {
            turn.take_control(turn.config.inbox(), rules::INBOX_TAKES, None);
            Ok(Reply::Done)
        }
        (InboxAction::MovesToMain, InboxPolicy::Asks) => Ok(asks(turn)),
        (InboxAction::MovesToDone, InboxPolicy::Takes) => Ok(done(turn)),
        (InboxAction::MovesToDone, InboxPolicy::Asks) => Ok(passes(turn)),
    }
}

fn take(turn: &mut ThreadTx<'_>, rule: RuleId) {
    let inbox = turn.config.inbox();
    turn.take_control(inbox, rule, None);
    turn.push_event(Event::Allowed { thread: turn.key, app: inbox, rule });
}

fn reply(turn: &mut ThreadTx<'_>, draft: Draft) -> Reply {
    Reply::Sent { mid: send::speak(turn, turn.config.inbox(), draft), attachment_id: None }
}

/// Under the Handover Protocol the inbox is an app like any other.
fn reply_as_owner(turn: &mut ThreadTx<'_>) -> Result<(), Refusal> {
    let inbox = turn.config.inbox();
    let rule = match turn.owner() {
        Some(owner) if owner == inbox => rules::SEND_BY_OWNER,
        None => turn.page().ruleset.send_uncontrolled,
        Some(_) => return Err(Refusal::new(Reason::AnotherAppControls, rules::SEND_NOT_OWNER)),
    };
    turn.push_event(Event::Allowed { thread: turn.key, app: inbox, rule });
    Ok(())
}

/// Asks whoever may give the thread; nobody has to be asked for an idle one, nor by the primary receiver.
fn asks(turn: &mut ThreadTx<'_>) -> Reply {
    let (inbox, primary) = (turn.config.inbox(), turn.page().primary);
    match (turn.owner(), primary) {
        (Some(owner), _) if owner == inbox => {}
        (Some(_), Some(primary)) if primary == inbox => turn.take_control(inbox, rules::INBOX_ASKS, None),
        (Some(owner), primary) => turn.request_control(inbox, primary.unwrap_or(owner), rules::INBOX_ASKS, None),
        (None, _) => turn.take_control(inbox, rules::INBOX_ASKS, None),
    }
    turn.push_event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_ASKS });
    Reply::Done
}

fn done(turn: &mut ThreadTx<'_>) -> Reply {
    let inbox = turn.config.inbox();
    match turn.owner() == Some(inbox) {
        true => turn.release_control(rules::INBOX_DONE),
        false => turn.push_event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_DONE }),
    }
    Reply::Done
}

fn passes(turn: &mut ThreadTx<'_>) -> Reply {
    let inbox = turn.config.inbox();
    match turn.page().primary.filter(|primary| *primary != inbox) {
        _ if turn.owner() != Some(inbox) => {}
        Some(primary) => turn.pass_control(primary, rules::INBOX_PASSES, Some(DONE.into())),
        None => turn.release_control(rules::INBOX_PASSES),
    }
    turn.push_event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_PASSES });
    Reply::Done
}
