//! Run room: whom an entry of the ledger is about. `control` filters by it, `explain` tells the story of a thread by it.

use serde_json::Value;

use crate::domain::command::Command;
use crate::domain::event::{Event, Scope};
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, PageKey, ThreadKey};
use crate::engine::ledger::{RawCall, Record};
use crate::graph;

/// The parties of an entry, as far as it has some.
#[derive(Debug, Default, Clone, Copy)]
pub struct Parties {
    /// The app.
    pub app: Option<AppKey>,
    /// The page.
    pub page: Option<PageKey>,
    /// The thread.
    pub thread: Option<ThreadKey>,
}

/// Whom an entry is about.
pub fn parties(record: &Record) -> Parties {
    match record {
        Record::Command { by, command } | Record::Refused { by, command, .. } => {
            let mut parties = command_parties(command);
            parties.app = parties.app.or(by.app());
            parties
        }
        Record::Happened(event) => event_parties(event),
        Record::Webhook { webhook_event, decision } => of_scene(
            webhook_event.scope,
            webhook_event.decisions.get(usize::from(*decision)).map(|decision| decision.app),
        ),
        Record::GraphCall { by, .. } | Record::Read { by, .. } => Parties { app: by.app(), ..Parties::default() },
        Record::DeliveryAttempt(delivered) => {
            of_scene(delivered.request.first.event.scope, Some(delivered.request.app))
        }
        Record::Warning { app, .. } => Parties { app: *app, ..Parties::default() },
        Record::Armed { fault, .. } => Parties {
            app: fault.app,
            page: fault.page,
            thread: fault.page.zip(fault.person).map(|(page, person)| ThreadKey { page, person }),
        },
        Record::Disarmed { .. } | Record::ClockTurned { .. } => Parties::default(),
    }
}

fn of_scene(scope: Scope, app: Option<AppKey>) -> Parties {
    Parties { app, page: Some(scope.page()), thread: scope.thread() }
}

/// Whom a command is about.
pub fn command_parties(command: &Command) -> Parties {
    let of_thread = |thread: ThreadKey, app| Parties { app, page: Some(thread.page), thread: Some(thread) };
    match command {
        Command::Person(thread, _) | Command::Inbox(thread, _) | Command::Timeout(thread) => of_thread(*thread, None),
        Command::Send(thread, app, _)
        | Command::SenderAction(thread, app, _)
        | Command::Control(thread, app, _)
        | Command::UserMenu(thread, app, _) => of_thread(*thread, Some(*app)),
        Command::Admin(page, _) => Parties { page: Some(*page), ..Parties::default() },
        Command::Delivery(page, app, _) => Parties { page: Some(*page), app: Some(*app), thread: None },
        Command::Moderate(thread, app, _)
        | Command::TestNotification(thread, app, _)
        | Command::Unlink(thread, app) => of_thread(*thread, Some(*app)),
        Command::Subscribe(page, app, _)
        | Command::Profile(page, app, _)
        | Command::Persona(page, app, _)
        | Command::SaveAttachment(page, app, _)
        | Command::MessageTemplate(page, app, _)
        | Command::Label(page, app, _) => Parties { page: Some(*page), app: Some(*app), thread: None },
        Command::SubscribeApp(app, _)
        | Command::RedeemLoginCode(app, _)
        | Command::IssueLoginCode(app, _)
        | Command::RevokePermission(_, app, _)
        | Command::ExchangeToken(app, _) => Parties { app: Some(*app), ..Parties::default() },
    }
}

fn event_parties(event: &Event) -> Parties {
    let of_thread = |thread: ThreadKey, app| Parties { app, page: Some(thread.page), thread: Some(thread) };
    match event {
        Event::WebhookEvent(webhook_event) => of_scene(webhook_event.scope, None),
        Event::Routed { thread, app, .. } => of_thread(*thread, *app),
        Event::OwnerChanged { thread, to, .. } => of_thread(*thread, *to),
        Event::ControlKept { thread, owner, .. } => of_thread(*thread, Some(*owner)),
        Event::Allowed { thread, app, .. } => of_thread(*thread, Some(*app)),
        Event::Shown { message, .. } => of_thread(message.thread, None),
        Event::WindowOpened { thread, .. } => of_thread(*thread, None),
        Event::SettingChanged { page, app, .. } => Parties { app: *app, page: *page, thread: None },
        Event::Delivery { page, app, .. } => Parties { app: Some(*app), page: Some(*page), thread: None },
        Event::Warning { app, .. } => Parties { app: Some(*app), ..Parties::default() },
    }
}

/// The thread that an entry is about, also where only the parameters of a call say so.
pub fn thread_of(config: &Config, record: &Record) -> Option<ThreadKey> {
    match record {
        Record::GraphCall { request, .. } => thread_of_call(config, request),
        _ => parties(record).thread,
    }
}

/// The thread of the person whom a call names as its recipient.
fn thread_of_call(config: &Config, call: &RawCall) -> Option<ThreadKey> {
    let parameters = graph::parameters(call);
    let recipient = parameters.get("recipient")?;
    let psid = recipient.get("id").unwrap_or(recipient);
    match psid {
        Value::String(psid) => config.people.thread_of(psid),
        Value::Number(psid) => config.people.thread_of(&psid.to_string()),
        _ => None,
    }
}
