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

pub fn act(tx: &mut ThreadTx<'_>, act: &InboxAct) -> Result<Answer, Refusal> {
    if tx.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    if matches!(act, InboxAct::Replies(_)) {
        moderation::may_reach(tx)?;
    }
    if tx.lead().is_some() && *act != InboxAct::MovesToDone {
        take(tx, rules::LEAD_INBOX);
    }
    match act {
        InboxAct::Replies(_) => {}
        InboxAct::MovesToMain => tx.thread.folder = Folder::Inbox,
        InboxAct::MovesToDone => tx.thread.folder = Folder::Done,
    }
    match (act, tx.page().ruleset.inbox) {
        (InboxAct::Replies(content), Inbox::Takes) => {
            take(tx, rules::INBOX_TAKES);
            Ok(reply(tx, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAct::Replies(content), Inbox::Asks) => {
            reply_as_owner(tx)?;
            Ok(reply(tx, Draft { content: content.clone(), ..Draft::default() }))
        }
        (InboxAct::MovesToMain, Inbox::Takes) => {
            tx.take(tx.config.inbox(), rules::INBOX_TAKES, None);
            Ok(Answer::Done)
        }
        (InboxAct::MovesToMain, Inbox::Asks) => Ok(asks(tx)),
        (InboxAct::MovesToDone, Inbox::Takes) => Ok(done(tx)),
        (InboxAct::MovesToDone, Inbox::Asks) => Ok(passes(tx)),
    }
}

fn take(tx: &mut ThreadTx<'_>, rule: RuleId) {
    let inbox = tx.config.inbox();
    tx.take(inbox, rule, None);
    tx.event(Event::Allowed { thread: tx.key, app: inbox, rule });
}

fn reply(tx: &mut ThreadTx<'_>, draft: Draft) -> Answer {
    Answer::Sent { mid: send::speak(tx, tx.config.inbox(), draft), attachment_id: None }
}

/// Under the Handover Protocol the inbox is an app like any other.
fn reply_as_owner(tx: &mut ThreadTx<'_>) -> Result<(), Refusal> {
    let inbox = tx.config.inbox();
    let rule = match tx.owner() {
        Some(owner) if owner == inbox => rules::SEND_BY_OWNER,
        None => tx.page().ruleset.send_unheld,
        Some(_) => return Err(Refusal::new(Reason::AnotherAppControls, rules::SEND_NOT_OWNER)),
    };
    tx.event(Event::Allowed { thread: tx.key, app: inbox, rule });
    Ok(())
}

/// Asks whoever may give the thread; nobody has to be asked for an idle one, nor by the primary receiver.
fn asks(tx: &mut ThreadTx<'_>) -> Answer {
    let (inbox, primary) = (tx.config.inbox(), tx.page().primary);
    match (tx.owner(), primary) {
        (Some(owner), _) if owner == inbox => {}
        (Some(_), Some(primary)) if primary == inbox => tx.take(inbox, rules::INBOX_ASKS, None),
        (Some(owner), primary) => tx.ask(inbox, primary.unwrap_or(owner), rules::INBOX_ASKS, None),
        (None, _) => tx.take(inbox, rules::INBOX_ASKS, None),
    }
    tx.event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_ASKS });
    Answer::Done
}

fn done(tx: &mut ThreadTx<'_>) -> Answer {
    let inbox = tx.config.inbox();
    match tx.owner() == Some(inbox) {
        true => tx.release(rules::INBOX_DONE),
        false => tx.event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_DONE }),
    }
    Answer::Done
}

fn passes(tx: &mut ThreadTx<'_>) -> Answer {
    let inbox = tx.config.inbox();
    match tx.page().primary.filter(|primary| *primary != inbox) {
        _ if tx.owner() != Some(inbox) => {}
        Some(primary) => tx.pass(primary, rules::INBOX_PASSES, Some(DONE.into())),
        None => tx.release(rules::INBOX_PASSES),
    }
    tx.event(Event::Allowed { thread: tx.key, app: inbox, rule: rules::INBOX_PASSES });
    Answer::Done
}
