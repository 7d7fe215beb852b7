//! The app, page and thread that a ledger entry is about.

use super::ledger_entry::Record;
use crate::domain::command::Command;
use crate::domain::event::{Event, Scope};
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};

/// The app, page and thread that an entry is about, as far as it has them.
#[derive(Debug, Default, Clone, Copy)]
pub struct Subjects {
    pub app: Option<AppKey>,
    pub page: Option<AssetKey>,
    pub thread: Option<ThreadKey>,
}

pub fn subjects_of(record: &Record) -> Subjects {
    match record {
        Record::Command { by, command } | Record::Refused { by, command, .. } => {
            let mut subjects = subjects_of_command(command);
            subjects.app = subjects.app.or(by.app());
            subjects
        }
        Record::Happened(event) => subjects_of_event(event),
        Record::Webhook { webhook_event, decision } => of_scope(
            webhook_event.scope,
            webhook_event.decisions.get(usize::from(*decision)).map(|decision| decision.app),
        ),
        Record::GraphCall(call) => Subjects { app: call.by.app(), ..Subjects::default() },
        Record::Read { by, .. } => Subjects { app: by.app(), ..Subjects::default() },
        Record::DeliveryAttempt(delivered) => {
            of_scope(delivered.request.first.event.scope, Some(delivered.request.app))
        }
        Record::Warning { app, .. } => Subjects { app: *app, ..Subjects::default() },
        Record::Armed { fault, .. } => Subjects {
            app: fault.app,
            page: fault.page,
            thread: fault.page.zip(fault.person).map(|(page, person)| ThreadKey { asset: page, person }),
        },
        Record::Disarmed { .. } | Record::ClockTurned { .. } => Subjects::default(),
    }
}

fn of_scope(scope: Scope, app: Option<AppKey>) -> Subjects {
    Subjects { app, page: Some(scope.asset()), thread: scope.thread() }
}

pub fn subjects_of_command(command: &Command) -> Subjects {
    let of_thread = |thread: ThreadKey, app| Subjects { app, page: Some(thread.asset), thread: Some(thread) };
    match command {
        Command::Person(thread, _) | Command::Inbox(thread, _) | Command::Timeout(thread) => of_thread(*thread, None),
        Command::Send(thread, app, _)
        | Command::SenderAction(thread, app, _)
        | Command::Control(thread, app, _)
        | Command::UserMenu(thread, app, _) => of_thread(*thread, Some(*app)),
        Command::Admin(page, _) => Subjects { page: Some(*page), ..Subjects::default() },
        Command::Delivery(page, app, _) => Subjects { page: Some(*page), app: Some(*app), thread: None },
        Command::Moderate(thread, app, _)
        | Command::TestNotification(thread, app, _)
        | Command::Unlink(thread, app) => of_thread(*thread, Some(*app)),
        Command::Subscribe(page, app, _)
        | Command::Profile(page, app, _)
        | Command::Persona(page, app, _)
        | Command::WelcomeFlow(page, app, _)
        | Command::SaveAttachment(page, app, _)
        | Command::MessageTemplate(page, app, _)
        | Command::Label(page, app, _) => Subjects { page: Some(*page), app: Some(*app), thread: None },
        Command::People(_) | Command::NewMessageIds(_) => Subjects::default(),
        Command::SubscribeApp(app, _)
        | Command::Webhook(app, _)
        | Command::RedeemLoginCode(app, _)
        | Command::IssueLoginCode(app, _)
        | Command::RevokePermission(_, app, _)
        | Command::AccountToken(app, _)
        | Command::ExchangeToken(app, _) => Subjects { app: Some(*app), ..Subjects::default() },
    }
}

fn subjects_of_event(event: &Event) -> Subjects {
    let of_thread = |thread: ThreadKey, app| Subjects { app, page: Some(thread.asset), thread: Some(thread) };
    match event {
        Event::WebhookEvent(webhook_event) => of_scope(webhook_event.scope, None),
        Event::Routed { thread, app, .. } => of_thread(*thread, *app),
        Event::OwnerChanged { thread, to, .. } => of_thread(*thread, *to),
        Event::ControlKept { thread, owner, .. } => of_thread(*thread, Some(*owner)),
        Event::Allowed { thread, app, .. } => of_thread(*thread, Some(*app)),
        Event::Applied { thread, .. } => of_thread(*thread, None),
        Event::Shown { message, .. } => of_thread(message.thread, None),
        Event::WindowOpened { thread, .. } => of_thread(*thread, None),
        Event::SettingChanged { page, app, .. } => Subjects { app: *app, page: *page, thread: None },
        Event::Delivery { page, app, .. } => Subjects { app: Some(*app), page: Some(*page), thread: None },
        Event::Warning { app, .. } => Subjects { app: Some(*app), ..Subjects::default() },
    }
}
