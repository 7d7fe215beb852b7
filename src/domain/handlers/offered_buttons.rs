//! What the messages of a thread offer a person to tap, and which app gets the tap. Also finds the message that a person points at.

use std::sync::Arc;

use crate::domain::model::ids::AppKey;
use crate::domain::model::message::{Attachment, Author, Message};
use crate::domain::model::template::{Button, Template};
use crate::domain::policy::fan_out::ButtonOwner;
use crate::domain::refusal::Refusal;
use crate::domain::thread_tx::ThreadTx;

/// The messages that the page or an ad has sent, newest first.
pub fn page_messages<'t>(tx: &'t ThreadTx<'_>) -> impl Iterator<Item = &'t Arc<Message>> {
    tx.messages().filter(|message| message.author != Author::Person)
}

pub fn template_of(message: &Message) -> Option<&Template> {
    templates_of(message).next()
}

fn templates_of(message: &Message) -> impl Iterator<Item = &Template> {
    message.content.attachments.iter().filter_map(|attachment| match attachment {
        Attachment::Template(template) => Some(template),
        _ => None,
    })
}

pub fn buttons_of(message: &Message) -> Vec<&Button> {
    templates_of(message).flat_map(Template::buttons).collect()
}

/// The newest postback button with this label.
pub fn find_postback_button(tx: &ThreadTx<'_>, label: &str) -> Result<(Box<str>, ButtonOwner), Refusal> {
    let button_of = |message| buttons_of(message).into_iter().find(|button| button.title() == label);
    match page_messages(tx).find_map(|message| Some((message, button_of(message)?))) {
        Some((message, Button::Postback { payload, .. })) => {
            Ok((payload.clone(), owner_of_sent_button(tx, message.author)))
        }
        Some((_, button)) => Err(Refusal::script(format!(
            "`{}` is not a postback button: Meta sends no webhook for a tap on it",
            button.title()
        ))),
        None => Err(no_such_button(tx, label)),
    }
}

pub fn no_such_button(tx: &ThreadTx<'_>, label: &str) -> Refusal {
    let sent = page_messages(tx).flat_map(|message| buttons_of(message)).map(Button::title);
    never_sent("button", label, sent)
}

/// The owner of a button that `author` sent. If the app has left the page since, nobody gets the payload. The buttons of an ad whose app has
/// left belong to the page.
pub fn owner_of_sent_button(tx: &ThreadTx<'_>, author: Author) -> ButtonOwner {
    match author {
        Author::App(app) => ButtonOwner::App(app),
        Author::Ad(_, Some(app)) if tx.asset().is_connected(app) => ButtonOwner::App(app),
        _ => ButtonOwner::Page,
    }
}

/// The owner of something that `app` set in the page's profile. If the app has left the page, it belongs to the page.
pub fn owner_of_profile_button(tx: &ThreadTx<'_>, app: AppKey) -> ButtonOwner {
    if tx.asset().is_connected(app) { ButtonOwner::SetBy(app) } else { ButtonOwner::Page }
}

/// The app that sent something, while it is connected.
pub fn connected_sender(tx: &ThreadTx<'_>, author: Author) -> Option<AppKey> {
    match owner_of_sent_button(tx, author) {
        ButtonOwner::App(app) | ButtonOwner::SetBy(app) => Some(app).filter(|app| tx.asset().is_connected(*app)),
        ButtonOwner::Page => None,
    }
}

/// Refuses a tap on something that no message offers, and lists what the messages do offer.
pub fn never_sent<'a>(what: &str, label: &str, sent: impl Iterator<Item = &'a str>) -> Refusal {
    let mut sent: Vec<String> = sent.map(|title| format!("`{title}`")).collect();
    sent.dedup();
    let known = if sent.is_empty() { format!("no {what} was sent") } else { format!("sent were {}", sent.join(", ")) };
    Refusal::not_there_yet(format!("no {what} labelled `{label}` was ever sent in this thread: {known}"))
}

/// The message that a person points at: by its text, or by an id that the script has saved.
pub fn find_message<'t>(tx: &'t ThreadTx<'_>, wanted: &str) -> Result<&'t Arc<Message>, Refusal> {
    tx.message_by_text(wanted).or_else(|| tx.message_by_id(wanted)).ok_or_else(|| no_such_message(tx, wanted))
}

fn no_such_message(tx: &ThreadTx<'_>, wanted: &str) -> Refusal {
    let messages = tx.messages();
    let texts: Vec<String> =
        messages.filter_map(|message| Some(format!("`{}`", message.content.text.as_ref()?))).collect();
    let known =
        if texts.is_empty() { "nothing was said".to_owned() } else { format!("said were {}", texts.join(", ")) };
    Refusal::not_there_yet(format!("no message `{wanted}` is in this thread: {known}"))
}
