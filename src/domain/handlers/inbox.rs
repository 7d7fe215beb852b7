//! Acts room: what people do in the Business Suite inbox. Only `World::apply` enters.

use super::{moderation, send};
use crate::domain::command::InboxAct;
use crate::domain::event::Event;
use crate::domain::model::thread::Folder;
use crate::domain::outcome::Answer;
use crate::domain::policy::Inbox;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// What the inbox says when it passes a thread that is done, as recorded.
const DONE: &str = "Pass thread control from Page Inbox";

pub fn act(turn: &mut ThreadTx<'_>, act: &InboxAct) -> Result<Answer, Refusal> {
    if turn.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    if matches!(act, InboxAct::Replies(_)) {
        moderation::may_reach(turn)?;
    }
    if turn.lead().is_some() && *act != InboxAct::MovesToDone {
        take(turn, rules::LEAD_INBOX);
    }
    match act {
        InboxAct::Replies(_) => {}
        InboxAct::MovesToMain => turn.thread.folder = Folder::Inbox,
        InboxAct::MovesToDone => turn.thread.folder = Folder::Done,
    }
    match (act, turn.page().ruleset.inbox) {
        (InboxAct::Replies(content), Inbox::Takes) => {
            take(turn, rules::INBOX_TAKES);
            Ok(reply(turn, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAct::Replies(content), Inbox::Asks) => {
            reply_as_owner(turn)?;
            Ok(reply(turn, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAct::MovesToMain, Inbox::Takes) => {
            turn.take(turn.config.inbox(), rules::INBOX_TAKES, None);
            Ok(Answer::Done)
        }
        (InboxAct::MovesToMain, Inbox::Asks) => Ok(asks(turn)),
        (InboxAct::MovesToDone, Inbox::Takes) => Ok(done(turn)),
        (InboxAct::MovesToDone, Inbox::Asks) => Ok(passes(turn)),
    }
}

fn take(turn: &mut ThreadTx<'_>, rule: RuleId) {
    let inbox = turn.config.inbox();
    turn.take(inbox, rule, None);
    turn.event(Event::Allowed { thread: turn.key, app: inbox, rule });
}

fn reply(turn: &mut ThreadTx<'_>, draft: Draft) -> Answer {
    Answer::Sent { mid: send::speak(turn, turn.config.inbox(), draft), attachment_id: None }
}

/// Under the Handover Protocol the inbox is an app like any other.
fn reply_as_owner(turn: &mut ThreadTx<'_>) -> Result<(), Refusal> {
    let inbox = turn.config.inbox();
    let rule = match turn.owner() {
        Some(owner) if owner == inbox => rules::SEND_BY_OWNER,
        None => turn.page().ruleset.send_unheld,
        Some(_) => return Err(Refusal::new(Reason::AnotherAppControls, rules::SEND_NOT_OWNER)),
    };
    turn.event(Event::Allowed { thread: turn.key, app: inbox, rule });
    Ok(())
}

/// Asks whoever may give the thread; nobody has to be asked for an idle one, nor by the primary receiver.
fn asks(turn: &mut ThreadTx<'_>) -> Answer {
    let (inbox, primary) = (turn.config.inbox(), turn.page().primary);
    match (turn.owner(), primary) {
        (Some(owner), _) if owner == inbox => {}
        (Some(_), Some(primary)) if primary == inbox => turn.take(inbox, rules::INBOX_ASKS, None),
        (Some(owner), primary) => turn.ask(inbox, primary.unwrap_or(owner), rules::INBOX_ASKS, None),
        (None, _) => turn.take(inbox, rules::INBOX_ASKS, None),
    }
    turn.event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_ASKS });
    Answer::Done
}

fn done(turn: &mut ThreadTx<'_>) -> Answer {
    let inbox = turn.config.inbox();
    match turn.owner() == Some(inbox) {
        true => turn.release(rules::INBOX_DONE),
        false => turn.event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_DONE }),
    }
    Answer::Done
}

fn passes(turn: &mut ThreadTx<'_>) -> Answer {
    let inbox = turn.config.inbox();
    match turn.page().primary.filter(|primary| *primary != inbox) {
        _ if turn.owner() != Some(inbox) => {}
        Some(primary) => turn.pass(primary, rules::INBOX_PASSES, Some(DONE.into())),
        None => turn.release(rules::INBOX_PASSES),
    }
    turn.event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_PASSES });
    Answer::Done
}
