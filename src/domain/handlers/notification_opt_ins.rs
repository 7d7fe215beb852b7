//! Acts room: requests to send messages later, and what a person makes of them. `acts::person` and `acts::app` enter.

use std::sync::Arc;

use super::person::{from_page, never_sent};
use crate::domain::event::{Body, Event, NotificationChange};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{Attachment, Author, Content, Message, Template};
use crate::domain::model::recipient_ids::{Address, AddressKind};
use crate::domain::model::subscription::{Sent, Subscription};
use crate::domain::model::template::OptIn;
use crate::domain::model::time::{Moment, Span};
use crate::domain::outcome::Answer;
use crate::domain::policy::messaging_window;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::thread_tx::ThreadTx;

/// How long a person is not asked about the same topic again.
const ASKED_AGAIN_AFTER: Span = Span::days(7);

/// A request that a person may say yes to.
enum Request {
    Notifications(OptIn),
    OneTime { payload: Box<str>, by: Author },
}

/// Whether a message that asks for an opt-in may be sent: in the standard window, or as a private reply, and once a week.
pub fn may_ask(tx: &ThreadTx<'_>, content: &Content, in_private: bool) -> Result<(), Refusal> {
    let asked: Vec<&str> = requests(content).map(OptIn::topic).collect();
    if asked.is_empty() {
        return Ok(());
    }
    if !in_private && !messaging_window::is_open(&tx.thread, tx.now) {
        return Err(Refusal::new(Reason::OutsideWindow, rules::OPT_IN_WINDOW));
    }
    let lately = from_page(tx).take_while(|message| tx.is_recent(message, ASKED_AGAIN_AFTER));
    let mut before = lately.flat_map(|message| requests(&message.content)).map(OptIn::topic);
    match before.any(|topic| asked.contains(&topic)) {
        true => Err(Refusal::new(Reason::AskedBefore, rules::OPT_IN_REPEATED)),
        false => Ok(()),
    }
}

fn requests(content: &Content) -> impl Iterator<Item = &OptIn> {
    let requests = content.attachments.iter().filter_map(|attachment| match attachment {
        Attachment::Template(Template::OptIn { requests, .. }) => Some(requests),
        _ => None,
    });
    requests.flatten()
}

/// The person says yes to a request.
pub fn opts_in(tx: &mut ThreadTx<'_>, title: &str) -> Result<Answer, Refusal> {
    let found = from_page(tx).find_map(|message| request(message, title));
    match found {
        Some(Request::Notifications(asked)) => Ok(subscribes(tx, &asked)),
        Some(Request::OneTime { payload, by }) => Ok(wants_one(tx, payload, by)),
        None => {
            let sent: Vec<String> = from_page(tx).flat_map(|message| titles(message)).collect();
            Err(never_sent("opt-in request", title, sent.iter().map(String::as_str)))
        }
    }
}

fn request(message: &Arc<Message>, title: &str) -> Option<Request> {
    if let Some(asked) = requests(&message.content).find(|asked| asked.topic() == title) {
        return Some(Request::Notifications(asked.clone()));
    }
    message.content.attachments.iter().find_map(|attachment| match attachment {
        Attachment::Template(Template::OneTimeOptIn { title: asked, payload }) if &**asked == title => {
            Some(Request::OneTime { payload: payload.clone(), by: message.author })
        }
        _ => None,
    })
}

fn titles(message: &Message) -> Vec<String> {
    let one_time = message.content.attachments.iter().filter_map(|attachment| match attachment {
        Attachment::Template(Template::OneTimeOptIn { title, .. }) => Some(title.to_string()),
        _ => None,
    });
    requests(&message.content).map(|asked| asked.topic().to_owned()).chain(one_time).collect()
}

/// One token for each topic: who opts in once more has the token that they had.
fn subscribes(tx: &mut ThreadTx<'_>, asked: &OptIn) -> Answer {
    let token = tx.notification_token(asked.topic());
    let before = tx.address(&token).cloned();
    let sent = before.as_ref().and_then(|before| before.subscription.as_ref()).map_or(Sent::Nothing, |it| it.sent);
    let subscription = Subscription {
        topic: asked.topic().into(),
        payload: asked.payload.clone(),
        timezone: asked.timezone.clone(),
        asks_again: asked.asks_again.unwrap_or(true),
        renewed: before.is_some(),
        stopped: false,
        updated: tx.now,
        sent,
    };
    let since = before.map_or(tx.now, |before| before.since);
    keep(tx, AddressKind::Notification, &token, since, Some(subscription.clone().into()));
    tell(tx, &token, subscription, None);
    Answer::Address(AddressKind::Notification, token)
}

fn wants_one(tx: &mut ThreadTx<'_>, payload: Box<str>, by: Author) -> Answer {
    let token = tx.mint_number();
    keep(tx, AddressKind::OneTime, &token, tx.now, None);
    let by = match by {
        Author::App(app) => Some(app).filter(|app| tx.page().is_connected(*app)),
        Author::Person | Author::Ad(..) => None,
    };
    tx.tell_concerned(by, Body::OneTimeChosen { token: token.clone(), payload });
    Answer::Address(AddressKind::OneTime, token)
}

/// The person stops the messages about a topic, or wants them again.
pub fn changes(tx: &mut ThreadTx<'_>, topic: &str, change: NotificationChange) -> Result<Answer, Refusal> {
    let token = tx.notification_token(topic);
    let known = tx.address(&token).and_then(|address| Some((address.since, address.subscription.as_deref()?)));
    let Some((since, subscription)) = known else {
        return Err(Refusal::script(format!("the person has not opted in to `{topic}`")));
    };
    let stopped = change == NotificationChange::Stops;
    if subscription.stopped == stopped {
        let is = if stopped { "stopped" } else { "not stopped" };
        return Err(Refusal::script(format!("the messages about `{topic}` are {is} already")));
    }
    let changed = Subscription { stopped, updated: tx.now, ..subscription.clone() };
    keep(tx, AddressKind::Notification, &token, since, Some(changed.clone().into()));
    tell(tx, &token, changed, Some(change));
    Ok(Answer::Address(AddressKind::Notification, token))
}

/// An app tries what it sends: the token of somebody with a role on it takes another message at once.
pub fn test(tx: &mut ThreadTx<'_>, app: AppKey, token: &str) -> Result<Answer, Refusal> {
    if !tx.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    if !tx.config.person(tx.key.person).roles.contains(&app) {
        return Err(Refusal::new(Reason::NoRoleOnApp, rules::NOTIFICATION_TESTED));
    }
    let known = tx.address(token).and_then(|address| Some((address.since, address.subscription.as_deref()?)));
    let Some((since, subscription)) = known else {
        return Err(Refusal::new(Reason::NotificationUnknown, rules::NOTIFICATION_UNKNOWN));
    };
    let fresh = Subscription { sent: Sent::Nothing, ..subscription.clone() };
    keep(tx, AddressKind::Notification, token, since, Some(fresh.into()));
    tx.event(Event::Allowed { thread: tx.key, app, rule: rules::NOTIFICATION_TESTED });
    Ok(Answer::Done)
}

fn keep(tx: &mut ThreadTx<'_>, kind: AddressKind, token: &str, since: Moment, subscription: Option<Arc<Subscription>>) {
    let address = Address { kind, thread: tx.key, by: None, since, used: false, subscription };
    tx.keep_address(token.into(), address);
}

/// Such a token belongs to the page and not to the app that asked.
fn tell(tx: &mut ThreadTx<'_>, token: &str, subscription: Subscription, change: Option<NotificationChange>) {
    let body = Body::NotificationsChosen { token: token.into(), subscription: Arc::new(subscription), change };
    tx.tell_everybody(rules::TELL_OPT_IN, body);
}
