//! Acts room: what people do in the Business Suite inbox. Only `World::apply` enters.

use super::super::applied::Answer;
use super::super::command::InboxAct;
use super::super::event::Event;
use super::super::refusal::{Reason, Refusal};
use super::super::rules;
use super::super::turn::{Draft, Turn};
use super::app;

pub fn act(turn: &mut Turn<'_>, act: &InboxAct) -> Result<Answer, Refusal> {
    let inbox = turn.config.inbox();
    if turn.thread.blocked {
        return Err(Refusal::new(Reason::PersonUnavailable, rules::PERSON_UNAVAILABLE));
    }
    match act {
        InboxAct::Replies(content) => {
            turn.take(inbox, rules::INBOX_TAKES, None);
            turn.event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_TAKES });
            let draft = Draft { content: content.clone(), ..Draft::default() };
            return Ok(Answer::Sent { mid: app::speak(turn, inbox, draft), attachment_id: None });
        }
        InboxAct::MovesToMain => turn.take(inbox, rules::INBOX_TAKES, None),
        InboxAct::MovesToDone if turn.owner() == Some(inbox) => turn.release(rules::INBOX_DONE),
        InboxAct::MovesToDone => turn.event(Event::Allowed { thread: turn.key, app: inbox, rule: rules::INBOX_DONE }),
    }
    Ok(Answer::Done)
}
