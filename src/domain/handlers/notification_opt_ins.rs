//! Acts room: requests to send messages later, and what a person makes of them. `acts::person` and `acts::app` enter.

use std::sync::Arc;

use super::person::{from_page, never_sent};
use crate::domain::event::{Event, NotificationChange, WebhookPayload};
use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{Attachment, Author, Content, Message};
use crate::domain::model::notification_subscription::{LastSent, NotificationSubscription};
use crate::domain::model::recipient_ids::{RecipientId, RecipientIdKind};
use crate::domain::model::template::{OptIn, Template};
use crate::domain::model::time::{Moment, Span};
use crate::domain::outcome::Reply;
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
pub fn opts_in(tx: &mut ThreadTx<'_>, title: &str) -> Result<Reply, Refusal> {
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
fn subscribes(tx: &mut ThreadTx<'_>, asked: &OptIn) -> Reply {
    let token = tx.notification_token(asked.topic());
    let before = tx.recipient_id(&token).cloned();
    let sent = before.as_ref().and_then(|before| before.subscription.as_ref()).map_or(LastSent::Nothing, |it| it.sent);
    let subscription = NotificationSubscription {
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
    keep(tx, RecipientIdKind::Notification, &token, since, Some(subscription.clone().into()));
    tell(tx, &token, subscription, None);
    Reply::RecipientId(RecipientIdKind::Notification, token)
}

fn wants_one(tx: &mut ThreadTx<'_>, payload: Box<str>, by: Author) -> Reply {
    let token = tx.new_number();
    keep(tx, RecipientIdKind::OneTime, &token, tx.now, None);
    let by = match by {
        Author::App(app) => Some(app).filter(|app| tx.page().is_connected(*app)),
        Author::Person | Author::Ad(..) => None,
    };
    tx.emit_to_concerned(by, WebhookPayload::OneTimeChosen { token: token.clone(), payload });
    Reply::RecipientId(RecipientIdKind::OneTime, token)
}

/// The person stops the messages about a topic, or wants them again.
pub fn changes(tx: &mut ThreadTx<'_>, topic: &str, change: NotificationChange) -> Result<Reply, Refusal> {
    let token = tx.notification_token(topic);
    let known = tx.recipient_id(&token).and_then(|address| Some((address.since, address.subscription.as_deref()?)));
    let Some((since, subscription)) = known else {
        return Err(Refusal::script(format!("the person has not opted in to `{topic}`")));
    };
    let stopped = change == NotificationChange::Stops;
    if subscription.stopped == stopped {
        let is = if stopped { "stopped" } else { "not stopped" };
        return Err(Refusal::script(format!("the messages about `{topic}` are {is} already")));
    }
    let changed = NotificationSubscription { stopped, updated: tx.now, ..subscription.clone() };
    keep(tx, RecipientIdKind::Notification, &token, since, Some(changed.clone().into()));
    tell(tx, &token, changed, Some(change));
    Ok(Reply::RecipientId(RecipientIdKind::Notification, token))
}

/// An app tries what it sends: the token of somebody with a role on it takes another message at once.
pub fn test(tx: &mut ThreadTx<'_>, app: AppKey, token: &str) -> Result<Reply, Refusal> {
    if !tx.page().is_connected(app) {
        return Err(Refusal::new(Reason::AppNotConnected, rules::APP_CONNECTED));
    }
    if !tx.config.person(tx.key.person).roles.contains(&app) {
        return Err(Refusal::new(Reason::NoRoleOnApp, rules::NOTIFICATION_TESTED));
    }
    let known = tx.recipient_id(token).and_then(|address| Some((address.since, address.subscription.as_deref()?)));
    let Some((since, subscription)) = known else {
        return Err(Refusal::new(Reason::NotificationUnknown, rules::NOTIFICATION_UNKNOWN));
    };
    let fresh = NotificationSubscription { sent: LastSent::Nothing, ..subscription.clone() };
    keep(tx, RecipientIdKind::Notification, token, since, Some(fresh.into()));
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::NOTIFICATION_TESTED });
    Ok(Reply::Done)
}

fn keep(
    tx: &mut ThreadTx<'_>,
    kind: RecipientIdKind,
    token: &str,
    since: Moment,
    subscription: Option<Arc<NotificationSubscription>>,
) {
    let address = RecipientId { kind, thread: tx.key, by: None, since, used: false, subscription };
    tx.put_recipient_id(token.into(), address);
}

/// Such a token belongs to the page and not to the app that asked.
fn tell(
    tx: &mut ThreadTx<'_>,
    token: &str,
    subscription: NotificationSubscription,
    change: Option<NotificationChange>,
) {
    let body =
        WebhookPayload::NotificationsChosen { token: token.into(), subscription: Arc::new(subscription), change };
    tx.emit_to_all(rules::WEBHOOK_OPT_IN, body);
}
