//! Requests for permission to send messages later, and how a person answers them.

use std::sync::Arc;

use super::connected::require_connected;
use super::offered_buttons::{never_sent, page_messages};
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

/// How long an app must wait before it asks about the same topic again.
const ASKED_AGAIN_AFTER: Span = Span::days(7);

/// A request that a person may accept.
enum OptInRequest {
    Notifications(OptIn),
    OneTime { payload: Box<str>, by: Author },
}

/// Checks whether a message with an opt-in request may be sent: in the standard window or as a private reply, and once a week.
pub fn check_request(tx: &ThreadTx<'_>, content: &Content, in_private: bool) -> Result<(), Refusal> {
    let asked: Vec<&str> = requests(content).map(OptIn::topic).collect();
    if asked.is_empty() {
        return Ok(());
    }
    if !in_private && !messaging_window::is_open(&tx.thread, tx.now) {
        return Err(Refusal::new(Reason::OutsideWindow, rules::OPT_IN_WINDOW));
    }
    let recent = page_messages(tx).take_while(|message| message.is_recent(tx.now, ASKED_AGAIN_AFTER));
    let mut before = recent.flat_map(|message| requests(&message.content)).map(OptIn::topic);
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

/// The person accepts a request.
pub fn opt_in(tx: &mut ThreadTx<'_>, title: &str) -> Result<Reply, Refusal> {
    let found = page_messages(tx).find_map(|message| find_request(message, title));
    match found {
        Some(OptInRequest::Notifications(asked)) => Ok(subscribe(tx, &asked)),
        Some(OptInRequest::OneTime { payload, by }) => Ok(accept_one_message(tx, payload, by)),
        None => {
            let sent: Vec<String> = page_messages(tx).flat_map(|message| titles(message)).collect();
            Err(never_sent("opt-in request", title, sent.iter().map(String::as_str)))
        }
    }
}

fn find_request(message: &Arc<Message>, title: &str) -> Option<OptInRequest> {
    if let Some(asked) = requests(&message.content).find(|asked| asked.topic() == title) {
        return Some(OptInRequest::Notifications(asked.clone()));
    }
    message.content.attachments.iter().find_map(|attachment| match attachment {
        Attachment::Template(Template::OneTimeOptIn { title: asked, payload }) if &**asked == title => {
            Some(OptInRequest::OneTime { payload: payload.clone(), by: message.author })
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

/// Each topic has one token. A person who opts in again keeps it.
fn subscribe(tx: &mut ThreadTx<'_>, asked: &OptIn) -> Reply {
    let token = tx.notification_token(asked.topic());
    let before = tx.recipient_id(&token).cloned();
    let sent = before.as_ref().and_then(|before| before.subscription.as_ref()).map_or(LastSent::Nothing, |it| it.sent);
    let subscription = NotificationSubscription {
        topic: asked.topic().into(),
        payload: asked.payload.clone(),
        timezone: asked.timezone.clone().unwrap_or_else(|| own_timezone(tx)),
        asks_again: asked.asks_again.unwrap_or(true),
        renewed: before.is_some(),
        stopped: false,
        updated: tx.now,
        sent,
    };
    let since = before.map_or(tx.now, |before| before.since);
    keep_token(tx, RecipientIdKind::Notification, &token, since, Some(subscription.clone().into()));
    emit_choice(tx, &token, subscription, None);
    Reply::RecipientId(RecipientIdKind::Notification, token)
}

/// The time zone of the person, which Meta takes if the app names none. A person has only hours; the names of such zones count westward.
fn own_timezone(tx: &ThreadTx<'_>) -> Box<str> {
    match tx.config.person(tx.key.person).timezone() {
        0 => "UTC".into(),
        hours => format!("Etc/GMT{:+}", -i16::from(hours)).into(),
    }
}

fn accept_one_message(tx: &mut ThreadTx<'_>, payload: Box<str>, by: Author) -> Reply {
    let token = tx.new_number();
    keep_token(tx, RecipientIdKind::OneTime, &token, tx.now, None);
    let by = match by {
        Author::App(app) => Some(app).filter(|app| tx.asset().is_connected(*app)),
        Author::Person | Author::Ad(..) => None,
    };
    tx.emit_to_concerned(by, WebhookPayload::OneTimeChosen { token: token.clone(), payload });
    Reply::RecipientId(RecipientIdKind::OneTime, token)
}

/// The subscription behind a token, and the moment in which the person opted in first.
fn find_subscription<'w>(tx: &ThreadTx<'w>, token: &str) -> Option<(Moment, &'w NotificationSubscription)> {
    let recipient = tx.recipient_id(token)?;
    Some((recipient.since, recipient.subscription.as_deref()?))
}

/// The person stops the messages about a topic, or resumes them.
pub fn change(tx: &mut ThreadTx<'_>, topic: &str, change: NotificationChange) -> Result<Reply, Refusal> {
    let token = tx.notification_token(topic);
    let Some((since, subscription)) = find_subscription(tx, &token) else {
        return Err(Refusal::script(format!("the person has not opted in to `{topic}`")));
    };
    let stopped = change == NotificationChange::Stops;
    if subscription.stopped == stopped {
        let is = if stopped { "stopped" } else { "not stopped" };
        return Err(Refusal::script(format!("the messages about `{topic}` are {is} already")));
    }
    let changed = NotificationSubscription { stopped, updated: tx.now, ..subscription.clone() };
    keep_token(tx, RecipientIdKind::Notification, &token, since, Some(changed.clone().into()));
    emit_choice(tx, &token, changed, Some(change));
    Ok(Reply::RecipientId(RecipientIdKind::Notification, token))
}

/// An app tests its messages: the token of a person with a role on the app accepts another message at once.
pub fn allow_test_message(tx: &mut ThreadTx<'_>, app: AppKey, token: &str) -> Result<Reply, Refusal> {
    require_connected(tx.asset(), app)?;
    if !tx.config.person(tx.key.person).has_role_on(app) {
        return Err(Refusal::new(Reason::NoRoleOnApp, rules::NOTIFICATION_TESTED));
    }
    let Some((since, subscription)) = find_subscription(tx, token) else {
        return Err(Refusal::new(Reason::NotificationUnknown, rules::NOTIFICATION_UNKNOWN));
    };
    let fresh = NotificationSubscription { sent: LastSent::Nothing, ..subscription.clone() };
    keep_token(tx, RecipientIdKind::Notification, token, since, Some(fresh.into()));
    tx.push_event(Event::Allowed { thread: tx.key, app, rule: rules::NOTIFICATION_TESTED });
    Ok(Reply::Done)
}

fn keep_token(
    tx: &mut ThreadTx<'_>,
    kind: RecipientIdKind,
    token: &str,
    since: Moment,
    subscription: Option<Arc<NotificationSubscription>>,
) {
    let recipient = RecipientId { kind, thread: tx.key, by: None, since, used: false, subscription };
    tx.put_recipient_id(token.into(), recipient);
}

/// Every subscribed app gets the webhook, because the token belongs to the page and not to the app that asked.
fn emit_choice(
    tx: &mut ThreadTx<'_>,
    token: &str,
    subscription: NotificationSubscription,
    change: Option<NotificationChange>,
) {
    let body =
        WebhookPayload::NotificationsChosen { token: token.into(), subscription: Arc::new(subscription), change };
    tx.emit_to_all(rules::WEBHOOK_OPT_IN, body);
}
